"""Faults of isolation, planted one at a time, to prove that the matrix sees them.

Each is a mistake somebody could make in one line: a filter left out, a policy too wide, a join
that lost a condition, a wall taken down.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import event, select, true, update

from app.services import access
from app.services.accounts import devices, sessions
from app.services.acting import Acting
from app.services.answers import attaching
from app.services.coaching import reporters
from app.services.errors import NotAllowedError, NotFoundError
from app.services.portal.sessions import ContactIn
from app.services.record import reading as reading_the_record
from app.services.respondents import photographing, responding
from app.services.selfcheck import answering
from app.store import (
    answers,
    clients,
    doors,
    engagements,
    interviews,
    invitations,
    record,
    reports,
    scope,
    selfchecks,
)
from app.store.respondents import find_invited
from app.store.rows import (
    Attachment,
    Client,
    DeviceSession,
    Engagement,
    Invitation,
    Lead,
    Report,
    Response,
    SelfCheck,
)
from app.store.scope import INSTALLATION, ScopedSession
from app.web import principal
from app.web.policies import _POLICY, Right
from tests.web.matrix.world import World

Plant = Callable[["Ground"], None]


@dataclass(frozen=True)
class Ground:
    """Where a bug is planted; what was there comes back at the end."""

    world: World
    patch: pytest.MonkeyPatch
    undoing: ExitStack

    def everywhere(self, module: Any, name: str, new: Any) -> None:
        """Replace a function in its module and wherever it was imported to."""
        old = getattr(module, name)
        for other in [*sys.modules.values()]:
            if getattr(other, "__name__", "").startswith("app."):
                for alias in [alias for alias, value in vars(other).items() if value is old]:
                    self.patch.setattr(other, alias, new)

    def view(self, endpoint: str, change: Callable[[Callable[..., Any]], Any]) -> None:
        """Replace a view, keeping its policy."""
        app: Flask = self.world.app
        old = app.view_functions[endpoint]
        new = change(old)
        setattr(new, _POLICY, getattr(old, _POLICY))
        self.patch.setitem(app.view_functions, endpoint, new)


@dataclass(frozen=True)
class Bug:
    """A fault, how it is planted, and where it must be noticed and by whom."""

    name: str
    plant: Plant
    principal: str
    endpoints: tuple[str, ...]


@contextmanager
def planted(bug: Bug, world: World) -> Iterator[None]:
    """Have a bug in the application for a while."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as undoing:
        bug.plant(Ground(world, patch, undoing))
        yield


# -- walls and filters -------------------------------------------------------------------------


def no_criteria(ground: Ground) -> None:
    event.remove(ScopedSession, "do_orm_execute", scope._fence_query)
    ground.undoing.callback(event.listen, ScopedSession, "do_orm_execute", scope._fence_query)


def found_by_id_alone(ground: Ground) -> None:
    def find(session: ScopedSession, row: Any, *key: Any) -> Any:
        before, session.info["scope"] = session.info["scope"], INSTALLATION
        try:
            if len(key) > 1:
                return session.get(row, (before, *key))
            return session.scalars(select(row).where(row.id == key[0])).first()
        finally:
            session.info["scope"] = before

    ground.patch.setattr(ScopedSession, "find", find)
    a_photo_of_another_engagement(ground)


def everybody_is_on_the_team(ground: Ground) -> None:
    ground.everywhere(engagements, "seen_by", lambda _member: true())
    # The queries are kept once they were put together: here they are put together anew.
    for module, name in ((engagements, "_one"), (answers, "_held_in_engagement")):
        ground.patch.setattr(module, name, getattr(module, name).__wrapped__)


def everybody_sees_as_an_owner(ground: Ground) -> None:
    ground.everywhere(access, "sees_as", lambda _acting: None)


def every_client_is_listed(ground: Ground) -> None:
    ground.everywhere(clients, "clients_seen_by", lambda _member: true())
    ground.patch.setattr(clients, "_listed", clients._listed.__wrapped__)


def the_record_is_open(ground: Ground) -> None:
    asked = reading_the_record._wanted
    ground.patch.setattr(
        reading_the_record, "_wanted", lambda *given: replace(asked(*given), seen_by=None)
    )


def the_export_is_of_all_tenants(ground: Ground) -> None:
    read = record.events

    def events(session: ScopedSession, *given: Any) -> Any:
        session.info["scope"] = INSTALLATION
        return read(session, *given)

    ground.everywhere(record, "events", events)


