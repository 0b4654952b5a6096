"""Ruling where roles disagree: what waits, one question with all its voices, the ruling itself."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Final

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for

from app.domain.model import MaturityModel
from app.forms.answers import to_answers
from app.forms.factory import AnswerForm, answer_form, input_name
from app.forms.messages import ValueRefusedError
from app.services.answers.answering import StaleAnswerError
from app.services.engagements.undertaking import engagement_view
from app.services.errors import NotFoundError
from app.services.interviews.adjudicating import Case, Docket, adjudicate, docket, withdraw
from app.web.interview import blueprint
from app.web.interview.cards import base_in
from app.web.interview.cases import case_view, means_drawn
from app.web.interview.reading_json import KEY
from app.web.interview.speaking import input_of, speaker
from app.web.policies import Right, policy
from app.web.presenting import say
from app.web.principal import acting
from app.web.wording import say_in

REFUSED: Final = 422
OVERTAKEN: Final = 409


@blueprint.get("/engagements/<engagement>/adjudication")
@policy(Right.MEMBER)
def adjudication(engagement: str) -> str:
    """Show every question roles answered differently, those that wait for a ruling first."""
    found = docket(acting(), engagement)
    speaks = speaker(found.model)
    rows = {
        name: [case_view(engagement, case, speaks) for case in cases]
        for name, cases in (
            ("open", found.open),
            ("settled", found.settled),
            ("others", found.others),
        )
    }
    return render_template(
        "interview/adjudication.html",
        view=engagement_view(acting(), engagement),
        rows=rows,
        drawing=means_drawn(found.open, speaks),
        least=found.model.content.rating.agreement.minimum_group,
    )


@blueprint.get("/engagements/<engagement>/adjudication/<question>")
@policy(Right.MEMBER)
def case(engagement: str, question: str) -> str:
    """Show one question with everything said to it, and the ruling."""
    found, shown = _case(engagement, question)
    return _case_page(engagement, found, shown, _form(found.model, shown))


@blueprint.post("/engagements/<engagement>/adjudication/<question>")
@policy(Right.WRITE)
def rule(engagement: str, question: str) -> Response:
    """Set the value that counts, with its reason."""
    found, shown = _case(engagement, question)
    form = _form(found.model, shown, posted=True)
    answers = to_answers(form)
    said = answers.given.get(question)
    if said is None:
        return make_response(_case_page(engagement, found, shown, form), REFUSED)
    try:
        adjudicate(acting(), engagement, question, said, said.note, _base(), _key())
    except ValueRefusedError as refusal:
        page = _case_page(
            engagement, found, shown, form, {refusal.field: refusal.text(say_in(g.locale))}
        )
        return make_response(page, REFUSED)
    except StaleAnswerError:
        return _overtaken(engagement, question, form)
    return _on(engagement, shown)


@blueprint.post("/engagements/<engagement>/adjudication/<question>/withdrawal")
@policy(Right.WRITE)
def withdrawal(engagement: str, question: str) -> Response:
    """Take a ruling back; the mean of the roles counts again."""
    found, shown = _case(engagement, question)
    reason = request.form.get("reason", "")
    try:
        withdraw(acting(), engagement, question, reason, _base(), _key())
    except ValueRefusedError as refusal:
        errors = {"reason": refusal.text(say_in(g.locale))}
        page = _case_page(engagement, found, shown, _form(found.model, shown), errors)
        return make_response(page, REFUSED)
    except StaleAnswerError:
        return _overtaken(engagement, question, _form(found.model, shown))
    flash(say("裁定已撤回，重新按各角色的答案计算。"), "success")
    return _to(url_for("interview.case", engagement=engagement, question=question))


def _case(engagement: str, question: str) -> tuple[Docket, Case]:
    found = docket(acting(), engagement)
    shown = found.case(question)
    if shown is None:
        raise NotFoundError
    return found, shown


def _form(model: MaturityModel, shown: Case, *, posted: bool = False) -> AnswerForm:
    given = {}
    if shown.ruling is not None and shown.ruling.stands:
        given[shown.question.id] = input_of(shown.question, shown.ruling.standing)
    made = answer_form(model, [shown.question])
    return made(request.form if posted else None, given, translate=say_in(g.locale))


def _base() -> int:
    return base_in(request.form.get("base", ""))


def _key() -> str:
    """Return the key of the form as it was shown, so that sending it twice rules once."""
    given = request.form.get("form_key", "")
    return given if KEY.fullmatch(given) else secrets.token_hex(16)


def _overtaken(engagement: str, question: str, form: AnswerForm) -> Response:
    """Show both values: what was typed stays in the form, what counts now stands beside it."""
    found, shown = _case(engagement, question)
    return make_response(_case_page(engagement, found, shown, form, overtaken=True), OVERTAKEN)


def _on(engagement: str, ruled: Case) -> Response:
    """Go on to the next question that waits, or back to the list after the last."""
    left = docket(acting(), engagement).open
    code = ruled.question.code
    if not left:
        flash(say("{code}已裁定，没有要裁定的题了。", code=code), "success")
        return _to(url_for("interview.adjudication", engagement=engagement))
    flash(say("{code}已裁定，还有{n}题。", code=code, n=len(left)), "success")
    return _to(url_for("interview.case", engagement=engagement, question=left[0].question.id))


def _to(url: str) -> Response:
    return make_response(redirect(url, 303))


def _case_page(
    engagement: str,
    found: Docket,
    shown: Case,
    form: AnswerForm,
    errors: Mapping[str, str] | None = None,
    overtaken: bool = False,
) -> str:
    speaks = speaker(found.model)
    waiting = [one.question.id for one in found.open]
    place = waiting.index(shown.question.id) + 1 if shown.question.id in waiting else 0
    asked = form.asked[0].form
    told = {part.short_name: part.errors[0] for part in asked if part.errors}
    return render_template(
        "interview/case.html",
        view=engagement_view(acting(), engagement),
        sheet=found.sheet,
        shown=case_view(engagement, shown, speaks, drawn=True),
        ask=shown.question.ask_to_see,
        explain=shown.question.explain,
        options=speaks.options(shown.question),
        item=asked,
        name=input_name(shown.question),
        grades=found.model.content.rating.evidence,
        errors={**told, **(errors or {})},
        overtaken=overtaken,
        form_key=secrets.token_hex(16),
        nth=place,
        waiting=len(waiting),
        following=_following(engagement, waiting, shown.question.id),
        least=found.model.content.rating.agreement.minimum_group,
        speaks=speaks,
        writes=acting().role in ("owner", "consultant"),
    )


def _following(engagement: str, waiting: Sequence[str], question: str) -> str:
    """Return the address of the next question that waits; empty where there is none."""
    later = waiting[waiting.index(question) + 1 :] if question in waiting else waiting
    if not later:
        return ""
    return url_for("interview.case", engagement=engagement, question=later[0])
