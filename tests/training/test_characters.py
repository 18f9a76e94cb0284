from hypothesis import given
from hypothesis import strategies as st

from cuishou.training.characters import TABLE_SIZE, Characters, is_block, is_dropped, is_han, is_noise, read_folding, write_folding


def test_empty_text(characters: Characters):
    assert characters.normalise("").text == ""


def test_folds_width_case_script_and_digits(characters: Characters):
    assert characters.normalise("ＡＰＰ還款１２３．４Ｋ").text == "app还款000.0k"
    assert characters.normalise("T恤Ⅳ①").text == "t恤ⅳ0"


def test_drops_what_is_invisible_and_keeps_places(characters: Characters):
    normalised = characters.normalise("逾\u200b期\x00\ufeff了")
    assert normalised.text == "逾期了"
    assert normalised.origin == (0, 2, 5)


def test_drops_spaces_and_keeps_line_breaks(characters: Characters):
    assert characters.normalise("请 在\u3000今\xa0天　还 \t * 款：1 000\n谢谢").text == "请在今天还款:0000\n谢谢"


def test_drops_one_or_two_symbols_between_han_only(characters: Characters):
    assert characters.normalise("逾*期").text == "逾期"
    assert characters.normalise("起· 诉").text == "起诉"
    assert characters.normalise("坐😀牢*底").text == "坐牢底"
    assert characters.normalise("还---款").text == "还---款"
    assert characters.normalise("尾号*期").text == "尾号期"
    assert characters.normalise("a*期**张").text == "a*期张"
    assert characters.normalise("1.还款").text == "0.还款"


def test_sentence_punctuation_is_no_noise(characters: Characters):
    assert characters.normalise("您好，请还款。谢谢！").text == "您好,请还款。谢谢!"


@given(text=st.text(st.characters(codec=None)))
def test_normalising_again_changes_places_only(characters: Characters, text: str):
    once = characters.normalise(text)
    assert len(once.text) == len(once.origin)
    assert list(once.origin) == sorted(set(once.origin))
    assert all(characters.fold(ord(c)) == ord(c) for c in once.text)


def test_kinds_do_not_overlap_where_they_must_not():
    for code in range(TABLE_SIZE):
        character = chr(code)
        assert not (is_han(character) and is_noise(character))
        assert not (is_dropped(code) and (is_block(character) or is_noise(character)))


def test_folding_lands_on_what_does_not_fold_again(characters: Characters):
    assert {to for to in characters.folding.values() if to in characters.folding and characters.folding[to] != to} == set()


def test_table_survives_writing(characters: Characters, tmp_path):
    write_folding(characters.folding, tmp_path / "table.tsv")
    assert read_folding(tmp_path / "table.tsv") == characters.folding
