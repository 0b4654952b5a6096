"""Invitations of an engagement: the progress board, links, sheets to print, letters."""

from dataclasses import asdict
from functools import reduce
from math import ceil
from typing import Any, Final, cast

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import BadRequest

from app.forms.invitations import (
    InvitationChangeForm,
    InvitationForm,
    LinksForm,
    RespondentForm,
)
from app.services.engagements.undertaking import engagement_model, engagement_view
from app.services.errors import NotFoundError, RefusedError
from app.services.invitations.board import Guest, GuestBoard, cards, guest_board, guest_of
from app.services.invitations.inviting import (
    Invited,
    change_invitation,
    invitable_roles,
    invite,
    invite_several,
    reissue,
    revoke,
)
from app.services.invitations.qr_codes import qr_svg
from app.services.invitations.reminding import Posted, write_to
from app.services.respondents.own_result import allow_own_result as keep_own_result
from app.web.binding import bound, show_refusal
from app.web.policies import Right, policy
from app.web.presenting import say, zone
from app.web.principal import acting
from app.web.workspace import blueprint
from app.web.workspace.posting import expect, saves, told

REFUSED: Final = 422
PAGE: Final = 100
"""People on one page of the board."""
CARDS: Final = 48
"""Cards on one sheet: eight pages of paper."""


