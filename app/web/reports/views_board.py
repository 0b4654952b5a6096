"""The reports of an engagement: issued, watched while they are drawn, called off, compared."""

from collections.abc import Callable
from typing import Final

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from app.extensions import limiter
from app.forms.places import language_names
from app.forms.reports import IssueForm
from app.services.engagements.undertaking import engagement_view
from app.services.errors import ConflictError, RefusedError
from app.services.portal.sharing import shared_versions
from app.services.reports.board import STEPS, Readiness, readiness_of, shelf, versions_of
from app.services.reports.previewing import preview_choice
from app.services.reports.register import NotReadyError, request_report
from app.services.reports.version_jobs import cancel_report, check_report, retry_report
from app.web.binding import bound, show_refusal
from app.web.policies import Right, policy
from app.web.presenting import say
from app.web.principal import acting
from app.web.reports import blueprint
from app.web.workspace.posting import expect

REFUSED: Final = 422
_PER_PERSON: Final = "20/minute"


def _person() -> str:
    return acting().person


@blueprint.get("/reports")
@policy(Right.MEMBER)
def shelf_page() -> str:
    """Show the reports of every engagement the member sees."""
    page = request.args.get("page", 1, int)
    return render_template("reports/shelf.html", shelf=shelf(acting(), page), **_words())


@blueprint.get("/engagements/<engagement>/reports")
@policy(Right.MEMBER)
def board(engagement: str) -> str:
    """Show what was issued, what is being drawn, and whether the next version can be."""
    return _board(engagement)


def _board(engagement: str, form: IssueForm | None = None) -> str:
    who = acting()
    view = engagement_view(who, engagement)
    ready = readiness_of(who, engagement)
    return render_template(
        "reports/board.html",
        view=view,
        ready=ready,
        found=versions_of(who, engagement),
        shared=shared_versions(who, engagement),
        form=form or _form(ready),
        preview=preview_choice(who, engagement),
        **_words(),
    )


def _form(ready: Readiness) -> IssueForm:
    return bound(IssueForm, languages=ready.languages, data={"locale": ready.locale})


@blueprint.post("/engagements/<engagement>/reports")
@policy(Right.WRITE)
@limiter.limit(_PER_PERSON, key_func=_person)
def issue(engagement: str) -> Response:
    """Issue the next version."""
    form = _form(readiness_of(acting(), engagement))
    expect(form=form)
    if not form.validate():
        return make_response(_board(engagement, form), REFUSED)
    try:
        requested = request_report(
            acting(), engagement, form.data["locale"], form.data["note"] or ""
        )
    except RefusedError as error:
        show_refusal(form, error)
        return make_response(_board(engagement, form), REFUSED)
    except NotReadyError as error:
        flash(say(error.message, **error.values), "error")
        return make_response(_board(engagement, form), REFUSED)
    except ConflictError as error:
        flash(say(error.message, **error.values), "error")
    else:
        # What is at work is told where it is shown, until it is done; a message would outlive it.
        if not requested.fresh:
            flash(say("和第{n}版相比什么都没有变，不用再出一版。", n=requested.version), "info")
    return _to_board(engagement)


@blueprint.get("/engagements/<engagement>/reports/progress")
@policy(Right.MEMBER)
def progress(engagement: str) -> str:
    """Return the part of the page that changes while something is drawn."""
    who = acting()
    return render_template(
        "reports/versions.html",
        found=versions_of(who, engagement),
        shared=shared_versions(who, engagement),
        engagement=engagement,
        writes=who.role in ("owner", "consultant"),
        issuing="issuing" in request.args,
        polled=True,
        **_words(),
    )


@blueprint.post("/engagements/<engagement>/reports/<report>/retry")
@policy(Right.WRITE)
@limiter.limit(_PER_PERSON, key_func=_person)
def retry(engagement: str, report: str) -> Response:
    """Have a version drawn after all."""
    return _done(engagement, lambda: retry_report(acting(), engagement, report))


@blueprint.post("/engagements/<engagement>/reports/<report>/cancel")
@policy(Right.WRITE)
def cancel(engagement: str, report: str) -> Response:
    """Call off the drawing of a version."""
    return _done(
        engagement,
        lambda: cancel_report(acting(), engagement, report),
        "不再出这一版，不会留下文件。",
    )


@blueprint.post("/engagements/<engagement>/reports/<report>/check")
@policy(Right.WRITE)
@limiter.limit(_PER_PERSON, key_func=_person)
def check(engagement: str, report: str) -> Response:
    """Have a version drawn again from what was frozen, and compared."""
    return _done(engagement, lambda: check_report(acting(), engagement, report))


def _done(engagement: str, change: Callable[[], None], words: str = "") -> Response:
    """Make a change and go back to the board, which shows what came of it; ``words`` says more."""
    expect()
    try:
        change()
    except ConflictError as error:
        flash(say(error.message, **error.values), "error")
    else:
        if words:
            flash(say(words), "success")
    return _to_board(engagement)


def _to_board(engagement: str) -> Response:
    return make_response(redirect(url_for("reports.board", engagement=engagement), 303))


def _words() -> dict[str, object]:
    """Return what the pages about versions say, beside what they show."""
    return {
        "languages": language_name,
        "step_words": STEP_WORDS,
        "steps": len(STEPS),
        "change_words": CHANGE_WORDS,
    }


def language_name(locale: str) -> str:
    """Return a language's own name for itself."""
    return dict(language_names([locale]))[locale]


STEP_WORDS: Final = {
    "": "正在启动",
    "read": "读取答案",
    "score": "计算得分与关口",
    "rules": "判定规则",
    "plan": "排SOP、编制与路线图",
    "json": "写出数据",
    "pages": "写正文、画图表",
    "fonts": "准备字体",
    "layout": "排版",
    "pages-again": "填目录和页码",
    "drawing": "写出PDF",
    "store": "保存文件",
}
"""The steps of drawing a report."""

CHANGE_WORDS: Final = {
    "answers_new": "新增{n}个回答",
    "answers_changed": "改了{n}个回答",
    "answers_gone": "少了{n}个回答",
    "facts": "{n}项企业数据",
    "adjudications": "{n}项裁定",
    "decisions": "{n}条发现的决定",
    "plan": "规划",
    "client": "客户或机构资料",
    "day": "诊断基准日",
    "brand": "封面与页脚",
    "language": "换了报告语言",
    "model": "诊断模型",
}
"""What can differ from the version before."""
