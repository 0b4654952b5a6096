"""One screen of questions: shown, saved, shown again where something has to be settled."""

import re
from collections.abc import Mapping
from typing import Any, Final

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound

from app.extensions import limiter
from app.forms.factory import input_name
from app.services.errors import NotFoundError
from app.services.respondents.responding import (
    Page,
    Questionnaire,
    not_taken,
    open_questionnaire,
    save_page,
)
from app.web.compressing import packed
from app.web.interview.cards import base_in, typed_in
from app.web.interview.speaking import speaker
from app.web.policies import Right, policy
from app.web.principal import acting, keep_locale, load_principal
from app.web.respond import blueprint
from app.web.respond.cards import ENDS, Posted, cards_of, form_key, form_of
from app.web.respond.limits import PER_DEVICE, device
from app.web.wording import NAMES, say_in
from app.web.workspace.posting import expect

REFUSED: Final = 422
OVERTAKEN: Final = 409
_KEY: Final = re.compile(r"[0-9a-f]{24}")
_LOCALE: Final = "locale:"


@blueprint.get("/answer/<int:number>")
@policy(Right.RESPONDENT)
@packed
def screen(number: int) -> Response:
    """Show a screen with what was answered so far."""
    found = open_questionnaire(acting())
    page = _page(found, number)
    if found.state != "answering":
        return make_response(redirect(url_for("respond.home"), 303))
    return _shown(found, page)


@blueprint.post("/answer/<int:number>")
@policy(Right.RESPONDENT)
@limiter.limit(PER_DEVICE, key_func=device)
def save(number: int) -> Response:
    """Save a screen as a plain form, and go where the button leads."""
    found = open_questionnaire(acting())
    page = _page(found, number)
    names = {item.id: input_name(item) for item in page.screen.items}
    expect("form_key", "to", *(f"{name}_{end}" for name in names.values() for end in ENDS))
    key = request.form.get("form_key", "")
    if not _KEY.fullmatch(key):
        raise BadRequest
    if found.state != "answering":
        raise not_taken(found.state)
    say = say_in(g.locale)
    form = form_of(found, page, say, request.form)
    bases = _bases(page)
    typed, errors = typed_in(form, bases)
    # "Take the other one" beside a conflict: the answer that stands is left as it is.
    taken = {item for item, name in names.items() if request.form.get(f"{name}_theirs")}
    kept = save_page(acting(), number, [one for one in typed if one.item not in taken], key)
    to = request.form.get("to", "")
    if errors or kept.overtaken:
        locale = _locale_in(to)
        again = _open_in(locale)
        shown = _page(again, number)
        if locale:
            form = form_of(again, shown, say_in(locale), request.form)
            typed_in(form, bases)
        open_ones = {item: base for item, base in bases.items() if item in errors}
        posted = Posted(form, open_ones, kept.overtaken)
        response = _shown(again, shown, posted, OVERTAKEN if kept.overtaken else REFUSED)
        return _kept(response, locale)
    if kept.saved:
        flash(say("已保存{n}题。", n=len(kept.saved)), "success")
    return _onward(found, number, to)


def show_again(arguments: Mapping[str, Any], status: int) -> Response:
    """Show a screen with what was typed on it although it could not be taken; nothing is saved."""
    found = open_questionnaire(acting())
    page = _page(found, arguments["number"])
    if found.state != "answering":
        raise not_taken(found.state)
    say = say_in(g.locale)
    flash(say("页面放得太久，这次没有保存。填的内容都还在，请再点一次。"), "warning")
    posted = Posted(form_of(found, page, say, request.form), _bases(page))
    return _shown(found, page, posted, status)


def _bases(page: Page) -> Mapping[str, int]:
    """Return the revision of each item that stood when the screen was shown."""
    return {
        item.id: base_in(request.form.get(f"{input_name(item)}_base", ""))
        for item in page.screen.items
    }


def _page(found: Questionnaire, number: int) -> Page:
    try:
        return found.page(number)
    except NotFoundError:
        # The link is good; only the address of the screen is not.
        raise NotFound from None


def _shown(
    found: Questionnaire, page: Page, posted: Posted | None = None, status: int = 200
) -> Response:
    cards = cards_of(found, page, speaker(found.model), say_in(g.locale), posted)
    shown = render_template(
        "respond/screen.html",
        found=found,
        page=page,
        cards=cards,
        form_key=form_key(),
        status=status,
    )
    return make_response(shown, status)


def _onward(found: Questionnaire, number: int, to: str) -> Response:
    stays = to.startswith(_LOCALE)
    wanted = number if stays else {"back": number - 1, "next": number + 1}.get(to)
    if any(page.number == wanted for page in found.pages):
        target = url_for("respond.screen", number=wanted)
    else:
        target = url_for("respond.review" if to in ("next", "review") else "respond.home")
    return _kept(make_response(redirect(target, 303)), _locale_in(to))


def _locale_in(to: str) -> str:
    """Return the language a button asks for, or nothing."""
    return next((locale for locale in NAMES if to == f"{_LOCALE}{locale}"), "")


def _open_in(locale: str) -> Questionnaire:
    """Return the questionnaire as it stands now, in another language where one is asked for.

    What has to be settled must be understood, so the language changes although not all was saved.
    """
    if locale:
        g.locale = locale
        load_principal()
    return open_questionnaire(acting())


def _kept(response: Response, locale: str) -> Response:
    if locale:
        keep_locale(response, locale)
    return response
