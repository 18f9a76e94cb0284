"""What a message says of itself, each with its place in the text."""

from __future__ import annotations

import re

_SIGNATURE = re.compile(r"^\s*[【\[]([^【】\[\]\n]{1,24})[】\]]|[【]([^【】\n]{1,24})[】]\s*$")


def signature(body: str) -> str | None:
    """The sender's own name in 【…】 at the start or the end of a message; None where there is none."""
    match = _SIGNATURE.search(body)
    return (match[1] or match[2]).strip() or None if match else None
