"""Tag what Termux:API reads from the phone's own inbox: ``termux-sms-list -l 10000 -t inbox | python tag_inbox.py``.

Prints a JSON object a message, with the keys of ``cuishou classify``'s JSON Lines that Termux can fill. ``received`` is the
phone's local time without a zone, so it is handed on as it is and not turned into an instant.
"""

import json
import sys

from cuishou.output.record import of_tagging
from cuishou.scorer import Scorer


def main() -> None:
    """Read the whole list from standard input, tag what was received, print it."""
    messages = [message for message in json.load(sys.stdin) if message.get("type") == "inbox"]
    if len(messages) == 10:
        print("10 messages: termux-sms-list gives no more unless asked; add -l 10000", file=sys.stderr)
    bodies = [message.get("body") or "" for message in messages]
    for message, body, tagging in zip(messages, bodies, Scorer.load().tag(bodies), strict=True):
        head = {"address": message.get("address") or "", "received": message.get("received"), "body": body}
        print(json.dumps(head | of_tagging(tagging), ensure_ascii=False))


if __name__ == "__main__":
    main()
