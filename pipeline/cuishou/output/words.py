"""The sentences that people read, and the one rule for showing a message's text: as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from cuishou.codes import reason_name
from cuishou.message import Reason, Tagging

WORDS = {
    "zh": {
        "found": "共读出 {read} 条短信，其中收到 {received} 条；涉及催收 {collection} 条，疑似违法 {unlawful} 条。",
        "cases_of": "案件", "cases": "{cases} 个案件，{messages} 条短信（不重复 {distinct} 条）；还款提醒 {of_reminder}，施压催收 {of_pressure}，疑似违法 {of_unlawful}；{templates} 个模板发给了多人。",
        "case_fault": "未能读取：{name}（原因见 cases.csv）",
        "chosen": "共读出 {read} 条短信，按筛选条件列出 {shown} 条；其中涉及催收 {collection} 条，疑似违法 {unlawful} 条。",
        "unsure": "程序对其中 {collection} 条催收短信和 {others} 条其他短信把握不大，请人工核对。",
        "unsure_collection": "程序对其中 {collection} 条催收短信把握不大，请人工核对。", "unsure_others": "程序对 {others} 条其他短信把握不大，请人工核对。",
        "familiar": "有{count}条来自平时有往来的人（{names}），可能是转发，未计入发送方，请自行判断。",
        "doubtful": "把握不大的“其他”短信（也可能是催收，请看一眼）",
        "doubtful_all": "共 {count} 条；加 -o 目录 后，在 messages.xlsx 中筛选“标签”为“其他”、“需人工核对”为“是”即可看到全部",
        "doubtful_written": "共 {count} 条，全部在写出的表格中：“标签”为“其他”、“需人工核对”为“是”",
        "nothing_chosen": "筛选条件没有选中任何短信；这不等于没有催收短信。请检查 --sender、--since、--until、--tag、--direction。",
        "days_there": "备份中的短信从 {first} 到 {last}。", "senders_there": "备份中的发送方（收到的条数）：{names}", "more_there": "，另有 {count} 个",
        "only_reports": "--asked-to-stop、--not-the-debtor、--night 只用于报告和证据包；请加 -o 目录。",
        "unmet": "--redact-name：哪里都没有找到，请核对写法：{names}",
        "replaced": "已脱敏，换成代号的有：{kinds}。姓名和地址不能全部识别，工作单位、学校、地名、职务和短信署名都没有隐去：转给他人之前请通读一遍，漏掉的姓名用 --redact-name 补上。",
        "replaced_none": "已脱敏：没有找到要换成代号的内容。姓名和地址不能全部识别：转给他人之前请通读一遍，漏掉的姓名用 --redact-name 补上。",
        "saved": "有{count}条来自手机里存了姓名的联系人（{names}）：已存联系人，请核对。这些短信未计入发送方；若确是催收人员，加 --sender 姓名 即按催收计。",
        "saved_on_phone": "有{count}条来自手机里存了姓名的联系人（{names}）：已存联系人，请核对。这些短信未计入发送方。",
        "from_familiar": "来自平时有往来的人", "from_saved": "已存联系人，请核对",
        "large": "超过 {most} 条，只写表格，不写报告；可用 --since、--until、--sender 等缩小范围后再出报告。",
        "stopped": "已中止：前 {count} 条短信已识别，已写出的部分完整可用：{places}",
        "none": "没有发现催收短信。", "and_more": "等", "comma": "、",
        "tag": "标签", "messages": "条数", "sender": "发送方", "total": "合计",
        "senders": "发送方（仅列有催收短信的）", "more_senders": "另有 {count} 个发送方未列出",
        "gravest": "最需要看的短信", "more": "另有 {count} 条施压催收或疑似违法短信未在此列出；加 -o 目录 可导出全部", "more_written": "另有 {count} 条施压催收或疑似违法短信未在此列出，见写出的文件",
        "cut": "（共 {count} 字，此处只显示一部分）",
        "review": "把握不大，请人工核对", "reasons": "可能涉及", "possibly": "也可能", "carried": "依据文字", "sure": "把握 {percent}%",
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
        "cases_of": "cases", "cases": "{cases} cases, {messages} messages ({distinct} distinct): {of_reminder} reminders, {of_pressure} pressing, {of_unlawful} possibly unlawful; {templates} templates went to several people.",
        "case_fault": "could not be read: {name} (cases.csv says why)",
        "chosen": "{read} messages read, {shown} of them chosen: {collection} concern debt collection, {unlawful} are possibly unlawful.",
        "unsure": "The program is unsure of {collection} of these, and of {others} others; please check them.",
        "unsure_collection": "The program is unsure of {collection} of these; please check them.", "unsure_others": "The program is unsure of {others} other messages; please check them.",
        "familiar": "From people you write with ({names}): {count}, perhaps passed on; not counted as a collector's, please judge yourself.",
        "doubtful": "Other messages that the program is unsure of (they may concern collection; have a look)",
        "doubtful_all": "{count} of them; with -o DIR all are in messages.xlsx: filter tag by other and needs review by yes",
        "doubtful_written": "{count} of them, all in the tables written: tag is other and needs review is yes",
        "nothing_chosen": "No message is chosen, which does not mean that there is none: check --sender, --since, --until, --tag, --direction.",
        "days_there": "The messages in the backup are from {first} to {last}.", "senders_there": "Senders in the backup (messages received): {names}", "more_there": " and {count} more",
        "only_reports": "--asked-to-stop, --not-the-debtor and --night are for the report and the pack; add -o FOLDER.",
        "unmet": "--redact-name: found nowhere, check the spelling: {names}",
        "replaced": "Redacted; stand-ins were given to: {kinds}. Not every name and address is found, and employers, schools, places, offices and the senders' signatures stay: read it before you share it, and give other names with --redact-name.",
        "replaced_none": "Redacted: nothing was found that needs a stand-in. Not every name and address is found: read it before you share it, and give other names with --redact-name.",
        "saved": "From contacts saved under a person's name ({names}): {count}; please check. Not counted as a collector's; if one is, name him with --sender.",
        "saved_on_phone": "From contacts saved under a person's name ({names}): {count}; please check. Not counted as a collector's.",
        "from_familiar": "from somebody you write with", "from_saved": "a saved contact, please check",
        "large": "More than {most} messages: tables and no report; choose fewer with --since, --until, --sender for a report.",
        "stopped": "stopped: {count} messages were tagged; what is written is whole: {places}",
        "none": "No debt-collection message was found.", "and_more": " and others", "comma": ", ",
        "tag": "tag", "messages": "messages", "sender": "sender", "total": "total",
        "senders": "Senders (of collection messages)", "more_senders": "{count} more senders are not shown",
        "gravest": "Messages to look at first", "more": "{count} more pressing or possibly unlawful messages are not shown; -o DIR writes them all", "more_written": "{count} more pressing or possibly unlawful messages are not shown here; they are in the files written",
        "cut": " ({count} characters, shown in part)",
        "review": "unsure, please check", "reasons": "may concern", "possibly": "possibly also", "carried": "carried by", "sure": "{percent}% sure",
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

#: By what a format was told, and formats that are no program's name: what Chinese readers are shown for the words of the readers.
IN_CHINESE = {
    "root element ": "根元素 ", "rows of adb": "adb 输出的行", "header of an unencrypted adb backup": "未加密的 adb 备份的文件头",
    "lines of Chinese text": "一行一条的中文文本", "lines of ": "各行开头的 ", "conversations with sms and mms": "短信会话的列表",
    "columns ": "列名 ", "header row: ": "表头 ", "keys ": "字段 ", "key ": "字段 ", "SQLite header": "SQLite 数据库的文件头",
    "parts of an ": "表格文件的结构 ", "OLE header of an ": "旧版表格文件的文件头 ", "--format": "命令中的 --format",
    "plain text": "纯文本", "CSV table": "CSV 表格", "spreadsheet": "电子表格", "SQLite database of messages": "短信数据库（SQLite）",
    "phone assistant CSV": "手机助手 CSV",
}  # fmt: skip

#: What a redaction replaces, with its count.
REPLACED = {
    "zh": {"name": "姓名 {n} 个", "number": "号码 {n} 个", "id": "证件号 {n} 个", "card": "卡号 {n} 个", "tail": "尾号 {n} 个", "case": "案号 {n} 个", "code": "编号 {n} 个", "link": "链接 {n} 个", "mail": "邮箱 {n} 个", "account": "账号 {n} 个", "amount": "金额 {n} 个", "sim": "手机卡 {n} 张", "address": "地址 {n} 个"},
    "en": {"name": "{n} names", "number": "{n} numbers", "id": "{n} identity numbers", "card": "{n} card numbers", "tail": "{n} card endings", "case": "{n} case numbers", "code": "{n} codes", "link": "{n} links", "mail": "{n} mail addresses", "account": "{n} accounts", "amount": "{n} amounts", "sim": "{n} SIM cards", "address": "{n} addresses"},
}  # fmt: skip

#: The report and the pack of evidence.
REPORT_WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "title": "催收短信分析报告", "stop": "。", "gap": "", "comma": "、",
        "summary": "收到的 {received} 条短信中，{collection} 条涉及催收{dates}，来自 {senders} 个发送方；其中 {unlawful} 条疑似违法",
        "summary_chosen": "按筛选条件选出的 {received} 条收到的短信中，{collection} 条涉及催收{dates}，来自 {senders} 个发送方；其中 {unlawful} 条疑似违法",
        "summary_chosen_none": "按筛选条件选出的 {received} 条收到的短信中，没有催收短信",
        "unsure": "程序对其中 {collection} 条催收短信和 {others} 条其他短信把握不大，都已注明，请人工核对。",
        "unsure_collection": "程序对其中 {collection} 条催收短信把握不大，都已注明，请人工核对。", "unsure_others": "程序对 {others} 条其他短信把握不大，都已注明，请人工核对。",
        "familiar": "有 {count} 条来自平时有往来的人（{names}），可能是转发，也可能是本人催要，请自行判断；如是转发，请对方保留原短信和号码。这些短信不计入发送方和图表，也不列依据。",
        "saved": "有 {count} 条来自手机里存了姓名的联系人（{names}）：已存联系人，请核对。可能是亲友转告，所以不计入发送方和图表，不列依据，也不建议投诉；若确是催收人员，请加 --sender 姓名 重新生成报告。",
        "doubtful": "把握不大的其他短信，请看一眼：", "doubtful_more": "等，共 {count} 条，在附录中都注明“把握不大”。",
        "outsider": "手机的主人声明：本人不是债务人，也不是担保人。",
        "from_familiar": "来自平时有往来的人，可能是转发", "from_saved": "已存联系人，请核对",
        "passed_on": "内容可能涉及：{names}（可能是转发，不列依据）",
        "possible": "也可能涉及：{names}（程序认为可能性不足一半，不列依据）",
        "calm": "不必因为一条短信马上转账或回复：先保留原始短信，再核实对方身份和金额。", "calm_link": "接下来怎么做",
        "summary_none": "收到的 {received} 条短信中，没有发现催收短信",
        "summary_chosen_nothing": "筛选条件没有选中任何短信，这不等于没有催收短信",
        "summary_night": "；夜间（{night}）收到 {count} 条",
        "summary_empty": "备份里没有收到的短信，没有可以分析的内容",
        "between": "（{first} 至 {last}）", "on_one": "（{first}）",
        "made": "生成时间 {time}", "made_with": "cuishou {tool} · 模型 {model} · 依据库 {grounds}",
        "redacted": "已脱敏：姓名、号码、证件号和卡号以代号代替，同一代号指同一对象。原文以手机中的短信为准。",
        "left_out": "按筛选条件只列出 {shown} 条，另有 {count} 条未列出。", "missing": "另有至少 {count} 条记录未能从备份中读出。",
        "contents": "目录", "overview": "概况", "together": "多条短信合起来看", "grave": "疑似违法的短信", "collection": "全部催收短信",
        "appendix": "附录：全部短信", "provisions": "所引规定", "health": "备份读取情况", "limits": "说明与局限", "next": "接下来怎么做",
        "timeline": {"day": "每日催收短信", "week": "每周催收短信", "month": "每月催收短信"}, "hours": "一天中的时段",
        "most": "最多 {count} 条", "unknown_time": "另有 {count} 条时间不明，未计入。", "night": "有底色的时段为夜间（{night}）。", "repeats_total": "10 分钟内重复送达的 {count} 条未计入图表。",
        "clock": "时间均为北京时间。", "groups": "按发送方", "more_groups": "另外 {count} 个发送方", "count": "{count} 条", "no_chart": "{count} 条催收短信都没有这样的时间，画不出图。",
        "span": "{first} 至 {last}", "busiest": "最多一天 {count} 条（{day}）", "run": "最长连续 {days} 天（{start} 起）", "night_count": "夜间 {count} 条",
        "after_stop": "{day} 要求停止后仍有 {count} 条", "repeats": "重复送达 {count} 条", "undated_count": "日期不明 {count} 条",
        "claims_to_be": "自称{kind}", "claimed": "最近所称：{text}（{day}，未核实）", "overdue_by": "逾期{days}", "as_above": "依据同上", "heuristic": "此数为经验值，并无条文依据。", "to_check": "其中 {count} 条把握不大，请人工核对。",
        "none_grave": "没有发现疑似违法的短信。", "none_collection": "没有发现催收短信。", "see_above": "全文见上", "if_so": "视发送方的类型，另有 {count} 项", "messages": "涉及短信",
        "grave_note": "逐条列出全文；标出的文字是程序判断的主要依据。“可能违反”只是提示，是否违法由有权机关认定。",
        "collection_note": "按时间排列。疑似违法的全文见上一节。",
        "appendix_note": "备份中读出的每一条短信都在这里，共 {count} 条，可逐条清点。编号在各文件中一致。",
        "appendix_part": "按筛选条件列出的 {count} 条短信都在这里，可逐条清点；备份中另有 {out} 条未列出。编号在各文件中一致。",
        "provisions_note": "只列短信日期当天有效、且对该类发送方适用的规定；发送方类型不明的，写明适用条件。",
        "sure": "把握 {percent}%", "review": "把握不大，请核对", "undated": "时间不明", "number": "号码", "contact": "联系人",
        "direction": {"out": "本人发出", "draft": "草稿", "unknown": "方向不明"}, "none": "本人发出",
        "filter": "筛选", "filter_tag": "标签", "filter_sender": "发送方", "filter_from": "从", "filter_to": "到", "filter_text": "文字", "all": "全部",
        "others": "其他（非催收）", "reset": "清除", "shown": "显示 {shown} / {total} 条", "print": "打印",
        "about_all": "适用于以上全部发送方", "about": "适用于：{names}", "and_more": "等，另 {count} 个",
        "told_title": "短信自称",
        "told": {"amounts": "金额", "overdue": "逾期", "due": "到期", "limit": "要求期限", "phones": "回电号码", "links": "链接", "ways": "付款方式", "cards": "卡尾号", "contracts": "合同", "cases": "案号"},
        "amount_kinds": {"principal": "本金", "fee": "利息费用", "total": "合计", "minimum": "最低", "instalment": "本期", "unknown": ""},
        "steps": [
            "保留手机、SIM 卡和原始短信，不要删除、编辑或恢复出厂设置；本报告只帮助查找，不能代替原件。",
            "另行保存通话录音、还款记录、合同和与对方的往来；有争议时可请公证处对手机中的短信做证据保全。",
            "还款前通过官方应用或官方客服电话核实金额和账户，不点短信里的链接，不向个人账户转账。",
        ],
        "where": "向谁反映",
        "missed": "本模型的测试短信（由本项目撰写，模型没有见过）中，应标为疑似违法的有 {true} 条，程序漏掉 {missed} 条（{percent}%）：没有标出来的短信也可能违法，请自己再看一遍。标为疑似违法的 {said} 条中，有 {wrong} 条标错。",
        "model_limits": "程序按文字识别，会漏判也会误判；电话、微信和图片不在其中。号码和署名可以冒用，发送方以核实为准。",
        "offline": "本文件不加载任何网络内容，也不向外发送任何数据。",
        "cover": "催收短信证据包", "cover_note": "本包由程序从手机短信备份生成。原件是手机中的短信，请一并保留；本包用于查找、清点和核对。",
        "files": "文件", "size": "大小（字节）", "sha256": "SHA-256", "about_file": "内容",
        "file_about": {"report.html": "分析报告，用浏览器打开", "report.pdf": "分析报告，供打印", "messages.xlsx": "报告中的短信，表格", "messages.jsonl": "报告中的短信，逐条原样，供程序核对", "import.json": "备份读取情况", "source/": "未经改动的备份原文件", "manifest.json": "清单：来源、版本、数量、每条短信的哈希值"},
        "sources": "来源", "withheld": "已脱敏，原文件不在包内，只有其哈希值（见 index.html）。", "whole_source": "请注意：包内 source/ 是未经改动的整个备份，没有列出的 {count} 条短信也在里面。不想交出这些，请加 --redact，原文件就不放进包里。", "no_pdf": "未附 PDF：{reason}。可用浏览器打开 report.html 打印为 PDF。",
        "brief": "短信共 {count} 条，全部印出会有数千页：这里只有概要和疑似违法的 {grave} 条。其余每一条都在同一个包里的 messages.xlsx 和 report.html 中，编号相同。",
        "brief_cut": "短信共 {count} 条，疑似违法的有 {grave} 条，全部印出会有数千页：这里只有概要和其中程序最有把握的 {shown} 条。其余每一条都在同一个包里的 messages.xlsx 和 report.html 中，编号相同。",
        "not_here": "另有 {count} 项见 report.html。",
        "brief_pdf": "PDF 只含概要和疑似违法的短信（{shown} 条），全部短信见 messages.xlsx 和 report.html：{reason}。",
        "pdf_large": "短信超过两万条，全部印出会有数千页", "pdf_heavy": "全部印出时浏览器未能完成", "pdf_missing": "未找到 Chromium 或 Chrome", "pdf_failed": "浏览器未能生成", "pdf_fonts": "系统没有中文字体",
        "counts": "数量", "count_names": {"in": "备份中", "out": "列入", "dropped": "未列入"}, "dropped_names": {"unreadable": "未能读出", "duplicates": "重复", "selection": "按筛选条件"},
        "numbers_note": "每条短信有一个编号，在报告、表格和清单中都相同，函件引用的也是这个编号；未列入的短信仍占用自己的编号。",
        "check": "如何核对", "check_note": "在电脑上运行：cuishou verify 证据包.zip。也可解压后用 sha256sum -c SHA256SUMS 核对。哈希值只能证明生成之后未被改动；请在生成当日把整个压缩包的 SHA-256 记下或发给可信的人。",
        "intact": "完好：{files} 个文件、{records} 条短信均与清单一致。", "broken": "已被改动：",
        "pack_sha256": "整个文件的 SHA-256：{sha256}", "note_sha256": "证据包的 SHA-256（请今天就记下，或发给可信的人）：{sha256}", "pack_made": "生成时间 {time}；备份中 {n_in} 条，列入 {n_out} 条。",
        "not_a_pack": "{file} 不是 cuishou 的证据包，没有可核对的内容；请换成 classify --evidence 写出的 .zip 文件",
        "unsealed": "封条不在：压缩包曾被解开后重新打包，以下只核对了其中的文件。",
        "problem": {"altered": "{file}：与清单不一致", "missing": "{file}：缺少", "added": "{file}：清单中没有", "unreadable": "{file}：已损坏，无法解开", "record": "{file}：第 {detail} 号短信与清单不一致", "counts": "{file}：数量对不上", "container": "{file}：各文件内容未见改动，但压缩包本身被改动", "twice": "{file}：出现两次"},
        "workbook_sender": "发送方名称", "workbook_grounds": "可能涉及的规定", "sheet": "短信", "about_sheet": "说明", "cut": "……（原文 {length} 字，超出单元格上限，此处截断；全文见 messages.jsonl）",
        "sign": "提交人签名", "date": "日期",
    },
    "en": {
        "title": "Debt-collection messages: a report", "stop": ".", "gap": " ", "comma": ", ",
        "summary": "Of {received} messages received, {collection} concern debt collection{dates} and come from {senders} senders; {unlawful} of them are possibly unlawful",
        "summary_chosen": "Of the {received} received messages chosen, {collection} concern debt collection{dates} and come from {senders} senders; {unlawful} of them are possibly unlawful",
        "summary_chosen_none": "Of the {received} received messages chosen, none concerns debt collection",
        "unsure": "The program is unsure of {collection} of these and of {others} other messages; all are marked, please check them.",
        "unsure_collection": "The program is unsure of {collection} of these; all are marked, please check them.", "unsure_others": "The program is unsure of {others} other messages; all are marked, please check them.",
        "familiar": "From people whom the phone's owner writes with ({names}): {count}, perhaps passed on, perhaps a demand of their own; please judge yourself, and if passed on, ask them to keep the original with its number. In no chart, counted as no sender's, and no rule is cited.",
        "saved": "From contacts saved under a person's name ({names}): {count}; please check. They may be friends who pass word on, so they are in no chart, counted as no sender's, no rule is cited and no complaint suggested; if one is a collector, name him with --sender and make the report again.",
        "doubtful": "Other messages that the program is unsure of, to have a look at:", "doubtful_more": "and more: {count} in all, marked as unsure in the appendix.",
        "outsider": "The phone's owner states: I am neither the debtor nor a guarantor.",
        "from_familiar": "from somebody the owner writes with: perhaps passed on", "from_saved": "a saved contact, please check",
        "passed_on": "its content: {names} (perhaps passed on; no rule is cited)",
        "possible": "possibly also: {names} (less likely than not; no rule is cited)",
        "calm": "No message makes it necessary to pay or answer at once. Keep the original messages, then check who is writing and how much is owed.", "calm_link": "What to do next",
        "summary_none": "Of {received} messages received, none concerns debt collection",
        "summary_chosen_nothing": "No message is chosen, which does not mean that there is none",
        "summary_night": "; {count} came at night ({night})",
        "summary_empty": "The backup holds no received messages: there is nothing to look at",
        "between": " ({first} to {last})", "on_one": " ({first})",
        "made": "made {time}", "made_with": "cuishou {tool} · model {model} · grounds {grounds}",
        "redacted": "Redacted: stand-ins replace names, numbers, identity and card numbers; the same stand-in is the same person or number. The messages on the phone are what counts.",
        "left_out": "As chosen, {shown} messages are shown and {count} are not.", "missing": "At least {count} more records of the backup could not be read.",
        "contents": "Contents", "overview": "Overview", "together": "What several messages show", "grave": "Possibly unlawful messages", "collection": "All collection messages",
        "appendix": "Appendix: every message", "provisions": "Provisions cited", "health": "How the backup was read", "limits": "Limits", "next": "What to do next",
        "timeline": {"day": "Collection messages by day", "week": "Collection messages by week", "month": "Collection messages by month"}, "hours": "Hour of the day",
        "most": "at most {count}", "unknown_time": "{count} more have no known time and are not counted.", "night": "The tinted hours are the night ({night}).", "repeats_total": "{count} messages delivered again within 10 minutes are not in the charts.",
        "clock": "All times are China's (UTC+8).", "groups": "By sender", "more_groups": "{count} more senders", "count": "{count} messages", "no_chart": "None of the {count} collection messages has a time that could be drawn.",
        "span": "{first} to {last}", "busiest": "at most {count} a day ({day})", "run": "{days} days in a row (from {start})", "night_count": "{count} at night",
        "after_stop": "{count} after being asked to stop on {day}", "repeats": "{count} delivered again", "undated_count": "{count} without a date",
        "claims_to_be": "by its name: {kind}", "claimed": "last claimed: {text} ({day}, unchecked)", "overdue_by": "overdue {days}", "as_above": "the same rules as above", "heuristic": "This number is a heuristic; no rule states it.", "to_check": "{count} of them are unsure, please check.",
        "none_grave": "No possibly unlawful message was found.", "none_collection": "No debt-collection message was found.", "see_above": "in full above", "if_so": "{count} more, depending on the kind of sender", "messages": "messages",
        "grave_note": "Each in full; the marked words carried the judgement. “May breach” is a hint: whether a rule was broken is for the authorities to say.",
        "collection_note": "By time. Possibly unlawful ones are in full in the section above.",
        "appendix_note": "Every message that was read is here, {count} of them, to be counted one by one. Numbers are the same in all files.",
        "appendix_part": "The {count} messages that were chosen are here, to be counted one by one; the backup holds {out} more. Numbers are the same in all files.",
        "provisions_note": "Only what was in force on the day of the message and binds such a sender; where the kind of sender is not known, the condition is stated.",
        "sure": "{percent}% sure", "review": "unsure, please check", "undated": "time not known", "number": "number", "contact": "contact",
        "direction": {"out": "sent by owner", "draft": "draft", "unknown": "direction unknown"}, "none": "sent by owner",
        "filter": "Filter", "filter_tag": "Tag", "filter_sender": "Sender", "filter_from": "From", "filter_to": "To", "filter_text": "Text", "all": "all",
        "others": "others (no collection)", "reset": "Clear", "shown": "{shown} of {total} shown", "print": "Print",
        "about_all": "for all senders above", "about": "for: {names}", "and_more": " and {count} more",
        "told_title": "It says",
        "told": {"amounts": "amount", "overdue": "overdue", "due": "due", "limit": "demanded by", "phones": "call back", "links": "link", "ways": "pay by", "cards": "card", "contracts": "contract", "cases": "case"},
        "amount_kinds": {"principal": "principal", "fee": "interest and fees", "total": "total", "minimum": "minimum", "instalment": "instalment", "unknown": ""},
        "steps": [
            "Keep the phone, the SIM card and the original messages; do not delete or edit them or reset the phone. This report helps to find them and does not replace them.",
            "Keep recordings of calls, proofs of payment, contracts and letters too; where it is disputed, a notary can preserve the messages on the phone as evidence.",
            "Before paying, check amount and account in the lender's own app or hotline; open no link in a message and pay into no private account.",
        ],
        "where": "Where to turn",
        "missed": "Of {true} test messages that are possibly unlawful (written by this project, not seen by the model) the program misses {missed} ({percent}%): a message that is not marked may be unlawful all the same, so read on your own. Of {said} that it calls possibly unlawful, {wrong} are not.",
        "model_limits": "The program judges by the text; it misses some and is wrong about others. Calls, chats and pictures are not in it. Numbers and signatures can be faked: check who the sender is.",
        "offline": "This file loads nothing from the network and sends nothing to it.",
        "cover": "Debt-collection messages: pack of evidence", "cover_note": "Made by a program from a backup of a phone. The originals are the messages on the phone: keep them. This pack helps to find, count and check.",
        "files": "Files", "size": "bytes", "sha256": "SHA-256", "about_file": "what it is",
        "file_about": {"report.html": "the report, opens in a browser", "report.pdf": "the report, to print", "messages.xlsx": "the report's messages, as a table", "messages.jsonl": "the report's messages unchanged, for programs to check", "import.json": "how the backup was read", "source/": "the backup, untouched", "manifest.json": "sources, versions, counts, a hash of each message"},
        "sources": "Sources", "withheld": "Redacted: the source is not in this pack, only its hash (in index.html).", "whole_source": "Beware: source/ in the pack is the whole backup, untouched, with the {count} messages that were not chosen. To keep them to yourself add --redact, which leaves the source out.", "no_pdf": "No PDF: {reason}. Open report.html in a browser and print it as PDF.",
        "brief": "There are {count} messages; all of them would make thousands of pages: here are the overview and the {grave} possibly unlawful ones. Every other is in messages.xlsx and report.html of the same pack, under the same number.",
        "brief_cut": "There are {count} messages, {grave} of them possibly unlawful; all of them would make thousands of pages: here are the overview and the {shown} that the program is surest of. Every other is in messages.xlsx and report.html of the same pack, under the same number.",
        "not_here": "{count} more are in report.html.",
        "brief_pdf": "The PDF holds the overview and possibly unlawful messages ({shown}); all messages are in messages.xlsx and report.html: {reason}.",
        "pdf_large": "more than 20,000 messages would make thousands of pages", "pdf_heavy": "the browser could not print them all", "pdf_missing": "neither Chromium nor Chrome was found", "pdf_failed": "the browser could not make it", "pdf_fonts": "this system has no Chinese font",
        "counts": "Counts", "count_names": {"in": "in the backup", "out": "in this pack", "dropped": "not in it"}, "dropped_names": {"unreadable": "unreadable", "duplicates": "duplicates", "selection": "by choice"},
        "intact": "Intact: {files} files and {records} messages agree with the list.", "broken": "Altered:",
        "pack_sha256": "SHA-256 of the whole file: {sha256}", "note_sha256": "SHA-256 of the pack (note it today, or send it to someone you trust): {sha256}", "pack_made": "Made {time}; {n_in} messages in the backup, {n_out} in the pack.",
        "not_a_pack": "{file} is no pack of cuishou and holds nothing to check; give the .zip that classify --evidence wrote",
        "unsealed": "No seal: the pack was unpacked and packed again; only the files in it were checked.",
        "problem": {"altered": "{file}: does not agree with the list", "missing": "{file}: missing", "added": "{file}: not in the list", "unreadable": "{file}: damaged, cannot be unpacked", "record": "{file}: message {detail} does not agree with the list", "counts": "{file}: the counts do not add up", "container": "{file}: no file in it differs, but the archive around them was altered", "twice": "{file}: there twice"},
        "numbers_note": "Every message has one number: the same in report, tables and list, and in letters that cite it. Messages that are not in the pack keep theirs.",
        "check": "How to check", "check_note": "On a computer: cuishou verify PACK.zip, or unpack it and run sha256sum -c SHA256SUMS. Hashes show only that nothing was altered since: note the SHA-256 of the whole file on the day it is made, or send it to someone you trust.",
        "workbook_sender": "sender group", "workbook_grounds": "rules it may concern", "sheet": "messages", "about_sheet": "about", "cut": "... ({length} characters, more than a cell holds: cut here; in full in messages.jsonl)",
        "sign": "Signed", "date": "Date",
    },
}  # fmt: skip

#: Control and format characters: a terminal would act on them, or show text in another order than it has.
ACTIVE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]")

_REORDERING = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def reasons_told(tagging: Tagging, language: str) -> str:
    """The likely reasons, then the others, which are called possible; empty where there are none."""
    if not tagging.reasons:
        return ""
    return _told(tuple([(reason.code, reason.is_likely) for reason in tagging.reasons]), language)


@lru_cache(maxsize=4096)
def _told(reasons: tuple[tuple[str, bool], ...], language: str) -> str:
    likely, possible = (_named([code for code, is_likely in reasons if is_likely == which], language) for which in (True, False))
    colon, stop = ("：", "；") if language == "zh" else (": ", "; ")
    return stop.join(part for part in (likely, possible and WORDS[language]["possibly"] + colon + possible) if part)


def reason_names(reasons: Iterable[Reason], language: str) -> str:
    """Their names in a row; some have a comma in them."""
    return _named([reason.code for reason in reasons], language)


def _named(codes: Iterable[str], language: str) -> str:
    return ("；" if language == "zh" else "; ").join(reason_name(code, language) for code in codes)


def percent(tagging: Tagging) -> int:
    """How sure the model is of the tag, in whole percent; cut off and never rounded up, so that nothing is 100 % sure that isn't."""
    return int(round(100 * tagging.probabilities[tagging.tag], 4))  # 100 * 0.29 is a little less than 29


