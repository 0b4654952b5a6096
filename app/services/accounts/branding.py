"""The consultancy's own settings: what its reports carry, and what new members begin with."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.services.acting import Acting
from app.services.answers.pictures import LOGO, cleaned_picture
from app.services.errors import NotFoundError
from app.services.files import file_store
from app.services.record.recording import record
from app.store.members import own_consultancy

LOGO_TYPE: Final = "image/png"


@dataclass(frozen=True, slots=True)
class BrandWords:
    """What reports say of the consultancy; empty is not printed, without ``name`` its own is."""

    name: str = ""
    consultant: str = ""
    contact: str = ""
    confidentiality: str = ""
    accent: str = ""


@dataclass(frozen=True, slots=True)
class House:
    """A consultancy as its settings show it. ``logo`` is the digest of its picture, or empty."""

    name: str
    locale: str
    zone: str
    second_factor_required: bool
    brand: BrandWords
    logo: str


def house_of(acting: Acting) -> House:
    """Return the settings of the consultancy."""
    with acting.reading() as session:
        row = own_consultancy(session)
    return House(
        name=row.name,
        locale=row.locale,
        zone=row.zone,
        second_factor_required=row.second_factor_required,
        brand=BrandWords(
            row.brand_name,
            row.brand_consultant,
            row.brand_contact,
            row.brand_confidentiality,
            row.brand_accent,
        ),
        logo=row.brand_logo or "",
    )


def change_brand(acting: Acting, words: BrandWords) -> None:
    """Have reports carry these words from the next version on; issued ones stay as they are."""
    acting.must_own()
    _change(
        acting,
        "settings.brand_changed",
        {
            "brand_name": words.name,
            "brand_consultant": words.consultant,
            "brand_contact": words.contact,
            "brand_confidentiality": words.confidentiality,
            "brand_accent": words.accent,
        },
    )


def change_house(acting: Acting, name: str, locale: str, zone: str) -> None:
    """Change the consultancy's name, and the language and zone new members begin with."""
    acting.must_own()
    _change(acting, "settings.changed", {"name": name, "locale": locale, "zone": zone})


def change_logo(acting: Acting, data: bytes) -> None:
    """Take a picture as the logo, drawn anew as a PNG; raises ``PictureRefusedError``."""
    acting.must_own()
    picture = cleaned_picture(data, LOGO)
    digest = file_store(acting.settings).put(picture.data)
    _change(acting, "settings.logo_changed", {"brand_logo": digest})


def remove_logo(acting: Acting) -> None:
    """Have reports carry no logo from the next version on."""
    acting.must_own()
    _change(acting, "settings.logo_removed", {"brand_logo": None})


def logo_file(acting: Acting) -> Path:
    """Return where the logo lies; raises ``NotFoundError`` where there is none."""
    with acting.reading() as session:
        digest = own_consultancy(session).brand_logo
    path = file_store(acting.settings).path(digest) if digest else None
    if path is None or not path.is_file():
        raise NotFoundError
    return path


def _change(acting: Acting, action: str, wanted: dict[str, str | None]) -> None:
    """Set what differs and write down which it was; nothing where nothing differs."""
    with acting.writing() as session:
        row = own_consultancy(session)
        changed = sorted(name for name, value in wanted.items() if getattr(row, name) != value)
        for name in changed:
            setattr(row, name, wanted[name])
        if changed:
            record(acting, session, action, fields=changed)
