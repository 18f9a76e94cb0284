"""Makes backups of SMS Backup & Restore, and reads them."""

import io

import pytest

from cuishou.backup import ImportReport, Options, Source, sms_backup_restore, xml_stream
from cuishou.message import Message

HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n"
PLAIN, DECIMAL, HEX = "{}", "&#{};", "&#x{:X};"


def escape(text: str, emoji: str = PLAIN) -> str:
    """``text`` as an attribute's value; what lies beyond the 16-bit characters as it is, or as two references."""
    return "".join(_escape(character, emoji) for character in text)


def _escape(character: str, emoji: str) -> str:
    if character in '&<>"\n\r\t':
        return f"&#{ord(character)};"
    if ord(character) < 0x10000 or emoji == PLAIN:
        return character
    units = character.encode("utf-16-be")
    return "".join(emoji.format(int.from_bytes(units[at : at + 2], "big")) for at in (0, 2))


def sms(body: str, emoji: str = PLAIN, **attributes: str) -> str:
    values = {"address": "95550", "date": "1700000000123", "type": "1", "body": body} | attributes
    return "<sms " + " ".join(f'{name}="{escape(value, emoji)}"' for name, value in values.items()) + " />\n"


def mms(*parts: str, **attributes: str) -> str:
    values = {"address": "95550", "date": "1700000000123", "msg_box": "1", "sub": "null"} | attributes
    head = " ".join(f'{name}="{escape(value)}"' for name, value in values.items())
    return f"<mms {head}><parts>{''.join(parts)}</parts></mms>\n"


def text_part(text: str) -> str:
    return f'<part seq="0" ct="text/plain" text="{escape(text)}" />'


def smses(*records: str, count: int | None = None, head: str = HEAD) -> str:
    return f'{head}<smses count="{len(records) if count is None else count}">\n{"".join(records)}</smses>\n'


def read(data: str | bytes, chunk: int | None = None) -> tuple[list[Message], ImportReport]:
    """All messages of ``data``, read in pieces of ``chunk`` bytes."""
    report = ImportReport("made.xml", "made")
    data = data.encode() if isinstance(data, str) else data
    source = Source("made.xml", lambda: io.BytesIO(data))
    with pytest.MonkeyPatch.context() as patch:
        if chunk:
            patch.setattr(xml_stream, "CHUNK", chunk)
        messages = list(sms_backup_restore.read(source, report, Options()))
    for message in messages:
        report.see(message)
    return messages, report


def bodies(data: str | bytes, chunk: int | None = None) -> list[str]:
    return [message.body for message in read(data, chunk)[0]]
