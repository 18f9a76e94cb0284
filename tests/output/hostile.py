"""Messages that try to be something else than text, and a case of them."""

from datetime import datetime, timedelta, timezone

from cuishou.backup import ImportReport
from cuishou.case import Case, Finding
from cuishou.grounds import Grounds
from cuishou.message import CHINA, Instant, Message, Reason, Span, Tagging
from cuishou.study import Study

MADE = datetime(2026, 11, 23, 12, tzinfo=CHINA)
SCRIPT = '<script>document.title="owned"</script>'
IMAGE = '"><img src=x onerror="document.title=\'owned\'">'
FORMULA = '=HYPERLINK("http://example.com/x","点此")'
REVERSED = "还款\u202egpj.exe\u202c请点"
LONG = "长" * 4999 + "完"
BODIES = {
    "script": SCRIPT,
    "image": IMAGE,
    "formula": FORMULA,
    "reversed": REVERSED,
    "long": LONG,
    "template": "{{ 7*7 }}{% raw %}${7*7}#{7*7}",
    "closing": "</p></article></style></script><h1>大</h1>",
    "entity": "&lt;b&gt; &amp; &#60;",
    "lines": "一\r\n二\n\n三\t四",
    "link": "http://evil.example/?a=1&b=2",
    "half": "半\ud83d个",
    "control": "铃\x07\x1b[31m红\x00",
    "escape": "_x0041_ 'a",
    "empty": "",
}


def tagging(tag, body):
    reasons = (Reason("INSULT", 0.9), Reason("FALSE_CRIMINAL_CLAIM", 0.7)) if tag == "unlawful" else ()
    spans = (Span(0, min(4, len(body)), "unlawful", 0.6),) if body else ()
    return Tagging(
        tag, {"other": 0.1, "reminder": 0.1, "pressure": 0.1, "unlawful": 0.7}, reasons, spans, needs_review=tag == "unlawful"
    )


def study(tags=("unlawful", "pressure", "other", None)):
    """Every hostile body with every tag, as body, number, contact and file name."""
    findings, start = [], datetime(2026, 5, 1, tzinfo=timezone.utc)
    for tag in tags:
        for name, body in BODIES.items():
            number = len(findings) + 1
            at = Instant(start + timedelta(hours=7 * number), "second") if number % 5 else None
            message = Message(
                body,
                body[:40] or "1069",
                "in" if tag else "out",
                at,
                None,
                None if number % 3 else IMAGE,
                source=SCRIPT,
                record=number,
            )
            findings.append(Finding(message, tagging(tag, body) if tag else None, number))
            assert name
    report = ImportReport(SCRIPT, "x", read=len(findings))
    return Study.of(Case(findings, [report], "made-1", [IMAGE]), Grounds.load())
