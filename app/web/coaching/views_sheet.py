"""The week in Excel: the sheet to fill in, and the sheet filled in."""

from collections.abc import Sequence

from flask import Response, flash, g, make_response, redirect, request, url_for

from app.services.coaching.coached_plan import open_coached
from app.services.coaching.sheets import read_sheet, sheet_for
from app.services.errors import ConflictError
from app.services.workbooks.listing import (
    LARGEST,
    ListRefusedError,
    Mistake,
    WorkbookRefusedError,
)
from app.web.coaching import blueprint
from app.web.coaching.showing import REFUSED, day_of, shown
from app.web.policies import Right, policy
from app.web.presenting import say, short_day
from app.web.principal import acting
from app.web.sending import workbook_sent
from app.web.uploads import takes_file
from app.web.wording import say_in
from app.web.workspace.posting import expect, saves


@blueprint.get("/engagements/<engagement>/coaching/sheet.xlsx")
@policy(Right.MEMBER)
def sheet(engagement: str) -> Response:
    """Hand out the sheet of a week."""
    who = acting()
    day = day_of(request.args.get("week")) or who.today
    data = sheet_for(who, engagement, day, say_in(g.locale))
    client = open_coached(who, engagement).opened.client.name
    return workbook_sent(data, "-".join((client, say("周报"), day.isoformat())))


@blueprint.route("/engagements/<engagement>/coaching/sheet", methods=["GET", "POST"])
@policy(Right.WRITE)
@takes_file(LARGEST)
def take_sheet(engagement: str) -> Response:
    """Take the figures of a week from a sheet: all of them, or none."""
    expect("week")
    who = acting()
    coached = open_coached(who, engagement)
    day = day_of(request.values.get("week")) or who.today
    refusal, total = "", 0
    mistakes: Sequence[Mistake] = ()
    if saves():
        file = request.files.get("sheet")
        try:
            if file is None or not file.filename:
                raise WorkbookRefusedError("还没有选文件。请选一个填好的.xlsx文件。")
            data = file.read(LARGEST + 1)
            found = read_sheet(who, engagement, day, data, say_in(g.locale))
        except WorkbookRefusedError as error:
            refusal = say(error.message, **error.values)
        except ConflictError as error:
            refusal = say(error.message, **error.values)
        except ListRefusedError as error:
            mistakes, total = error.mistakes, error.total
        else:
            flash(say("表里的数已存进{day}这一周。", day=short_day(found.week)), "success")
            to = url_for("coaching.week", engagement=engagement, week=found.week.isoformat())
            return make_response(redirect(to, 303))
    status = REFUSED if saves() else 200
    return shown(
        engagement, "sheet", coached, status,
        day=day, refusal=refusal, mistakes=mistakes, total=total,
    )  # fmt: skip
