"""What the columns of Android's message tables mean, shared by all formats that copy them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypedDict

from cuishou.backup.report import ImportReport
from cuishou.backup.times import from_epoch
from cuishou.message import Direction, Instant, Message

#: Android's boxes, the same for ``type`` of an SMS and ``msg_box`` of an MMS.
_BOXES: dict[str, Direction] = {"1": "in", "2": "out", "3": "draft", "4": "out", "5": "out", "6": "out"}
#: The words that programs write for them.
_WORDS: dict[Direction, tuple[str, ...]] = {
    "in": ("in", "inbox", "received", "receive", "deliver", "incoming", "收", "接收", "已接收", "收到", "收件箱", "收件", "接收短信"),
    "out": ("out", "sent", "send", "submit", "sendbox", "outbox", "outgoing", "failed", "queued",
            "发", "發", "发送", "發送", "已发送", "已發送", "发件箱", "發件箱", "寄件匣", "已发", "发件"),
    "draft": ("draft", "drafts", "草稿", "草稿箱"),
}  # fmt: skip
_DIRECTIONS = {word: direction for direction, words in _WORDS.items() for word in words} | _BOXES
#: Columns of the SIM card.
_CARDS = ("sub_id", "sim_id", "subId", "subscriptionId")


class Instants(TypedDict):
    """The two times of a message."""

    received_at: Instant | None
    sent_at: Instant | None


def text(values: Mapping[str, Any], *names: str) -> str | None:
    """The first of the columns ``names`` that has a value, as a string."""
    for name in names:
        value = values.get(name)
        if value is not None and value != "" and not isinstance(value, (dict, list)):
            return str(value)
    return None


def nullable(values: Mapping[str, str], *names: str) -> str | None:
    """:func:`text` where a missing value is written as ``null``, so that a text of just this word cannot be told from none."""
    for name in names:
        if (value := values.get(name)) and value != "null":
            return value
    return None


def direction(value: object) -> Direction:
    """The direction that a box number or a word for it tells."""
    return _direction(str(value))


@lru_cache(maxsize=256)
def _direction(value: str) -> Direction:
    words = re.split(r"[,;/\s]+", value.strip().lower())
    return next((_DIRECTIONS[word] for word in words if word in _DIRECTIONS), "unknown")


def instants(way: Direction, date: Instant | None, date_sent: Instant | None) -> Instants:
    """``received_at`` and ``sent_at`` from the columns ``date`` and ``date_sent``.

    The direction decides what they mean: for what the phone itself sent, its own clock is the sender's.
    """
    if way == "in":
        return {"received_at": date, "sent_at": date_sent}
    return {"received_at": None, "sent_at": date_sent or date}


def message(
    values: Mapping[str, Any],
    report: ImportReport,
    record: int,
    *,
    body: str | None,
    address: str | None,
    contact: str | None = None,
    box: str | None = None,
    read_time: Callable[[Any], Instant | None] = from_epoch,
) -> Message:
    """A row of Android's tables: direction, times and SIM card from the columns, under the names that programs give them.

    ``body``, ``address`` and ``contact`` lie elsewhere in each program's rows and are given, as is ``box`` where it has two meanings.
    """
    way = direction(box if box is not None else text(values, "type", "messageBox", "msg_box") or "")
    date, sent = values.get("date"), values.get("date_sent") or values.get("dateSent")
    at = instants(way, read_time(date) if date else None, read_time(sent) if sent else None)
    card = None if values.keys().isdisjoint(_CARDS) else sim(values, *_CARDS)
    # by place, which is faster, for every message of most backups is made here
    return Message(body or "", address or "", way, at["received_at"], at["sent_at"], contact, card, report.source, record)


def sim(values: Mapping[str, Any], *names: str) -> str | None:
    """The SIM card; ``-1`` stands for unknown."""
    value = text(values, *names)
    return None if value in ("-1", "null") else value


def address(value: object) -> str:
    """A number without what spreadsheets and phone assistants put around it: quotes, tabs, a trailing ``.0``."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value).replace("e+", "E+")
    found = str(value).strip().lstrip("'’\t ").strip()
    return re.sub(r"^(\d+)\.0$", r"\1", found)
