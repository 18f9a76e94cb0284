"""The learning curve: what the model reaches with a part of the corpus, to see whether more labels still help. ``make curve``."""

from __future__ import annotations

import hashlib
import json
import math
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cuishou.labels import Label
from cuishou.message import TAGS
from cuishou.training.answers import macro_f1
from cuishou.training.bootstrap import Draws, interval

SHARES = tuple(tenth / 10 for tenth in range(1, 11))

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 640, 320, 56, 44, 20, 24


def part(labels: Sequence[Label], share: float) -> list[Label]:
    """The labels of ``share`` of the families: those whose names hash lowest, so that each part holds the smaller ones."""
    families = sorted({label.family for label in labels}, key=lambda name: hashlib.sha256(b"curve\0" + name.encode()).digest())
    kept = set(families[: max(1, round(share * len(families)))])
    return [label for label in labels if label.family in kept]


def measure_curve(data: Path, shares: Sequence[float] = SHARES) -> dict[str, Any]:
    """Learn from each share of the families and measure the likeliest tag, before calibration and thresholds.

    On the validation split: what the curve shows decides whether more is written, and the test split decides nothing.

    Raises :class:`cuishou.labels.LabelError`.
    """
    from cuishou.training.run import Corpus, targets
    from cuishou.training.split import split
    from cuishou.training.tagger import Tagger
    from cuishou.training.unmask import unmasked

    corpus = Corpus.read(data)
    sides = split(corpus.labels)
    known, asked = sides["train"], sides["validation"]
    truth = np.array([TAGS.index(label.tag) for label in asked], dtype=np.int64)
    draws = list(Draws([label.family for label in asked]))
    points = []
    for share in shares:
        rows = sorted(part(known, share), key=lambda label: label.id)
        learned = [*rows, *unmasked(rows)]
        tagger = Tagger(corpus.segmenter()).refit([label.text for label in learned], targets(learned))
        said = tagger.margins([label.text for label in asked])[:, : len(TAGS)].argmax(axis=1)
        low, high = interval([macro_f1(truth[rows], said[rows]) for rows in draws])
        points.append(
            {"share": share, "messages": len(rows), "macro_f1": round(macro_f1(truth, said), 4), "low": low, "high": high}
        )
        print(f"{share:4.0%}  {len(rows):6,} messages  macro-F1 {points[-1]['macro_f1']:.3f}", file=sys.stderr)  # noqa: T201
    return {"data_sha256": corpus.digest, "points": points}


def plot(curve: dict[str, Any]) -> str:
    """The curve as an SVG that needs nothing else; the same bytes for the same ``curve``."""
    points = curve["points"]
    floor: float = math.floor(min(point["low"] for point in points) * 20) / 20
    ceiling: float = max(math.ceil(max(point["high"] for point in points) * 20) / 20, floor + 0.05)
    most: int = max(point["messages"] for point in points)

    def x(messages: float) -> float:
        return round(_LEFT + messages / most * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(score: float) -> float:
        return round(_TOP + (ceiling - score) / (ceiling - floor) * (_HEIGHT - _TOP - _BOTTOM), 1)

    lines = []
    for step in range(round((ceiling - floor) * 20) + 1):
        score = floor + step / 20
        lines.append(f'<path class="grid" d="M{_LEFT} {y(score)}H{_WIDTH - _RIGHT}"/>')
        lines.append(f'<text x="{_LEFT - 8}" y="{y(score) + 4:.1f}" text-anchor="end">{score:.2f}</text>')
    edge = [f"{x(point['messages'])} {y(point['high'])}" for point in points]
    edge += [f"{x(point['messages'])} {y(point['low'])}" for point in reversed(points)]
    band = "L".join(edge)
    lines.append(f'<path class="band" d="M{band}Z"/>')
    places = [(x(point["messages"]), y(point["macro_f1"]), f"{point['messages']:,}", point["macro_f1"]) for point in points]
    middle = "L".join(f"{across} {down}" for across, down, _, _ in places)
    lines.append(f'<path class="line" d="M{middle}"/>')
    for across, down, messages, score in places:
        lines.append(f'<circle cx="{across}" cy="{down}" r="3"><title>{messages}: {score:.3f}</title></circle>')
    for across, _, messages, _ in dict.fromkeys((places[0], places[len(places) // 2], places[-1])):
        lines.append(f'<text x="{across}" y="{_HEIGHT - 24}" text-anchor="middle">{messages}</text>')
    lines.append(f'<text x="{_WIDTH / 2:.0f}" y="{_HEIGHT - 6}" text-anchor="middle">messages learned from</text>')
    style = (
        "text{font:12px sans-serif;fill:#666}.grid{stroke:#ccc;stroke-width:.5}.band{fill:#3b76b5;opacity:.18}"
        ".line{fill:none;stroke:#3b76b5;stroke-width:2}circle{fill:#3b76b5}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">'
        f"<title>Macro-F1 on the validation split by messages learned from, with 95 % intervals</title><style>{style}</style>\n"
        + "\n".join(lines)
        + "\n</svg>\n"
    )


def main() -> None:
    """Measure the corpus at hand and put the curve into the card of the model at hand; the model itself stays as it is."""
    from cuishou.training.replace import replace, staging
    from cuishou.training.run import write_card

    data, out = Path("data"), Path("model")
    curve = measure_curve(data)
    with staging(out) as made:
        for file in out.iterdir():
            shutil.copy2(file, made)
        metrics = json.loads((made / "metrics.json").read_text(encoding="utf-8"))
        write_card(metrics | {"learning_curve": curve}, made)
        replace(made, out)


if __name__ == "__main__":
    main()
