"""Texts in, taggings out: the model file and the few lines around it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cuishou.message import TAGS, Reason, Span, Tagging
from cuishou.spans import carrying_spans_of_each, on_words

if TYPE_CHECKING:
    import onnxruntime

#: The layout of inputs, outputs and metadata that this version reads.
FORMAT = "cuishou/1"
#: Code points in one run of the model, padding included; bounds its memory.
BATCH_CHARACTERS = 65_536
#: The same where words are explained, which takes four times the memory.
EXPLAINED_CHARACTERS = BATCH_CHARACTERS // 4
_QUICK = ["tag", "tag_probabilities", "reason_probabilities"]
_NO = np.array(False)
_UNKNOWN = Tagging("other", {})


class ModelError(Exception):
    """A model file cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Metadata:
    """What a model file says of itself."""

    version: str
    tags: tuple[str, ...]
    reasons: tuple[str, ...]
    flags: frozenset[str]
    review_below: float
    reason_thresholds: NDArray[np.float32]

    @classmethod
    def parse(cls, values: dict[str, str], name: str) -> Metadata:
        """Check a model's metadata. Raises :class:`ModelError`."""
        found = values.get("format")
        if found is None:
            raise ModelError(f"{name} is an ONNX file, but not a model of cuishou: its metadata has no 'format'")
        if found != FORMAT:
            raise ModelError(f"{name} has the format {found!r}; this version reads {FORMAT!r}. Use the cuishou it came with")
        try:
            reasons = tuple(json.loads(values["reasons"]))
            thresholds = json.loads(values["reason_thresholds"])
            metadata = cls(
                version=values["version"],
                tags=tuple(json.loads(values["tags"])),
                reasons=reasons,
                flags=frozenset(json.loads(values["flags"])),
                review_below=float(json.loads(values["review_below"])),
                reason_thresholds=np.array([thresholds[code] for code in reasons], dtype=np.float32),
            )
        except (KeyError, ValueError, TypeError) as error:
            raise ModelError(f"{name}: its metadata is damaged ({error!r}); get the file again or run 'make train'") from None
        if metadata.tags != TAGS:
            raise ModelError(f"{name} knows the tags {metadata.tags}; this version needs {TAGS}")
        return metadata


def default_model() -> Path:
    """Where the model is: ``$CUISHOU_MODEL``, else inside the installed package, else ``model/`` of the source tree."""
    if chosen := os.environ.get("CUISHOU_MODEL"):
        return Path(chosen)
    package = Path(__file__).resolve().parent
    inside = package / "model" / "cuishou.onnx"
    if inside.exists():
        return inside
    folder = package.parents[1] / "model"
    return (folder if folder.exists() or not set_aside(folder).exists() else set_aside(folder)) / "cuishou.onnx"


def set_aside(folder: Path) -> Path:
    """Where a model's ``folder`` stands for the moment in which another is put in its place, should that be cut short."""
    return folder.with_name(f".{folder.name}.old")


