"""The desk: controls on one side, what the plan becomes on the other."""

from typing import Any, Final

from flask import Response, g, make_response, redirect, render_template, request, url_for

from app.services.engagements.undertaking import engagement_view
from app.services.plans.gauges import asked_hires, defaults_of
from app.services.plans.prices import further_refusals, prices
from app.services.plans.reading import PlanReading, read_plan
from app.services.plans.what_if import Desk, open_desk
from app.web.plan import blueprint
from app.web.plan.answering import answer_to
from app.web.plan.handing_in import HandedIn, decided, read
from app.web.plan.sheet import Sheet, asked_words, sop_words
from app.web.policies import Right, policy
from app.web.presenting import say
from app.web.principal import acting

REFUSED: Final = 422
_TITLES: Final = {
    "prices": "每一道限制各要多少代价",
    "further": "要是再有一个岗位一个人都不批",
}


@blueprint.get("/engagements/<engagement>/plan")
@policy(Right.MEMBER)
def desk(engagement: str) -> Response:
    """Show the plan that counts, or the one the address describes."""
    found = open_desk(acting(), engagement)
    if found.is_bare:
        return make_response(
            render_template("plan/bare.html", view=engagement_view(acting(), engagement))
        )
    return desk_page(engagement, found, read(found, request.args) if request.args else None)


@blueprint.post("/engagements/<engagement>/plan")
@policy(Right.SELF)
def compute(engagement: str) -> Response:
    """Answer to the controls on a desk; nothing is stored. The address reproduces them."""
    found = open_desk(acting(), engagement)
    handed = read(found, request.form)
    address = address_of(engagement, handed)
    if "HX-Request" not in request.headers:
        if handed.controls is None:
            return desk_page(engagement, found, handed)
        return make_response(redirect(address, 303))
    if handed.controls is None:
        response = make_response(render_template("plan/refused.html", handed=handed), REFUSED)
        response.headers["HX-Reswap"] = "none"
    else:
        response = make_response(
            render_template("plan/exchanged.html", **_shown(engagement, found, handed))
        )
        response.headers["HX-Replace-Url"] = address
    response.vary.add("HX-Request")
    return response


@blueprint.get("/engagements/<engagement>/plan/prices")
@policy(Right.MEMBER)
def each_price(engagement: str) -> Response:
    """Show what each limit on people and money costs by itself."""
    reading, back = _read(engagement)
    return _aside(engagement, "prices", back, prices=prices(reading), reading=reading)


@blueprint.get("/engagements/<engagement>/plan/further")
@policy(Right.MEMBER)
def further(engagement: str) -> Response:
    """Show what it would cost to refuse one more post."""
    reading, back = _read(engagement)
    return _aside(engagement, "further", back, rows=further_refusals(reading), reading=reading)


def desk_page(
    engagement: str, found: Desk, handed: HandedIn | None = None, status: int = 200, **more: Any
) -> Response:
    """Return the whole page of a desk; without ``handed`` the plan that counts lies on it.

    Where something handed in cannot be taken, the answer is that of the plan that counts.
    """
    handed = handed or decided(found)
    shown = _shown(engagement, found, handed)
    sheet = Sheet(
        handed, defaults_of(shown["answer"].reading.source.diagnosis), shown["answer"].reading
    )
    page = render_template(
        "plan/desk.html",
        view=engagement_view(acting(), engagement),
        groups=sheet.groups(),
        **shown,
        **more,
    )
    response = make_response(page, REFUSED if handed.controls is None else status)
    response.vary.add("HX-Request")
    return response


def _shown(engagement: str, found: Desk, handed: HandedIn) -> dict[str, Any]:
    """Return what page and exchanged parts have in common."""
    controls = handed.controls if handed.controls is not None else found.decided
    answer = answer_to(found, controls)
    asked = asked_hires(answer.reading.source.diagnosis)
    return {
        "engagement": engagement,
        "desk": found,
        "handed": handed,
        "answer": answer,
        "stale": handed.controls is None,
        "shown_name": say("桌面上"),
        "on_desk": True,
        "address": handed.address(),
        "asked": {
            name: asked_words(asked[path[1]])
            for name, path in handed.form.paths.items()
            if path[0] == "max_hires" and path[1] in asked
        },
        "whys": {f"sop-{line.id}": sop_words(line) for line in answer.reading.sop_lines},
    }


def _read(engagement: str) -> tuple[PlanReading, str]:
    """Return the plan of the controls in the address, and the way back to their desk.

    Where they cannot be taken it is the plan that counts.
    """
    found = open_desk(acting(), engagement)
    handed = read(found, request.args)
    controls = handed.controls if handed.controls is not None else found.decided
    reading = read_plan(found.current, found.under(controls), g.locale)
    return reading, address_of(engagement, handed)


def address_of(engagement: str, handed: HandedIn) -> str:
    """Return the address that puts the same on the desk again."""
    query: dict[str, Any] = handed.address()
    return url_for("plan.desk", engagement=engagement, **query)


def _aside(engagement: str, part: str, back: str, **values: Any) -> Response:
    """Return a part the desk asks for later, or, without scripts, a page of its own."""
    if "HX-Request" in request.headers:
        response = make_response(render_template(f"plan/{part}.html", whole=False, **values))
    else:
        page = render_template(
            "plan/aside.html",
            part=f"plan/{part}.html",
            title=say(_TITLES[part]),
            whole=True,
            back=back,
            view=engagement_view(acting(), engagement),
            **values,
        )
        response = make_response(page)
    response.vary.add("HX-Request")
    return response
