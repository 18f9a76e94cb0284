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
        "imported": "{source}：{format}，读出 {read} 条短信{dates}。",
        "dates": "，{first} 至 {last}",
        "recognised": "识别依据：{by}{encoding}",
        "encoding": "；编码 {name}",
        "duplicates": "{source}：{count} 条在另一份备份里也有，只算一次。",
        "unknown_dates": "{source}：{count} 条的时间无法确定。",
        "coarse_dates": "{source}：{count} 条的时间只精确到分或日，不据此判断先后间隔。",
        "ruined_numbers": "{source}：{count} 条的号码被表格软件改成了科学计数（如 1.06901E+19），尾数已丢失；请从手机重新导出，不要用 Excel 打开后再保存。",
        "gap": "{source}：{start} 至 {end}（{days} 天）没有任何短信；如果不是真的没有，请检查导出时的日期范围或已删除的短信。",
        "more_gaps": "{source}：另有 {count} 段 30 天以上没有任何短信。",
        "no_services": "{source}：没有一条来自 106、95、12 或 400 开头的号码，很可能导出时没有读到服务类短信，催收短信多在其中。小米、红米（MIUI / HyperOS）：设置 → 应用 → 导出短信的应用 → 权限，打开“通知类短信”；并关闭“验证码保护”，再导出一次。",
        "ten_rows": "{source}：正好 10 条，这是 termux-sms-list 的默认上限；请用 termux-sms-list -l 100000 重新导出。",
        "count_differs": "{source}：文件自称 {declared} 条，读出 {read} 条。",
        "skipped": "未读取的文件：{line}", "more_skipped": "另有 {count} 个文件未读取",
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
        "imported": "{source}: {format}, {read} messages{dates}.",
        "dates": ", {first} to {last}",
        "recognised": "recognised by {by}{encoding}",
        "encoding": "; encoding {name}",
        "duplicates": "{source}: {count} messages are in another backup too and count once.",
        "unknown_dates": "{source}: {count} messages have no date that can be known.",
        "coarse_dates": "{source}: the time of {count} messages is known to the minute or the day only.",
        "ruined_numbers": "{source}: a spreadsheet turned {count} numbers into fractions (such as 1.06901E+19) whose ends are lost; export from the phone again and do not save the file with Excel.",
        "gap": "{source}: no message at all from {start} to {end} ({days} days); if that cannot be, check the dates chosen for the export, or deleted messages.",
        "more_gaps": "{source}: {count} more stretches of 30 days or more without any message.",
        "no_services": "{source}: not one sender begins with 106, 95, 12 or 400, so the export probably missed service messages, and debt collection comes from those. On MIUI / HyperOS: Settings, Apps, the exporting app, Permissions: allow 通知类短信 (service messages); switch off 验证码保护; export again.",
        "ten_rows": "{source}: exactly 10 messages, the default limit of termux-sms-list; export again with termux-sms-list -l 100000.",
        "count_differs": "{source}: the file says {declared} messages, {read} were read.",
        "skipped": "not read: {line}", "more_skipped": "{count} more files were not read",
    },
}  # fmt: skip

#: Control and format characters: a terminal would act on them, or show text in another order than it has.
_ACTIVE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]")


def visible(text: str) -> str:
    """``text`` with everything that a terminal would act on written out as an escape."""
    return _ACTIVE.sub(lambda match: f"\\u{ord(match[0]):04x}", text).replace("\t", " ")
