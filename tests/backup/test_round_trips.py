"""Every format: messages written as the exporter writes them are read back as they were."""

from dataclasses import replace
from datetime import datetime, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cuishou.backup import FORMATS, open_backup, text, xml_stream
from cuishou.case import Finding
from cuishou.message import Instant, Message
from cuishou.output import table
from tests.backup.writers import WRITERS, messages

NO_FIXTURE_RESET = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60, deadline=None
)


def test_every_format_has_a_writer():
    assert {known.KEY for known in FORMATS} <= {name.split()[0] for name in WRITERS} | {"workbook"}


@pytest.mark.parametrize("name", WRITERS)
@NO_FIXTURE_RESET
@given(data=st.data())
def test_written_messages_read_back(name, data, tmp_path):
    writer = WRITERS[name]
    made = data.draw(messages(writer))
    path = tmp_path / "backup.bin"
    path.write_bytes(writer.write(made))
    # plain text has no mark of its own: whoever has one line of Latin letters has to say what it is
    backup = open_backup(path, form="text" if name == "text" else None)
    read = [replace(message, source="", record=0) for message in backup]
    assert read == [writer.keep(message) for message in made]
    assert sum(report.missing for report in backup.reports) == 0
    assert all(report.recognised for report in backup.reports)


@pytest.mark.parametrize("name", [name for name in WRITERS if not name.startswith(("sqlite", "workbook", "ab"))])
@NO_FIXTURE_RESET
@given(data=st.data(), chunk=st.integers(1, 200))
def test_pieces_make_no_difference(name, data, chunk, tmp_path):
    writer = WRITERS[name]
    made = data.draw(messages(writer, least=1))
    path = tmp_path / "backup.bin"
    path.write_bytes(writer.write(made))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "CHUNK", max(chunk, 4))
        patch.setattr(xml_stream, "CHUNK", chunk)
        # an encoding is told from the first piece: in small ones only UTF-8 can be, so those are given a mark
        read = [replace(message, source="", record=0) for message in open_backup(path, form="text" if name == "text" else None)]
    assert read == [writer.keep(message) for message in made]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("body", ["=1+1 逾期", "甲\ufffd乙", "'=1", "'您好'", "还钱\r\n\t快", "+86"])
def test_our_own_tables_are_backups(body, language, tmp_path):
    at = Instant(datetime(2026, 5, 1, 13, 7, 33, tzinfo=timezone.utc), "second")
    messages = [Message(body, "+8613900000001", way, **{key: at}, contact="@妈") for way, key in TIMES]
    path = tmp_path / "messages.csv"
    table.write([Finding(message, None) for message in messages], path, language)
    assert [replace(message, source="", record=0) for message in open_backup(path)] == [
        replace(message, body=body.removeprefix("'") if body == "'=1" else body.replace("\r\n", "\n")) for message in messages
    ]


TIMES = (("in", "received_at"), ("out", "sent_at"), ("draft", "sent_at"))
