"""Labelling at the terminal, a key an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cuishou.codes import REASONS, TAG_NAMES, reason_name
from cuishou.output.words import visible
from cuishou.review.item import Answer, Item

KEYS = {"o": "other", "r": "reminder", "p": "pressure", "u": "unlawful"}
WORDS = {
    "zh": {
        "menu": "回车 同意  o 其他  r 还款提醒  p 施压催收  u 疑似违法  s 跳过  b 上一条  q 结束",
        "codes": "原因（编号，空格隔开；回车返回）：",
        "words": "哪几个字说明“{code}”？回车取“{guess}”：",
        "no_guess": "哪几个字说明“{code}”？从短信中抄写：",
        "not_there": "短信里没有这几个字。",
        "no_code": "请输入上面的编号。",
        "sure": "{tag}  把握 {percent}%",
    },
    "en": {
        "menu": "enter agree  o other  r reminder  p pressure  u unlawful  s skip  b back  q quit",
        "codes": "reasons (numbers, blanks between; enter goes back): ",
        "words": "which words show {code}? enter takes {guess!r}: ",
        "no_guess": "which words show {code}? copy them: ",
        "not_there": "the message does not have these words.",
        "no_code": "please give numbers from the list above.",
        "sure": "{tag}  {percent}% sure",
    },
}


def ask(
    items: Sequence[Item], language: str, key: Callable[[], str], line: Callable[[str], str], say: Callable[[str], object]
) -> Iterator[Answer | str]:
    """Ask for each of ``items``; yields answers as they come. Going back yields the id of the answer that is taken back.

    ``key`` waits for one key, ``line`` prints a question and returns a line, ``say`` prints.
    """
    words = WORDS[language]
    place = 0
    answered: set[str] = set()
    while place < len(items):
        item = items[place]
        say(f"\n[{place + 1}/{len(items)}]  {visible(item.text)}")
        say("  " + _guess(item, language))
        say(words["menu"])
        pressed = key().lower()
        if pressed == "q":
            return
        if pressed == "b":
            place = max(place - 1, 0)
            if items[place].id in answered:
                answered.remove(items[place].id)
                yield items[place].id
            continue
        answer = _answer(item, pressed, language, line, say)
        if answer is not None:
            answered.add(item.id)
            yield answer
        if answer is not None or pressed == "s":
            place += 1


def _guess(item: Item, language: str) -> str:
    percent = int(100 * item.tagging.probabilities[item.tagging.tag])
    said = WORDS[language]["sure"].format(tag=TAG_NAMES[language][item.tagging.tag], percent=percent)
    return said + "".join(f"\n  {reason_name(code, language)}: {visible(words)}" for code, words in item.guess)


def _answer(item: Item, pressed: str, language: str, line: Callable[[str], str], say: Callable[[str], object]) -> Answer | None:
    """The answer to a key; None when it is none, or when the person thought better of it."""
    if pressed in ("\r", "\n") and (item.tagging.tag != "unlawful" or all(words for _, words in item.guess)):
        return Answer(item.id, item.text, item.tagging.tag, tuple(pair for pair in item.guess if pair[1]))
    tag = item.tagging.tag if pressed in ("\r", "\n") else KEYS.get(pressed)
    if tag is None:
        return None
    if tag != "unlawful":
        return Answer(item.id, item.text, tag)
    reasons = _reasons(item, language, line, say)
    return Answer(item.id, item.text, tag, reasons) if reasons else None


def _reasons(item: Item, language: str, line: Callable[[str], str], say: Callable[[str], object]) -> tuple[tuple[str, str], ...]:
    words, codes = WORDS[language], list(REASONS)
    for number, code in enumerate(codes, 1):
        say(f"  {number:2}  {reason_name(code, language)}")
    while True:
        given = line(words["codes"]).split()
        if not given:
            return ()
        if all(one.isdecimal() and 1 <= int(one) <= len(codes) for one in given):
            break
        say(words["no_code"])
    chosen = dict.fromkeys(codes[int(one) - 1] for one in given)
    return tuple((code, _evidence(item, code, language, line, say)) for code in chosen)


def _evidence(item: Item, code: str, language: str, line: Callable[[str], str], say: Callable[[str], object]) -> str:
    words, name = WORDS[language], reason_name(code, language)
    guess = dict(item.guess).get(code, "")
    question = (words["words"] if guess else words["no_guess"]).format(code=name, guess=visible(guess))
    while True:
        said = line(question) or guess
        if said and said in item.text:
            return said
        say(words["not_there"])
