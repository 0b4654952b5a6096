"""Words that nobody writes by chance, one per owner: a text that shows one tells whose it is.

Every free text of the populated consultancies carries the mark of whom it belongs to. ``inside``
an engagement is what its respondents must not see either; ``guest1`` … is what one of them said.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Final

_MARK: Final = re.compile(
    r"canary(?P<house>[ab])(?P<work>house|mine|other)(?P<part>inside|guest\d)?", re.IGNORECASE
)
_ZIP: Final = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Mark:
    """Whose a text is: ``house`` a or b; ``work`` house, mine or other; ``part`` may be empty."""

    house: str
    work: str = "house"
    part: str = ""

    def __str__(self) -> str:
        """Return the mark as texts carry it: letters alone, so that nothing escapes or wraps it."""
        return f"Canary{self.house.upper()}{self.work.title()}{self.part.title()}"


def marks_in(data: bytes) -> frozenset[Mark]:
    """Return every mark in a body; of a workbook or another archive, those of what is packed."""
    if data.startswith(_ZIP):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b"\n".join(archive.read(name) for name in archive.namelist())
    text = data.decode("utf-8", "replace")
    return frozenset(
        Mark(found["house"].lower(), found["work"].lower(), (found["part"] or "").lower())
        for found in _MARK.finditer(text)
    )
