"""Forms in views: bound to what was posted, in the reader's language; a service's refusal is shown
beside the field it is about.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from flask import g, request

from app.services.errors import RefusedError
from app.web.policies import SAFE
from app.web.wording import say_in


class Shown(Protocol):
    """A form as a page shows it."""

    form_errors: Any

    def __contains__(self, name: str) -> bool: ...
    def __getitem__(self, name: str) -> Any:
        """Return the field of this name."""


F = TypeVar("F")


def bound(form: Callable[..., F], **given: Any) -> F:
    """Return a form with what was posted, or as it is first shown (with ``data=…``)."""
    posted = None if request.method in SAFE else request.form
    return form(posted, translate=say_in(g.locale), **given)


def show_refusal(form: Shown, error: RefusedError) -> None:
    """Put what a service refused beside the fields; what has no field here stands above them."""
    say = say_in(g.locale)
    for name, words in error.fields.items():
        told = say(words, **error.values)
        if name in form:
            form[name].errors = [*form[name].errors, told]
        else:
            form.form_errors = [*form.form_errors, told]
