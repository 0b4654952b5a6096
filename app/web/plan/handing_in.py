"""What somebody put on the desk: read from a form or from an address, checked, put into words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import g
from werkzeug.datastructures import MultiDict

from app.domain.response import PlanControls
from app.forms.plan_controls import PlanForm, foreign_names, plan_form, plan_texts
from app.services.plans.what_if import Desk
from app.web.plan.refusing import refusal_words
from app.web.presenting import say
from app.web.wording import say_in

BASE = "base"
"""The revision a desk began from."""

RESET, REFUSE = "reset", "refuse"
"""Buttons that clear one control, or grant nobody for one post, without a script."""

_BESIDE = frozenset({BASE, RESET, REFUSE, "csrf_token", "note"})
_MOST_DIGITS = 9


@dataclass(frozen=True)
class HandedIn:
    """Controls as they were handed in.

    ``controls`` is None where one of them cannot be taken; ``errors`` says which and why, by the
    name of its input, ``strays`` are names that are no control. ``base`` is the revision the desk
    began from. ``texts`` are name and text of everything that is not left to its default.
    """

    form: PlanForm
    base: int
    controls: PlanControls | None
    errors: Mapping[str, str] = field(default_factory=dict)
    strays: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """What a form or an address says to hand in the same."""
        return self.form.typed()

    def address(self) -> dict[str, str]:
        """Return the query of the address that reproduces this desk."""
        return {BASE: str(self.base), **dict(self.texts)}


def decided(desk: Desk) -> HandedIn:
    """Return the revision that counts as if it had been handed in."""
    return on_desk(desk, desk.decided)


def on_desk(desk: Desk, controls: PlanControls) -> HandedIn:
    """Return controls as if they had been handed in; they may have become impermissible."""
    return read(desk, MultiDict(plan_texts(desk.model, controls)))


def read(desk: Desk, given: MultiDict[str, str]) -> HandedIn:
    """Read what was handed in; nothing that anybody sends makes this fail."""
    plain = MultiDict((name, text) for name, text in given.items(multi=True) if text.strip())
    names = MultiDict((n, t) for n, t in plain.items(multi=True) if n not in _BESIDE)
    known = plan_form(desk.model).paths
    if plain.get(RESET) in known:
        names.poplist(plain[RESET])
    if plain.get(REFUSE) in known:
        names.setlist(plain[REFUSE], ["0"])
    strays = foreign_names(desk.model, names)
    form = plan_form(desk.model)(names, translate=say_in(g.locale))
    valid = form.validate()
    errors = {name: str(form[name].errors[0]) for name in known if form[name].errors}
    controls = form.controls() if valid else None
    if controls is not None:
        for refusal in desk.refused(controls):
            name = form.field_of(refusal.field, refusal.value)
            errors.setdefault(name, refusal_words(refusal))
    if strays:
        errors = {
            **errors,
            **{name: say("这一项给了两个值，只能给一个。") for name in strays if name in known},
        }
    taken = controls if controls is not None and not errors and not strays else None
    return HandedIn(form, _base(plain.get(BASE, ""), desk.number), taken, errors, strays)


def _base(text: str, standing: int) -> int:
    plain = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if plain else standing
