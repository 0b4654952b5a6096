"""What a consultancy's reports carry: names, contact, confidentiality line, accent colour."""

import re
import unicodedata
from math import floor
from typing import Any, Final

from app.domain.bounds import CONFIDENTIALITY_WIDTH, CONTACT_LIMIT, NAME_LIMIT
from app.forms.inputs import LineField
from app.forms.messages import refused
from app.forms.translated import TranslatedForm

CONTRAST: Final = 4.5
"""What WCAG 2.2 asks of text on its ground (success criterion 1.4.3)."""

_LONGEST: Final = 20


def contrast_to_white(colour: str) -> float:
    """Return the WCAG 2.2 contrast of ``#rrggbb`` to white, 1 to 21."""

    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


class ColourField(LineField):
    """A colour that text can be printed in on white; empty is the house's own."""

    _SHAPE: Final = re.compile(r"#?([0-9a-f]{6})", re.ASCII)

    def __init__(self, label: str, **kwargs: Any):
        super().__init__(label, _LONGEST, **kwargs)

    def parse(self, typed: str) -> Any:
        """Return the colour as ``#rrggbb`` in small letters."""
        plain = unicodedata.normalize("NFKC", typed[:_LONGEST]).strip().lower()
        if not plain:
            return ""
        found = self._SHAPE.fullmatch(plain)
        if found is None:
            raise refused("颜色写成#加六位十六进制数字，如#1a6b5a。")
        colour = f"#{found[1]}"
        contrast = contrast_to_white(colour)
        if contrast < CONTRAST:
            key = "这个颜色印在白底上看不清：对比度{ratio}，至少要{least}。请选深一些的颜色。"
            # Cut, not rounded: 4.49 is not 4.5.
            raise refused(key, ratio=f"{floor(contrast * 10) / 10}:1", least=f"{CONTRAST}:1")
        return colour


class FooterLineField(LineField):
    """Words that fit on one line at the foot of a page; a Han character is as wide as two."""

    def __init__(self, label: str, **kwargs: Any):
        super().__init__(label, CONFIDENTIALITY_WIDTH, **kwargs)

    def parse(self, typed: str) -> Any:
        """Return the words without blanks at the ends."""
        line: str = super().parse(typed)
        width = sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in line)
        if width > CONFIDENTIALITY_WIDTH:
            key = "页脚只排得下一行：最多{han}个汉字或{letters}个字母，现在长出{over}个汉字。"
            over = -(-(width - CONFIDENTIALITY_WIDTH) // 2)
            raise refused(
                key, han=CONFIDENTIALITY_WIDTH // 2, letters=CONFIDENTIALITY_WIDTH, over=over
            )
        return line


class BrandingForm(TranslatedForm):
    """The consultancy as its reports show it; what is empty is not printed."""

    name = LineField("报告上的机构名称", NAME_LIMIT)
    consultant = LineField("顾问", NAME_LIMIT, description="报告封面的署名。")
    contact = LineField("联系方式", CONTACT_LIMIT)
    confidentiality = FooterLineField(
        "保密声明",
        description="印在封面和每一页的页脚，如「仅供客户内部使用，请勿外传」。",
    )
    accent = ColourField(
        "主色", description="标题和图表的颜色，写成#1D4E6F这样；留空用默认的颜色。"
    )
