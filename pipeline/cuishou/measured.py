"""What was measured of the model: how many possibly unlawful messages it misses. People who rely on it have to know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from cuishou.scorer import default_model


class Measured(NamedTuple):
    """On the test split: messages that are ``unlawful`` (``true``), that are called so (``said``), and both (``hit``)."""

    true: int
    said: int
    hit: int

    @property
    def missed(self) -> int:
        """Unlawful messages that are called something else."""
        return self.true - self.hit

    @property
    def wrong(self) -> int:
        """Messages called unlawful that are not."""
        return self.said - self.hit

    def told(self, sentence: str) -> str:
        """``sentence`` with the figures."""
        percent = round(100 * self.missed / self.true)
        return sentence.format(true=self.true, missed=self.missed, percent=percent, said=self.said, wrong=self.wrong)


def measured(version: str, model: Path | None = None) -> Measured | None:
    """What ``metrics.json`` beside ``model`` (default: the default model) says of this ``version``; None where it says nothing."""
    try:
        metrics = json.loads((model or default_model()).with_name("metrics.json").read_text(encoding="utf-8"))
        found = metrics["test"]["tags"]["unlawful"]
        figures = Measured(int(found["true"]), int(found["said"]), int(found["hit"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return figures if metrics.get("version") == version and figures.true > 0 else None
