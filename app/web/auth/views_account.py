"""One's own account: profile, password, devices."""

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for

from app.forms.accounts import ChangedPasswordForm, ProfileForm
from app.services.accounts.devices import close_device as close_one
from app.services.accounts.devices import close_devices as close_several
from app.services.accounts.devices import devices as list_devices
from app.services.accounts.own_password import change_password
from app.services.accounts.profiles import Profile, change_profile
from app.services.accounts.second_factor import second_factor
from app.services.errors import RefusedError, ThrottledError
from app.web.auth import blueprint
from app.web.auth.arriving import REFUSED, slow_down
from app.web.auth.browsers import named
from app.web.auth.views_sign_in import minutes_of
from app.web.binding import bound, show_refusal
from app.web.policies import SAFE, Right, policy
from app.web.principal import (
    MEMBER_COOKIE,
    acting,
    drop_token,
    keep_locale,
    keep_token,
    member,
)
from app.web.wording import say_in


@blueprint.route("/profile", methods=["GET", "POST"])
@policy(Right.SELF)
def profile() -> Response:
    """Name, language and time zone."""
    who = acting()
    given = {"name": who.name, "locale": who.locale, "zone": who.zone}
    form = bound(ProfileForm, reader=g.locale, data=given)
    if request.method in SAFE:
        return make_response(render_template("auth/profile.html", form=form))
    if not form.validate():
        return make_response(render_template("auth/profile.html", form=form), REFUSED)
    chosen = Profile(**form.data)
    change_profile(who, chosen)
    flash(say_in(chosen.locale)("个人资料已保存。"), "success")
    response = make_response(redirect(url_for("auth.profile"), 303))
    keep_locale(response, chosen.locale)
    return response


@blueprint.route("/profile/password", methods=["GET", "POST"])
@policy(Right.SELF)
def password() -> Response:
    """Change the password; every other device is signed out."""
    form = bound(ChangedPasswordForm)
    if request.method in SAFE:
        return make_response(_password_page(form))
    if not form.validate():
        return make_response(_password_page(form), REFUSED)
    try:
        token = change_password(
            acting(), member().device, form.data["current"], form.data["password"]
        )
    except ThrottledError as error:
        return slow_down(_password_page(form, error.seconds), error)
    except RefusedError as error:
        show_refusal(form, error)
        return make_response(_password_page(form), REFUSED)
    flash(say_in(g.locale)("密码已更改，其他设备都已退出登录。"), "success")
    response = make_response(redirect(url_for("auth.password"), 303))
    keep_token(response, MEMBER_COOKIE, token)
    return response


def _password_page(form: ChangedPasswordForm, seconds: int = 0) -> str:
    return render_template("auth/password.html", form=form, minutes=minutes_of(seconds))


@blueprint.get("/profile/devices")
@policy(Right.MEMBER)
def devices() -> str:
    """Show where one is signed in."""
    who = acting()
    found = [(one, named(one.user_agent)) for one in list_devices(who, member().device)]
    has_factor = second_factor(who).since is not None
    return render_template("auth/devices.html", devices=found, has_second_factor=has_factor)


@blueprint.post("/profile/devices/<device>/close")
@policy(Right.SELF)
def close_device(device: str) -> Response:
    """Sign out on one device; on the one at hand this is signing out."""
    close_one(acting(), device)
    return _closed(device == member().device)


@blueprint.post("/profile/devices/close")
@policy(Right.SELF)
def close_devices() -> Response:
    """Sign out on all other devices, or on all."""
    everywhere = request.form.get("which") == "all"
    close_several(acting(), "" if everywhere else member().device)
    return _closed(everywhere)


def _closed(here_too: bool) -> Response:
    say = say_in(g.locale)
    if not here_too:
        flash(say("那些设备已退出登录，立即生效。"), "success")
        return make_response(redirect(url_for("auth.devices"), 303))
    flash(say("已退出登录。"), "success")
    response = make_response(redirect(url_for("auth.sign_in"), 303))
    drop_token(response, MEMBER_COOKIE)
    return response
