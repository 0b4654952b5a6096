"""The KPIs of a week: typed on a page, or taken away and brought back as a sheet."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from flask import Response, flash, g, make_response, redirect, request, url_for
from markupsafe import Markup

from app.domain.definitions.kpi import Kpi
from app.extensions import limiter
from app.forms.messages import Message
from app.services.coaching.actuals import FiguresRefusedError, WeekSheet
from app.services.coaching.coached_plan import NotCoachedError
from app.services.errors import ConflictError, NotFoundError, ThrottledError
from app.services.portal.coached import (
    client_sheet,
    client_week,
    enter_as_client,
    take_client_sheet,
)
from app.services.portal.shared import portal_frame
from app.services.workbooks.listing import (
    LARGEST,
    ListRefusedError,
    Mistake,
    WorkbookRefusedError,
)
from app.web.coaching.figures import FigureRow, FigureWords
from app.web.policies import Right, policy
from app.web.portal import blueprint
from app.web.portal.showing import page
from app.web.portal.views_tasks import asked_week
from app.web.presenting import say
from app.web.principal import acting
from app.web.sending import workbook_sent
from app.web.uploads import takes_file
from app.web.wording import say_in
from app.web.workspace.posting import expect

REFUSED: Final = 422
CONFLICT: Final = 409
NOTE: Final = "note:"
_PER_PERSON: Final = "60/minute"


def _person() -> str:
    return f"contact:{acting().person}"


@blueprint.get("/portal/<engagement>/kpis")
@policy(Right.CLIENT)
def kpis(engagement: str) -> Response:
    """Show the KPIs of a week."""
    return _week_page(engagement, asked_week())


@blueprint.post("/portal/<engagement>/kpis")
@policy(Right.CLIENT)
@limiter.limit(_PER_PERSON, key_func=_person)
def enter_kpis(engagement: str) -> Response:
    """Take what was typed for a week."""
    week = _posted_week()
    sheet = client_week(acting(), engagement, week)
    names = [figure.name for figure in sheet.every() if not figure.counted]
    expect("week", *names, *(f"{NOTE}{name}" for name in names))
    given = {name: request.form[name] for name in names if name in request.form}
    notes = {name: request.form.get(f"{NOTE}{name}", "") for name in given}
    try:
        enter_as_client(acting(), engagement, week, given, notes)
    except FiguresRefusedError as error:
        return _week_page(engagement, week, REFUSED, typed=given, notes=notes, wrong=error.messages)
    except ConflictError as error:
        told = say(error.message, **error.values)
        return _week_page(engagement, week, CONFLICT, typed=given, notes=notes, refused=told)
    else:
        flash(say("这一周的数已记下。改过的数，原来的也留着，查得到。"), "success")
    return _to_week(engagement, week)


@blueprint.get("/portal/<engagement>/kpis/sheet.xlsx")
@policy(Right.CLIENT)
def kpi_sheet(engagement: str) -> Response:
    """Hand out the sheet of a week to fill in."""
    week = asked_week() or acting().today
    data = client_sheet(acting(), engagement, week, say_in(g.locale))
    return workbook_sent(data, f"{say('周报')}-{week.isoformat()}")


@blueprint.post("/portal/<engagement>/kpis/sheet")
@policy(Right.CLIENT)
@takes_file(LARGEST)
@limiter.limit(_PER_PERSON, key_func=_person)
def upload_kpis(engagement: str) -> Response:
    """Take the figures of a sheet: all of them, or none."""
    expect("week")
    week = _posted_week()
    file = request.files.get("sheet")
    try:
        if file is None or not file.filename:
            raise WorkbookRefusedError("还没有选文件。请选一个填好的.xlsx文件。")
        take_client_sheet(acting(), engagement, week, file.read(LARGEST + 1), say_in(g.locale))
    except WorkbookRefusedError as error:
        return _week_page(engagement, week, REFUSED, refusal=say(error.message, **error.values))
    except ListRefusedError as error:
        return _week_page(engagement, week, REFUSED, mistakes=error.mistakes, total=error.total)
    except NotCoachedError:
        return _week_page(engagement, week, REFUSED)
    except ConflictError as error:
        flash(say(error.message, **error.values), "error")
    except ThrottledError:
        flash(say("一小时里传得太多了，请过一会儿再传。"), "warning")
    else:
        flash(say("表里的数已记下。空着的行没有动。"), "success")
    return _to_week(engagement, week)


def _week_page(
    engagement: str,
    week: date | None,
    status: int = 200,
    *,
    typed: Mapping[str, str] | None = None,
    notes: Mapping[str, str] | None = None,
    wrong: Mapping[str, Message] | None = None,
    refused: str = "",
    refusal: str = "",
    mistakes: Sequence[Mistake] = (),
    total: int = 0,
) -> Response:
    portal_frame(acting(), engagement)
    sheet: WeekSheet | None
    try:
        sheet = client_week(acting(), engagement, week)
    except NotCoachedError:
        sheet = None
    except NotFoundError:
        if not acting().store:
            raise
        return page(engagement, "no_store")
    say_here = say_in(g.locale)
    return page(
        engagement,
        "kpis",
        status,
        sheet=sheet,
        typed=typed or {},
        notes=notes or {},
        wrong={name: words.text(say_here) for name, words in (wrong or {}).items()},
        refused=refused,
        refusal=refusal,
        mistakes=mistakes,
        total=total,
        rows=_rows(sheet),
        sparks=_sparks(sheet),
    )


def _rows(sheet: WeekSheet | None) -> dict[str, FigureRow]:
    """Return every figure of a week in words, by its name."""
    if sheet is None:
        return {}
    words = FigureWords(sheet.coached.model, g.locale)
    return {figure.name: words.row(figure) for figure in sheet.every()}


def _sparks(sheet: WeekSheet | None) -> list[tuple[Kpi, Markup]]:
    """Return the course of the KPIs the phase is about."""
    if sheet is None:
        return []
    words = FigureWords(sheet.coached.model, g.locale)
    drawn = (
        (figure.kpi, words.spark(figure.kpi, sheet.trends[figure.kpi.id]))
        for figure in sheet.figures
        if figure.line.focus
    )
    return [(kpi, svg) for kpi, svg in drawn if svg]


def _posted_week() -> date:
    try:
        return date.fromisoformat(request.form.get("week", ""))
    except ValueError:
        return acting().today


def _to_week(engagement: str, week: date) -> Response:
    target = url_for("portal.kpis", engagement=engagement, week=week.isoformat())
    return make_response(redirect(target, 303))
