package cuishou.messages

private fun ground(name: String, from: String = "2021-01-01", until: String = "", senders: String = "any", requires: String = "", least: Int = 1) =
    """{"id": "$name", "codes": ["INSULT"], "from": "$from", "until": "$until", "senders": ["$senders"], "not_senders": [],
        "requires": [${if (requires.isEmpty()) "" else "\"$requires\""}], "least": $least,
        "sentence": {"zh": "$name"}, "given": {"zh": "若$name"}}"""

private fun channel(name: String, sender: String = "any", codes: String = "") =
    """{"senders": ["$sender"], "codes": [$codes], "sentence": {"zh": "$name"}}"""

/** A small code book; the patterns are fewer than those that are packed. */
fun book(): Codebook = Codebook.parse(
    """{"tags": {"zh": {"other": "其他", "unlawful": "疑似违法"}, "en": {"other": "other", "unlawful": "possibly unlawful"}},
        "reasons": {"zh": {"INSULT": "辱骂、侮辱"}, "en": {"INSULT": "insult"}},
        "notice": {"zh": {"undated": "日期不明", "no_basis": "未列依据", "order": "先核实"}},
        "said": {"zh": {"steps": ["留证"], "about_all": "全部", "about": "适用于：{names}", "and_more": "等，另 {count} 个", "comma": "、"}},
        "flags": ["HIDDEN"], "concealed": "HIDDEN",
        "kinds": [["小贷", "small_loan"], ["银行", "bank"]],
        "channels": [${channel("债权人")}, ${channel("12378", "bank")}, ${channel("12345", "unknown")}, ${channel("110", codes = "\"INSULT\"")}],
        "names": {"table": {"（": "(", "贷": "贷", "貸": "贷"}, "left_out": "\u200b|(?<=[一-鿿])\\*(?=[一-鿿])",
                  "at_start": "\\s*[【\\[]([^【】\\[\\]\\n]{1,24})[】\\]]", "at_end": "【([^【】\\n]{1,24})】\\s*(?:回T退订)?(?=\\n?\\z)",
                  "heading": "(?:重要)?通知", "prefixed": "(某银行)提醒", "suffixed": "(某银行|您银行)(?=\\n?\\z)",
                  "principal": ["受([^，。]{2,20}?)委托"], "no_name": "您",
                  "not_of_a_name": "\u200b", "company": "公司$", "nameless": ["公司"]},
        "acquaintances": {"ordinary": 3, "passed_on": 2, "person": "[王李].{1,2}|(.)\\1|妈", "no_friend": "催|律师", "service": "(?:\\+?86)?(?:106|95|12|400)[0-9]", "filling": "[ ()\\-]|^(?:\\+86|0086)"},
        "grounds": [${ground("old", until = "2023-12-31")}, ${ground("new", from = "2024-01-01")},
                    ${ground("bank", senders = "bank")}, ${ground("many", least = 3)}, ${ground("with", requires = "X")}]}""",
)
