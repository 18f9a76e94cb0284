from cuishou.labels import Label
from cuishou.training.unmask import unmasked


def texts(*given: str) -> list[str]:
    return [copy.text for copy in unmasked(Label(str(number), text, "other") for number, text in enumerate(given))]


def test_nothing_masked_no_copies():
    assert texts() == []
    assert texts("", "尾号8841", "iPhone X 到店", "Xbox优惠", "xxl码") == []


def test_masks_become_digits_of_the_same_length():
    (copy,) = texts("首付x万，尾号XXXX，x月1x日，电话139xxxxxxxx")
    assert "x" not in copy.lower()
    assert len(copy) == len("首付x万，尾号XXXX，x月1x日，电话139xxxxxxxx")


def test_the_same_text_gives_the_same_digits():
    assert texts("尾号xxxx") == texts("尾号xxxx")


def test_label_and_family_are_kept():
    label = Label("a", "尾号xxxx今天还清，别装死", "unlawful", ("INSULT",), ("别装死",), family="f")
    (copy,) = unmasked([label])
    assert (copy.tag, copy.reasons, copy.evidence, copy.family) == (label.tag, label.reasons, label.evidence, "f")
    assert copy.id != label.id


def test_evidence_stays_as_it_was_written():
    assert list(unmasked([Label("a", "打到卡6222xxxx，今天", "unlawful", ("PRIVATE_ACCOUNT_FEE",), ("打到卡6222xxxx",))])) == []
