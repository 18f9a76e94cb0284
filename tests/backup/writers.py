"""Writes messages in every format that is read, and says what of a message the format can keep.

The field names are those of the real exporters; the files are ours.
"""

from __future__ import annotations

import csv
import io
import json
import quopri
import re
import sqlite3
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from hypothesis import strategies as st

from cuishou.message import CHINA, Instant, Message
from tests.smses import sms, smses

BOXES = {"in": 1, "out": 2, "draft": 3}
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def milliseconds(instant: Instant | None) -> int:
    return 0 if instant is None else (instant.at - EPOCH) // timedelta(milliseconds=1)


def date(message: Message) -> int:
    """What Android keeps in the column ``date``: the phone's clock."""
    return milliseconds(message.received_at if message.direction == "in" else message.sent_at)


def date_sent(message: Message) -> int:
    return milliseconds(message.sent_at) if message.direction == "in" else 0


def one_time(message: Message, precision: str = "second") -> Message:
    """``message`` as a format with one local time keeps it."""
    at = message.received_at or message.sent_at
    if at is not None:
        cut = {"second": {"microsecond": 0}, "minute": {"second": 0, "microsecond": 0}}[precision]
        at = Instant(at.at.replace(**cut), precision)
    is_in = message.direction == "in"
    return replace(message, received_at=at if is_in else None, sent_at=None if is_in else at)


def local(message: Message, form: str) -> str:
    at = message.received_at or message.sent_at
    return at.at.astimezone(CHINA).strftime(form) if at else ""


@dataclass(frozen=True)
class Writer:
    """``write`` makes a file of messages; ``keep`` is what reading it has to give back for each."""

    write: Callable[[Sequence[Message]], bytes]
    keep: Callable[[Message], Message] = lambda message: message
    #: Whether the format can hold this message at all.
    fits: Callable[[Message], bool] = lambda message: True
    can_be_empty: bool = True


def columns(message: Message) -> dict[str, object]:
    return {
        "address": message.address,
        "date": date(message),
        "date_sent": date_sent(message),
        "type": BOXES[message.direction],
        "body": message.body,
        "sub_id": message.sim or "-1",
    }


def sbr(messages):
    rows = [
        sms(**{name: str(value) for name, value in columns(m).items()}, contact_name=m.contact or "(Unknown)") for m in messages
    ]
    return smses(*rows).encode()


def super_backup(messages):
    return sbr(messages).replace(b"<smses ", b"<allsms ").replace(b"</smses>", b"</allsms>").replace(b"contact_name=", b"name=")


def smss(messages):
    def element(name, value):
        text = str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
        return f"<{name}>{text}</{name}>"

    rows = "".join(
        "<sms>" + "".join(element(n, v) for n, v in columns(m).items() if n in ("date", "body", "type", "address")) + "</sms>\n"
        for m in messages
    )
    return f"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><smss max=\"{len(messages)}\">{rows}</smss>".encode()


def sms_ie_row(message, number, prefix="__"):
    row = {"_id": str(number), "thread_id": "7"} | {name: str(value) for name, value in columns(message).items()}
    return row | ({prefix + "display_name": message.contact} if message.contact else {})


def sms_ie_v2(messages):
    lines = [json.dumps(sms_ie_row(m, n), ensure_ascii=False) + "\n" for n, m in enumerate(messages)]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("messages.ndjson", "".join(lines))
        archive.writestr("data/PART_1", b"\xff\xd8\xff" * 100)
    return file.getvalue()


def sms_ie_v1(messages):
    return json.dumps([sms_ie_row(m, n, "") for n, m in enumerate(messages)], indent=2, ensure_ascii=False).encode()


def fossify_old(messages):
    rows = [columns(m) | {"sub_id": int(m.sim or -1), "locked": 0, "protocol": None, "read": 1, "status": -1} for m in messages]
    threads = [{"sms": rows[:1], "mms": []}, {"sms": rows[1:], "mms": []}]
    return json.dumps(threads, ensure_ascii=False).encode()


def fossify(messages):
    rows = [
        {"subscriptionId": int(m.sim or -1), "address": m.address, "body": m.body, "date": date(m), "dateSent": date_sent(m),
         "locked": 0, "protocol": None, "read": 1, "status": -1, "type": BOXES[m.direction], "serviceCenter": None, "backupType": "sms"}
        for m in messages
    ]  # fmt: skip
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def quik(messages):
    rows = [
        {"type": BOXES[m.direction], "address": m.address, "date": date(m), "dateSent": date_sent(m), "read": True, "status": -1,
         "body": m.body, "protocol": 0, "locked": False, "subId": int(m.sim or -1)}
        for m in messages
    ]  # fmt: skip
    return json.dumps({"messageCount": len(rows), "messages": rows}, indent="\t", ensure_ascii=False).encode()


