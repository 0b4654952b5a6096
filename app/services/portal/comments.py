"""Talk about findings: a contact says something, the consultant answers; both are told by mail.

A person gets at most one letter a day about an engagement; whatever is said meanwhile is covered
by the next, which already waits in the outbox.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.services.access import Opened, open_engagement
from app.services.acting import Acting
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.record.recording import record
from app.services.releases import model_of
from app.services.work.mailing import enqueue
from app.store.contacts import readers_of, writers_of
from app.store.reports import hold_engagement
from app.store.rows import CommentNotice, FindingComment
from app.store.scope import ScopedSession
from app.store.sharing import comments_of, comments_on, held_notice

COMMENT_LIMIT: Final = 1_000
MOST: Final = 200
"""Comments one finding can have."""
EVERY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said; ``ours``: a member of the consultancy said it."""

    who: str
    ours: bool
    said: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """All that was said of one finding. ``waits``: the client had the last word."""

    rule: str
    code: str
    title: str
    comments: tuple[Comment, ...]

    @property
    def waits(self) -> bool:
        """Whether the client waits for an answer."""
        return bool(self.comments) and not self.comments[-1].ours


def thread_on(acting: Acting, engagement: str, rule: str) -> tuple[Comment, ...]:
    """Return what was said of a finding, the oldest first; raises ``NotFoundError``."""
    acting.must_see_all()
    with acting.reading() as session:
        open_engagement(acting, session, engagement)
        return tuple(map(_comment, comments_on(session, engagement, rule)))


def threads_of(acting: Acting, engagement: str) -> tuple[Thread, ...]:
    """Return every thread of an engagement, those that wait for an answer first."""
    acting.must_see_all()
    with acting.reading() as session:
        opened = open_engagement(acting, session, engagement)
        rows = comments_of(session, engagement)
    digest = opened.engagement.release_digest
    model = model_of(acting.database, acting.settings, digest, acting.locale)
    by_rule: dict[str, list[FindingComment]] = {}
    for row in rows:
        by_rule.setdefault(row.rule, []).append(row)
    threads = [
        Thread(
            rule,
            model.rules[rule].code if rule in model.rules else "",
            model.rules[rule].finding if rule in model.rules else "",
            tuple(map(_comment, said)),
        )
        for rule, said in by_rule.items()
    ]
    return tuple(sorted(threads, key=lambda one: (not one.waits, -one.comments[-1].at.timestamp())))


def comment_counts(acting: Acting, engagement: str) -> dict[str, int]:
    """Return how many comments each finding has, by rule."""
    acting.must_see_all()
    counts: dict[str, int] = {}
    with acting.reading() as session:
        open_engagement(acting, session, engagement)
        for row in comments_of(session, engagement):
            counts[row.rule] = counts.get(row.rule, 0) + 1
    return counts


def say_of(acting: Acting, engagement: str, rule: str, said: str) -> None:
    """Add a comment, by a contact or by a member, and have the other side told.

    A text sent twice in a row by the same person is one comment. Raises ``NotFoundError`` (no such
    rule), ``NotAllowedError``, ``RefusedError`` and ``ConflictError`` ("archived", "many").
    """
    acting.must_see_all()
    if acting.role != "client":
        acting.must_write()
    words = _checked(said)
    with acting.writing() as session:
        opened = open_engagement(acting, session, engagement)
        if opened.engagement.archived_at is not None:
            raise ConflictError("archived", "这个项目已经归档，不能再留言。")
        model = model_of(acting.database, acting.settings, opened.engagement.release_digest)
        if rule not in model.rules:
            raise NotFoundError
        hold_engagement(session, engagement)
        before = comments_on(session, engagement, rule)
        if len(before) >= MOST:
            raise ConflictError("many", "这条发现下的留言已满{n}条，请改用电话或邮件。", n=MOST)
        if before and before[-1].said == words and _by(before[-1]) == acting.person:
            return
        _store(acting, session, engagement, rule, words, len(before) + 1)
        _tell(acting, session, opened, before)
        code = model.rules[rule].code
        record(acting, session, "finding.commented", "finding", code, engagement, code=code)


def _checked(said: str) -> str:
    words = said.strip()
    if not words:
        raise RefusedError({"said": "请写下要说的话。"})
    if len(words) > COMMENT_LIMIT:
        raise RefusedError({"said": "写得太长了，请缩短。"})
    return words


def _store(
    acting: Acting, session: ScopedSession, engagement: str, rule: str, words: str, number: int
) -> None:
    is_contact = acting.role == "client"
    session.add(
        FindingComment(
            engagement_id=engagement,
            rule=rule,
            number=number,
            member_id=None if is_contact else acting.person,
            contact_id=acting.person if is_contact else None,
            author=acting.name,
            said=words,
            at=acting.now,
        )
    )


def _tell(
    acting: Acting, session: ScopedSession, opened: Opened, before: Sequence[FindingComment]
) -> None:
    """Write to the team of what a contact said, to the thread's contacts of an answer."""
    row, client = opened.engagement, opened.client
    if acting.role == "client":
        for member in writers_of(session, row.id):
            values = {
                "name": member.name, "client": client.name, "title": row.title,
                "engagement": row.id,
            }  # fmt: skip
            _post(acting, session, row.id, member.id, "comments-new",
                  member.email, member.locale, values)  # fmt: skip
        return
    took_part = {one.contact_id for one in before}
    for contact in readers_of(session, row.id):
        if contact.id in took_part:
            values = {"name": contact.name, "client": client.name}
            _post(acting, session, row.id, contact.id, "comments-answered",
                  contact.email, contact.locale, values)  # fmt: skip


def _post(
    acting: Acting,
    session: ScopedSession,
    engagement: str,
    person: str,
    name: str,
    email: str,
    locale: str,
    values: dict[str, str],
) -> None:
    """Put a letter into the outbox for now, or for a day after the one before."""
    notice = held_notice(session, engagement, person)
    if notice is not None and notice.due_at > acting.now:
        # A letter waits already, and tells of this as well.
        return
    due = acting.now if notice is None else max(acting.now, notice.due_at + EVERY)
    mail = enqueue(session, acting.now, name, email, locale, values)
    mail.due_at = due
    if notice is None:
        session.add(CommentNotice(engagement_id=engagement, person=person, due_at=due))
    else:
        notice.due_at = due


def _by(row: FindingComment) -> str:
    return row.contact_id or row.member_id or ""


def _comment(row: FindingComment) -> Comment:
    return Comment(row.author, row.contact_id is None, row.said, row.at)
