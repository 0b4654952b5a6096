"""The findings, and the decisions on them."""

from typing import Final

from flask import Response, flash, make_response, redirect, request, url_for

from app.forms.findings import AcceptFindingForm, EditFindingForm, RejectFindingForm
from app.services.diagnosis.deciding import (
    GONE,
    DecidedMeanwhileError,
    Words,
    accept_rest,
    decide,
)
from app.services.diagnosis.finding_reading import (
    FindingPage,
    finding_line,
    finding_list,
    finding_page,
    undecided_lines,
)
from app.services.diagnosis.reading import Reading
from app.services.diagnosis.rejecting import what_leaves
from app.services.diagnosis.self_rating_reading import self_rating_part
from app.services.errors import ConflictError, RefusedError
from app.services.portal.comments import thread_on
from app.web.binding import Shown, bound, show_refusal
from app.web.diagnosis import blueprint
from app.web.diagnosis.showing import CONFLICT, REFUSED, asks_for_part, part, read, whole
from app.web.policies import SAFE, Right, policy
from app.web.presenting import say
from app.web.principal import acting
from app.web.workspace.posting import expect

SEEN: Final = "seen"
"""The hidden field that names the decision the person had before their eyes."""


@blueprint.get("/engagements/<engagement>/diagnosis/findings")
@policy(Right.MEMBER)
def findings(engagement: str) -> Response:
    """List the findings, most urgent first."""
    reading = read(engagement)
    rating = self_rating_part(acting(), reading)
    return whole(engagement, "findings", found=finding_list(reading), rating=rating)


@blueprint.get("/engagements/<engagement>/diagnosis/findings/<name>")
@policy(Right.MEMBER)
def finding(engagement: str, name: str) -> Response:
    """Show one finding with all that it rests on."""
    found = finding_page(acting(), read(engagement), name)
    return _finding_page(engagement, found, bound(AcceptFindingForm), found.line.number)


def _finding_page(
    engagement: str, found: FindingPage, form: AcceptFindingForm, seen: int, status: int = 200
) -> Response:
    talk = thread_on(acting(), engagement, found.line.rule)
    return whole(engagement, "finding", status, found=found, accepting=form, seen=seen, talk=talk)


# -- accepting ---------------------------------------------------------------------------------


@blueprint.post("/engagements/<engagement>/diagnosis/findings/<name>/accept")
@policy(Right.WRITE)
def accept(engagement: str, name: str) -> Response:
    """Confirm a finding as it is."""
    form = bound(AcceptFindingForm)
    expect(SEEN, "from", form=form)
    if not form.validate():
        found = finding_page(acting(), read(engagement), name)
        return _finding_page(engagement, found, form, _seen(), REFUSED)
    words = Words("accepted", _text(form, "reason"))
    try:
        decide(acting(), engagement, name, words, _seen())
    except DecidedMeanwhileError as error:
        return _overtaken(engagement, name, words, error)
    except ConflictError as error:
        return _gone(engagement, error)
    if asks_for_part():
        reading = read(engagement)
        return part(
            engagement,
            "decided_line",
            decided=finding_line(reading, name),
            found=finding_list(reading),
        )
    flash(say("已确认。"), "success")
    return _back(engagement, name)


@blueprint.route("/engagements/<engagement>/diagnosis/acceptance", methods=["GET", "POST"])
@policy(Right.WRITE)
def accept_all(engagement: str) -> Response:
    """Confirm all findings nobody has decided upon, after one look at the list."""
    expect("rule")
    if request.method in SAFE:
        lines = undecided_lines(read(engagement))
        return whole(engagement, "accept_all", lines=lines)
    done = accept_rest(acting(), engagement, request.form.getlist("rule"))
    if done.accepted:
        flash(say("已确认{n}条发现。", n=len(done.accepted)), "success")
    if done.left:
        words = say("有{n}条没有动：别人已经决定过，或者条件已经不成立。", n=len(done.left))
        flash(words, "warning")
    if not done.accepted and not done.left:
        flash(say("没有选中任何一条，什么都没有改变。"), "info")
    return make_response(redirect(url_for("diagnosis.findings", engagement=engagement), 303))


# -- in other words, and not at all ------------------------------------------------------------


