"""What every part of the report context is built from."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from app.domain.definitions.questionnaire import Question
from app.domain.diagnosis import Diagnosis
from app.domain.model import MaturityModel
from app.reporting.charts import Theme, Words
from app.reporting.fonts import FONT_STACK
from app.reporting.wording import Wording

DEFAULT_ACCENT = "#1d4e6f"


@dataclass(frozen=True, slots=True)
class Edition:
    """Which issue of a report this is, as printed on its cover and in its footers.

    ``digest`` names everything that went in; the same digest gives the same bytes.
    """

    number: str
    version: int
    issued: date
    locale: str
    template_version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Brand:
    """What a consultancy's reports carry beside its name, its people and its colour.

    ``confidentiality`` is its own line on who may read a report, ``logo`` the address the page
    knows its picture by; both may be empty.
    """

    confidentiality: str = ""
    logo: str = ""


PLAIN: Final = Brand()
"""No logo, and the report's own words on who may read it."""


@dataclass(frozen=True, slots=True)
class Source:
    """The diagnosis with the words, colours and edition that turn it into a report."""

    diagnosis: Diagnosis
    wording: Wording
    theme: Theme
    words: Words
    edition: Edition
    brand: Brand = PLAIN

    @classmethod
    def of(cls, diagnosis: Diagnosis, edition: Edition, brand: Brand = PLAIN) -> "Source":
        """Return the source of an edition in the consultancy's colour."""
        accent = diagnosis.assessment.client.accent or DEFAULT_ACCENT
        wording = Wording(diagnosis.model, edition.locale)
        return cls(
            diagnosis=diagnosis,
            wording=wording,
            theme=Theme.branded(accent, FONT_STACK),
            words=Words.translated(wording.translate),
            edition=edition,
            brand=brand,
        )

    def logo_words(self) -> str:
        """Return what the logo says to whoever cannot see it; empty where there is none."""
        if not self.brand.logo:
            return ""
        name = self.diagnosis.assessment.client.consultancy
        return self.wording.translate("{consultancy}的标志").format(consultancy=name)

    def document_title(self, report_title: str) -> str:
        """Return the title of the file: whose report, and which."""
        client = self.diagnosis.assessment.client.name
        return f"{client} · {report_title} · {self.edition.number} v{self.edition.version}"

    @property
    def model(self) -> MaturityModel:
        """The model of the diagnosis."""
        return self.diagnosis.model

    def target(self, dimension: str) -> Fraction | None:
        """Return the twelve-month target of a dimension; None where it is not rated.

        The middle of the scale is the floor of every target ("written, trained, used"); whoever
        stands there already aims one level higher.
        """
        found = self.diagnosis.scorecard.dimensions[dimension]
        if found.level is None:
            return None
        scale = self.model.content.scale
        middle = (scale.minimum + scale.maximum) // 2
        return Fraction(min(max(found.level + 1, middle), scale.maximum))

    def printable(self, role: str, answers: int) -> bool:
        """Return whether a role's mean may be printed: the front line only from a minimum on."""
        if self.model.roles[role].side != "front":
            return True
        return answers >= self.model.content.rating.agreement.minimum_group

    def question_code(self, question: str) -> str:
        """Return a question's printed code."""
        found: Question = self.model.questions[question]
        return found.code
