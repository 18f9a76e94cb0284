import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer

from cuishou.training.features import Counts, OccurrenceTfidf, character_pairs, token_features, word_pairs, words


def test_no_tokens_no_pairs():
    assert word_pairs(()) == []
    assert word_pairs(("还款",)) == []


def test_pairs_are_neighbours_in_order():
    assert [pair.split("\x1f") for pair in word_pairs(("请", "尽快", "还款"))] == [["请", "尽快"], ["尽快", "还款"]]


def test_no_characters_no_pairs_of_them():
    assert character_pairs(()) == []
    assert character_pairs(("款",)) == []


def test_pairs_of_characters_do_not_stop_at_words():
    assert character_pairs(("还款", "日")) == ["还款", "款日"]


def test_message_without_known_features_stays_empty():
    features = token_features().fit([("还款", "日")] * 5)
    assert features.transform([(), ("快递",)]).nnz == 0


def test_agrees_with_scikit_learn_where_no_token_repeats():
    counts = sparse.csr_matrix(np.array([[1, 1, 0], [0, 1, 1], [1, 0, 0]]))
    ours = OccurrenceTfidf().fit(counts).transform(counts)
    theirs = TfidfTransformer().fit_transform(counts)
    np.testing.assert_allclose(ours.toarray(), theirs.toarray(), rtol=2**-11)  # float16 keeps eleven bits of idf squared


def test_squares_of_idf_lose_nothing_in_the_model_file():
    squares = OccurrenceTfidf().fit(sparse.random(50, 200, 0.1, random_state=1, format="csr")).idf_ ** 2
    np.testing.assert_allclose(squares.astype(np.float16), squares, rtol=1e-12)


@given(st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=1, max_size=6))
def test_is_the_sum_over_tokens_as_they_come(rows):
    counts = sparse.csr_matrix(np.array(rows))
    weigher = OccurrenceTfidf().fit(counts)
    got = weigher.transform(counts).toarray()
    for row, weighted in zip(rows, got, strict=True):
        tokens = [feature for feature, count in enumerate(row) for _ in range(count)]
        norm = np.sqrt(sum(weigher.idf_[token] ** 2 for token in tokens)) or 1
        expected = np.zeros(4)
        for token in tokens:
            expected[token] += weigher.idf_[token] / norm
        np.testing.assert_allclose(weighted, expected)


def test_only_what_occurs_often_enough_is_a_feature():
    features = token_features().fit([("还款", "日")] * 5 + [("额", "度")])
    names = [set(part[0].vocabulary_) for _, part in features.transformer_list[:2]]
    assert names == [{"还款", "日"}, {"还款\x1f日"}]


def test_unfitted_weights_are_an_error():
    with pytest.raises(Exception, match="not fitted"):
        OccurrenceTfidf().transform(sparse.csr_matrix((1, 1)))


def test_of_too_many_features_the_commonest_stay():
    messages = [("a", "b", "c"), ("a", "b"), ("a", "c"), ("d",)]
    counts = Counts(words, most=2)
    assert counts.fit_transform(messages).toarray().tolist() == [[1], [1], [1], [0]], "b and c are equally common: neither stays"
    assert counts.transform([("c", "a", "a")]).toarray().tolist() == [[2]]
    assert Counts(words, most=3).fit(messages).vocabulary_ == {"a": 0, "b": 1, "c": 2}
    assert Counts(words, most=4).fit(messages).vocabulary_ == {"a": 0, "b": 1, "c": 2, "d": 3}
