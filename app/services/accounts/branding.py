"""The consultancy's own settings: its reports, what new members begin with, its self-check."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.services.acting import Acting
from app.services.answers.pictures import LOGO, cleaned_picture
from app.services.errors import NotFoundError, RefusedError
from app.services.files import file_store
from app.services.record.recording import record
from app.settings import Settings
from app.store.errors import TakenError
from app.store.members import own_consultancy

LOGO_TYPE: Final = "image/png"
SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,38}[a-z0-9]", re.ASCII)
"""The last part of the address of a self-check."""


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
    """A consultancy as its settings show it. ``logo`` is the digest of its picture, or empty.

    ``check_slug`` is the last part of the address of its self-check, ``check_open`` whether
    strangers may begin there.
    """

    name: str
    locale: str
    zone: str
    second_factor_required: bool
    brand: BrandWords
    logo: str
    check_slug: str
    check_open: bool


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
        check_slug=row.check_slug or "",
        check_open=row.check_open,
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


def change_self_check(acting: Acting, slug: str, *, is_open: bool) -> None:
    """Open or close the public self-check, and give it its address.

    Closed, nobody new may begin; who has begun goes on. Raises ``NotAllowedError`` and
    ``RefusedError`` (``slug``) for an address that is none, or another consultancy's.
    """
    acting.must_own()
    slug = slug.strip().lower()
    if (slug or is_open) and not SLUG.fullmatch(slug):
        raise RefusedError(
            {"slug": "地址由3至40个小写字母、数字和连字符组成，首尾是字母或数字，如hengshi。"}
        )
    try:
        _change(
            acting,
            "settings.self_check_changed",
            {"check_slug": slug or None, "check_open": is_open},
        )
    except TakenError:
        raise RefusedError({"slug": "这个地址已经有别的机构在用，请换一个。"}) from None


def self_check_address(settings: Settings, slug: str) -> str:
    """Return the whole address of a public self-check, as people open it."""
    return f"{settings.address}/check/{slug}"


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


def _change(acting: Acting, action: str, wanted: Mapping[str, str | bool | None]) -> None:
    """Set what differs and write down which it was; nothing where nothing differs."""
    with acting.writing() as session:
        row = own_consultancy(session)
        changed = sorted(name for name, value in wanted.items() if getattr(row, name) != value)
        for name in changed:
            setattr(row, name, wanted[name])
        if changed:
            record(acting, session, action, fields=changed)