def the_shelf_holds_every_report(ground: Ground) -> None:
    ground.patch.setattr(reports, "seen_by", lambda _member: true())


# -- joins and paths ---------------------------------------------------------------------------


def a_response_of_another_engagement(ground: Ground) -> None:
    ground.everywhere(
        interviews, "find_response", lambda session, _engagement, name: session.find(Response, name)
    )


def a_report_of_another_engagement(ground: Ground) -> None:
    ground.everywhere(
        reports, "find_report", lambda session, _engagement, name: session.find(Report, name)
    )


def a_photo_of_another_guest(ground: Ground) -> None:
    ground.everywhere(photographing, "_own", lambda s, _r, name: s.find(Attachment, name))


def a_photo_of_another_engagement(ground: Ground) -> None:
    ground.patch.setattr(attaching, "_response", lambda s, _e, name: s.find(Response, name))


def cards_of_other_engagements(ground: Ground) -> None:
    def find(session: ScopedSession, _engagement: str, names: Any) -> Any:
        return session.scalars(select(Invitation).where(Invitation.id.in_(list(names)))).all()

    ground.everywhere(invitations, "find_invitations", find)


def anybodys_device(ground: Ground) -> None:
    close = devices.close_device

    def close_any(acting: Any, device: str) -> None:
        with acting.reading() as session:
            row = session.find(DeviceSession, device)
            if row is None:
                raise NotFoundError
            owner = row.member_id
        close(replace(acting, person=owner), device)

    ground.everywhere(devices, "close_device", close_any)


def answers_of_another_guest(ground: Ground) -> None:
    def own(acting: Any, session: ScopedSession) -> Any:
        own_one = find_invited(session, acting.person)
        assert own_one is not None
        others = invitations.invited_responses(session, own_one.engagement.id)
        other = next(name for name in others if name != acting.person)
        return find_invited(session, other)

    ground.everywhere(responding, "own_rows", own)


# -- policies ----------------------------------------------------------------------------------


def policy_of(endpoint: str, right: Right) -> Plant:
    def plant(ground: Ground) -> None:
        view = ground.world.app.view_functions[endpoint]
        before = getattr(view, _POLICY)
        setattr(view, _POLICY, right)
        ground.undoing.callback(setattr, view, _POLICY, before)

    return plant


def only_looking_writes(ground: Ground) -> None:
    """Leave both locks of a change open: the policy, and the check in the service."""
    policy_of("workspace.put_engagement_away", Right.SELF)(ground)
    ground.patch.setattr(Acting, "must_write", lambda _acting: None)


def leads_for_viewers(ground: Ground) -> None:
    policy_of("leads.board", Right.MEMBER)(ground)
    ground.patch.setattr(Acting, "must_write", lambda _acting: None)


def anybody_owns(ground: Ground) -> None:
    policy_of("admin.disable_member", Right.SELF)(ground)
    ground.patch.setattr(Acting, "must_own", lambda _acting: None)


# -- who is calling ----------------------------------------------------------------------------


def disabled_people_come_in(ground: Ground) -> None:
    ask = doors.device_by_token

    def found(session: ScopedSession, name: str) -> Any:
        answer = ask(session, name)
        return None if answer is None else replace(answer, disabled_at=None)

    ground.patch.setattr(sessions, "device_by_token", found)


def revoked_sessions_go_on(ground: Ground) -> None:
    ask = doors.device_by_token

    def found(session: ScopedSession, name: str) -> Any:
        answer = ask(session, name)
        return None if answer is None else replace(answer, revoked_at=None)

    ground.patch.setattr(sessions, "device_by_token", found)


def the_second_factor_is_not_asked(ground: Ground) -> None:
    ground.patch.setattr(principal.Member, "verified", True)


def expired_links_go_on(ground: Ground) -> None:
    def good(*_given: Any) -> bool:
        return True

    ask = doors.respondent_by_token

    def found(session: ScopedSession, name: str) -> Any:
        answer = ask(session, name)
        if answer is not None:
            device, invitation = answer
            invitation.expires_at, invitation.revoked_at = device.expires_at, None
        return answer

    ground.everywhere(responding, "is_good", good)
    ground.patch.setattr(sessions, "respondent_by_token", found)


