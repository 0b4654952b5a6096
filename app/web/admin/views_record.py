"""The record: who did what and when, filtered, exported, checked."""

import re
from datetime import date
from typing import Final

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for

from app.domain.bounds import YEARS
from app.services.record.reading import (
    AREAS,
    Asked,
    Spoken,
    broken_line,
    export_record,
    read_record,
)
from app.web.admin import blueprint
from app.web.admin.record_words import details, details_said, done_by, said
from app.web.policies import Right, policy
from app.web.principal import acting
from app.web.sending import workbook_sent
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
_ID: Final = re.compile(r"[0-9a-z]{1,16}")
_NUMBER: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


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
        area_names=[(area, say_in(g.locale)(title)) for area, title in AREAS.items()],
        said=said,
        done_by=done_by,
        details=details,
        filters=_filters(),
    )


@blueprint.post("/record/export")
@policy(Right.SELF)
def export() -> Response:
    """Hand the lines out as a workbook; that somebody did is recorded."""
    say = say_in(g.locale)
    spoken = Spoken([say(heading) for heading in HEADINGS], done_by, said, details_said)
    book = export_record(acting(), _asked(), spoken)
    return workbook_sent(book, "record")


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
        engagement=_id("engagement"),
        actor=_id("actor"),
        area=area if (area := request.args.get("area")) in AREAS else None,
        first=_day("first"),
        last=_day("last"),
        before=_line(request.args.get("before", "")),
    )


def _id(name: str) -> str | None:
    """Return the id somebody asks for; what can be none narrows nothing."""
    return asked if _ID.fullmatch(asked := request.args.get(name, "")) else None


def _line(asked: str) -> int | None:
    return int(asked) if _NUMBER.fullmatch(asked) else None


def _day(name: str) -> date | None:
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _filters() -> dict[str, str]:
    """Return what narrows the record, for links to other pages of it."""
    asked = _asked()
    kept = {name: getattr(asked, name) for name in ("engagement", "actor", "area", "first", "last")}
    return {name: str(value) for name, value in kept.items() if value is not None}
