"""What holds for every test: nothing goes over the network."""

import socket

import pytest


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket to anywhere but this machine's own pipes is an error: the product promises to open none."""
    real = socket.socket

    class Blocked(real):
        def __init__(self, family: int = -1, *arguments, **named) -> None:
            if family != socket.AF_UNIX:
                raise AssertionError("a socket was opened")
            super().__init__(family, *arguments, **named)

    monkeypatch.setattr(socket, "socket", Blocked)
