"""Colour arithmetic for the charts: contrast, darkening, tints.

A colour is a CSS hex string, ``#rgb`` or ``#rrggbb``. Everything here returns ``#rrggbb`` in lower
case. The consultancy chooses its brand colour freely; these functions make it legible on paper.
"""

from __future__ import annotations

import re

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")
_STEPS = 50  # darkening is searched in steps of two per cent


def channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue, 0–255. Raises ValueError if it is no hex colour."""
    if not _HEX.fullmatch(colour):
        raise ValueError(f"not a hex colour: {colour!r}")
    digits = colour[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def luminance(colour: str) -> float:
    """Return the relative luminance, 0 (black) to 1 (white), as WCAG 2.1 defines it."""

    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(first: str, second: str) -> float:
    """Return the WCAG 2.1 contrast of two colours, 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """Return ``colour`` with ``share`` (0–1) of ``other`` stirred in: a tint if other is paper."""
    mixed = (
        round(one * (1 - share) + two * share)
        for one, two in zip(channels(colour), channels(other), strict=True)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def darken_to_contrast(colour: str, ratio: float = 4.5, background: str = "#ffffff") -> str:
    """Return the colour, darkened no more than needed to reach ``ratio`` on ``background``.

    Raises ValueError if even black does not reach it (a dark background).
    """
    for step in range(_STEPS + 1):
        darker = mix(colour, "#000000", step / _STEPS)
        if contrast_ratio(darker, background) >= ratio:
            return darker
    raise ValueError(f"no darkening of {colour} reaches contrast {ratio} on {background}")


def legible_tint(colour: str, paper: str, ink: str, tint: float) -> str:
    """Return ``colour`` with at least ``tint`` (0–1) of ``paper``, fit to carry text.

    In the middle between dark and light neither paper nor ink may reach contrast 4.5 on a fill:
    it is then lightened until ink does.
    """
    fill = mix(colour, paper, tint)
    while contrast_ratio(fill, readable_on(fill, paper, ink)) < 4.5 and tint < 1:
        tint = min(tint + 0.02, 1.0)
        fill = mix(colour, paper, tint)
    return fill


def readable_on(background: str, light: str, dark: str) -> str:
    """Return whichever of the two text colours contrasts more with the background."""
    if contrast_ratio(light, background) >= contrast_ratio(dark, background):
        return light
    return dark
