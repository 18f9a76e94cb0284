"""What simpler means reach on the same split: the table that the model has to beat."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from cuishou.labels import Label
from cuishou.message import TAGS
from cuishou.training.segmenter import load_tokenizer

#: What somebody would write in an afternoon: the gravest tag of which a word occurs.
KEYWORDS = {
    "unlawful": (
        "打断",
        "弄死",
        "小心点",
        "坐牢",
        "通讯录",
        "曝光",
        "群发",
        "老赖",
        "堵门",
        "拘传",
        "通缉",
        "爆",
        "骗子",
        "个人卡",
        "私户",
    ),
    "pressure": ("起诉", "律师", "法院", "最后", "否则", "立案", "上门", "法务", "后果自负", "仲裁"),
    "reminder": ("逾期", "还款", "账单", "应还", "欠款", "到期"),
}

Tags = NDArray[np.int64]


def baselines(known: Sequence[Label], test: Sequence[Label]) -> dict[str, float]:
    """Macro-F1 on ``test`` of each baseline, learned from ``known``. fastText only where it is installed (extra ``[bench]``)."""
    texts, tags = [label.text for label in known], np.array([TAGS.index(label.tag) for label in known])
    truth = np.array([TAGS.index(label.tag) for label in test])
    said = {
        "majority": np.full(len(test), np.bincount(tags).argmax()),
        "keyword list": np.array([_by_keyword(label.text) for label in test]),
    }
    asked = [label.text for label in test]
    answers = Parallel(n_jobs=2)(delayed(_learned)(analyzer, texts, tags, asked) for analyzer in _ANALYZERS.values())
    said |= dict(zip(_ANALYZERS, answers, strict=True))
    if find_spec("fasttext"):
        said["fastText, characters (1 to 3)"] = _by_fasttext(texts, tags, asked)
    return {name: round(_macro_f1(truth, tagged), 4) for name, tagged in said.items()}


def _by_characters() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True)


def _by_words() -> TfidfVectorizer:
    tokenizer = load_tokenizer()
    return TfidfVectorizer(
        tokenizer=lambda text: list(tokenizer.cut(text, HMM=False)), token_pattern=None, ngram_range=(1, 2), min_df=2
    )


_ANALYZERS: dict[str, Callable[[], TfidfVectorizer]] = {
    "characters (1 to 3) + linear": _by_characters,
    "jieba (1 to 2) + linear, text as it is": _by_words,
}


def _learned(analyzer: Callable[[], TfidfVectorizer], texts: Sequence[str], tags: Tags, asked: Sequence[str]) -> Tags:
    model = make_pipeline(analyzer(), LogisticRegression(C=10, max_iter=1000)).fit(texts, tags)
    return np.asarray(model.predict(asked))


def _by_fasttext(texts: Sequence[str], tags: Tags, asked: Sequence[str]) -> Tags:
    """Joulin et al., "Bag of Tricks for Efficient Text Classification", EACL 2017; on one thread, so that it can be repeated."""
    import fasttext

    def spaced(text: str) -> str:
        return " ".join("".join(text.split()))

    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "lines.txt"
        known = zip(texts, tags, strict=True)
        lines.write_text("".join(f"__label__{tag} {spaced(text)}\n" for text, tag in known), encoding="utf-8")
        model = fasttext.train_supervised(str(lines), wordNgrams=3, dim=50, epoch=25, bucket=200_000, thread=1, verbose=0)
    labels, _ = model.predict([spaced(text) for text in asked])
    return np.array([int(label.removeprefix("__label__")) for (label,) in labels])


def _by_keyword(text: str) -> int:
    return next((TAGS.index(tag) for tag, words in KEYWORDS.items() if any(word in text for word in words)), 0)


def _macro_f1(truth: Tags, said: Tags) -> float:
    scores = []
    for tag in range(len(TAGS)):
        hit = ((truth == tag) & (said == tag)).sum()
        scores.append(2 * hit / max((truth == tag).sum() + (said == tag).sum(), 1))
    return float(np.mean(scores))
