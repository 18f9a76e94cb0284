"""Tags Chinese debt-collection SMS in a phone's backup, offline, and says why.

>>> from cuishou import Scorer
>>> scorer = Scorer.load()
>>> scorer.tag(["您的快递已到小区东门驿站，取件码3-2-8017"])[0].tag
'other'
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

# onnxruntime's Linux and macOS wheels report to their maker unless this is set before the first import. This package reads
# people's messages: it is set whatever the environment says.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

if TYPE_CHECKING:
    from cuishou.backup import open_backup
    from cuishou.scorer import Scorer

from cuishou.message import TAGS, Instant, Message, Reason, Span, Tagging

__version__ = "0.1.0"
__all__ = ["TAGS", "Instant", "Message", "Reason", "Scorer", "Span", "Tagging", "__version__", "open_backup"]

_LAZY = {"Scorer": "cuishou.scorer", "open_backup": "cuishou.backup"}


def __getattr__(name: str) -> Any:
    """Import what is asked for, so that ``import cuishou`` costs nothing."""
    if name in _LAZY:
        from importlib import import_module

        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
