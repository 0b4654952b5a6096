"""The list of leads, one lead with its result, and deciding about it."""

from typing import Final

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from app.forms.selfchecks import AcceptForm, DeclineForm
from app.services.accounts.branding import house_of, self_check_address
from app.services.errors import ConflictError, RefusedError
from app.services.respondents.responding import Posed
from app.services.selfcheck.leads import (
    Accepting,
    LeadView,
    accept_lead,
    decline_lead,
    lead_page,
    lead_view,
)
from app.web.binding import bound, show_refusal
from app.web.interview.speaking import reading_of, speaker
from app.web.leads import blueprint
from app.web.policies import Right, policy
from app.web.presenting import day, say
from app.web.principal import acting, settings
from app.web.respond.cards import in_words
from app.web.respond.notices import agreed_notice
from app.web.workspace.posting import expect, told

__all__ = ["blueprint"]

REFUSED: Final = 422


@blueprint.get("/leads")
@policy(Right.WRITE)
def board() -> str:
    """List who asks for a diagnosis, those that wait first."""
    page = request.args.get("page", 1, int)
    house = house_of(acting())
    return render_template(
        "leads/board.html",
        found=lead_page(acting(), page),
        house=house,
        address=self_check_address(settings(), house.check_slug) if house.check_open else "",
    )


@blueprint.get("/leads/<lead>")
@policy(Right.WRITE)
def lead(lead: str) -> Response:
    """Show a lead: who asks, what the self-check came to, every answer, the consent."""
    return _page(lead_view(acting(), lead))


@blueprint.post("/leads/<lead>/accept")
@policy(Right.WRITE)
def accept(lead: str) -> Response:
    """Make a client and an engagement of it, and go there."""
    view = lead_view(acting(), lead)
    form = _accepting(view)
    expect(form=form)
    if not form.validate():
        return _page(view, accepting=form, status=REFUSED)
    words = told(form.data)
    # The day of the answers, not of the deciding: that one the record has.
    note = say("{day}来自公开自查。", day=day(view.answered_at))
    note = f"{note}\n{view.note}" if view.note else note
    try:
        made = accept_lead(
            acting(), lead, Accepting(words["name"], words["title"], say("自查"), note)
        )
    except RefusedError as error:
        show_refusal(form, error)
        return _page(view, accepting=form, status=REFUSED)
    except ConflictError as error:
        flash(say(error.message, **error.values), "warning")
        return _to(lead)
    flash(
        say("客户和项目已建好，自查里的{n}个答案已经填进去，都按E0计。", n=made.carried), "success"
    )
    if made.left:
        flash(
            say("另有{n}题的问法在新版模型里变了，没有带过来，请重新问。", n=made.left), "warning"
        )
    url = url_for("workspace.engagement", engagement=made.engagement)
    return make_response(redirect(url, 303))


@blueprint.post("/leads/<lead>/decline")
@policy(Right.WRITE)
def decline(lead: str) -> Response:
    """Decline it; nobody is written to."""
    form = bound(DeclineForm)
    expect(form=form)
    if not form.validate():
        return _page(lead_view(acting(), lead), declining=form, status=REFUSED)
    try:
        decline_lead(acting(), lead, form.data["reason"] or "")
    except ConflictError as error:
        flash(say(error.message, **error.values), "warning")
        return _to(lead)
    flash(say("已婉拒。30天后连同答案一起删除，在那之前还可以接受。"), "success")
    return make_response(redirect(url_for("leads.board"), 303))


def _page(
    view: LeadView,
    accepting: AcceptForm | None = None,
    declining: DeclineForm | None = None,
    status: int = 200,
) -> Response:
    speaks = speaker(view.model)

    def said(each: Posed) -> str:
        if each.standing is None:
            return ""
        return in_words(each.item, reading_of(each.item, each.standing), speaks)

    page = render_template(
        "leads/lead.html",
        view=view,
        accepting=accepting or _accepting(view, fresh=True),
        declining=declining or DeclineForm(None, translate=say, data={"reason": view.reason}),
        consent=agreed_notice(view.consent),
        title=speaks.title,
        said=said,
    )
    return make_response(page, status)


def _accepting(view: LeadView, *, fresh: bool = False) -> AcceptForm:
    today = acting().today
    title = say("{year}年{month}月诊断", year=today.year, month=f"{today.month:02}")
    given = {"name": view.line.company, "title": title}
    if fresh:
        return AcceptForm(None, translate=say, data=given)
    return bound(AcceptForm, data=given)


def _to(lead: str) -> Response:
    return make_response(redirect(url_for("leads.lead", lead=lead), 303))
