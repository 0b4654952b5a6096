"""Whose self-check it is: what strangers see of a consultancy, and which form they fill in."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.definitions.questionnaire import Form, Role
from app.domain.model import MaturityModel
from app.reporting.charts import Theme
from app.reporting.charts.colour import mix
from app.services.engagements.offers import newest_model
from app.services.errors import NotFoundError
from app.services.files import file_store
from app.settings import Settings
from app.store.database import Database
from app.store.rows import Consultancy
from app.store.scope import INSTALLATION
from app.store.selfchecks import house_at

REPORT: Final = "selfcheck"
"""The report folder of the form strangers fill in; a model without one has no self-check."""
_DARKER: Final = 0.25


@dataclass(frozen=True, slots=True)
class CheckHouse:
    """A consultancy as strangers see it. ``logo`` is the digest of its picture, or empty.

    ``is_open``: whether one may begin. ``accent`` is the consultancy's colour, empty for the
    house's own.
    """

    tenant: str
    slug: str
    who: str
    consultant: str
    contact: str
    confidentiality: str
    accent: str
    logo: str
    zone: str
    is_open: bool

    @property
    def colours(self) -> Mapping[str, str]:
        """The colours of its pages by what they are for, shaded as on paper; none without one."""
        if not self.accent:
            return {}
        theme = Theme.branded(self.accent)
        return {
            "accent": theme.accent,
            "accent-dark": mix(theme.accent, "#000000", _DARKER),
            "accent-soft": theme.accent_soft,
            "accent-pale": theme.accent_pale,
        }


def check_house(database: Database, slug: str) -> CheckHouse:
    """Return the consultancy whose self-check has this address; raises ``NotFoundError``."""
    with database.reading(INSTALLATION) as session:
        row = house_at(session, slug)
    if row is None:
        raise NotFoundError
    return house_of_row(row)


def house_of_row(row: Consultancy) -> CheckHouse:
    """Return a consultancy as strangers see it."""
    return CheckHouse(
        tenant=row.id,
        slug=row.check_slug or "",
        who=row.brand_name or row.name,
        consultant=row.brand_consultant,
        contact=row.brand_contact,
        confidentiality=row.brand_confidentiality,
        accent=row.brand_accent,
        logo=row.brand_logo or "",
        zone=row.zone,
        is_open=row.check_open,
    )


def house_logo(settings: Settings, house: CheckHouse) -> Path:
    """Return where a consultancy's picture lies; raises ``NotFoundError`` where there is none."""
    path = file_store(settings).path(house.logo) if house.logo else None
    if path is None or not path.is_file():
        raise NotFoundError
    return path


def self_check_form(model: MaturityModel) -> Form | None:
    """Return the form strangers fill in; None where the model has none."""
    forms = (form for form in model.content.forms if form.report == REPORT and form.questions)
    return next(forms, None)


def offered_form(settings: Settings, locale: str) -> tuple[MaturityModel, Form]:
    """Return the newest model in a language with its self-check; raises ``NotFoundError``."""
    model = newest_model(settings, locale)
    form = self_check_form(model)
    if form is None:
        raise NotFoundError
    return model, form


def roles_of(model: MaturityModel) -> tuple[Role, ...]:
    """Return who may fill it in: everybody who works in the enterprise."""
    outside = ("customer", "consultant", "system")
    return tuple(role for role in model.content.roles if role.side not in outside)
