"""The members of the consultancy and who is invited, for its owners."""

from collections.abc import Callable
from typing import cast

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for

from app.forms.accounts import ROLES, MemberForm, RoleForm
from app.services.accounts import joining
from app.services.accounts import members as roll
from app.services.acting import MemberRole
from app.services.errors import ConflictError, RefusedError, ThrottledError
from app.web.admin import blueprint
from app.web.binding import bound, show_refusal
from app.web.policies import SAFE, Right, policy
from app.web.principal import acting
from app.web.wording import say_in

REFUSED = 422


@blueprint.get("/members")
@policy(Right.OWNER)
def members() -> str:
    """Show everybody in the consultancy and everybody invited."""
    return render_template("admin/members.html", roster=roll.roster(acting()), roles=_roles())


@blueprint.route("/members/invite", methods=["GET", "POST"])
@policy(Right.OWNER)
def invite_member() -> Response:
    """Invite somebody to become a member."""
    form = bound(MemberForm)
    if request.method in SAFE:
        return make_response(_invite_page(form))
    if not form.validate():
        return make_response(_invite_page(form), REFUSED)
    given = form.data
    try:
        joining.invite(acting(), given["email"], given["name"], given["role"])
    except ThrottledError as error:
        response = make_response(_invite_page(form, too_many=True), 429)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    except RefusedError as error:
        show_refusal(form, error)
        return make_response(_invite_page(form), REFUSED)
    _tell("邀请已发到{email}，7天内有效。", email=given["email"])
    return _to_members()


def _invite_page(form: MemberForm, too_many: bool = False) -> str:
    return render_template("admin/invite_member.html", form=form, too_many=too_many)


@blueprint.post("/members/invitations/<joining_id>/again")
@policy(Right.OWNER)
def invite_again(joining_id: str) -> Response:
    """Mail a new link; the old one works no longer."""
    return _changed(
        lambda: joining.invite_again(acting(), joining_id),
        "新链接已发出，7天内有效；旧链接已作废。",
    )


@blueprint.post("/members/invitations/<joining_id>/revoke")
@policy(Right.OWNER)
def revoke_joining(joining_id: str) -> Response:
    """Make an invitation void."""
    return _changed(
        lambda: joining.revoke_joining(acting(), joining_id), "邀请已撤回，链接不能再用。"
    )


@blueprint.post("/members/second-factor")
@policy(Right.OWNER)
def require_second_factor() -> Response:
    """Say whether every member needs a second factor."""
    required = request.form.get("required") == "yes"
    words = (
        "已要求所有成员开启两步验证；没有开启的，下一步就会被带去设置。"
        if required
        else "两步验证不再是必须的，由成员自己决定。"
    )
    return _changed(lambda: roll.require_second_factor(acting(), required), words)


@blueprint.get("/members/<member>")
@policy(Right.OWNER)
def member(member: str) -> str:
    """Show what an owner can change about a member."""
    line = roll.member_line(acting(), member)
    form = bound(RoleForm, data={"role": line.role})
    return render_template("admin/member.html", line=line, form=form, roles=_roles())


@blueprint.post("/members/<member>/role")
@policy(Right.OWNER)
def change_role(member: str) -> Response:
    """Give a member another role, from the next request on."""
    line = roll.member_line(acting(), member)
    form = bound(RoleForm)
    if not form.validate():
        here = url_for("admin.member", member=member)
        page = render_template("admin/member.html", line=line, form=form, roles=_roles(), here=here)
        return make_response(page, REFUSED)
    role = cast(MemberRole, form.data["role"])
    gone = line.is_self and role != "owner"
    return _changed(
        lambda: roll.change_role(acting(), member, role),
        "权限已更改，立即生效。",
        member="" if gone else member,
        to="auth.door" if gone else "admin.members",
    )


@blueprint.post("/members/<member>/disable")
@policy(Right.OWNER)
def disable_member(member: str) -> Response:
    """Shut a member out at once."""
    return _changed(
        lambda: roll.disable(acting(), member), "已停用，所有设备上的登录都已退出。", member
    )


@blueprint.post("/members/<member>/enable")
@policy(Right.OWNER)
def enable_member(member: str) -> Response:
    """Let a member sign in again."""
    return _changed(lambda: roll.enable(acting(), member), "已启用，可以重新登录。", member)


@blueprint.post("/members/<member>/second-factor")
@policy(Right.OWNER)
def reset_second_factor(member: str) -> Response:
    """Take away the second factor of a member who lost it."""
    return _changed(
        lambda: roll.reset_second_factor(acting(), member),
        "两步验证已重置，对方已收到邮件通知，要重新登录。",
        member,
    )


def _changed(
    change: Callable[[], None], words: str, member: str = "", to: str = "admin.members"
) -> Response:
    """Do something and go back to where it was asked for, saying what happened."""
    try:
        change()
    except ConflictError as error:
        flash(say_in(g.locale)(error.message, **error.values), "error")
    else:
        _tell(words)
    if member:
        return make_response(redirect(url_for("admin.member", member=member), 303))
    return make_response(redirect(url_for(to), 303))


def _to_members() -> Response:
    return make_response(redirect(url_for("admin.members"), 303))


def _tell(words: str, **values: str) -> None:
    flash(say_in(g.locale)(words, **values), "success")


def _roles() -> dict[str, str]:
    say = say_in(g.locale)
    return {code: say(name) for code, name in ROLES}
