"""Teams: which members work on an engagement."""

from dataclasses import dataclass

from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.errors import ConflictError, NotFoundError
from app.services.record.recording import record
from app.store.clients import active_members, team_members
from app.store.rows import Member, TeamMember


@dataclass(frozen=True, slots=True)
class Person:
    """A member as others see them."""

    id: str
    name: str
    role: str


def may_join(acting: Acting, engagement: str) -> tuple[Person, ...]:
    """Return the members who are not on the team of an engagement yet."""
    with acting.reading() as session:
        open_engagement(acting, session, engagement)
        on_it = {one.id for one in team_members(session, engagement)}
        return tuple(
            Person(one.id, one.name, one.role)
            for one in active_members(session)
            if one.id not in on_it
        )


def join_team(acting: Acting, engagement: str, member: str) -> None:
    """Put a member on the team; raises ``NotFoundError`` for anybody but an active member."""
    acting.must_write()
    with acting.writing() as session:
        open_engagement(acting, session, engagement)
        row = session.find(Member, member)
        if row is None or row.disabled_at is not None:
            raise NotFoundError
        if session.find(TeamMember, engagement, member) is None:
            session.add(TeamMember(engagement_id=engagement, member_id=member))
            record(acting, session, "team.joined", "member", member, engagement, member=row.name)


def leave_team(acting: Acting, engagement: str, member: str) -> None:
    """Take a member off the team; raises ``ConflictError`` ("last") for the last one on it."""
    acting.must_write()
    with acting.writing() as session:
        open_engagement(acting, session, engagement)
        found = session.find(TeamMember, engagement, member)
        if found is None:
            raise NotFoundError
        team = team_members(session, engagement)
        if len(team) == 1:
            raise ConflictError("last", "项目里至少要留一个人。请先把接手的人加进来。")
        session.delete(found)
        name = next(one.name for one in team if one.id == member)
        record(acting, session, "team.left", "member", member, engagement, member=name)
