"""QR codes as drawings that stand in a page."""

from typing import Final

import segno

_BORDER: Final = 2
"""Modules of white around the code; the card it stands on is white too."""


def qr_svg(text: str, title: str) -> str:
    """Return the QR code of a text as SVG markup; ``title`` says to readers what it is.

    Error correction M: a sheet on the wall of a stock room gets dirty.
    """
    code = segno.make_qr(text, error="m")
    drawn: str = code.svg_inline(
        title=title, omitsize=True, border=_BORDER, svgclass=None, lineclass=None
    )
    return drawn
