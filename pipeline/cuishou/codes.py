"""Reason codes: why a message may be unlawful, and the names that people read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReasonCode:
    """``severity``: 3 high, 2 medium, 1 low. ``flips``: it can by itself make a message 疑似违法; a flag only annotates."""

    code: str
    zh: str
    en: str
    severity: int
    flips: bool = True


#: The codes that a text alone can show, in the order of the model's outputs. Night contact and plain volume need the time and
#: the other messages and are worked out elsewhere.
REASONS: dict[str, ReasonCode] = {
    reason.code: reason
    for reason in (
        ReasonCode("THREAT_VIOLENCE", "暴力或人身财产威胁", "threat to person or property", 3),
        ReasonCode("INSULT", "辱骂、侮辱", "insult", 2),
        ReasonCode("IMPERSONATE_AUTHORITY", "冒充公检法、机关或律师", "posing as an authority or lawyer", 3),
        ReasonCode("FALSE_CRIMINAL_CLAIM", "虚假的刑事恐吓", "false claim of a crime", 3),
        ReasonCode("FAKE_LEGAL_PROCESS", "虚构司法文书或程序", "made-up legal process", 3),
        ReasonCode("FALSE_CONSEQUENCE", "虚构或夸大后果、金额", "made-up or inflated consequence", 2),
        ReasonCode("THIRD_PARTY_CONTACT", "向无关第三人催收或泄露欠款", "debt told to an unrelated person", 3),
        ReasonCode("PUBLIC_SHAMING", "曝光、爆通讯录、通知单位", "exposure to others", 3),
        ReasonCode("PI_MISUSE", "非法获取或滥列个人信息", "misuse of personal data", 3),
        ReasonCode("UNLAWFUL_VISIT", "上门滋扰、堵门、强搬", "menacing visit", 3),
        ReasonCode("PRIVATE_ACCOUNT_FEE", "私户收款或额外收费", "private account or extra fee", 2),
        ReasonCode("INDUCE_BORROWING", "诱逼以贷还贷", "urged to borrow elsewhere", 2),
        ReasonCode("EXCESS_INTEREST", "超限息费、砍头息", "excess interest", 2),
        ReasonCode("HARASSMENT_FREQUENCY", "轰炸、无休止联系", "bombing with messages or calls", 2),
        ReasonCode("IDENTITY_CONCEALMENT", "隐匿身份", "sender not named", 1, flips=False),
    )
}

#: The flag of a message that does not say who sends it.
CONCEALED = "IDENTITY_CONCEALMENT"

#: Codes that need the time or several messages; "CODE/pattern" names a pattern of a code. :mod:`cuishou.rhythm` finds them.
PATTERNS: dict[str, ReasonCode] = {
    reason.code: reason
    for reason in (
        ReasonCode("NIGHT_CONTACT", "夜间联系", "contact at night", 1, flips=False),
        ReasonCode("HARASSMENT_FREQUENCY/abuse", "多次发送威胁、辱骂等信息", "repeated threats or abuse", 3),
        ReasonCode("HARASSMENT_FREQUENCY/third_party", "无关第三人拒绝后仍联系", "outsider contacted after a refusal", 2),
        ReasonCode("HARASSMENT_FREQUENCY/volume", "条数频繁", "many messages", 1, flips=False),
    )
}

TAG_NAMES = {
    "zh": {"other": "其他", "reminder": "还款提醒", "pressure": "施压催收", "unlawful": "疑似违法"},
    "en": {"other": "other", "reminder": "reminder", "pressure": "pressure", "unlawful": "possibly unlawful"},
}


def severity(code: str) -> int:
    """How grave a reason code is, as :class:`ReasonCode` has it; 2 when a newer model knows one we don't."""
    reason = REASONS.get(code) or PATTERNS.get(code)
    return 2 if reason is None else reason.severity


def reason_name(code: str, language: str) -> str:
    """The name of a reason code in ``language`` (``zh`` or ``en``); the code itself when a newer model knows one we don't."""
    reason = REASONS.get(code) or PATTERNS.get(code)
    return code if reason is None else (reason.zh if language == "zh" else reason.en)
