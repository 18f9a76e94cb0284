"""Parquet: everything, unchanged, in typed columns. For programs; needs the extra ``[parquet]``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cuishou.case import Finding
from cuishou.message import Instant
from cuishou.output.record import of_finding
from cuishou.output.words import REPLACEMENT, SURROGATE

if TYPE_CHECKING:
    import pyarrow

#: Messages written together.
_GROUP = 20_000
INSTALL = "pip install 'cuishou[parquet]'"


class ParquetUnavailable(Exception):
    """pyarrow is not installed; the message says how to install it."""


def check() -> None:
    """Raises :class:`ParquetUnavailable` where it cannot be written, so that nobody waits for that."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise ParquetUnavailable(f"Parquet needs pyarrow; install it with: {INSTALL}") from None


def write(findings: Iterable[Finding], path: Path) -> None:
    """Write ``findings`` to ``path``. Raises :class:`ParquetUnavailable`."""
    check()
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    schema, rest = _schema(), iter(findings)
    with ParquetWriter(path, schema, compression="zstd") as writer:
        while group := list(islice(rest, _GROUP)):
            writer.write_table(pyarrow.Table.from_pylist(list(_records(group)), schema))


def _records(findings: Iterable[Finding]) -> Iterator[dict[str, Any]]:
    for finding in findings:
        message = finding.message
        times = {"received_at": _at(message.received_at), "sent_at": _at(message.sent_at)}
        precision = message.instant.precision if message.instant else None
        record = of_finding(finding) | times | {"time_precision": precision}
        yield {key: SURROGATE.sub(REPLACEMENT, value) if isinstance(value, str) else value for key, value in record.items()}


def _at(instant: Instant | None) -> Any:
    return instant.at if instant else None


def _schema() -> pyarrow.Schema:
    import pyarrow as pa

    time, share = pa.timestamp("ms", tz="UTC"), pa.float32()
    reason = pa.struct([("code", pa.string()), ("probability", share)])
    span = pa.struct([("start", pa.int32()), ("end", pa.int32()), ("label", pa.string()), ("weight", share)])
    probabilities = pa.struct([(tag, share) for tag in ("other", "reminder", "pressure", "unlawful")])
    return pa.schema(
        [
            ("number", pa.int64()),
            ("source", pa.string()),
            ("record", pa.int64()),
            ("direction", pa.string()),
            ("address", pa.string()),
            ("contact", pa.string()),
            ("sim", pa.string()),
            ("received_at", time),
            ("sent_at", time),
            ("time_precision", pa.string()),
            ("body", pa.string()),
            ("familiar", pa.bool_()),
            ("tag", pa.string()),
            ("probabilities", probabilities),
            ("reasons", pa.list_(reason)),
            ("spans", pa.list_(span)),
            ("needs_review", pa.bool_()),
        ]
    )
