"""Reading the pages of a diagnosis: their addresses, what a reader sees, what the document says."""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from typing import Any, Final

from flask.testing import FlaskClient

from app.reporting.document import diagnosis_document
from app.services.diagnosis.reading import read_diagnosis
from tests.people import Installed

CHAPTERS: Final = (
    "",
    "/findings",
    "/perception",
    "/panels",
    "/stage",
    "/economics",
    "/next-level",
    "/not-assessed",
)
PART: Final = {"HX-Request": "true"}
"""What a script says that asks for a part of a page."""


def body(browser: FlaskClient, path: str, **options: Any) -> str:
    response = browser.get(path, **options)
    assert response.status_code == 200, (path, response.status_code)
    return response.text


def text_of(html: str) -> str:
    """Return what a reader sees, blanks made one."""
    without_tags = re.sub(r"<(script|svg|head)\b.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(without_tags).split())


def cells(html: str) -> Iterator[list[str]]:
    """Yield the rows of all tables as texts of their cells."""
    for row in re.findall(r"<tr.*?</tr>", html, flags=re.DOTALL):
        yield [text_of(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, flags=re.DOTALL)]


def printed(value: float | None, places: int) -> str:
    """Return a number of the JSON document as it is printed."""
    if value is None:
        return "—"
    return f"{Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"


def document(installed: Installed, engagement: str) -> dict[str, Any]:
    found: dict[str, Any] = dict(
        diagnosis_document(read_diagnosis(installed.acting("owner"), engagement).source)
    )
    return found