# -- answers that tell, looks that write -------------------------------------------------------


def _opening(ground: Ground, otherwise: Callable[[str], Exception]) -> None:
    """Answer otherwise for an engagement that exists, but not for this person."""
    open_one = access.open_engagement

    def opened(acting: Any, session: ScopedSession, engagement: str) -> Any:
        try:
            return open_one(acting, session, engagement)
        except NotFoundError:
            with acting.database.reading(INSTALLATION) as wide:
                if wide.scalars(select(Engagement).where(Engagement.id == engagement)).first():
                    raise otherwise(engagement) from None
            raise

    ground.everywhere(access, "open_engagement", opened)


def foreign_is_forbidden_not_missing(ground: Ground) -> None:
    _opening(ground, lambda _engagement: NotAllowedError())


def a_page_that_tells_it_exists(ground: Ground) -> None:
    def change(view: Callable[..., Any]) -> Any:
        def told(engagement: str) -> Any:
            with ground.world.database.reading(INSTALLATION) as wide:
                there = wide.scalars(select(Engagement).where(Engagement.id == engagement)).first()
            try:
                return view(engagement)
            except NotFoundError:
                if there is None:
                    raise
                return "not for you", 404

        return told

    ground.view("workspace.engagement", change)


def looking_writes(ground: Ground) -> None:
    def change(view: Callable[..., Any]) -> Any:
        def looked(client: str) -> Any:
            page = view(client)
            with ground.world.database.writing(INSTALLATION) as wide:
                wide.execute(update(Client).where(Client.id == client).values(note="seen"))
            return page

        return looked

    ground.view("workspace.client", change)


def a_change_without_a_tenant(ground: Ground) -> None:
    def change(view: Callable[..., Any]) -> Any:
        def put_away(client: str) -> Any:
            page = view(client)
            with ground.world.database.writing(INSTALLATION) as wide:
                wide.execute(update(Client).values(industry=""))
            return page

        return put_away

    ground.view("workspace.put_client_away", change)


def a_refusal_that_came_too_late(ground: Ground) -> None:
    def change(view: Callable[..., Any]) -> Any:
        def changed(engagement: str) -> Any:
            with ground.world.database.writing(INSTALLATION) as wide:
                found = update(Engagement).where(Engagement.id == engagement)
                wide.execute(found.values(title="late"))
            return view(engagement)

        return changed

    ground.view("workspace.put_engagement_away", change)


# -- strangers -------------------------------------------------------------------------------------


def anybodys_self_check(ground: Ground) -> None:
    own = answering.own_rows

    def another(acting: Any, session: ScopedSession) -> Any:
        others = select(SelfCheck.id).where(SelfCheck.id != acting.person)
        name = session.scalars(others.order_by(SelfCheck.created_at, SelfCheck.id)).first()
        return own(replace(acting, person=name), session)

    ground.everywhere(answering, "own_rows", another)


def a_lead_by_its_id_alone(ground: Ground) -> None:
    def find(session: ScopedSession, lead: str) -> Any:
        before, session.info["scope"] = session.info["scope"], INSTALLATION
        try:
            return session.execute(selfchecks._with_check().where(Lead.id == lead)).first()
        finally:
            session.info["scope"] = before

    ground.everywhere(selfchecks, "find_lead", find)


# -- the client's portal -----------------------------------------------------------------------


def every_engagement_is_shared(ground: Ground) -> None:
    ground.patch.setattr(engagements, "shared_with", lambda _contact: true())


def whoever_was_shut_out_comes_in(ground: Ground) -> None:
    ground.patch.setattr(doors, "may_come_in", true)


def a_store_manager_sees_the_whole(ground: Ground) -> None:
    ground.patch.setattr(ContactIn, "whole", True)
    ground.patch.setattr(Acting, "must_see_all", lambda _acting: None)


def a_contact_settles_for_every_store(ground: Ground) -> None:
    ground.everywhere(reporters, "must_report", lambda *_given: None)


OWNER_B: Final = "other tenant's owner"
OUTSIDER: Final = "consultant not on the team"
INSIDER: Final = "consultant on the team"

OTHER_CLIENT: Final = "contact of another client"
SHUT_OUT: Final = "contact who was shut out"
MANAGER: Final = "store manager"

