"""A self-check as the stranger fills it in: small screens, kept by the server, changed at will.

It is one person with one browser: what a screen sends last counts. Once the answers were handed
over they stand; whoever wants others begins anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias, cast

from app.domain.agenda import Agenda, agenda
from app.domain.definitions.questionnaire import Form, Role
from app.domain.model import MaturityModel
from app.domain.screens import screens
from app.services.acting import Acting
from app.services.answers.answering import Standing
from app.services.answers.saving import Typed
from app.services.answers.values import encoded
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.releases import model_of
from app.services.respondents.consenting import Agreed, kept_text
from app.services.respondents.responding import Paged, pages_of
from app.services.selfcheck.house import CheckHouse, house_of_row, self_check_form
from app.store.members import own_consultancy
from app.store.rows import Lead, SelfCheck
from app.store.scope import ScopedSession
from app.store.selfchecks import held_check, lead_of

LeadState: TypeAlias = Literal["new", "accepted", "declined"]

HANDED_OVER: Final = "handed-over"


@dataclass(frozen=True, slots=True)
class Handed:
    """A request as the stranger who made it sees it."""

    company: str
    state: LeadState
    asked_at: datetime
    version: str


@dataclass(frozen=True, slots=True)
class OwnCheck(Paged):
    """Everything a stranger may know of their self-check; ``handed`` once they asked for more."""

    house: CheckHouse
    model: MaturityModel
    form: Form
    role: Role
    begun_at: datetime
    saved_at: datetime | None
    expires_at: datetime
    handed: Handed | None

    @property
    def pictured(self) -> bool:
        """No photos: nobody knows yet who would show them."""
        return False

    @property
    def rated(self) -> bool:
        """Whether any question has an answer that says something: without, there is no result."""
        return any(
            each.fact is None and each.standing is not None and each.standing.kind == "given"
            for page in self.pages
            for each in page.posed
        )


def own_check(acting: Acting) -> OwnCheck:
    """Return the stranger's self-check; raises ``NotFoundError`` where it is gone."""
    with acting.reading() as session:
        check, lead, house = own_rows(acting, session)
    model = model_under(acting, check)
    form, plan = asked_of(check, model)
    return OwnCheck(
        pages=pages_of(plan, model, standings(check.answers)),
        house=house,
        model=model,
        form=form,
        role=plan.role,
        begun_at=check.created_at,
        saved_at=check.saved_at,
        expires_at=check.expires_at,
        handed=_handed(lead),
    )


def save_screen(acting: Acting, number: int, typed: Sequence[Typed]) -> tuple[str, ...]:
    """Store what a screen holds; return the items that changed.

    Raises ``NotFoundError``, ``RefusedError`` for what is not asked there, and ``ConflictError``
    ("handed-over") once the answers were handed over.
    """
    with acting.writing() as session:
        check = held_check(session, acting.person) if acting.role == "visitor" else None
        if check is None:
            raise NotFoundError
        if lead_of(session, check.id) is not None:
            raise handed_over()
        _form, plan = asked_of(check, model_under(acting, check))
        asked = next((one.items for one in screens(plan) if one.number == number), None)
        if asked is None:
            raise NotFoundError
        if {one.item for one in typed} - {item.id for item in asked}:
            raise RefusedError({"item": "这一屏没有这道题。"})
        answers, changed = _with(check.answers, typed)
        if changed:
            # A new document: the database is told of a change by another object alone.
            check.answers, check.saved_at = answers, acting.now
        return changed


def handed_over() -> ConflictError:
    """Return the refusal of answers to a self-check that was handed over."""
    return ConflictError(
        HANDED_OVER, "这份自查已经随请求交出去了，不能再改。要重新答，请另做一份。"
    )


def _with(
    answers: Mapping[str, Any], typed: Sequence[Typed]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    kept, changed = dict(answers), []
    for one in typed:
        said = {"kind": one.given.kind, "value": encoded(one.given.value)}
        before = kept.pop(one.item, None)
        if one.given.kind != "cleared":
            kept[one.item] = said
        if kept.get(one.item) != before:
            changed.append(one.item)
    return kept, tuple(changed)


def begun_under(acting: Acting) -> Agreed:
    """Return the notice the stranger agreed to before the first question, word for word."""
    with acting.reading() as session:
        check, _lead, _house = own_rows(acting, session)
        document = kept_text(session, check.consent_version)
    return Agreed(check.consent_version, document, check.created_at)


# -- for the services of one self-check ------------------------------------------------------------


def own_rows(acting: Acting, session: ScopedSession) -> tuple[SelfCheck, Lead | None, CheckHouse]:
    """Return what belongs to the stranger; raises ``NotFoundError`` where it is gone."""
    check = session.find(SelfCheck, acting.person) if acting.role == "visitor" else None
    if check is None:
        raise NotFoundError
    return check, lead_of(session, check.id), house_of_row(own_consultancy(session))


def model_under(acting: Acting, check: SelfCheck, locale: str | None = None) -> MaturityModel:
    """Return the release a self-check was begun under, in a language (the reader's by default)."""
    wanted = acting.locale if locale is None else locale
    return model_of(acting.database, acting.settings, check.release_digest, wanted)


def asked_of(check: SelfCheck, model: MaturityModel) -> tuple[Form, Agenda]:
    """Return the form of a self-check and what its stranger is asked."""
    form, role = self_check_form(model), model.roles.get(check.role)
    if form is None or role is None:
        raise NotFoundError
    return form, agenda(model, form, role)


def standings(answers: Mapping[str, Any]) -> Mapping[str, Standing]:
    """Return stored answers as pages show them."""
    return {
        item: Standing(item, 0, said["kind"], said["value"], "", "", "", "", None)
        for item, said in answers.items()
    }


def _handed(lead: Lead | None) -> Handed | None:
    if lead is None:
        return None
    return Handed(lead.company, cast(LeadState, lead.state), lead.asked_at, lead.consent_version)