def termux(messages):
    types = {"in": "inbox", "out": "sent", "draft": "draft"}
    rows = [
        {"threadid": 1, "type": types[m.direction], "read": True, **({"sender": m.contact} if m.contact else {}), "address": m.address,
         "number": m.address, "received": local(m, "%Y-%m-%d %H:%M:%S"), "body": m.body, "_id": n}
        for n, m in enumerate(messages)
    ]  # fmt: skip
    return json.dumps(rows, indent=2, ensure_ascii=False).encode()


def adb(messages):
    order = ("date", "date_sent", "type", "sub_id", "address", "body")
    return "".join(
        f"Row: {n} _id={n}, " + ", ".join(f"{name}={columns(m)[name]}" for name in order) + "\n" for n, m in enumerate(messages)
    ).encode()


def assistant(messages):
    """豌豆荚: byte order mark, number behind a tab at a place that depends on the direction, minutes, the text unquoted."""
    rows = []
    for m in messages:
        when = local(m, "%Y. %m.%d  %H:%M").replace(". 0", ". ").replace("  0", "  ")
        people = f"\t{m.address},{m.contact or ''},," if m.direction == "in" else f"{m.contact or ''},\t{m.address},,"
        rows.append(f"sms,{'deliver' if m.direction == 'in' else 'submit'},{people}{when},9,{m.body}\r\n")
    return b"\xef\xbb\xbf" + "".join(rows).encode()


def table_rows(messages):
    words = {"in": "接收", "out": "发送", "draft": "草稿"}
    rows = [[m.address, m.contact or "", local(m, "%Y-%m-%d %H:%M:%S"), words[m.direction], m.body] for m in messages]
    return [["号码", "姓名", "时间", "类型", "内容"], *rows]


def table(messages, encoding="utf-8-sig", delimiter=","):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(table_rows(messages))
    return file.getvalue().encode(encoding)


def workbook(messages):
    """The least that is an .xlsx file, with all cells as text."""
    from xml.sax.saxutils import escape

    def cell(value):
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'

    rows = "".join("<row>" + "".join(map(cell, row)) + "</row>" for row in table_rows(messages))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="短信" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def plain(messages):
    return "".join(m.body + "\n" for m in messages).encode()


def json_lines(messages):
    return "".join(
        json.dumps({"body": m.body, "address": m.address, "received_at": m.received_at and m.received_at.isoformat(),
                    "sent_at": m.sent_at and m.sent_at.isoformat(), "direction": m.direction, "contact": m.contact, "sim": m.sim}) + "\n"
        for m in messages
    ).encode()  # fmt: skip


