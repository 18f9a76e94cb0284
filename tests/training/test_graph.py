"""The graph against the scikit-learn model it is made from: the same cuts, the same numbers."""

import random

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuishou.message import TAGS
from cuishou.scorer import Scorer, _batches, default_model
from cuishou.training.export import to_model
from cuishou.training.golden import edge_texts
from cuishou.training.parity import ParityError, check_parity
from cuishou.training.segmenter import Segmenter
from cuishou.training.tagger import Tagger

ANY_TEXT = st.text(st.characters(codec=None), max_size=60)
#: Text with what segmentation stumbles on: dictionary words, runs of Latin, symbols inside words, halves of pairs.
MIXED_TEXT = st.lists(
    st.one_of(
        st.sampled_from(
            "还款 逾期 起诉 中华人民共和国 app APP C++ 3.5% １２ 還 * · 😀 \ud83d \udc00 \u200b 。 【 】 \r\n \t".split(" ")
        ),
        st.text(st.characters(codec=None), max_size=3),
    ),
    max_size=25,
).map("".join)


def random_texts(segmenter: Segmenter, count: int, seed: int) -> list[str]:
    """Texts drawn from jieba's dictionary with digits, Latin, punctuation, emoji and lone surrogates between its words."""
    chance = random.Random(seed)
    words = sorted(segmenter.tokenizer.FREQ)
    between = [
        "，",
        "。",
        "！",
        " ",
        "1",
        "23",
        "4567",
        "a",
        "APP",
        "x1.cn",
        "+",
        "-",
        "*",
        "😀",
        "\ud800",
        "\udfff",
        "【",
        "】",
        "\n",
        "\u200b",
        "&",
        "还",
    ]
    return [
        "".join(chance.choice(words) if chance.random() < 0.7 else chance.choice(between) for _ in range(chance.randrange(1, 28)))
        for _ in range(count)
    ]


def cuts_differ(scorer: Scorer, segmenter: Segmenter, texts: list[str]) -> list[str]:
    return [text for text, starts in zip(texts, scorer.token_starts(texts), strict=True) if segmenter.starts(text) != starts]


def test_cuts_edge_texts_as_jieba(scorer: Scorer, segmenter: Segmenter):
    assert cuts_differ(scorer, segmenter, edge_texts()) == []


def test_cuts_dictionary_texts_as_jieba(segmenter: Segmenter):
    texts = random_texts(segmenter, 20_000, seed=1)
    assert cuts_differ(Scorer.load(), segmenter, texts) == []


def overlapping_texts(segmenter: Segmenter, count: int, seed: int) -> list[str]:
    """Texts in which each word begins with what the last one ends with: long stretches that no cut is common to all paths of."""
    chance = random.Random(seed)
    beginning: dict[str, list[str]] = {}
    for word in sorted(segmenter.tokenizer.FREQ):
        if 2 <= len(word) <= 6:
            beginning.setdefault(word[0], []).append(word)
    texts = []
    for _ in range(count):
        text = chance.choice(beginning[chance.choice(sorted(beginning))])
        while len(text) < 30 and text[-1] in beginning:
            text += chance.choice(beginning[text[-1]])[1:]
        texts.append(text)
    return texts


def test_cuts_overlapping_words_as_jieba(scorer: Scorer, segmenter: Segmenter):
    assert cuts_differ(scorer, segmenter, overlapping_texts(segmenter, 3000, seed=2)) == []


def test_cuts_two_paths_of_one_weight_as_jieba(scorer: Scorer, segmenter: Segmenter):
    """Of paths that weigh the same jieba takes what its own rounding leaves: the exact route has to decide."""
    frequency = segmenter.tokenizer.FREQ
    same: dict[str, dict[str, int]] = {}
    for word, count in frequency.items():
        if count and len(word) == 2:
            same.setdefault(word[0], {})[word[1]] = count
    singles = {character: count for character, count in frequency.items() if len(character) == 1 and count}
    ties = [
        first + middle + last
        for first, followers in same.items()
        for middle, count in followers.items()
        for last, other in same.get(middle, {}).items()
        if first in singles and last in singles and count * singles[last] == other * singles[first]
    ]
    assert len(ties) > 100
    chosen = random.Random(3).sample(ties, 100)
    assert cuts_differ(scorer, segmenter, [before + tie + "的人。" for tie in chosen for before in ("", "，", "中国")]) == []


