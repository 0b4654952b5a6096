"""One screen of a self-check: shown, saved, shown again where something cannot be taken."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound

from app.extensions import limiter
from app.forms.factory import input_name
from app.services.errors import NotFoundError
from app.services.respondents.responding import Page
from app.services.selfcheck.answering import OwnCheck, handed_over, own_check, save_screen
from app.services.selfcheck.result import fact_conflicts
from app.web.check import blueprint
from app.web.check.limits import PER_BROWSER, browser
from app.web.interview.cards import typed_in
from app.web.interview.speaking import speaker
from app.web.policies import Right, policy
from app.web.principal import acting, keep_locale
from app.web.respond.cards import Posted, cards_of, form_of
from app.web.wording import NAMES, say_in
from app.web.workspace.posting import expect

REFUSED: Final = 422
_LOCALE: Final = "locale:"
_ENDS: Final = ("value", "base")


@blueprint.get("/check/<slug>/<int:number>")
@policy(Right.VISITOR)
def screen(slug: str, number: int) -> Response:
    """Show a screen with what was answered so far."""
    own = own_check(acting())
    page = _page(own, number)
    if own.handed is not None:
        return make_response(redirect(url_for("check.result", slug=slug), 303))
    return _shown(own, page)


@blueprint.post("/check/<slug>/<int:number>")
@policy(Right.VISITOR)
@limiter.limit(PER_BROWSER, key_func=browser)
def save(slug: str, number: int) -> Response:
    """Save a screen as a plain form, and go where the button leads."""
    own = own_check(acting())
    page = _page(own, number)
    names = [input_name(item) for item in page.screen.items]
    expect("to", *(f"{name}_{end}" for name in names for end in _ENDS))
    if own.handed is not None:
        raise handed_over()
    form = form_of(own, page, say_in(g.locale), request.form)
    typed, errors = typed_in(form, {})
    save_screen(acting(), number, typed)
    if errors:
        again = own_check(acting())
        return _shown(again, _page(again, number), Posted(form, {}), REFUSED)
    return _onward(slug, number, request.form.get("to", ""))


@blueprint.get("/check/<slug>/review")
@policy(Right.VISITOR)
def review(slug: str) -> Response:
    """Show what is still open, and facts that cannot be true together, before the result."""
    own = own_check(acting())
    if own.handed is not None:
        return make_response(redirect(url_for("check.result", slug=slug), 303))
    speaks = speaker(own.model)
    page = render_template("check/review.html", own=own, conflicts=_placed(own), title=speaks.title)
    return make_response(page)


def show_again(arguments: Mapping[str, Any], status: int) -> Response:
    """Show a screen with what was typed on it although it could not be taken; nothing is saved."""
    own = own_check(acting())
    page = _page(own, arguments["number"])
    if own.handed is not None:
        raise handed_over()
    say = say_in(g.locale)
    flash(say("页面放得太久，这次没有保存。填的内容都还在，请再点一次。"), "warning")
    return _shown(own, page, Posted(form_of(own, page, say, request.form), {}), status)


def _placed(own: OwnCheck) -> list[tuple[int, str, str]]:
    """Return the facts that contradict each other: the screen to go to, the fact, what is wrong."""
    screens = {each.item.id: page.number for page in own.pages for each in page.posed}
    return [
        (screens[one.part], one.fact.title, one.message)
        for one in fact_conflicts(acting())
        if one.part in screens
    ]


def _page(own: OwnCheck, number: int) -> Page:
    try:
        return own.page(number)
    except NotFoundError:
        # The self-check is there; only the address of the screen is not.
        raise NotFound from None


def _shown(own: OwnCheck, page: Page, posted: Posted | None = None, status: int = 200) -> Response:
    cards = cards_of(own, page, speaker(own.model), say_in(g.locale), posted)
    shown = render_template("check/screen.html", own=own, page=page, cards=cards)
    return make_response(shown, status)


def _onward(slug: str, number: int, to: str) -> Response:
    own = own_check(acting())
    switches = to.startswith(_LOCALE)
    wanted = number if switches else {"back": number - 1, "next": number + 1}.get(to)
    if any(page.number == wanted for page in own.pages):
        target = url_for("check.screen", slug=slug, number=wanted)
    elif to != "next":
        target = url_for("check.door", slug=slug)
    elif own.next_open is not None or _placed(own):
        target = url_for("check.review", slug=slug)
    else:
        target = url_for("check.result", slug=slug)
    response = make_response(redirect(target, 303))
    locale = to.removeprefix(_LOCALE)
    if switches and locale in NAMES:
        keep_locale(response, locale)
    return response
