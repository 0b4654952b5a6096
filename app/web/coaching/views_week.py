"""The weekly check-in: every KPI against its plan, typed on the page."""

from collections.abc import Mapping, Sequence

from flask import Response, flash, g, make_response, redirect, request, url_for
from werkzeug.exceptions import UnprocessableEntity

from app.domain.check_in import CheckInLine
from app.services.coaching.actuals import FiguresRefusedError, WeekSheet, enter_actuals, week_of
from app.services.coaching.coached_plan import NotCoachedError
from app.services.coaching.reporters import ARCHIVED
from app.services.errors import ConflictError
from app.web.coaching import blueprint
from app.web.coaching.figures import FigureRow, FigureWords, percent_words
from app.web.coaching.showing import CONFLICT, REFUSED, day_of, not_coached, shown
from app.web.policies import Right, policy
from app.web.presenting import say, short_day
from app.web.principal import acting
from app.web.wording import say_in

_TREND_MOST = 6
_VALUE, _NOTE = "v.", "n."


@blueprint.get("/engagements/<engagement>/coaching")
@policy(Right.MEMBER)
def week(engagement: str) -> Response:
    """Show the check-in of a week."""
    who = acting()
    try:
        sheet = week_of(who, engagement, day_of(request.args.get("week")))
    except NotCoachedError:
        return not_coached(engagement, "week")
    return week_page(engagement, sheet)


@blueprint.post("/engagements/<engagement>/coaching/figures")
@policy(Right.WRITE)
def enter(engagement: str) -> Response:
    """Take the figures of a week."""
    who = acting()
    day = day_of(request.form.get("week"))
    if day is None:
        raise UnprocessableEntity
    values, notes = typed()
    try:
        sheet = enter_actuals(who, engagement, day, values, notes)
    except FiguresRefusedError as error:
        translate = say_in(g.locale)
        faults = {name: told.text(translate) for name, told in error.messages.items()}
        return week_page(engagement, week_of(who, engagement, day), faults, values, notes)
    except ConflictError as error:
        told = say(error.message, **error.values)
        if error.code == ARCHIVED:
            sheet = week_of(who, engagement, day)
            return week_page(engagement, sheet, {}, values, notes, told)
        flash(told, "warning")
    else:
        flash(say("{day}这一周的数已保存。", day=short_day(sheet.week)), "success")
    return _to_week(engagement, day.isoformat())


def typed() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the values and the notes of the figures that a form brought."""
    values, notes = {}, {}
    for name, given in request.form.items():
        if name.startswith(_VALUE):
            values[name.removeprefix(_VALUE)] = given
        elif name.startswith(_NOTE):
            notes[name.removeprefix(_NOTE)] = given
        elif name not in ("csrf_token", "week"):
            raise UnprocessableEntity
    return values, notes


def week_page(
    engagement: str,
    sheet: WeekSheet,
    faults: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
    notes: Mapping[str, str] | None = None,
    refusal: str = "",
) -> Response:
    """Return the page of a week; what was refused stands in its boxes with what is wrong."""
    words = FigureWords(sheet.coached.model, g.locale)
    rows = [words.row(figure) for figure in sheet.figures]
    own = [row for row in rows if row.figure.line.focus]
    sparks = [
        (row, spark)
        for row in own
        if (spark := words.spark(row.figure.kpi, sheet.trends[row.figure.kpi.id]))
    ]
    return shown(
        engagement,
        "week",
        sheet.coached,
        CONFLICT if refusal else REFUSED if faults else 200,
        sheet=sheet,
        focus=own,
        others=[row for row in rows if not row.figure.line.focus],
        judged_any=any(row.figure.line.deviation is not None for row in rows),
        missing=[row.figure.kpi.title for row in rows if row.figure.line.missing],
        explained=[row for row in rows if row.behind],
        best=_of(rows, sheet.check_in.best),
        worst=_of(rows, sheet.check_in.worst),
        stores=[(store, [words.row(figure) for figure in store.figures]) for store in sheet.stores],
        sparks=sparks[:_TREND_MOST],
        share=percent_words(sheet.share),
        faults=faults or {},
        values=values or {},
        notes=notes or {},
        refusal=refusal,
    )


def _of(rows: Sequence[FigureRow], line: CheckInLine | None) -> FigureRow | None:
    return next((row for row in rows if row.figure.line is line), None)


def _to_week(engagement: str, week: str) -> Response:
    return make_response(redirect(url_for("coaching.week", engagement=engagement, week=week), 303))
