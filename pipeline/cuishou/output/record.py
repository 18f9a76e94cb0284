"""A finding as one flat record: what every table form writes."""

from __future__ import annotations

from typing import Any

from cuishou.case import Finding
from cuishou.message import Instant, Tagging


def of_tagging(tagging: Tagging) -> dict[str, Any]:
    """The keys that a tagging adds to a record: ``tag``, ``probabilities``, ``reasons``, ``spans``, ``needs_review``."""
    return {
        "tag": tagging.tag,
        "probabilities": tagging.probabilities,
        "reasons": [{"code": reason.code, "probability": reason.probability} for reason in tagging.reasons],
        "spans": [{"start": span.start, "end": span.end, "label": span.label, "weight": span.weight} for span in tagging.spans],
        "needs_review": tagging.needs_review,
    }


def of_finding(finding: Finding) -> dict[str, Any]:
    """The message as it was, its number in all papers, and its tagging; what the phone's owner sent has the tag None.

    ``familiar`` is None for that too, and where it was not known yet when the record was written.
    """
    message = finding.message
    head = {
        "source": message.source,
        "record": message.record,
        "direction": message.direction,
        "address": message.address,
        "contact": message.contact,
        "sim": message.sim,
        "received_at": _time(message.received_at),
        "sent_at": _time(message.sent_at),
        "body": message.body,
        # behind the address: readers that do not know it take a first "number" for one
        "number": finding.number,
        "familiar": finding.familiar,
    }
    return head | (of_tagging(finding.tagging) if finding.tagging else {"tag": None})


def _time(instant: Instant | None) -> str | None:
    return instant.isoformat() if instant else None
