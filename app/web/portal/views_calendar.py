"""The days ahead, and the secret address other calendars read them at."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import Response, flash, g, make_response, redirect, request, url_for

from app.domain.actuals import week_of, weeks_between
from app.extensions import limiter
from app.reporting.ical import MEDIA_TYPE
from app.services.errors import NotFoundError
from app.services.portal.agenda import AgendaItem, agenda_of
from app.services.portal.feeds import drop_feed, feed_address, make_feed, read_feed
from app.services.tokens import token_hash
from app.web.auth.arriving import caller
from app.web.policies import Right, policy
from app.web.portal import blueprint
from app.web.portal.showing import page
from app.web.presenting import say
from app.web.principal import acting
from app.web.wording import say_in
from app.web.workspace.posting import expect

AHEAD: Final = timedelta(days=34)
"""To the Sunday of the fifth week, this one included."""
_PER_FEED: Final = "30 per minute"
_PER_ADDRESS: Final = "300 per minute"


def _feed() -> str:
    """Return what stands for the address that is read; its secret is kept nowhere."""
    return f"feed:{token_hash((request.view_args or {}).get('token', ''))}"


@blueprint.get("/portal/<engagement>/calendar")
@policy(Right.CLIENT)
def calendar(engagement: str) -> Response:
    """Show the next four weeks, and how to have them in another calendar."""
    who = acting()
    items = agenda_of(who, engagement, who.today, week_of(who.today) + AHEAD)
    first = week_of(who.today)
    return page(
        engagement,
        "calendar",
        dated=[item for item in items if item.kind != "task"],
        mondays=weeks_between(first, first + AHEAD),
        rows=_rows(items),
        total=Counter(week_of(one.day) for one in items for _each in range(one.count)),
        address=feed_address(who, engagement),
        today=who.today,
    )


@dataclass(frozen=True, slots=True)
class SopRow:
    """A SOP, and how many of its tasks are due in each week (by its Monday)."""

    title: str
    count: Counter[date]


def _rows(items: Iterable[AgendaItem]) -> list[SopRow]:
    rows: dict[str, SopRow] = {}
    for item in items:
        if item.kind == "task":
            row = rows.setdefault(item.title, SopRow(item.title, Counter()))
            row.count[week_of(item.day)] += item.count
    return [rows[title] for title in sorted(rows)]


@blueprint.post("/portal/<engagement>/calendar/address")
@policy(Right.CLIENT)
def calendar_address(engagement: str) -> Response:
    """Make a new secret address; the one before works no longer."""
    expect()
    make_feed(acting(), engagement)
    flash(say("订阅地址已生成；以前的地址从现在起作废。"), "success")
    return _back(engagement)


@blueprint.post("/portal/<engagement>/calendar/revoke")
@policy(Right.CLIENT)
def calendar_revoke(engagement: str) -> Response:
    """Make the secret address void."""
    expect()
    drop_feed(acting(), engagement)
    flash(say("订阅地址已作废，别的日历不再更新。"), "success")
    return _back(engagement)


def _back(engagement: str) -> Response:
    target = url_for("portal.calendar", engagement=engagement, _anchor="subscribe")
    return make_response(redirect(target, 303))


@blueprint.get("/calendar/<token>.ics")
@policy(Right.PUBLIC)
@limiter.limit(_PER_FEED, key_func=_feed)
@limiter.limit(_PER_ADDRESS)
def feed(token: str) -> Response:
    """Give a calendar to the program that knows its address."""
    try:
        text = read_feed(caller(), token, titled)
    except NotFoundError:
        # Programs ask here, not people; and a page would repeat the address.
        return Response("Not Found\n", 404, content_type="text/plain; charset=utf-8")
    return Response(text, content_type=f"{MEDIA_TYPE}; charset=utf-8")


@blueprint.app_template_global()
def agenda_title(item: AgendaItem) -> str:
    """Return what a milestone is called on the page."""
    return titled(g.locale, item)


def titled(locale: str, item: AgendaItem | None) -> str:
    """Return what an item of a calendar is called; None is the calendar itself."""
    words = say_in(locale)
    if item is None:
        return words("诊脉日程")
    if item.kind == "begins":
        told = "{phase}开始（计划，过关后）" if item.planned else "{phase}开始"
        return words(told, phase=item.title)
    if item.kind == "gate":
        told = "{phase}过关检查（计划）" if item.planned else "{phase}过关检查"
        return words(told, phase=item.title)
    return words("{n}项任务：{sops}", n=item.count, sops=item.title)