class Scorer:
    """Tags texts with a model file. Make one and keep it: loading takes longer than tagging a hundred messages.

    It may be used from several threads at once.
    """

    def __init__(self, session: onnxruntime.InferenceSession, metadata: Metadata) -> None:
        self._session = session
        self.metadata = metadata
        self._run_options = _quiet()
        #: onnxruntime works every output out; what explains costs a third, and a file with this input can do without.
        self._may_skip = any(value.name == "explain" for value in session.get_overridable_initializers())

    @classmethod
    def load(cls, path: str | Path | None = None, threads: int | None = None, *, steady: bool = False) -> Scorer:
        """Load the model at ``path`` (default: :func:`default_model`), to run on ``threads`` threads (default: all cores).

        onnxruntime keeps a plan of its memory for each shape of batch that ever came. Messages that come one by one take a fifth
        less time by it; but many batches have ever other shapes, and the plans of a million messages take 30 MB. ``steady`` does
        without.

        Raises :class:`ModelError` for a file that is missing or that this version does not understand.
        """
        path = Path(path) if path is not None else default_model()
        if not path.is_file():
            raise ModelError(f"there is no model at {path}; run 'make train' to make one")
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.enable_mem_pattern = not steady
        options.log_severity_level = 4  # errors reach the caller as exceptions, once
        # What the other levels look for is not in our graph, and looking takes a third of the loading time.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        if threads is not None:
            if threads < 1:
                raise ValueError(f"threads must be at least 1, not {threads}")
            options.intra_op_num_threads = threads
        try:
            session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's exceptions have no common class of their own
            raise ModelError(
                f"{path} is no ONNX model that onnxruntime {onnxruntime.__version__} can load: {_brief(error)}"
            ) from None
        _give_back()
        return cls(session, Metadata.parse(session.get_modelmeta().custom_metadata_map, str(path)))

    def tag(self, texts: Iterable[str], *, explain: bool = True) -> list[Tagging]:
        """Tag each of ``texts``; any string will do, also an empty one. Without ``explain`` no spans, and faster.

        Raises TypeError where ``texts`` is one string, whose characters would be tagged, or holds what is no string.
        """
        if isinstance(texts, (str, bytes)):
            raise TypeError(f"texts must be several strings, not one {type(texts).__name__}; for one message write tag([text])")
        texts = list(texts)
        for place, text in enumerate(texts):
            if not isinstance(text, str):
                raise TypeError(f"each text must be a str, but number {place} (from 0) is {type(text).__name__}: {text!r:.60}")
        taggings: list[Tagging] = [_UNKNOWN] * len(texts)
        for rows, codes in _batches(texts):
            for row, tagging in zip(rows.tolist(), self._taggings(*self._run(_QUICK, codes)), strict=True):
                taggings[row] = tagging
        if explain:
            collection = [row for row, tagging in enumerate(taggings) if tagging.tag != "other"]
            told = [texts[row] for row in collection]
            for places, codes in _batches(told, EXPLAINED_CHARACTERS):
                contributions, starts = self._run(["contributions", "token_starts"], codes)
                rows_told = [collection[place] for place in places]
                spans = self._spans([taggings[row] for row in rows_told], [texts[row] for row in rows_told], contributions, starts)
                for row, of_text in zip(rows_told, spans, strict=True):
                    known = taggings[row]
                    taggings[row] = Tagging(known.tag, known.probabilities, known.reasons, of_text, known.needs_review)
        return taggings

    def token_starts(self, texts: Sequence[str]) -> list[list[int]]:
        """Where each token of each text starts, as the model cuts it."""
        found: list[list[int]] = [[] for _ in texts]
        for rows, codes in _batches(texts):
            (starts,) = self._run(["token_starts"], codes)
            for row, of_characters in zip(rows.tolist(), starts, strict=True):
                found[row] = np.flatnonzero(of_characters).tolist()
        return found

    def probabilities(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
        """The bare numbers: tags int64 [n] into ``TAGS``, tag probabilities [n, tags], reason probabilities [n, codes]."""
        tags = np.zeros(len(texts), dtype=np.int64)
        of_tags = np.zeros((len(texts), len(TAGS)), dtype=np.float32)
        of_reasons = np.zeros((len(texts), len(self.metadata.reasons)), dtype=np.float32)
        for rows, codes in _batches(texts):
            tags[rows], of_tags[rows], of_reasons[rows] = self._run(_QUICK, codes)
        return tags, of_tags, of_reasons

    def _run(self, outputs: list[str], codes: NDArray[np.int32]) -> list[NDArray[Any]]:
        given: dict[str, NDArray[Any]] = {"codes": codes}
        if self._may_skip and outputs is _QUICK:
            given["explain"] = _NO
        return list(self._session.run(outputs, given, self._run_options))

    def _taggings(
        self, tags: NDArray[np.int64], of_tags: NDArray[np.float32], of_reasons: NDArray[np.float32]
    ) -> Iterator[Tagging]:
        unsure = of_tags[np.arange(len(tags)), tags] < self.metadata.review_below
        rows = zip(tags.tolist(), _rounded(of_tags).tolist(), self._reasons(tags, of_reasons), unsure.tolist(), strict=True)
        for tag, probabilities, reasons, needs_review in rows:
            yield Tagging(TAGS[tag], dict(zip(TAGS, probabilities)), reasons, (), needs_review)  # noqa: B905 (as many as tags)

    def _reasons(self, tags: NDArray[np.int64], probabilities: NDArray[np.float32]) -> list[tuple[Reason, ...]]:
        """The codes to show: for unlawful those that reach their threshold, at least the likeliest; flags for any collection."""
        codes = self.metadata.reasons
        is_flag = np.array([code in self.metadata.flags for code in codes])
        unlawful = tags == TAGS.index("unlawful")
        shown = (probabilities >= self.metadata.reason_thresholds) & (is_flag | unlawful[:, None])
        shown[tags == TAGS.index("other")] = False
        without = np.flatnonzero(unlawful & ~(shown & ~is_flag).any(axis=1))
        shown[without, np.where(is_flag, -1, probabilities[without]).argmax(axis=1)] = True
        reasons: list[tuple[Reason, ...]] = [()] * len(tags)
        rows, numbers = np.nonzero(shown)
        values = probabilities[rows, numbers]
        order = np.lexsort((numbers, -values, rows))
        found = zip(rows[order].tolist(), numbers[order].tolist(), _rounded(values[order]).tolist(), strict=True)
        for row, of_row in groupby(found, itemgetter(0)):
            reasons[row] = tuple([Reason(codes[number], value) for _, number, value in of_row])
        return reasons

    def _spans(
        self, taggings: Sequence[Tagging], texts: Sequence[str], contributions: NDArray[np.float32], starts: NDArray[np.bool_]
    ) -> Iterator[tuple[Span, ...]]:
        """What carried the tag and each reason of each of ``taggings``.

        ``contributions`` [texts, characters, scores]; ``starts`` [texts, characters]: where words start.
        """
        number_of = {code: len(TAGS) + number for number, code in enumerate(self.metadata.reasons)}
        tags = np.array([TAGS.index(tagging.tag) for tagging in taggings])[:, None]
        of_tags = np.moveaxis(contributions[:, :, : len(TAGS)], 2, 1)  # [texts, tags, characters]
        for_it = np.take_along_axis(of_tags, tags[:, :, None], axis=1)[:, 0]
        against = (of_tags.sum(axis=1) - for_it) / (len(TAGS) - 1)
        asked = [(row, reason.code) for row, tagging in enumerate(taggings) for reason in tagging.reasons]
        of_codes = contributions[[row for row, _ in asked], :, [number_of[code] for _, code in asked]]
        found = carrying_spans_of_each(np.concatenate((for_it - against, of_codes)))
        labelled: list[list[tuple[str, list[tuple[int, int, float]]]]] = [
            [(tagging.tag, spans)] for tagging, spans in zip(taggings, found[: len(taggings)], strict=True)
        ]
        for (row, code), spans in zip(asked, found[len(taggings) :], strict=True):
            labelled[row].append((code, spans))
        for text, labels, words in zip(texts, labelled, starts, strict=True):
            edges = words[: len(text)].tobytes()
            found_on_words = ((label, on_words(spans, text, edges)) for label, spans in labels)
            yield tuple(Span(start, end, label, weight) for label, spans in found_on_words for start, end, weight in spans)


def encode(text: str) -> NDArray[np.int32]:
    """The code points of ``text``. Lone surrogates stay what they are; the model knows no word with one."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<i4")


def _batches(texts: Sequence[str], most: int = BATCH_CHARACTERS) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32]]]:
    """Texts of about equal length together, up to ``most`` characters: (rows [N], codes [N, C], zero-padded)."""
    if len(texts) == 1:  # a live stream: no sorting, no copies
        yield np.zeros(1, dtype=np.int64), encode(texts[0])[None]
        return
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    order = np.argsort(lengths, kind="stable")
    lengths = lengths[order]
    start = 0
    while start < len(order):
        sizes = np.arange(1, len(order) - start + 1) * lengths[start:]  # of a batch that ends with each of those left
        end = start + max(int(np.searchsorted(sizes, most, side="right")), 1)
        rows = order[start:end]
        codes = np.zeros((len(rows), int(lengths[end - 1])), dtype=np.int32)
        codes[np.arange(codes.shape[1]) < lengths[start:end, None]] = encode("".join([texts[row] for row in rows.tolist()]))
        yield rows, codes
        start = end


def _rounded(probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    """``probabilities`` to six digits, to the bit what ``round`` gives: a float32 times a million is exact in float64."""
    return np.rint(probabilities.astype(np.float64) * 1e6) / 1e6


def _give_back() -> None:
    """Return to the system what loading a model took for a moment, some forty megabytes, where the C library keeps it (glibc)."""
    if sys.platform == "linux":
        import ctypes

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def _quiet() -> onnxruntime.RunOptions:
    import onnxruntime

    options = onnxruntime.RunOptions()
    options.log_severity_level = 4
    return options


def _brief(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:200]
