"""Pages behind secret links: the first owner, joining, a new password.

Opening a link changes nothing: programs that preview mail open links too. A button exchanges it
for a claim in the form session, and the pages that follow have no token in their addresses.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for

from app.extensions import limiter
from app.forms.accounts import FirstOwnerForm, JoiningForm, NewPasswordForm
from app.services.accounts.devices import drop_device
from app.services.accounts.founding import Founding, found_consultancy, may_found
from app.services.accounts.joining import Acceptance, accept, offer_of
from app.services.accounts.resetting import may_reset, reset_password
from app.services.callers import Caller
from app.services.errors import NotFoundError, RefusedError
from app.web.auth import blueprint
from app.web.auth.arriving import (
    REFUSED,
    brought_token,
    caller,
    claimed,
    dead_link,
    drop_claim,
    keep_claim,
    let_in,
    unreferred,
)
from app.web.binding import bound, show_refusal
from app.web.policies import SAFE, Right, policy
from app.web.principal import MEMBER_COOKIE, drop_token
from app.web.wording import say_in

PER_ADDRESS: Final = "60 per minute"


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What the page of a kind of link says, as Chinese keys, and whether a token opens it."""

    title: str
    lead: str
    button: str
    opens: Callable[[Caller, str], bool]


PAGES: Final[Mapping[str, LinkPage]] = {
    "start": LinkPage(
        "开始使用诊脉",
        "这个链接用来建立您的咨询机构和第一个账号。链接只能用一次。",
        "开始设置",
        may_found,
    ),
    "join": LinkPage(
        "加入诊脉工作台",
        "有人邀请您加入一家咨询机构的诊脉工作台。下一步填写姓名、设定密码。",
        "继续",
        lambda who, token: offer_of(who, token) is not None,
    ),
    "reset": LinkPage(
        "设定新密码",
        "这个链接用来为您的账号设定新密码。下一步输入新密码；在那之前，旧密码照常可用。",
        "继续",
        may_reset,
    ),
}


@blueprint.route("/<any(start, join, reset):place>/<token>", methods=["GET", "POST"])
@policy(Right.PUBLIC)
@limiter.limit(PER_ADDRESS, methods=["POST"])
def link(place: str, token: str) -> Response:
    """Show what a link is for; exchange it when the button is pressed."""
    page = PAGES[place]
    if not page.opens(caller(), token):
        return dead_link()
    if request.method in SAFE:
        return unreferred(make_response(render_template("auth/link.html", page=page)))
    keep_claim(place, token)
    return unreferred(make_response(redirect(url_for(f"auth.{place}"), 303)))


@blueprint.route("/start", methods=["GET", "POST"])
@policy(Right.PUBLIC)
@limiter.limit(PER_ADDRESS, methods=["POST"])
def start() -> Response:
    """Found the consultancy with its first owner."""
    token = claimed("start")
    if not may_found(caller(), token):
        return dead_link()
    form = bound(FirstOwnerForm, reader=g.locale, data={"locale": g.locale})
    if request.method in SAFE or not form.validate():
        return _form_page("auth/start.html", form)
    try:
        opened = found_consultancy(caller(), token, Founding(**form.data))
    except NotFoundError:
        return dead_link()
    except RefusedError as error:
        show_refusal(form, error)
        return _form_page("auth/start.html", form)
    return _welcome(
        opened, "机构已建立，您是第一位所有者。接下来可以邀请同事，或直接建立第一个客户。"
    )


@blueprint.route("/join", methods=["GET", "POST"])
@policy(Right.PUBLIC)
@limiter.limit(PER_ADDRESS, methods=["POST"])
def join() -> Response:
    """Become a member."""
    token = claimed("join")
    offer = offer_of(caller(), token)
    if offer is None:
        return dead_link()
    given = {"name": offer.name, "locale": g.locale, "zone": offer.zone}
    form = bound(JoiningForm, reader=g.locale, data=given)
    if request.method in SAFE or not form.validate():
        return _form_page("auth/join.html", form, offer=offer)
    try:
        opened = accept(caller(), token, Acceptance(**form.data))
    except NotFoundError:
        return dead_link()
    except RefusedError as error:
        show_refusal(form, error)
        return _form_page("auth/join.html", form, offer=offer)
    return _welcome(opened, "已加入，欢迎。您参与的项目会出现在「今日」里。")


@blueprint.route("/reset", methods=["GET", "POST"])
@policy(Right.PUBLIC)
@limiter.limit(PER_ADDRESS, methods=["POST"])
def reset() -> Response:
    """Set a new password by the link from the mail."""
    token = claimed("reset")
    if not may_reset(caller(), token):
        return dead_link()
    form = bound(NewPasswordForm)
    if request.method in SAFE or not form.validate():
        return _form_page("auth/reset.html", form)
    try:
        reset_password(caller(), token, form.data["password"])
    except NotFoundError:
        return dead_link()
    except RefusedError as error:
        show_refusal(form, error)
        return _form_page("auth/reset.html", form)
    drop_claim()
    flash(say_in(g.locale)("新密码已生效，其他设备都已退出。请用新密码登录。"), "success")
    response = make_response(redirect(url_for("auth.sign_in"), 303))
    drop_token(response, MEMBER_COOKIE)
    return response


def _form_page(
    template: str, form: FirstOwnerForm | JoiningForm | NewPasswordForm, **more: object
) -> Response:
    page = render_template(template, form=form, **more)
    return unreferred(make_response(page, REFUSED if form.errors else 200))


def _welcome(opened: str, words: str) -> Response:
    drop_device(caller().database, brought_token(), caller().now)
    drop_claim()
    flash(say_in(g.locale)(words), "success")
    return let_in(opened)
