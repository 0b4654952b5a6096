"""What to do about a text that was meant as a number."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

_PLAIN: Final = r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"

_ADVICE: Final[Sequence[tuple[re.Pattern[str], str]]] = tuple(
    (re.compile(pattern, re.ASCII), advice)
    for pattern, advice in (
        (rf"(?P<n>{_PLAIN})", "数字不要加引号，直接写{n}"),
        (r"(?P<n>[-+]?[0-9]+(?:_[0-9]+)+(?:\.[0-9]+)?)", "数字里不要加下划线，写成{n}"),
        (r"(?P<n>[-+]?[0-9]{1,3}(?:[,，][0-9]{3})+(?:\.[0-9]+)?)", "数字里不要加逗号，写成{n}"),
        (r"[0-9]+(?::[0-9]+)+(?:\.[0-9]+)?", "这是时刻的写法，请换算成一个数"),
        (rf"(?P<n>{_PLAIN})\s*[%％]", "只写数字、不带百分号，写成{n}"),
        (r"[-+]?[0-9.]+\s*[万亿千百kKwWmM](?:\s*\S{1,4})?", "请把「万、亿」换成完整的数字"),
        (rf"(?P<n>{_PLAIN})\s*[^0-9\s.,:_%~–—-][^0-9]*", "只写数字、不带单位，写成{n}"),
        (r"[-+]?0+(?P<n>[1-9][0-9]*(?:\.[0-9]+)?)", "去掉前面的0，写成{n}"),
        (r"[-+]?\.(?P<n>[0-9]+)", "小数点前要写0，写成0.{n}"),
        (r"[-+]?(?P<n>[0-9]+)\.", "去掉末尾的小数点，写成{n}"),
        (rf"{_PLAIN}\s*(?:[-~–—至到]|\.\.)\s*{_PLAIN}.*", "请只写一个数，不要写区间"),
        (r"(?i:yes|no|on|off|是|否)", "这一项要的是数字，不是「是」或「否」"),
        (r"[零〇一二两三四五六七八九十百千万亿半]+", "请用阿拉伯数字"),
    )
)
_SEPARATORS: Final = re.compile(r"[_,，]")
_ORNAMENTS: Final = re.compile(r"[_,%\s]")
_LONGEST: Final = 60


def number_advice(text: str) -> str:
    """Return how to write ``text`` as a number, or an empty string when it is no number at all."""
    given = text.strip()
    if not given or len(given) > _LONGEST:
        return ""
    plain = unicodedata.normalize("NFKC", given)
    if plain != given:
        number = _ORNAMENTS.sub("", plain)
        if re.fullmatch(_PLAIN, number, re.ASCII):
            return f"请用半角数字，写成{number}"
    for pattern, advice in _ADVICE:
        found = pattern.fullmatch(plain)
        if found:
            number = found.groupdict().get("n") or ""
            return advice.format(n=_SEPARATORS.sub("", number))
    return ""
