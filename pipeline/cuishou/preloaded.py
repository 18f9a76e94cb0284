"""What the processes that tag need, loaded in one from which they are forked (:mod:`cuishou.stream`), so that they share it."""

from __future__ import annotations

import os
from contextlib import suppress

from cuishou import selection, stream
from cuishou.output import jsonl, table
from cuishou.scorer import ModelError, Scorer

__all__ = ["jsonl", "selection", "table"]  # only to be there

if path := os.environ.get(stream.PRELOADED):
    with suppress(ModelError):  # who needs it will load it, and be told
        stream.ahead[path] = Scorer.load(path, threads=1, steady=True)
