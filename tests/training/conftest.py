from pathlib import Path

import pytest

from cuishou.codes import REASONS
from cuishou.labels import Label
from cuishou.scorer import Scorer
from cuishou.training.characters import Characters
from cuishou.training.export import to_model
from cuishou.training.run import Corpus, fit, metadata
from cuishou.training.segmenter import Segmenter
from cuishou.training.tagger import Tagger

DATA = Path(__file__).parents[2] / "data"

#: A corpus of a hundred messages: four openings by five endings by five tags of speech. Enough to learn, quick to fit.
OPENINGS = ["您好，", "【星桥】", "林先生：", "", "ＡＰＰ提醒 "]
ENDINGS = ["请知悉。", "谢谢！", "回T退订", "详询400-000-1234", "见www.x1.cn/a"]
BODIES = {
    "other": ("取件码3-2-8017，请到东门驿站领取快递", ""),
    "reminder": ("您的信用卡账单1280.50元，还款日为25日", ""),
    "pressure": ("今日18点前仍未还款，将移交律师起诉", ""),
    "unlawful": ("再不还钱就把你打断腿，小心出门", "THREAT_VIOLENCE"),
}


def tiny_labels() -> list[Label]:
    return [
        Label(
            id=f"{tag}-{number}-{place}",
            text=opening + body + ending,
            tag=tag,
            reasons=(code,) if code else (),
            evidence=(body,) if code else (),
            family=f"{tag}/{number}/{place}",
        )
        for tag, (body, code) in BODIES.items()
        for number, opening in enumerate(OPENINGS)
        for place, ending in enumerate(ENDINGS)
    ]


@pytest.fixture(scope="session")
def characters() -> Characters:
    return Characters.read(DATA / "characters.tsv")


@pytest.fixture(scope="session")
def segmenter(characters: Characters) -> Segmenter:
    return Segmenter(characters, DATA / "lexicon.txt")


@pytest.fixture(scope="session")
def tagger(segmenter: Segmenter) -> Tagger:
    return fit(segmenter, tiny_labels())


@pytest.fixture(scope="session")
def scorer(tagger: Tagger, tmp_path_factory: pytest.TempPathFactory) -> Scorer:

    chosen = {"unlawful_threshold": 0.4, "review_below": 0.9, "reason_thresholds": dict.fromkeys(REASONS, 0.5)}
    tagger.unlawful_threshold_ = chosen["unlawful_threshold"]
    path = tmp_path_factory.mktemp("model") / "cuishou.onnx"
    corpus = Corpus(tiny_labels(), tagger.segmenter.characters, DATA / "lexicon.txt", "0" * 64)
    path.write_bytes(to_model(tagger, metadata(corpus, chosen)).SerializeToString())
    return Scorer.load(path, threads=1)