def database(schema: str, insert: str, rows: Sequence[Sequence[object]]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.db"
        made = sqlite3.connect(path)
        with made:
            made.executescript(schema)
            made.executemany(insert, rows)
        made.close()
        return path.read_bytes()


def mmssms(messages):
    return database(
        "CREATE TABLE sms (_id INTEGER PRIMARY KEY, thread_id INTEGER, address TEXT, person INTEGER, date INTEGER,"
        " date_sent INTEGER, read INTEGER, type INTEGER, body TEXT, sub_id INTEGER DEFAULT -1)",
        "INSERT INTO sms (address, date, date_sent, type, body, sub_id) VALUES (?, ?, ?, ?, ?, ?)",
        [list(columns(m).values()) for m in messages],
    )


def huawei(messages):
    return database(
        "CREATE TABLE sms_tb (group_id INTEGER, address TEXT, date INTEGER, date_sent INTEGER, type INTEGER, body TEXT, sub_id TEXT)",
        "INSERT INTO sms_tb (address, date, date_sent, type, body, sub_id) VALUES (?, ?, ?, ?, ?, ?)",
        [list(columns(m).values()) for m in messages],
    )


def iphone(messages):
    start = milliseconds(Instant(datetime(2001, 1, 1, tzinfo=timezone.utc), "second"))
    return database(
        "CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id TEXT);"
        "CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid TEXT, text TEXT, attributedBody BLOB, handle_id INTEGER,"
        " service TEXT, date INTEGER, is_from_me INTEGER);" + "".join(
            f"INSERT INTO handle VALUES ({n}, '{m.address}');" for n, m in enumerate(messages, 1) if m.address
        ),
        "INSERT INTO message (text, handle_id, service, date, is_from_me) VALUES (?, ?, 'SMS', ?, ?)",
        [
            (m.body, n, (date(m) - start) * 10**6 if date(m) else 0, int(m.direction != "in"))
            for n, m in enumerate(messages, 1)
        ],
    )  # fmt: skip


def android_backup(messages, compressed=True):
    rows = [{name: str(value) for name, value in columns(m).items() if name != "sub_id"} for m in messages]
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for start in range(0, max(len(rows), 1), 3):
            data = zlib.compress(json.dumps(rows[start : start + 3]).encode())
            entry = tarfile.TarInfo(f"apps/com.android.providers.telephony/d_f/{start:06}_sms_backup")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    tar = file.getvalue()
    return b"ANDROID BACKUP\n5\n%d\nnone\n" % compressed + (zlib.compress(tar) if compressed else tar)


def vmsg(messages):
    blocks = []
    for m in messages:
        body = quopri.encodestring(m.body.encode()).decode() if m.body else ""
        when = local_utc(m)
        blocks.append(
            f"BEGIN:VMSG\r\nVERSION:1.1\r\nX-IRMS-TYPE:MSG\r\nX-MESSAGE-TYPE:{'DELIVER' if m.direction == 'in' else 'SUBMIT'}\r\n"
            f"X-MESSAGE-STATUS:READ\r\nX-MESSAGE-SLOT:{m.sim or ''}\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nTEL:{m.address}\r\nEND:VCARD\r\n"
            f"BEGIN:VBODY\r\n{when}Subject;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:{body}\r\nEND:VBODY\r\nEND:VMSG\r\n"
        )
    return "".join(blocks).encode()


def local_utc(message: Message) -> str:
    at = message.received_at or message.sent_at
    return at.at.strftime("Date:%Y/%m/%d %H:%M:%S GMT\r\n") if at else "Date:\r\n"


def nokia(messages):
    rows = [
        f"sms;{'deliver' if m.direction == 'in' else 'submit'};"
        + (f'"{m.address}";"";' if m.direction == "in" else f'"";"{m.address}";')
        + f'"";"{local(m, "%Y.%m.%d %H:%M")}";"";"{m.body.replace(chr(34), chr(34) * 2)}"\r\n'
        for m in messages
    ]
    return "".join(rows).encode("utf-16")


def without(*names: str) -> Callable[[Message], Message]:
    return lambda message: replace(message, **dict.fromkeys(names))


def newlines(message: Message) -> Message:
    """A text file's reader cannot tell the ways to end a line apart."""
    return replace(message, body=message.body.replace("\r\n", "\n").replace("\r", "\n"))


def _plain_xml(message: Message) -> bool:
    return not any(character < " " and character not in "\t\n\r" for character in message.body)


def _xml(message: Message) -> bool:
    return _plain_xml(message) and message.body != "null"


def _one_line(message: Message) -> bool:
    return bool(message.body.strip()) and message.body == message.body.strip() and not set(message.body) & set("\n\r")


def _imitates(message: Message, row: str) -> bool:
    """Whether a line of the text looks like the beginning of a row: formats that escape nothing cannot tell it from one."""
    return re.search(r"(?im)^" + row, message.body.replace("\r", "\n")) is not None


WRITERS: dict[str, Writer] = {
    "sbr": Writer(sbr, fits=_xml),
    "super-backup": Writer(super_backup, fits=_xml),
    "smss": Writer(smss, lambda m: replace(without("contact", "sim")(m), sent_at=None) if m.direction == "in" else without("contact", "sim")(m),
                   fits=_xml),
    "sms-ie 2": Writer(sms_ie_v2, can_be_empty=False),
    "sms-ie 1": Writer(sms_ie_v1, can_be_empty=False),
    "fossify old": Writer(fossify_old, without("contact")),
    "fossify": Writer(fossify, without("contact"), can_be_empty=False),
    "quik": Writer(quik, without("contact")),
    "termux": Writer(termux, lambda m: without("sim")(one_time(m)), can_be_empty=False),
    "adb": Writer(adb, lambda m: newlines(without("contact")(m)), fits=lambda m: m.body == m.body.rstrip("\r\n") and m.body != "NULL" and not _imitates(m, r"Row: \d"), can_be_empty=False),
    "assistant": Writer(assistant, lambda m: newlines(without("sim")(one_time(m, "minute"))),
                        fits=lambda m: _one_line(m) and m.direction != "draft" and bool(m.received_at or m.sent_at) and "," not in (m.contact or "")
                        and not m.body.startswith('"'), can_be_empty=False),
    "nokia": Writer(nokia, lambda m: newlines(without("sim", "contact")(one_time(m, "minute"))),
                    fits=lambda m: m.direction != "draft" and bool(m.received_at or m.sent_at) and not _imitates(m, r'"?sms"?\s*[,;]'),
                    can_be_empty=False),
    "table": Writer(table, lambda m: newlines(without("sim")(one_time(m))), fits=lambda m: "\0" not in m.body and not _GUARDED.match(m.body)),
    "workbook": Writer(workbook, lambda m: without("sim")(one_time(m)), fits=lambda m: _plain_xml(m) and "\r" not in m.body and "_x" not in m.body
                       and not _GUARDED.match(m.body)),
    "text": Writer(plain, lambda m: Message(m.body, direction="unknown"), fits=lambda m: _one_line(m), can_be_empty=False),
    "jsonl": Writer(json_lines, can_be_empty=False),
    "sqlite": Writer(mmssms, without("contact"), fits=lambda m: "\0" not in m.body),
    "sqlite huawei": Writer(huawei, without("contact"), fits=lambda m: "\0" not in m.body),
    "sqlite iphone": Writer(iphone, lambda m: without("contact", "sim")(_apple(m)), fits=lambda m: "\0" not in m.body and m.direction != "draft"),
    "ab": Writer(android_backup, without("contact", "sim")),
    "vmsg": Writer(vmsg, lambda m: newlines(without("contact")(one_time(m))), fits=lambda m: m.direction != "draft" and m.body == m.body.rstrip("\r\n"),
                   can_be_empty=False),
}  # fmt: skip


#: In a table a text that begins so is taken for one that was kept from running as a formula.
_GUARDED = re.compile(r"'[\s\u200b\ufeff]*[=+\-@＝＋－＠\t\r]")


def _apple(message: Message) -> Message:
    is_in = message.direction == "in"
    return replace(message, sent_at=None if is_in else message.sent_at)


# What is hard to carry: line breaks, separators, markup, other scripts, characters beyond the first 65,536, marks of the formats.
_HARD = st.sampled_from(
    ["\n", "\r\n", ",", ";", '"', "'", "&", "<", ">", "\t", "😀", "👨‍👩‍👧", "\u202eabc", "مرحبا", "&amp;", "&#10;", "]]>", ", type=2", "=1+1",
     "END:VBODY", "Row: 1 _id=", "null", "，", "\\", "\\u0041", "=E4=BD", "{\"a\":", "】", "sms,deliver"]
)  # fmt: skip
_SOFT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufeff\ufffe\uffff\ufffd"),
    max_size=12,
)
BODIES = st.lists(_HARD | _SOFT | st.sampled_from(["【鹿角借】您好", "逾期", "還款"]), max_size=6).map("".join)
_MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2037, 1, 1), timezones=st.just(timezone.utc))


