"""``MODEL_CARD.md``, written from ``metrics.json`` and from nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cuishou.codes import REASONS, TAG_NAMES
from cuishou.training.bootstrap import DRAWS
from cuishou.training.gate import TIMES
from cuishou.training.measure import table

_HEAD = """\
# Model card: cuishou {version}

Tags Chinese SMS as `other`, `reminder`, `pressure` or `unlawful` (其他 / 还款提醒 / 施压催收 / 疑似违法) and gives reason codes, with the words
that carried them. Written from `metrics.json`; do not edit.

**For**: finding the messages that a person, a volunteer or a lawyer should read first in a phone's backup, offline.
**Not for**: deciding anything by itself. A tag is a hint (疑似), never a finding of law; the model sees one text and knows nothing of the
debt, the parties or what was agreed. Not for lenders to learn how far they may go. Not for languages other than Chinese.

**Who should not rely on it**: a court, an authority or a platform that would punish or block a sender; a lender that would clear its own
messages by it; a person in danger, who needs the police (110) and not a tag; anybody who will not read the message itself.

**How**: jieba's segmentation, TF-IDF of words, pairs of words and pairs of characters, linear heads for tags and codes, plain sums over
characters beside them, calibrated probabilities; one ONNX file of {megabytes:.1f} MB, made with {made_with}.

**Data**: {total:,} messages written for this project, in families (scenarios) that stay on one side of the split: {train:,} to learn from,
{validation:,} to choose by, {test:,} to measure with. Digest `{digest}`.

## Measured on the test split

| what | reached | aim |
| --- | --- | --- |
"""

_INTERVALS = """
With other test messages of the same kinds the figures would move: 95 % of {draws} draws of whole families fall within these bounds.

| what | from | to |
| --- | --- | --- |
"""

_ADDED = """
## New labels

{labels:,} labels were added to the corpus for this model; {left_out:,} more were left out, being known or too like a test message.
{right:,} of those added are now tagged as labelled.
"""

_GATE = """
## Beside the model before

Both models on the same test messages; how far a figure may fall is set in `training/gate.py`. The model before: {against}.

| what | before | now | 95 % interval of the difference | allowed |
| --- | --- | --- | --- | --- |
"""

_CURVE = """
## Would more labels help?

Macro-F1 of the likeliest tag on the validation split, before calibration, learned from 10 % to 100 % of the families to learn from.
Corpus `{digest}`{age}.

![The learning curve](learning-curve.svg)

| families | messages | macro-F1 | 95 % interval |
| --- | --- | --- | --- |
"""

_FACTS = """
## Facts

Rules, not the model, read the facts of a message. Measured on {messages} messages whose facts were read before the rules were written,
and which the rules were not mended on; the reader also wrote the rules, so take the figures as an upper bound
([how](../data/FACTS.md)).

| fact | read | precision | recall | F1 |
| --- | --- | --- | --- | --- |
"""

_LIMITS = """
## Limits

- The corpus was written, not collected: hardly any real collection SMS are public. Real phones hold things that nobody here thought
  of. About half of the corpus are near misses, so the figures above are those of a hard exam, not of an ordinary inbox.
- `unlawful` is only said from a probability of {unlawful_threshold} on, because a wrong "unlawful" costs the reader more than a missed one:
  some unlawful messages are tagged as something milder and marked for review. For the same reason an `other` message counts
  {other_on_phones:g} times in the calibration and in this choice: a phone holds more of them. The figures above are of the corpus' own mix.
