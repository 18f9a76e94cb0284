import json

import pytest

from cuishou.measured import Measured, measured
from cuishou.output.words import REPORT_WORDS


@pytest.mark.parametrize(
    "content", [None, "", "{}", "[]", '{"version": "1", "test": {"tags": {"unlawful": {"true": 0, "said": 0, "hit": 0}}}}']
)
def test_of_a_model_without_figures_nothing_is_said(tmp_path, content):
    if content is not None:
        (tmp_path / "metrics.json").write_text(content)
    assert measured("1", tmp_path / "cuishou.onnx") is None


def test_figures_are_those_of_this_model(tmp_path):
    figures = {"true": 200, "said": 180, "hit": 150}
    (tmp_path / "metrics.json").write_text(json.dumps({"version": "1", "test": {"tags": {"unlawful": figures}}}))
    found = measured("1", tmp_path / "cuishou.onnx")
    assert found == Measured(200, 180, 150)
    assert (found.missed, found.wrong) == (50, 30)
    assert measured("2", tmp_path / "cuishou.onnx") is None
    for words in REPORT_WORDS.values():
        told = found.told(words["missed"])
        assert all(figure in told for figure in ("200", "50", "25%", "180", "30"))
