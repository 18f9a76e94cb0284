from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuishou.codes import REASONS
from cuishou.labels import COLUMNS, SEPARATOR, Label, LabelError, read_labels, write_labels

FLIPPING = sorted(code for code, reason in REASONS.items() if reason.flips)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "some.csv"


def problems(file, content):
    file.write_text(content, encoding="utf-8")
    with pytest.raises(LabelError) as raised:
        read_labels(file)
    return raised.value.problems


def test_empty_file_is_refused(file):
    assert "text, tag" in problems(file, "")[0]


def test_header_alone_is_no_label(file):
    file.write_text("text,tag\n", encoding="utf-8")
    assert read_labels(file) == []


def test_folder_without_files_is_refused(tmp_path):
    with pytest.raises(LabelError, match=r"no \.csv file and no spreadsheet"):
        read_labels(tmp_path)


def test_missing_file_is_refused(file):
    with pytest.raises(LabelError, match=r"some\.csv"):
        read_labels(file)


def test_text_and_tag_are_enough(file):
    file.write_text("text,tag\n你好,other\n", encoding="utf-8")
    (label,) = read_labels(file)
    assert (label.id, label.text, label.tag, label.addressee, label.script) == ("some-2", "你好", "other", "debtor", "hans")
    assert (label.reasons, label.evidence) == ((), ())
    assert label.family == "some-2"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_columns_stand_in_any_order_and_case(file, encoding):
    file.write_text(
        f"Tag,evidence, TEXT,reasons\nunlawful,废物{SEPARATOR}曝光,废物，曝光你,INSULT PUBLIC_SHAMING\n", encoding=encoding
    )
    (label,) = read_labels(file)
    assert label.text == "废物，曝光你"
    assert label.reasons == ("INSULT", "PUBLIC_SHAMING")
    assert label.evidence == ("废物", "曝光")


def test_empty_rows_are_passed_over(file):
    file.write_text("text,tag\n,\n\n早,other\n", encoding="utf-8")
    assert [label.text for label in read_labels(file)] == ["早"]


def test_folders_are_read_with_what_is_in_them(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "b.csv").write_text("text,tag\n二,other\n", encoding="utf-8")
    (tmp_path / "a.csv").write_text("text,tag\n一,other\n", encoding="utf-8")
    (tmp_path / "deep" / "c.csv").write_text("text,tag\n三,other\n", encoding="utf-8")
    (tmp_path / "d.txt").write_text("text,tag\n四,other\n", encoding="utf-8")
    assert [label.text for label in read_labels(tmp_path)] == ["一", "二", "三"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",other,,,,", "empty text"),
        ("早,otherr,,,,", "unknown tag 'otherr'"),
        ("早,,,,,", "unknown tag ''"),
        ("早,other,,,boss,", "unknown addressee 'boss'"),
        ("早,other,,,,latin", "unknown script 'latin'"),
        ("早,pressure,NO_SUCH,早,,", "unknown reason code 'NO_SUCH'"),
        ("早,unlawful,,,,", "unlawful without a reason code"),
        ("早,unlawful,IDENTITY_CONCEALMENT,早,,", "unlawful without a reason code"),
        ("早,pressure,INSULT,早,,", "would make it unlawful"),
        ("早,unlawful,INSULT INSULT,早¦早,,", "stands twice"),
        ("早,unlawful,INSULT,,,", "1 reason codes but 0 evidence spans"),
        ("早,unlawful,INSULT,晚,,", "evidence '晚' is not in the text"),
    ],
)
def test_row_that_does_not_fit_is_named(file, row, why):
    (problem,) = problems(file, f"text,tag,reasons,evidence,addressee,script\n好,other,,,,\n{row}\n")
    assert "some.csv, row 3" in problem
    assert why in problem


def test_every_row_at_fault_is_named_and_many_are_cut_short(file):
    content = "text,tag\n" + "".join(f"第{number}条,none\n" for number in range(30))
    assert len(problems(file, content)) == 30
    with pytest.raises(LabelError, match="and 10 more"):
        read_labels(file)


def test_flag_does_not_make_a_message_unlawful(file):
    file.write_text("text,tag,reasons,evidence\n快还钱,pressure,IDENTITY_CONCEALMENT,还钱\n", encoding="utf-8")
    assert read_labels(file)[0].reasons == ("IDENTITY_CONCEALMENT",)


def test_same_id_is_refused(file):
    (problem,) = problems(file, "id,text,tag\nx,早,other\nx,晚,other\n")
    assert "the id x is also at" in problem
    assert "row 2" in problem
    assert "row 3" in problem


@pytest.mark.parametrize(("second", "how"), [("other", "same tag"), ("reminder", "tagged other there and reminder here")])
def test_same_text_is_refused(file, second, how):
    (problem,) = problems(file, f"text,tag\n早,other\n早,{second}\n")
    assert how in problem


def test_same_text_in_two_files_is_refused(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text("text,tag\n早,other\n", encoding="utf-8")
    with pytest.raises(LabelError, match=r"b\.csv, row 2.*a\.csv, row 2"):
        read_labels(tmp_path)


@pytest.mark.parametrize("row", ['"open,other\n', '"a"b,other\n'])
def test_broken_quotes_are_refused(file, row):
    (problem,) = problems(file, "text,tag\n" + row)
    assert "some.csv, line 2" in problem


def test_nothing_is_written_as_a_header(file):
    write_labels([], file)
    assert file.read_bytes() == b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\n"


CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters=f"\x00\r{SEPARATOR}")


@st.composite
def labels(draw):
    texts = draw(st.lists(st.text(CHARACTERS, min_size=1), unique=True, max_size=5))
    made = []
    for number, text in enumerate(texts):
        codes = draw(st.lists(st.sampled_from(FLIPPING), unique=True, max_size=3))
        starts = [draw(st.integers(0, len(text) - 1)) for _ in codes]
        made.append(
            Label(
                id=f"made-{number}",
                text=text,
                tag="unlawful" if codes else draw(st.sampled_from(["other", "reminder", "pressure"])),
                reasons=tuple(codes),
                evidence=tuple(text[start : start + draw(st.integers(1, 9))] for start in starts),
                addressee=draw(st.sampled_from(["debtor", "third"])),
                family="kin",
                script=draw(st.sampled_from(["hans", "hant"])),
                note=draw(st.sampled_from(["", '说"一"句', "a, b"])),
            )
        )
    return made


@given(labels())
def test_written_labels_read_back(tmp_path_factory, made):
    file = tmp_path_factory.mktemp("labels") / "made.csv"
    write_labels(made, file)
    assert [replace(label, source="") for label in read_labels(file)] == made