@settings(max_examples=300, deadline=None)
@given(text=st.one_of(ANY_TEXT, MIXED_TEXT))
def test_cuts_any_text_as_jieba(scorer: Scorer, segmenter: Segmenter, text: str):
    assert cuts_differ(scorer, segmenter, [text]) == []


@settings(max_examples=50, deadline=None)
@given(texts=st.lists(st.one_of(ANY_TEXT, MIXED_TEXT), min_size=1, max_size=12))
def test_says_what_scikit_learn_says(scorer: Scorer, tagger: Tagger, texts: list[str]):
    check_parity(tagger, scorer, texts)


def test_says_what_scikit_learn_says_of_edge_texts(scorer: Scorer, tagger: Tagger):
    check_parity(tagger, scorer, edge_texts())


def test_parity_check_notices_another_model(scorer: Scorer, segmenter: Segmenter, tagger: Tagger):
    other = Tagger(segmenter)
    other.__dict__.update(tagger.__dict__)
    other.unlawful_threshold_ = 1.1
    with pytest.raises(ParityError, match="by the graph and"):
        check_parity(other, scorer, ["再不还钱就把你打断腿，小心出门"])


@settings(max_examples=30, deadline=None)
@given(texts=st.lists(MIXED_TEXT, min_size=2, max_size=8))
def test_neighbours_in_a_batch_do_not_matter(scorer: Scorer, texts: list[str]):
    _, together, reasons = scorer.probabilities(texts)
    alone = [scorer.probabilities([text]) for text in texts]
    np.testing.assert_allclose(together, np.concatenate([tags for _, tags, _ in alone]), atol=1e-6)
    np.testing.assert_allclose(reasons, np.concatenate([codes for _, _, codes in alone]), atol=1e-6)


def test_contributions_add_up_to_the_margins(scorer: Scorer, tagger: Tagger):
    texts = ["您好，再不还钱就把你打断腿*小心😀出门回T退订", "您的信用卡账单1280.50元", "无"]
    ((_, codes),) = _batches(texts)
    (contributions,) = scorer._run(["contributions"], codes)
    intercept = tagger.pipeline_.named_steps["heads"].intercept_
    margins = tagger.margins(sorted(texts, key=len))
    np.testing.assert_allclose(contributions.sum(axis=1) + intercept, margins, atol=1e-4)


def test_without_explanations_the_numbers_are_the_same(scorer: Scorer):
    ((_, codes),) = _batches(["", "无", "您好，再不还钱就把你打断腿"])
    names = [output.name for output in scorer._session.get_outputs()]
    full = dict(zip(names, scorer._session.run(names, {"codes": codes}), strict=True))
    short = dict(zip(names, scorer._session.run(names, {"codes": codes, "explain": np.array(False)}), strict=True))
    assert (full["token_starts"].shape, full["contributions"].shape[:2]) == ((3, 13), (3, 13))
    assert (short["token_starts"].shape, short["contributions"].shape[:2]) == ((3, 0), (3, 0))
    for name in ("tag", "tag_probabilities", "reason_probabilities"):
        np.testing.assert_array_equal(full[name], short[name])


def test_thousands_of_equal_tokens_do_not_drift(scorer: Scorer, tagger: Tagger):
    check_parity(tagger, scorer, ["打断腿" * 20_000, "还款日" * 7_000 + "小心出门" * 9_000])


def test_model_uses_standard_operators_only():
    model = onnx.load(default_model())
    onnx.checker.check_model(model, full_check=True)
    assert {opset.domain for opset in model.opset_import} <= {"", "ai.onnx", "ai.onnx.ml"}

    def kinds(graph):
        for node in graph.node:
            yield node.domain
            for attribute in node.attribute:
                if attribute.type == onnx.AttributeProto.GRAPH:
                    yield from kinds(attribute.g)

    assert set(kinds(model.graph)) <= {"", "ai.onnx", "ai.onnx.ml"}
    tensors = [value.type.tensor_type.elem_type for value in (*model.graph.input, *model.graph.output)]
    tensors += [initializer.data_type for initializer in model.graph.initializer]
    assert onnx.TensorProto.STRING not in tensors


def test_same_tagger_gives_same_bytes(tagger: Tagger):
    first, second = (to_model(tagger, {"b": 1, "a": "x"}).SerializeToString(deterministic=True) for _ in range(2))
    assert first == second


def test_tags_have_their_order(scorer: Scorer):
    assert scorer.metadata.tags == TAGS
