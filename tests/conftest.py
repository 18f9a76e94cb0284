"""What holds for every test: nothing goes over the network, and no example has a deadline."""

import socket

import pytest
from hypothesis import settings

settings.register_profile("shared", deadline=None)  # on a busy machine the time of one example says nothing
settings.load_profile("shared")


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