@blueprint.route(
    "/engagements/<engagement>/diagnosis/findings/<name>/edit", methods=["GET", "POST"]
)
@policy(Right.WRITE)
def edit(engagement: str, name: str) -> Response:
    """Put a finding in the consultant's own words."""
    reading = read(engagement)
    found = finding_page(acting(), reading, name)
    last = found.history[0].words if found.history else None
    given = {
        "finding": found.line.title,
        "recommend": found.card.recommend,
        "reason": last.reason if last is not None and last.verdict == "edited" else "",
    }
    form = bound(EditFindingForm, data=given)
    expect(SEEN, form=form)
    if request.method not in SAFE and form.validate():
        words = Words(
            "edited", _text(form, "reason"), _text(form, "finding"), _text(form, "recommend")
        )
        answer = _decided(engagement, name, words, form)
        if answer is not None:
            return answer
    return _form_page(engagement, "edit_finding", found, form)


@blueprint.route(
    "/engagements/<engagement>/diagnosis/findings/<name>/reject", methods=["GET", "POST"]
)
@policy(Right.WRITE)
def reject(engagement: str, name: str) -> Response:
    """Reject a finding, knowing what leaves the plan with it."""
    reading = read(engagement)
    found = finding_page(acting(), reading, name)
    last = found.history[0].words if found.history else None
    given = {"reason": last.reason if last is not None and last.verdict == "rejected" else ""}
    form = bound(RejectFindingForm, data=given)
    expect(SEEN, form=form)
    if request.method not in SAFE and form.validate():
        answer = _decided(engagement, name, Words("rejected", _text(form, "reason")), form)
        if answer is not None:
            return answer
    leaving = None
    if found.line.tier != "rejected":
        leaving = what_leaves(reading, name, acting().locale)
    return _form_page(engagement, "reject_finding", found, form, leaving=leaving)


def _text(form: Shown, name: str) -> str:
    return str(form[name].data or "")


def _decided(engagement: str, name: str, words: Words, form: Shown) -> Response | None:
    """Store a decision and say so; None where the form has to say what is wrong."""
    try:
        decide(acting(), engagement, name, words, _seen())
    except DecidedMeanwhileError as error:
        return _overtaken(engagement, name, words, error)
    except ConflictError as error:
        return _gone(engagement, error)
    except RefusedError as error:
        show_refusal(form, error)
        return None
    said = {"edited": "已改写，报告照您的话印。", "rejected": "已否决，它离开发现和规划。"}
    flash(say(said[words.verdict]), "success")
    return _back(engagement, name)


def _form_page(
    engagement: str, template: str, found: FindingPage, form: Shown, **values: object
) -> Response:
    status = 200 if request.method in SAFE else REFUSED
    seen = found.line.number if request.method in SAFE else _seen()
    return whole(engagement, template, status, found=found, form=form, seen=seen, **values)


# -- what stands in the way --------------------------------------------------------------------


def _overtaken(engagement: str, name: str, words: Words, error: DecidedMeanwhileError) -> Response:
    """Show both decisions, and let the person decide once more, knowing the other."""
    if asks_for_part():
        answer = make_response("", CONFLICT)
        answer.headers["HX-Redirect"] = url_for(
            "diagnosis.finding", engagement=engagement, name=name
        )
        flash(say(error.message, **error.values), "warning")
        return answer
    reading: Reading = read(engagement)
    found = finding_page(acting(), reading, name)
    return whole(
        engagement,
        "decided_meanwhile",
        CONFLICT,
        found=found,
        mine=words,
        theirs=error.standing,
    )


def _gone(engagement: str, error: ConflictError) -> Response:
    if error.code != GONE:
        raise error
    flash(say(error.message, **error.values), "warning")
    url = url_for("diagnosis.findings", engagement=engagement)
    if asks_for_part():
        answer = make_response("", CONFLICT)
        answer.headers["HX-Redirect"] = url
        return answer
    return make_response(redirect(url, 303))


def _back(engagement: str, name: str) -> Response:
    if request.form.get("from") == "list":
        anchor = f"finding-{name}"
        url = url_for("diagnosis.findings", engagement=engagement, _anchor=anchor)
    else:
        url = url_for("diagnosis.finding", engagement=engagement, name=name)
    return make_response(redirect(url, 303))


def _seen() -> int:
    given = request.form.get(SEEN, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 6 else 0
