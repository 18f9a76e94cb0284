"""``golden.jsonl``: texts with what the model says of them, for other runtimes to check themselves against."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from cuishou.labels import Label
from cuishou.message import TAGS
from cuishou.scorer import Scorer

CORPUS_TEXTS = 300


def edge_texts() -> list[str]:
    """Texts at which ports go wrong: empty, astral, half a surrogate pair, controls, very long, one long run."""
    return [
        "", " ", "\n", "\r\n", "。", "还", "a", "7", "款款款款款款", "\x00", "逾\x00期", "\u200b\u200b", "\ufeff您好",
        "😀", "坐😀牢", "👨‍👩‍👧‍👦 家人", "𝟏𝟎𝟎元", "𠮷野家", "逾\ud83d期", "\udc00", "\U0010ffff", "\uffff",
        "逾*期", "还·.款", "起--诉", "起---诉", "ＡＰＰ还款１２３", "請儘快還款，逾期將計入聯徵", "Ａa０0①", "e\u0301",
        "app", "APP还款", "a b c", "www.x1.cn/9sKd", "3,216.58元", "+86 138 0000 0000", "T恤", "C++和C#", "100%",
        "您好\t世界", "您好\u3000世界", "「逾期」『还款』", "<b>还款</b>", "=1+1", "\u202e款还", "あいう", "한국어", "Привет", "ﬁ", "İ",
        "还款" * 2500, "逾期。" * 1000, "a" * 5000, "1" * 3000, "，" * 2000, "中华人民共和国中央人民政府" * 100,
    ]  # fmt: skip


def golden_texts(labels: Sequence[Label]) -> list[str]:
    """The edge texts, then corpus texts picked by their hash, so that adding labels changes few of them."""
    ranked = sorted({label.text for label in labels}, key=lambda text: hashlib.sha256(text.encode()).digest())
    return edge_texts() + ranked[:CORPUS_TEXTS]


def write_golden(scorer: Scorer, texts: Sequence[str], path: Path) -> None:
    """Write what ``scorer`` says of ``texts``, one JSON object a line, in ASCII (lone surrogates as escapes)."""
    tags, of_tags, of_reasons = scorer.probabilities(texts)
    rows = zip(texts, scorer.token_starts(texts), tags, of_tags, of_reasons, strict=True)
    with path.open("w", encoding="ascii", newline="\n") as file:
        for text, starts, tag, tag_probabilities, reason_probabilities in rows:
            record = {
                "text": text,
                "token_starts": starts,
                "tag": TAGS[tag],
                "tag_probabilities": _rounded(tag_probabilities),
                "reason_probabilities": _rounded(reason_probabilities),
            }
            file.write(json.dumps(record) + "\n")


def _rounded(values: Iterable[float]) -> list[float]:
    return [round(float(value), 6) for value in values]
