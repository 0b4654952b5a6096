"""The record: who did what and when, filtered, exported, checked."""

from datetime import date

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for

from app.services.reading_the_record import (
    AREAS,
    Asked,
    Spoken,
    broken_line,
    export_record,
    read_record,
)
from app.services.workbook_writing import MEDIA_TYPE
from app.web.admin import blueprint
from app.web.admin.record_words import details, details_said, said
from app.web.policies import Right, policy
from app.web.principal import acting
from app.web.wording import say_in

HEADINGS = (
    "序号",
    "时间",
    "谁",
    "做了什么",
    "动作代码",
    "对象",
    "对象编号",
    "项目",
    "细节",
    "来源地址",
)


@blueprint.get("/record")
@policy(Right.MEMBER)
def record() -> str:
    """Show the record, newest first, narrowed by what the address asks for."""
    asked = _asked()
    pages, choices = read_record(acting(), asked)
    return render_template(
        "admin/record.html",
        asked=asked,
        pages=pages,
        choices=choices,
        areas=AREAS,
        said=said,
        details=details,
        filters=_filters(),
    )


@blueprint.post("/record/export")
@policy(Right.SELF)
def export() -> Response:
    """Hand the lines out as a workbook; that somebody did is recorded."""
    say = say_in(g.locale)
    spoken = Spoken([say(heading) for heading in HEADINGS], said, details_said)
    book = export_record(acting(), _asked(), spoken)
    response = make_response(book)
    response.headers["Content-Type"] = MEDIA_TYPE
    response.headers["Content-Disposition"] = 'attachment; filename="record.xlsx"'
    return response


@blueprint.post("/record/check")
@policy(Right.OWNER)
def check() -> Response:
    """Tell whether any line of the record was changed, removed or put in."""
    say = say_in(g.locale)
    broken = broken_line(acting())
    if broken is None:
        flash(say("记录完整：每一行都与它的封印相符，没有被改动、删除或插入。"), "success")
    else:
        flash(say("从第{n}行起，记录与封印不符，请联系系统管理员查明。", n=broken), "error")
    return make_response(redirect(url_for("admin.record"), 303))


def _asked() -> Asked:
    return Asked(
        engagement=request.args.get("engagement") or None,
        actor=request.args.get("actor") or None,
        area=area if (area := request.args.get("area")) in AREAS else None,
        first=_day("first"),
        last=_day("last"),
        before=request.args.get("before", type=int),
    )


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _filters() -> dict[str, str]:
    """Return what narrows the record, for links to other pages of it."""
    names = ("engagement", "actor", "area", "first", "last")
    return {name: request.args[name] for name in names if request.args.get(name)}