@blueprint.get("/engagements/<engagement>/invitations")
@policy(Right.MEMBER)
def invitations(engagement: str) -> str:
    """Show who was invited and how far each of them is."""
    who = acting()
    view, board = engagement_view(who, engagement), guest_board(who, engagement)
    only = request.args.get("only", "")
    wanted = [guest for guest in board.guests if only != "open" or guest.is_missing]
    pages = max(ceil(len(wanted) / PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = wanted[(page - 1) * PAGE : page * PAGE]
    return render_template(
        "workspace/invitations.html",
        view=view,
        board=board,
        shown=_by_role(board, shown),
        only=only,
        page=page,
        pages=pages,
    )


def _by_role(board: GuestBoard, shown: list[Guest]) -> list[tuple[str, int, int, list[Guest]]]:
    """Return title, submitted, asked, and the people shown, of each role that is shown."""
    return [
        (role.title, role.submitted, role.asked, people)
        for role in board.roles
        if (people := [guest for guest in shown if guest.role == role.id])
    ]


@blueprint.route("/engagements/<engagement>/invitations/new", methods=["GET", "POST"])
@policy(Right.WRITE)
def new_invitation(engagement: str) -> Response:
    """Invite one person."""
    form = cast(InvitationForm, _respondent_form(InvitationForm, engagement))
    expect("then", form=form)
    if saves() and form.validate():
        try:
            (invitation,) = invite(acting(), engagement, [Invited(**told(form.data))])
        except RefusedError as error:
            show_refusal(form, error)
        else:
            if request.form.get("then") == "write" and form.email.data:
                _tell_posted(write_to(acting(), engagement, [invitation]))
            else:
                flash(say("邀请已建好。把下面的链接或二维码发给对方。"), "success")
            return _to("workspace.invitation", engagement, invitation=invitation)
    return _form_page("workspace/invitation_form.html", engagement, form)


@blueprint.route("/engagements/<engagement>/invitations/links", methods=["GET", "POST"])
@policy(Right.WRITE)
def new_links(engagement: str) -> Response:
    """Make several links for one role."""
    form = cast(LinksForm, _respondent_form(LinksForm, engagement))
    expect(form=form)
    if saves() and form.validate():
        given = told(form.data)
        count = given.pop("count")
        try:
            made = invite_several(acting(), engagement, Invited(**given), count)
        except RefusedError as error:
            show_refusal(form, error)
        else:
            flash(say("{n}条链接已建好，可以打印成二维码。", n=len(made)), "success")
            return _to("workspace.invitations", engagement)
    return _form_page("workspace/links_form.html", engagement, form)


@blueprint.route("/engagements/<engagement>/invitations/<invitation>", methods=["GET", "POST"])
@policy(Right.WRITE)
def invitation(engagement: str, invitation: str) -> Response:
    """Show the link of one invitation, and change whom it is for."""
    who = acting()
    guest = guest_of(who, engagement, invitation)
    given = {**asdict(guest), "expires_on": guest.expires_at.astimezone(zone()).date()}
    form = bound(InvitationChangeForm, data=given)
    expect(form=form)
    if saves() and form.validate():
        said = told(form.data)
        day = said.pop("expires_on")
        try:
            change_invitation(who, engagement, invitation, Invited(guest.role, **said), day)
        except RefusedError as error:
            show_refusal(form, error)
        else:
            flash(say("邀请已保存。"), "success")
            return _to("workspace.invitation", engagement, invitation=invitation)
    card = next(iter(cards(who, engagement, [invitation])), None)
    page = render_template(
        "workspace/invitation.html",
        view=engagement_view(who, engagement),
        guest=guest,
        card=card,
        qr=Markup(qr_svg(card.link, _qr_title(guest))) if card else "",  # noqa: S704  drawn by us
        form=form,
    )
    return make_response(page, REFUSED if saves() else 200)


@blueprint.post("/engagements/<engagement>/invitations/chosen")
@policy(Right.WRITE)
def chosen_invitations(engagement: str) -> Response:
    """Do something with the people chosen: write, print, replace or withdraw their links.

    What cannot be taken back is asked first.
    """
    expect("action", "chosen", "confirmed")
    who, action = acting(), request.form.get("action", "")
    chosen = request.form.getlist("chosen")
    if action == "write-all":
        _tell_posted(write_to(who, engagement, None))
        return _to("workspace.invitations", engagement)
    guests = {guest.id: guest for guest in guest_board(who, engagement).guests}
    if not set(chosen) <= guests.keys():
        raise NotFoundError
    if not chosen:
        flash(say("还没有选人。请先在名单里勾选，再点下面的按钮。"), "warning")
        return _to("workspace.invitations", engagement)
    if action == "write":
        _tell_posted(write_to(who, engagement, chosen))
    elif action == "print":
        return _to("workspace.invitation_sheet", engagement, chosen=chosen)
    elif action in ("reissue", "revoke"):
        if request.form.get("confirmed") != "yes":
            people = [guests[name] for name in chosen]
            view = engagement_view(who, engagement)
            return make_response(
                render_template(
                    "workspace/confirm_chosen.html", view=view, people=people, action=action
                )
            )
        _change(engagement, action, chosen)
    else:
        raise BadRequest
    if len(chosen) == 1:
        return _to("workspace.invitation", engagement, invitation=chosen[0])
    return _to("workspace.invitations", engagement)


@blueprint.post("/engagements/<engagement>/invitations/own-result")
@policy(Right.WRITE)
def allow_own_result(engagement: str) -> Response:
    """Let respondents see what their own answers come to, or no longer."""
    expect("shown")
    shown = request.form.get("shown") == "yes"
    keep_own_result(acting(), engagement, shown=shown)
    words = (
        "已开启：受访者提交以后，在致谢页看到自己的结果。"
        if shown
        else "已关闭：受访者提交以后只看到致谢。"
    )
    flash(say(words), "success")
    return _to("workspace.invitations", engagement, _anchor="own-result")


def _change(engagement: str, action: str, chosen: list[str]) -> None:
    if action == "revoke":
        number = revoke(acting(), engagement, chosen)
        words = say("{n}条链接已作废，立即生效；已经答的内容都还在。", n=number)
    else:
        number = reissue(acting(), engagement, chosen)
        words = say("{n}条链接已换新，旧链接立即作废。请把新链接发给对方。", n=number)
    flash(words, "success")


@blueprint.get("/engagements/<engagement>/invitations/sheet")
@policy(Right.WRITE)
def invitation_sheet(engagement: str) -> str:
    """Show a sheet of QR codes to print: of those chosen, or of all who can still answer."""
    who = acting()
    found = cards(who, engagement, request.args.getlist("chosen"))
    pages = max(ceil(len(found) / CARDS), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = found[(page - 1) * CARDS : page * CARDS]
    drawn = [
        (card, Markup(qr_svg(card.link, _card_title(card.role_title, card.label))))  # noqa: S704  drawn by us
        for card in shown
    ]
    return render_template(
        "workspace/sheet.html",
        view=engagement_view(who, engagement),
        cards=drawn,
        total=len(found),
        page=page,
        pages=pages,
        chosen=request.args.getlist("chosen"),
    )


# -- pieces ------------------------------------------------------------------------------------


def _respondent_form(form: type[RespondentForm], engagement: str) -> RespondentForm:
    who = acting()
    model = engagement_model(who, engagement)
    found = bound(form, model=model)
    view = engagement_view(who, engagement)
    roles = [(role.id, role.title) for role in invitable_roles(model, view.form)]
    # Nothing is chosen beforehand: the first role would be invited by accident.
    found.role.offer([("", say("请选择")), *roles])
    return found


def _form_page(template: str, engagement: str, form: RespondentForm) -> Response:
    view = engagement_view(acting(), engagement)
    page = render_template(template, view=view, form=form)
    return make_response(page, REFUSED if saves() else 200)


def _qr_title(guest: Guest) -> str:
    return _card_title(guest.role_title, guest.label)


def _card_title(role: str, label: str) -> str:
    return say("二维码：{title}", title=f"{role} · {label}" if label else role)


def _tell_posted(found: Posted) -> None:
    """Say what became of the letters: who got one, and why others got none."""
    words = {
        "{n}封邮件已排队发出。": found.sent,
        "{n}位没有邮箱，请把链接转发给对方。": found.without_address,
        "{n}位24小时内已经发过邮件，这次没有再发。": found.too_soon,
        "{n}位已经提交，或链接已失效，不用发邮件。": found.finished,
    }
    told = [say(key, n=number) for key, number in words.items() if number]
    tone = "success" if found.sent else "warning" if found.without_address else "info"
    flash(
        reduce(lambda a, b: say("{a}{b}", a=a, b=b), told) if told else say("没有要发邮件的人。"),
        tone,
    )


def _to(endpoint: str, engagement: str, **values: Any) -> Response:
    return make_response(redirect(url_for(endpoint, engagement=engagement, **values), 303))
