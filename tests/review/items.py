"""Makes messages to review, with a model's guess."""

from cuishou.case import Case, Finding
from cuishou.message import TAGS, Message, Reason, Span, Tagging
from cuishou.review import Item, item_of

THREAT = "再不还钱就把你打断腿😀，小心出门"


def tagging(text: str = "", tag: str = "other", sure: float = 0.5, **codes: str) -> Tagging:
    """``codes``: each with the words that carried it."""
    left = (1 - sure) / (len(TAGS) - 1)
    spans = tuple(Span(text.index(words), text.index(words) + len(words), code, 0.5) for code, words in codes.items())
    reasons = tuple(Reason(code, 0.7) for code in codes)
    return Tagging(tag, dict.fromkeys(TAGS, left) | {tag: sure}, reasons, spans, needs_review=sure < 0.9)


def threat() -> Item:
    return item_of(THREAT, tagging(THREAT, "unlawful", 0.8, THREAT_VIOLENCE="打断腿😀，小心"))


def parcel(text: str = "=您的快递到了\n取件码\u202e3-2-8017") -> Item:
    return item_of(text, tagging(text))


def case(*pairs: tuple[str, float], direction: str = "in") -> Case:
    """A case of messages, each with how sure the model is of it."""
    findings = [
        Finding(Message(text, direction=direction), tagging(text, sure=sure) if direction == "in" else None, number)
        for number, (text, sure) in enumerate(pairs, 1)
    ]
    return Case(findings, [], "made up")
