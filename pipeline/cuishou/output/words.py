"""The sentences that people read, and the one rule for showing a message's text: as text."""

from __future__ import annotations

import re

WORDS = {
    "zh": {
        "found": "共读出 {read} 条短信，其中收到 {received} 条；涉及催收 {collection} 条，疑似违法 {unlawful} 条。",
        "none": "没有发现催收短信。",
        "tag": "标签", "messages": "条数", "sender": "发送方", "total": "合计",
        "senders": "发送方（仅列有催收短信的）", "more_senders": "另有 {count} 个发送方未列出",
        "gravest": "最需要看的短信", "more": "另有 {count} 条施压催收或疑似违法短信未在此列出；加 -o 目录 可导出全部",
        "review": "把握不大，请人工核对", "reasons": "可能涉及", "carried": "依据文字", "sure": "把握 {percent}%",
        "limits": "以上为程序自动识别的提示，不构成法律意见，可能有误，请人工核对。债务是否成立、应还金额不因催收方式而改变。请保留手机和原始短信。",
        "lost": "{source}：至少 {missing} 条记录未能读出（文件自称 {declared} 条，读出 {read} 条）。",
        "lost_at": "位置 {offset} 字节处：{reason}",
        "lost_undeclared": "{source}：至少 {missing} 条记录未能读出。",
        "lost_advice": "请重新导出备份，或换一种方式拷贝文件后再试；已读出的部分见上。",
        "no_text": "{source}：{count} 条没有文字内容（例如图片彩信）。",
        "repaired": "{source}：{count} 个损坏的字符已用 � 代替。",
        "empty": "{source} 是有效的备份，但里面没有短信。",
    },
    "en": {
        "found": "{read} messages read, {received} of them received; {collection} concern debt collection, {unlawful} are possibly unlawful.",
        "none": "No debt-collection message was found.",
        "tag": "tag", "messages": "messages", "sender": "sender", "total": "total",
        "senders": "Senders (of collection messages)", "more_senders": "{count} more senders are not shown",
        "gravest": "Messages to look at first", "more": "{count} more pressing or possibly unlawful messages are not shown; -o DIR writes them all",
        "review": "unsure, please check", "reasons": "may concern", "carried": "carried by", "sure": "{percent}% sure",
        "limits": "Found by a program, which can be wrong: no legal advice, please check. How a debt is collected does not change whether it is owed. Keep the phone and the original messages.",
        "lost": "{source}: at least {missing} records could not be read (the file says {declared}, {read} were read).",
        "lost_at": "at byte {offset}: {reason}",
        "lost_undeclared": "{source}: at least {missing} records could not be read.",
        "lost_advice": "Make the backup again, or copy the file again; what could be read is above.",
        "no_text": "{source}: {count} messages carry no text (pictures, for example).",
        "repaired": "{source}: {count} broken characters were replaced by �.",
        "empty": "{source} is a valid backup, but holds no messages.",
    },
}  # fmt: skip

#: Control and format characters: a terminal would act on them, or show text in another order than it has.
_ACTIVE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]")


def visible(text: str) -> str:
    """``text`` with everything that a terminal would act on written out as an escape."""
    return _ACTIVE.sub(lambda match: f"\\u{ord(match[0]):04x}", text).replace("\t", " ")