def _instant(at: datetime, to: str) -> Instant:
    if to == "second" or at.microsecond < 1000:
        return Instant(at.replace(microsecond=0), "second")
    return Instant(at.replace(microsecond=at.microsecond // 1000 * 1000), "millisecond")


@st.composite
def messages(draw, writer: Writer, least: int = 0) -> list[Message]:
    """Messages that ``writer`` can write."""
    number = st.sampled_from(["95550", "106900001234567890", "+8613800000000", "13912345678", "12378"])
    one = st.builds(
        lambda body, address, way, at, sent, contact, sim: Message(
            body=body,
            address=address,
            direction=way,
            received_at=_instant(at, "millisecond") if way == "in" else None,
            sent_at=(_instant(sent, "second") if sent else None) if way == "in" else _instant(at, "millisecond"),
            contact=contact,
            sim=sim,
        ),
        BODIES,
        number,
        st.sampled_from(["in", "out", "draft"]),
        _MOMENTS,
        st.none() | _MOMENTS,
        st.none() | st.sampled_from(["王五", "妈妈", "O'Neil"]),
        st.none() | st.sampled_from(["0", "1"]),
    )
    least = max(least, 0 if writer.can_be_empty else 1)
    return draw(st.lists(one.filter(writer.fits), min_size=least, max_size=7))
