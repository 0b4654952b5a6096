"""An issued report as frozen inputs: from them, and nothing else, its files can be made again.

No database and no clock: the same inputs give the same bytes, in this process or in a child.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from app.content.answers import read_assessment
from app.content.answers.writing import FILE
from app.domain.diagnosis import diagnose
from app.reporting.context.source import Brand, Edition, Source
from app.reporting.rendering import Phase
from app.services.casework.assessing import Assessed, model_in, translated_in
from app.services.casework.issuing import json_bytes, render_source, report_of
from app.services.working_days import working_days

LOGO: Final = "logo.png"
"""What a report's page calls the consultancy's picture."""


@dataclass(frozen=True, slots=True)
class FrozenReport:
    """Everything an issued report is made from.

    ``folder`` holds the release of the model, ``answers`` is the answers file, ``logo`` a PNG
    (empty for none); the rest is what cover and footers say.
    """

    folder: Path
    answers: bytes
    as_of: date
    locale: str
    number: str
    version: int
    issued: date
    digest: str
    confidentiality: str = ""
    logo: bytes = b""

    @property
    def brand(self) -> Brand:
        """The consultancy's line, and the name its logo goes by."""
        return Brand(self.confidentiality, f"asset:{LOGO}" if self.logo else "")

    @property
    def assets(self) -> Mapping[str, bytes]:
        """The pictures the page may show: this report's and no others."""
        return {LOGO: self.logo} if self.logo else {}

    def edition(self, template_version: str) -> Edition:
        """Return the edition as cover and footers print it."""
        return Edition(
            number=self.number,
            version=self.version,
            issued=self.issued,
            locale=self.locale,
            template_version=template_version,
            digest=self.digest,
        )


@dataclass(frozen=True, slots=True)
class Drawn:
    """The files of a report."""

    json: bytes
    pdf: bytes
    pages: int


def _tell_nobody(_step: str) -> None:
    """Stand in for a progress callback."""


def assessed_again(
    frozen: FrozenReport, progress: Callable[[str], None] = _tell_nobody
) -> Assessed:
    """Return the diagnosis of a frozen report; raises ``ContentError``."""
    progress("read")
    model = model_in(frozen.folder)
    assessment = read_assessment(frozen.answers, FILE, model)
    if frozen.locale != model.content.language:
        model = translated_in(frozen.folder, frozen.locale)
    day = frozen.as_of
    return Assessed(diagnose(model, assessment, day, progress, working_days(day)), frozen.digest)


def drawn(
    frozen: FrozenReport,
    progress: Callable[[str], None],
    on_page: Callable[[Phase, int], None],
) -> Drawn:
    """Make the files of a report; raises ``ContentError`` and ``RenderError``."""
    assessed = assessed_again(frozen, progress)
    definition = report_of(assessed)
    source = Source.of(assessed.diagnosis, frozen.edition(definition.version), frozen.brand)
    progress("json")
    data = json_bytes(source)
    rendered = render_source(source, definition, progress, frozen.assets, on_page)
    return Drawn(data, rendered.data, rendered.pages)


def digest_of(*parts: Any) -> str:
    """Return the digest of JSON values, or of a mapping of them: equal parts, equal digest."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
