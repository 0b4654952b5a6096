"""Setting the second factor up, turning it off, new recovery codes."""

from collections.abc import Callable
from io import BytesIO

import segno
from flask import Response, flash, g, make_response, redirect, render_template, url_for
from markupsafe import Markup

from app.extensions import limiter
from app.forms.accounts import ConfirmedForm, FirstCodeForm
from app.services.accounts import second_factor as factor
from app.services.errors import RefusedError, ThrottledError
from app.web.auth import blueprint
from app.web.auth.arriving import REFUSED, is_half_in, must_have_shown_all, slow_down, wanted
from app.web.auth.views_sign_in import PER_ADDRESS, minutes_of
from app.web.binding import bound, show_refusal
from app.web.origins import local_path
from app.web.policies import Right, policy
from app.web.principal import MEMBER_COOKIE, acting, keep_token, member
from app.web.wording import say_in


@blueprint.get("/profile/second-factor")
@policy(Right.HALF)
def set_up() -> Response:
    """Show how it stands with the second factor, and the one next step."""
    must_have_shown_all()
    return make_response(_page())


@blueprint.post("/profile/second-factor/begin")
@policy(Right.HALF)
@limiter.limit(PER_ADDRESS)
def begin_set_up() -> Response:
    """Make a secret for the authenticator; who has just signed in shows no password again."""
    must_have_shown_all()

    def begin(password: str | None) -> Response:
        factor.begin_set_up(acting(), password)
        return make_response(redirect(url_for("auth.set_up", next=wanted()), 303))

    return begin(None) if is_half_in() else _confirmed("begin", begin)


@blueprint.post("/profile/second-factor/confirm")
@policy(Right.HALF)
@limiter.limit(PER_ADDRESS)
def confirm_set_up() -> Response:
    """Turn the second factor on by its first code; show the recovery codes, this once."""
    must_have_shown_all()
    form = bound(FirstCodeForm)
    if not form.validate():
        return make_response(_page(code=form), REFUSED)
    try:
        token, codes = factor.confirm_set_up(acting(), member().device, form.data["code"])
    except ThrottledError as error:
        return slow_down(_page(code=form, seconds=error.seconds), error)
    except RefusedError as error:
        show_refusal(form, error)
        return make_response(_page(code=form), REFUSED)
    response = make_response(_codes_page(codes, first=True))
    keep_token(response, MEMBER_COOKIE, token)
    return response


@blueprint.post("/profile/second-factor/codes")
@policy(Right.SELF)
@limiter.limit(PER_ADDRESS)
def renew_codes() -> Response:
    """Show ten new recovery codes; the old ones work no longer."""

    def renew(password: str) -> Response:
        codes = factor.renew_codes(acting(), password)
        return make_response(_codes_page(codes, first=False))

    return _confirmed("codes", renew)


@blueprint.post("/profile/second-factor/off")
@policy(Right.SELF)
@limiter.limit(PER_ADDRESS)
def turn_off() -> Response:
    """Turn the second factor off."""

    def end(password: str) -> Response:
        token = factor.turn_off(acting(), member().device, password)
        flash(say_in(g.locale)("两步验证已关闭，登录只需要密码。"), "success")
        response = make_response(redirect(url_for("auth.set_up"), 303))
        keep_token(response, MEMBER_COOKIE, token)
        return response

    return _confirmed("off", end)


def _confirmed(step: str, do: Callable[[str], Response]) -> Response:
    """Do what asks for the password once more, or show the page that asks again."""
    form = bound(ConfirmedForm, prefix=step)
    if form.validate():
        try:
            return do(form.data["password"])
        except ThrottledError as error:
            return slow_down(_page(password=form, step=step, seconds=error.seconds), error)
        except RefusedError as error:
            show_refusal(form, error)
    return make_response(_page(password=form, step=step), REFUSED)


def _page(
    *,
    code: FirstCodeForm | None = None,
    password: ConfirmedForm | None = None,
    step: str = "",
    seconds: int = 0,
) -> str:
    """Return the page; ``step`` is what the given form was sent for."""
    who = acting()
    say = say_in(g.locale)
    pending = factor.pending_set_up(who)
    forms = {name: ConfirmedForm(translate=say, prefix=name) for name in ("begin", "codes", "off")}
    if password is not None:
        forms[step] = password
    return render_template(
        "auth/set_up.html",
        half=is_half_in(),
        state=factor.second_factor(who),
        pending=pending,
        qr=_qr(pending.uri, say("两步验证二维码")) if pending else "",
        secret=_grouped(pending.secret) if pending else "",
        code=code or FirstCodeForm(translate=say),
        forms=forms,
        step=step,
        minutes=minutes_of(seconds),
        next=wanted(),
        here=url_for("auth.set_up", next=wanted()),
    )


def _codes_page(codes: tuple[str, ...], *, first: bool) -> str:
    return render_template(
        "auth/codes.html",
        codes=[_grouped(code) for code in codes],
        first=first,
        onward=local_path(wanted()) if first else url_for("auth.set_up"),
        here=url_for("auth.set_up"),
    )


def _grouped(text: str) -> str:
    """Return a text in groups of four, as people copy it."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _qr(uri: str, title: str) -> Markup:
    """Return a QR code as a drawing for the page, with its title for readers."""
    drawing = BytesIO()
    segno.make(uri, error="m", micro=False).save(
        drawing,
        kind="svg",
        xmldecl=False,
        svgns=True,
        omitsize=True,
        border=2,
        title=title,
        light="#fff",
        svgclass=None,
        lineclass=None,
    )
    # segno draws it and escapes the title; nothing of it comes from people.
    return Markup(drawing.getvalue().decode())  # noqa: S704  see above