BUGS: Final[tuple[Bug, ...]] = (
    Bug("everybody's engagements are shared", every_engagement_is_shared, OTHER_CLIENT,
        ("portal.home",)),
    Bug("a contact comes back in", whoever_was_shut_out_comes_in, SHUT_OUT, ("portal.door",)),
    Bug("a store manager reads the report", a_store_manager_sees_the_whole, MANAGER,
        ("portal.file",)),
    Bug("a store settles for all", a_contact_settles_for_every_store, MANAGER, ("portal.settle",)),
    Bug("queries without the tenant", no_criteria, OWNER_B, ("workspace.engagement",)),
    Bug("lists without the tenant", no_criteria, "owner", ("workspace.clients", "admin.members")),
    Bug("rows found by their id alone", found_by_id_alone, INSIDER, ("interview.photo",)),
    Bug("a team everybody is on", everybody_is_on_the_team, OUTSIDER, ("workspace.engagement",)),
    Bug("everybody sees like an owner", everybody_sees_as_an_owner, OUTSIDER, ("workspace.home",)),
    Bug("every client is listed", every_client_is_listed, OUTSIDER, ("workspace.clients",)),
    Bug("one's own lines are all lines", the_record_is_open, OUTSIDER, ("admin.record",)),
    Bug("an export of all tenants", the_export_is_of_all_tenants, "owner", ("admin.export",)),
    Bug("a shelf of all reports", the_shelf_holds_every_report, OUTSIDER, ("reports.shelf_page",)),
    Bug("an interview by another's path", a_response_of_another_engagement, INSIDER,
        ("interview.history",)),
    Bug("a report by another's path", a_report_of_another_engagement, INSIDER, ("reports.file",)),
    Bug("a photo by another's path", a_photo_of_another_engagement, INSIDER, ("interview.photo",)),
    Bug("a photo of another guest", a_photo_of_another_guest, "respondent", ("respond.photo",)),
    Bug("sheets of other engagements", cards_of_other_engagements, INSIDER,
        ("workspace.invitation_sheet",)),
    Bug("anybody's device", anybodys_device, INSIDER, ("auth.close_device",)),
    Bug("answers of another guest", answers_of_another_guest, "respondent",
        ("respond.screen", "respond.review")),
    Bug("PUBLIC instead of MEMBER", policy_of("workspace.clients", Right.PUBLIC),
        "second factor due", ("workspace.clients",)),
    Bug("MEMBER instead of OWNER", policy_of("admin.member", Right.MEMBER), INSIDER,
        ("admin.member",)),
    Bug("MEMBER instead of WRITE", policy_of("workspace.invitation", Right.MEMBER),
        "viewer on the team", ("workspace.invitation",)),
    Bug("SELF instead of WRITE", only_looking_writes, "viewer on the team",
        ("workspace.put_engagement_away",)),
    Bug("SELF instead of OWNER", anybody_owns, INSIDER, ("admin.disable_member",)),
    Bug("disabled people come in", disabled_people_come_in, "disabled member",
        ("workspace.client",)),
    Bug("revoked sessions go on", revoked_sessions_go_on, "revoked session",
        ("workspace.client",)),
    Bug("no second factor is asked for", the_second_factor_is_not_asked, "second factor due",
        ("workspace.clients",)),
    Bug("expired links go on", expired_links_go_on, "respondent with an expired link",
        ("respond.home",)),
    Bug("revoked links go on", expired_links_go_on, "respondent with a revoked link",
        ("respond.home",)),
    Bug("forbidden, not missing", foreign_is_forbidden_not_missing, OWNER_B,
        ("workspace.engagement",)),
    Bug("a page that tells it exists", a_page_that_tells_it_exists, OWNER_B,
        ("workspace.engagement",)),
    Bug("looking writes", looking_writes, INSIDER, ("workspace.client",)),
    Bug("a change without a tenant", a_change_without_a_tenant, INSIDER,
        ("workspace.put_client_away",)),
    Bug("a refusal that came too late", a_refusal_that_came_too_late, OWNER_B,
        ("workspace.put_engagement_away",)),
    Bug("another stranger's request", anybodys_self_check, "visitor who has asked",
        ("check.notice", "check.result")),
    Bug("a lead by its id alone", a_lead_by_its_id_alone, OWNER_B, ("leads.lead",)),
    Bug("leads for people who look on", leads_for_viewers, "viewer on the team", ("leads.board",)),
)  # fmt: skip