- Messages below a probability of {review_below} are marked `needs_review`.
- Timing and volume (night messages, ten a day) are not seen here; they need the other messages.
"""


def card(metrics: dict[str, Any]) -> str:
    """The card of the model that ``metrics`` were measured on."""
    messages, chosen = metrics["messages"], metrics["chosen_on_validation"]
    text = _HEAD.format(
        version=metrics["version"],
        megabytes=metrics["model_bytes"] / 1e6,
        made_with=", ".join(f"{name} {version}" for name, version in metrics["made_with"].items()),
        total=sum(messages.values()),
        digest=metrics["data_sha256"][:16],
        **messages,
    )
    text += _rows(*table(metrics))
    if drawn := metrics.get("intervals"):
        text += _INTERVALS.format(draws=DRAWS) + _rows(
            *((what, f"{low:.3f}", f"{high:.3f}") for what, (low, high) in drawn.items())
        )
    scores = metrics["test"]
    text += "\n| tag | | labelled | precision | recall | F1 |\n| --- | --- | --- | --- | --- | --- |\n"
    text += _rows(*((tag, TAG_NAMES["zh"][tag], *_ratios(score)) for tag, score in scores["tags"].items()))
    text += "\n| labelled \\ tagged | " + " | ".join(scores["confusion"]) + " |\n" + "| --- " * 5 + "|\n"
    text += _rows(*((true, *row.values()) for true, row in scores["confusion"].items()))
    text += "\n| reason code | | labelled | precision | recall | F1 |\n| --- | --- | --- | --- | --- | --- |\n"
    text += _rows(*((code, REASONS[code].zh, *_ratios(score)) for code, score in scores["reasons"].items()))
    text += "\n## Beside simpler means\n\nMacro-F1 on the same test split, learned from the same messages.\n\n| means | macro-F1 |\n| --- | --- |\n"
    compared = {**metrics["baselines"], "this model": scores["macro_f1"]}
    text += _rows(*((name, f"{value:.3f}") for name, value in compared.items()))
    text += "\n## Disguises\n\nEach disguise put on every plain message of the test split; how far macro-F1 falls.\n\n| disguise | fall |\n| --- | --- |\n"
    text += _rows(*((name, f"{fall:.3f}") for name, fall in metrics["disguised_copies"]["fall"].items()))
    text += "\n## Calibration\n\n| probability of the tag said | messages | said | right |\n| --- | --- | --- | --- |\n"
    bins = metrics["calibration"]["reliability"]
    text += _rows(*((f"{row['from']:.1f}+", row["messages"], f"{row['said']:.3f}", f"{row['right']:.3f}") for row in bins))
    if facts := metrics.get("facts"):
        text += _FACTS.format(**facts) + _rows(*((name, *_ratios(score)) for name, score in facts["facts"].items()))
    if (added := metrics.get("added")) and added["labels"]:
        text += _ADDED.format(**added)
    if gate := metrics.get("gate"):
        text += _of_gate(gate)
    if curve := metrics.get("learning_curve"):
        text += _of_curve(curve, metrics["data_sha256"])
    return text + _LIMITS.format(other_on_phones=metrics["other_on_phones"], **chosen)


def _of_gate(gate: dict[str, Any]) -> str:
    text = _GATE.format(**gate)
    for row in gate["figures"]:
        drawn = f"{row['low']:+.4f} to {row['high']:+.4f}" if row["low"] is not None else ""
        allowed = f"{row['most']} times" if row["what"] in TIMES else f"{row['most']} worse"
        figures = (f"{row['old']:.4f}", f"{row['new']:.4f}")
        text += _rows((row["what"], *figures, drawn, allowed if row["holds"] else f"{allowed}: **exceeded**"))
    text += f"\n{len(gate['turned_right'])} test messages turned right, {len(gate['turned_wrong'])} turned wrong.\n"
    text += "".join(f"\n- {fault}\n" for fault in gate["faults"])
    if gate["accepted_worse"]:
        text += "\n**The gate held this model back; a person took it all the same (`ACCEPT_WORSE=1`).**\n"
    return text


def _of_curve(curve: dict[str, Any], digest: str) -> str:
    age = "" if curve["data_sha256"] == digest else ", an older one than this model's"
    rows = (
        (
            f"{point['share']:.0%}",
            f"{point['messages']:,}",
            f"{point['macro_f1']:.3f}",
            f"{point['low']:.3f} to {point['high']:.3f}",
        )
        for point in curve["points"]
    )
    return _CURVE.format(digest=curve["data_sha256"][:16], age=age) + _rows(*rows)


def _ratios(score: dict[str, float]) -> tuple[Any, ...]:
    return (score["true"], *(f"{score[name]:.3f}" for name in ("precision", "recall", "f1")))


def _rows(*rows: tuple[Any, ...]) -> str:
    return "".join("| " + " | ".join(map(str, row)) + " |\n" for row in rows)


def main() -> None:
    """Write the card of the model at hand anew, from its metrics."""
    folder = Path("model")
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    (folder / "MODEL_CARD.md").write_text(card(metrics), encoding="utf-8")


if __name__ == "__main__":
    main()
