"""The commonest surnames in China: what a name is told by. A rare one is missed, and so is a name that is no Han one."""

from __future__ import annotations

#: Of one character. Those that begin many other words (常, 安, 时, 成, 单 …) are left out.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾"
    "夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤施章温柳倪殷翟葛季骆俞裴景申卞翁凌霍祝柯管鲁饶阮尚欧"
)
#: A pattern for any of them, and for the commonest of two characters.
SURNAME = rf"(?:欧阳|司马|上官|诸葛|[{SURNAMES}])"
