"""Files that we know and cannot read: what they are, and what to do instead."""

from __future__ import annotations

import re

from cuishou.backup.sms_backup_restore import root

_INSTEAD = (
    "请改用 SMS Backup & Restore 或 SMS Import / Export 导出未加密的短信备份"
    " (make an unencrypted backup with SMS Backup & Restore or SMS Import / Export instead)"
)
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"SSEF\0\xff", "加密的 SMS Import / Export 备份 (an encrypted sms-ie backup); 请在该应用里关闭加密后重新导出"
                    " (switch encryption off in the app and export again)"),
    (b"MIUI BACKUP\n", f"小米自带的备份 (a MIUI / HyperOS backup), 其短信部分的格式没有公开 (its format is not public); {_INSTEAD}"
                       "，并授予“通知类短信”权限 (and grant it the permission 通知类短信)"),
    (b"\xff\xd8\xff", "图片 (a photo); 截图里的文字读不出来，请导出短信备份 (texts in pictures cannot be read: export the messages)"),
    (b"\x89PNG", "图片 (a picture); 截图里的文字读不出来，请导出短信备份 (texts in pictures cannot be read: export the messages)"),
    (b"GIF8", "图片 (a picture); 请导出短信备份 (export the messages instead)"),
    (b"RIFF", "图片或录音 (a picture or a recording); 请导出短信备份 (export the messages instead)"),
    (b"%PDF", "PDF 文件 (a PDF); 请导出短信备份，或把文字复制到 .txt，一行一条"
              " (export the messages, or copy the texts to a .txt file, one message a line)"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包 (a 7z archive); 请先解压 (unpack it first)"),
    (b"Rar!", "RAR 压缩包 (a RAR archive); 请先解压 (unpack it first)"),
    (b"\x1f\x8b", "gzip 压缩包 (a gzip archive); 请先解压 (unpack it first)"),
    (b"BEGIN:VCARD", "联系人 (contacts, not messages); 请导出短信 (export the messages)"),
    (b"<!DOCTYPE html", "网页 (a web page); 请导出短信备份 (export the messages instead)"),
    (b"<html", "网页 (a web page); 请导出短信备份 (export the messages instead)"),
    (b"[]", "空列表 (an empty list): 导出程序没有读短信的权限，或没有短信 (the exporter lacked the permission to read messages, or there are none)"),
    (b"No result found", "adb 没有查到短信 (adb found no messages): 请在手机上允许 USB 调试读取短信 (allow it on the phone)"),
)  # fmt: skip
_ROOTS = {
    "calls": "通话记录备份 (a backup of calls); 短信在同一应用导出的 sms-….xml 里 (the messages are in the file sms-….xml)",
    "alllogs": "通话记录备份 (a backup of calls); 请在超级备份里导出短信 (export the messages in Super Backup)",
    "html": "网页 (a web page); 请导出短信备份 (export the messages instead)",
}
_SMART_SWITCH = re.compile(r"\.sme[m]?$|\.ssm$", re.IGNORECASE)


def explain(head: bytes, name: str) -> str | None:
    """What the file is and what to do instead, in one sentence; None when it is not known either."""
    if head.startswith(b"ANDROID BACKUP\n") and head.split(b"\n", 4)[3:4] != [b"none"]:
        return f"加密的 adb 备份 (an encrypted adb backup); 备份时不要设密码，或{_INSTEAD}"
    stripped = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for start, sentence in _STARTS:
        if stripped[: len(start)].lower() == start.lower() and (start != b"[]" or not stripped[2:].strip()):
            return sentence
    if (name_of_root := root(head)) in _ROOTS:
        return _ROOTS[name_of_root or ""]
    if head[4:8] == b"ftyp":
        return "照片、录音或视频 (a photo, a recording or a video); 请导出短信备份 (export the messages instead)"
    if _SMART_SWITCH.search(name):
        return f"三星 Smart Switch 的加密备份 (an encrypted Smart Switch backup); {_INSTEAD}"
    if b"BackupFilesTypeInfo" in head or b"HiSuite" in head[:4096]:
        return (
            f"华为 HiSuite 备份的说明文件 (the index of a HiSuite backup); 短信在同一文件夹的 sms.db 里，加密的打不开。{_INSTEAD}"
        )
    if name.lower().endswith("sms.db") and not head.startswith(b"SQLite"):
        return f"加密的华为备份 (an encrypted HiSuite backup); 备份时不要设密码 (set no password), 或{_INSTEAD}"
    return None