def unsure_told(unsure: tuple[int, int], words: Mapping[str, Any]) -> str:
    """Of how many collection messages and others the model is unsure; empty where of none. ``words`` are those of a language."""
    collection, others = unsure
    if not any(unsure):
        return ""
    key = "unsure" if all(unsure) else "unsure_collection" if collection else "unsure_others"
    return str(words[key].format(collection=collection, others=others))


def replaced_told(replaced: Mapping[str, int], language: str) -> str:
    """What a redaction replaced, by kind, and that a person has to read it all the same."""
    words = WORDS[language]
    kinds = [template.format(n=replaced[kind]) for kind, template in REPLACED[language].items() if replaced.get(kind)]
    return words["replaced"].format(kinds=words["comma"].join(kinds)) if kinds else words["replaced_none"]


def unmet_told(names: Sequence[str], language: str) -> str:
    """That ``names`` were to be hidden and stand nowhere."""
    words = WORDS[language]
    return str(words["unmet"].format(names=words["comma"].join(map(visible, names))))


def listed(names: Sequence[str], language: str, most: int = 3) -> str:
    """``names`` in a row, the first few of them."""
    words = WORDS[language]
    return words["comma"].join(map(visible, names[:most])) + (words["and_more"] if len(names) > most else "")


def visible(text: str) -> str:
    """``text`` with everything that a terminal would act on written out as an escape."""
    return ACTIVE.sub(lambda match: f"\\u{ord(match[0]):04x}", text).replace("\t", " ")


def in_order(text: str) -> str:
    """``text`` with the characters that show it in another order than it has, or hide it, written out as escapes."""
    return _REORDERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


#: Half of a character, which UTF-8 cannot hold, and what stands for it where text has to be UTF-8.
SURROGATE = re.compile(r"[\ud800-\udfff]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
