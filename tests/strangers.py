"""Strangers at a consultancy's public self-check, for tests of services and screens."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from app.content.answers import read_assessment
from app.domain.model import MaturityModel
from app.services import releases
from app.services.accounts.branding import change_self_check
from app.services.acting import Acting
from app.services.answers.values import encoded
from app.services.callers import Caller
from app.services.engagements.offers import newest_model
from app.services.reports import frozen
from app.services.respondents.consenting import Document, version_of
from app.services.selfcheck.asking import Asking, ask
from app.services.selfcheck.beginning import begin, resume_visitor
from app.settings import Settings
from app.store.database import Database
from app.store.rows import SelfCheck
from app.store.selfchecks import held_check, lead_of
from tests.installations import NOW
from tests.people import Installed, Tenant

SLUG: Final = "hengshi"
HEAD: Final = "private-domain-head"
NOTICE: Final[Document] = {
    "zh-Hans": [("会留下什么", "只有答案。")],
    "en": [("What is kept", "The answers.")],
}
HANDING: Final[Document] = {
    "zh-Hans": [("交给谁", "衡石咨询。")],
    "en": [("Who receives it", "Hengshi.")],
}
ASKING: Final = Asking("红花制衣", "陈女士", "13800001234", "想先弄清楚缺不缺人。")


@cache
def published() -> Mapping[str, Any]:
    """Return what the head of private domain answered in the published example, by item."""
    settings = Settings()
    folder = settings.questionnaires / "private-domain" / "examples"
    model = model_now()
    said = read_assessment((folder / "self-check.yaml").read_bytes(), "self-check.yaml", model)
    answers = {item: given.value for item, given in said.respondents[-1].answers.items()}
    facts = {part: fact.value for part, fact in said.facts.items()}
    rest = {"archetype": said.client.archetype, "city-tier": said.client.city_tier}
    return {**answers, **facts, **rest}


def model_now() -> MaturityModel:
    """Return the model strangers are asked under."""
    return newest_model(Settings(), "")


def open_check(installed: Installed, slug: str = SLUG, tenant: Tenant | None = None) -> None:
    """Open the public self-check of a consultancy."""
    change_self_check(installed.acting("owner", tenant), slug, is_open=True)


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody in the middle of a self-check: the token their browser holds."""

    database: Database
    settings: Settings
    slug: str
    token: str

    def acting(self, now: datetime = NOW, locale: str = "zh-Hans") -> Acting:
        """Return them at work."""
        found = resume_visitor(self.database, self.settings, self.slug, self.token, now, locale)
        assert found is not None
        return found[0]

    def is_known(self, now: datetime = NOW) -> bool:
        """Tell whether their browser still opens anything."""
        found = resume_visitor(self.database, self.settings, self.slug, self.token, now, "en")
        return found is not None

    def fill_in(self, now: datetime = NOW, **values: Any) -> "Stranger":
        """Answer everything as published, ``values`` (item → value) in place of some.

        Stored as it is after ten screens, without filling in each of them.
        """
        changed = {name.replace("_", "-"): value for name, value in values.items()}
        acting = self.acting(now)
        with acting.writing() as session:
            row = held_check(session, acting.person)
            assert row is not None
            row.answers, row.saved_at = stored_answers(**changed), now
        return self

    def ask(self, now: datetime = NOW, locale: str = "zh-Hans", **words: Any) -> str:
        """Ask for a diagnosis in other ``words`` than usual, and return the lead."""
        acting = self.acting(now, locale)
        ask(acting, replace(ASKING, **words), HANDING, version_of(HANDING))
        with acting.reading() as session:
            lead = lead_of(session, acting.person)
        assert lead is not None
        return lead.id

    def answers(self) -> Mapping[str, Any]:
        """Return what the server keeps."""
        acting = self.acting()
        with acting.reading() as session:
            row = session.find(SelfCheck, acting.person)
            assert row is not None
            return row.answers


def caller(installed: Installed, now: datetime = NOW, address: str = "203.0.113.7") -> Caller:
    """Return somebody nobody knows."""
    return Caller(installed.database, installed.settings, now, address, "test")


def stranger(
    installed: Installed,
    *,
    slug: str = SLUG,
    role: str = HEAD,
    now: datetime = NOW,
    address: str = "203.0.113.7",
) -> Stranger:
    """Have somebody begin the self-check at an address."""
    who = caller(installed, now, address)
    token = begin(who, slug, role, NOTICE, version_of(NOTICE))
    return Stranger(installed.database, installed.settings, slug, token)


def stored_answers(**changed: Any) -> dict[str, Any]:
    """Return the published answers as the database keeps them, some of them ``changed``."""
    return {
        item: {"kind": "given", "value": encoded(value)}
        for item, value in {**published(), **changed}.items()
    }


_models: Final[dict[tuple[str, str | None], MaturityModel]] = {}


def load_models_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a release be read once per process, whichever installation keeps it.

    A release is its files by their digest: the same name is the same model. Installations of tests
    have folders of their own, and reading a whole model takes longer than most tests.
    """
    read = releases._loaded

    def loaded(folder: Path, locale: str | None) -> MaturityModel:
        key = (folder.name, locale)
        if key not in _models:
            _models[key] = read(folder, locale)
        return _models[key]

    monkeypatch.setattr(releases, "_loaded", loaded)
    monkeypatch.setattr(frozen, "model_in", lambda folder: loaded(folder, None))
    monkeypatch.setattr(frozen, "translated_in", loaded)
