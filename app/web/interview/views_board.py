"""The interviews of an engagement: begun, named, closed, opened again."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from app.forms.interviews import InterviewForm, LabelForm
from app.services.engagements.undertaking import engagement_view
from app.services.errors import NotFoundError, RefusedError
from app.services.interviews.interviewing import (
    Board,
    begin_interview,
    conclude_interview,
    discard_interview,
    interview_board,
    open_sheet,
    rename_interview,
    reopen_interview,
)
from app.web.binding import bound, show_refusal
from app.web.interview import blueprint
from app.web.policies import Right, policy
from app.web.presenting import say
from app.web.principal import acting

REFUSED = 422


@blueprint.get("/engagements/<engagement>/interviews")
@policy(Right.MEMBER)
def board(engagement: str) -> str:
    """Show who was interviewed, who is being, and who answers by link."""
    found = interview_board(acting(), engagement)
    return _board_page(engagement, found, _begin_form(found))


def _begin_form(found: Board) -> InterviewForm:
    return bound(InterviewForm, roles=[(role.id, role.title) for role in found.roles])


def _board_page(engagement: str, found: Board, form: InterviewForm) -> str:
    view = engagement_view(acting(), engagement)
    return render_template("interview/board.html", view=view, board=found, form=form)


@blueprint.post("/engagements/<engagement>/interviews")
@policy(Right.WRITE)
def begin(engagement: str) -> Response:
    """Begin an interview and open it."""
    found = interview_board(acting(), engagement)
    form = _begin_form(found)
    if form.validate():
        try:
            begun = begin_interview(acting(), engagement, form.role.data, form.label.data or "")
        except RefusedError as error:
            show_refusal(form, error)
        else:
            return _to(url_for("interview.cockpit", engagement=engagement, response=begun))
    return make_response(_board_page(engagement, found, form), REFUSED)


@blueprint.post("/engagements/<engagement>/interviews/facts")
@policy(Right.WRITE)
def facts(engagement: str) -> Response:
    """Open the sheet of facts, begun where nobody has."""
    sheet = open_sheet(acting(), engagement, "facts")
    return _to(url_for("interview.cockpit", engagement=engagement, response=sheet))


@blueprint.route("/engagements/<engagement>/interviews/<response>/label", methods=["GET", "POST"])
@policy(Right.WRITE)
def label(engagement: str, response: str) -> Response:
    """Give an interview another label."""
    found = interview_board(acting(), engagement)
    person = next((one for one in found.interviews if one.id == response), None)
    if person is None:
        raise NotFoundError
    form = bound(LabelForm, data={"label": person.label})
    if request.method == "POST" and form.validate():
        try:
            rename_interview(acting(), engagement, response, form.label.data or "")
        except RefusedError as error:
            show_refusal(form, error)
        else:
            return _to(url_for("interview.board", engagement=engagement))
    view = engagement_view(acting(), engagement)
    page = render_template("interview/label.html", view=view, person=person, form=form)
    return make_response(page, REFUSED if form.errors else 200)


@blueprint.post("/engagements/<engagement>/interviews/<response>/discard")
@policy(Right.WRITE)
def discard(engagement: str, response: str) -> Response:
    """Remove an interview nothing was answered in."""
    discard_interview(acting(), engagement, response)
    flash(say("这场访谈已删除。"), "success")
    return _to(url_for("interview.board", engagement=engagement))


@blueprint.post("/engagements/<engagement>/interviews/<response>/conclude")
@policy(Right.WRITE)
def conclude(engagement: str, response: str) -> Response:
    """Close an interview: it takes no more answers."""
    conclude_interview(acting(), engagement, response)
    flash(say("访谈已结束，答案不再改动；需要改时可以重新打开。"), "success")
    return _to(url_for("interview.board", engagement=engagement))


@blueprint.post("/engagements/<engagement>/interviews/<response>/reopen")
@policy(Right.WRITE)
def reopen(engagement: str, response: str) -> Response:
    """Let a closed interview be changed again, and open it; the record says who did it."""
    reopen_interview(acting(), engagement, response)
    flash(say("已重新打开，可以继续修改。"), "success")
    return _to(url_for("interview.cockpit", engagement=engagement, response=response))


def _to(url: str) -> Response:
    return make_response(redirect(url, 303))
