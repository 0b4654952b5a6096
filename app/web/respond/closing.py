"""Doors that do not open, and answers that are not taken: what happened, what was kept."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from flask import Response, g, make_response, render_template, request, url_for
from flask_wtf.csrf import CSRFError

from app.domain.bounds import TEXT_LIMIT
from app.services.errors import ConflictError, NotFoundError
from app.web.auth.arriving import unreferred
from app.web.principal import Respondent, SignInNeeded, load_principal
from app.web.problems import STALE, answer, wants_json
from app.web.respond import blueprint
from app.web.respond.views_answers import show_again
from app.web.wording import NAMES, say_in

_LEFT_OPEN: Final = 403
_BASE: Final = "_base"
_PICKED: Final = re.compile(r"[a-z0-9_.-]*|\[\]")
"""What a row or tick sends, and numbers: picked again sooner than copied."""
_MOST_WORDS: Final = 40


def dead_end() -> Response:
    """Return the one page for every link and device that opens nothing, whatever the reason.

    It is the same to the byte, in all languages at once: nothing on it tells links apart. Only what
    somebody wrote on a screen and sent in vain is handed back, to be copied: it is kept nowhere.
    """
    says = [(locale, say_in(locale)) for locale in NAMES]
    written = list(islice(_written(), _MOST_WORDS)) if request.endpoint == "respond.save" else []
    page = render_template("respond/dead.html", says=says, written=written)
    return unreferred(make_response(page, 404))


def _written() -> Iterator[tuple[int, str]]:
    """Yield the words of the screen that was sent, each with the place of its question on it.

    Which questions these are nobody can say here: that takes the questionnaire, and so the link.
    """
    names = [name.removesuffix(_BASE) for name in request.form if name.endswith(_BASE)]
    for place, name in enumerate(names, start=1):
        for end in ("value", "note"):
            for sent in request.form.getlist(f"{name}_{end}"):
                words = sent.strip()
                if not _PICKED.fullmatch(words):
                    yield place, words[:TEXT_LIMIT]


@blueprint.errorhandler(SignInNeeded)
def _no_device(_error: SignInNeeded) -> Response:
    return dead_end()


@blueprint.errorhandler(NotFoundError)
def _void(_error: NotFoundError) -> Response:
    return dead_end()


@blueprint.errorhandler(ConflictError)
def _not_taken(error: ConflictError) -> Response:
    words = say_in(g.locale)(error.message, **error.values)
    if wants_json():
        return answer(409, message=words, code=error.code)
    page = render_template("respond/not_taken.html", code=error.code, said=words)
    return make_response(page, 409)


@blueprint.errorhandler(CSRFError)
def _stale_form(_error: CSRFError) -> Response:
    """Show a screen again with what was typed, ready to be sent; nothing has been stored.

    Phones forget short-lived cookies while a page lies open, and its form token goes with them.
    """
    if wants_json():
        return answer(403, problem=STALE)
    load_principal()
    if request.endpoint == "respond.save":
        if isinstance(g.principal, Respondent):
            return show_again(request.view_args or {}, _LEFT_OPEN)
        return dead_end()
    again = request.path if request.endpoint == "respond.door" else url_for("respond.home")
    page = render_template("respond/again.html", again=again)
    return unreferred(make_response(page, _LEFT_OPEN))
