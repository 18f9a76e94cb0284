"""From the fitted scikit-learn model to ``cuishou.onnx``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.linear_model import LogisticRegression

from cuishou.training.features import PAIR_SEPARATOR, step_sizes
from cuishou.training.onnx_graph.alphabet import Alphabet
from cuishou.training.onnx_graph.graph import Parameters, assemble
from cuishou.training.onnx_graph.lexicon import Lexicon, PairTable
from cuishou.training.onnx_graph.scores import Linear, LinearPart
from cuishou.training.onnx_graph.tallies import CharacterWeights
from cuishou.training.tagger import FLIPPING, LONGER, Tagger, least_said
from cuishou.training.tally import MOST

OPSET = 18


def to_model(tagger: Tagger, metadata: Mapping[str, Any]) -> onnx.ModelProto:
    """Derive the graph from a fitted ``tagger``. ``metadata`` values are stored as text, all but text as JSON."""
    heads, calibration = tagger.pipeline_.named_steps["heads"], tagger.calibration_
    words, word_idf = _part(tagger, "words")
    pairs, pair_idf = _part(tagger, "pairs")
    characters, character_idf = _part(tagger, "characters")
    ends = np.cumsum([len(words), len(pairs)])
    word_weights, pair_weights, character_weights = np.split(heads.coef_, ends, axis=1)
    steps = step_sizes(heads.coef_ * np.concatenate((word_idf, pair_idf, character_idf)))

    number_of = {token: column + 1 for token, column in words.items()}
    split = {tuple(pair.split(PAIR_SEPARATOR)): column for pair, column in pairs.items()}
    for token in sorted({token for pair in split for token in pair} - number_of.keys()):
        number_of[token] = len(number_of) + 1  # part of a pair, but no feature by itself
    no_feature = len(number_of) - len(words)
    lexicon = Lexicon.of(tagger.segmenter, number_of, named=[*characters, *tagger.tally_.counts_.vocabulary_])
    alphabet = lexicon.alphabet
    by_numbers = {(number_of[first], number_of[second]): column for (first, second), column in split.items()}
    by_characters = {alphabet.encode(pair): column for pair, column in characters.items()}
    # the graph numbers pairs in their order
    pair_order, character_order = ([column for _, column in sorted(known.items())] for known in (by_numbers, by_characters))
    linear = Linear(
        words=LinearPart.of(np.pad(word_idf, (0, no_feature)), np.pad(word_weights, ((0, 0), (0, no_feature))), steps),
        word_pairs=LinearPart.of(pair_idf[pair_order], pair_weights[:, pair_order], steps),
        character_pairs=LinearPart.of(character_idf[character_order], character_weights[:, character_order], steps),
        steps=steps,
        intercept=heads.intercept_,
    )

    model = assemble(
        Parameters(
            characters=alphabet.table(tagger.segmenter.characters),
            lexicon=lexicon,
            word_pairs=PairTable.of(by_numbers, len(number_of)),
            character_pairs=PairTable.of(((first, second) for first, second in by_characters), len(alphabet) - 1),
            linear=linear,
            flipping=FLIPPING,
            longer=LONGER,
            tally=_tally(tagger, alphabet),
            tag_calibration=_convert(calibration.tags_),
            reason_weights=calibration.reason_weights_.astype(np.float32),
            reason_offsets=calibration.reason_offsets_.astype(np.float32),
            least_said=least_said(tagger.unlawful_threshold_),
        )
    )
    model.ir_version = 8  # the first that knows opset 18; older runtimes on phones read it too
    model.producer_name = "cuishou"
    text = {key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for key, value in metadata.items()}
    onnx.helper.set_model_props(model, dict(sorted(text.items())))
    onnx.checker.check_model(model, full_check=True)
    return model


def _part(tagger: Tagger, name: str) -> tuple[dict[str, int], NDArray[np.float64]]:
    """Vocabulary (feature -> column) and idf of one part of the features."""
    union = tagger.pipeline_.named_steps["features"]
    counts, tfidf = dict(union.transformer_list)[name].named_steps.values()
    return {feature: int(column) for feature, column in sorted(counts.vocabulary_.items())}, tfidf.idf_


def _tally(tagger: Tagger, alphabet: Alphabet) -> CharacterWeights:
    tally, steps = tagger.tally_, step_sizes(tagger.tally_.coef_)
    weights = np.zeros((len(alphabet), len(steps)), dtype=np.int8)
    for character, column in tally.counts_.vocabulary_.items():
        weights[alphabet.ids[character]] = np.rint(tally.coef_[:, column] / steps)
    return CharacterWeights(weights, steps, tally.intercept_, MOST)


def _convert(calibration: LogisticRegression) -> onnx.ModelProto:
    """skl2onnx's graph of the tag calibration: margins and what goes with them -> ``probabilities`` (its label is not used)."""
    model: onnx.ModelProto = to_onnx(
        calibration,
        initial_types=[("margins", FloatTensorType([None, calibration.n_features_in_]))],
        options={"zipmap": False},
        target_opset={"": OPSET, "ai.onnx.ml": 3},
    )
    return model
