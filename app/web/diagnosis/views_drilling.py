"""The way down: from the overall score to single answers, a page for every step.

Each is a page of its own; a script that asks gets it as the sheet beside the page it came from.
"""

from flask import Response

from app.services.answers.attaching import photos_beside
from app.services.diagnosis.answer_trails import question_page
from app.services.diagnosis.computed_numbers import number_page
from app.services.diagnosis.fact_trails import fact_page
from app.services.diagnosis.number_trails import area_page, dimension_page, overall_page
from app.services.diagnosis.open_items import Asking, asking_of
from app.services.diagnosis.reading import Named, Target
from app.web.diagnosis import blueprint
from app.web.diagnosis.leading import place_to_ask
from app.web.diagnosis.showing import drilled, read
from app.web.policies import Right, policy
from app.web.presenting import say
from app.web.principal import acting


def _top() -> Named:
    return Named(Target("overall"), "", say("总分"))


@blueprint.get("/engagements/<engagement>/diagnosis/score")
@policy(Right.MEMBER)
def score(engagement: str) -> Response:
    """Show what the overall score is made of, and what holds the level down."""
    found = overall_page(read(engagement))
    return drilled(engagement, "score", say("总分怎么来的"), (), found=found)


@blueprint.get("/engagements/<engagement>/diagnosis/dimensions/<name>")
@policy(Right.MEMBER)
def dimension(engagement: str, name: str) -> Response:
    """Show what a dimension is made of."""
    found = dimension_page(read(engagement), name)
    return drilled(engagement, "dimension", _title(found.named), (_top(),), found=found)


@blueprint.get("/engagements/<engagement>/diagnosis/areas/<name>")
@policy(Right.MEMBER)
def area(engagement: str, name: str) -> Response:
    """Show what an area is made of."""
    found = area_page(read(engagement), name)
    crumbs = (_top(), found.dimension)
    return drilled(engagement, "area", _title(found.named), crumbs, found=found)


@blueprint.get("/engagements/<engagement>/diagnosis/questions/<name>")
@policy(Right.MEMBER)
def question(engagement: str, name: str) -> Response:
    """Show the answers behind a question."""
    reading = read(engagement)
    found = question_page(reading, name)
    asking = asking_of(reading, reading.model.questions[name])
    place = place_to_ask(reading, asking) if asking is not None else ""
    crumbs = (
        tuple(step for step in (_top(), found.dimension, found.area) if step is not None)
        if found.area is not None
        else ()
    )
    return drilled(
        engagement,
        "question",
        _title(found.named),
        crumbs,
        found=found,
        asked_at=place,
        photos=photos_beside(acting(), engagement, name),
    )


@blueprint.get("/engagements/<engagement>/diagnosis/facts/<name>")
@policy(Right.MEMBER)
def fact(engagement: str, name: str) -> Response:
    """Show a fact as given, and what reads it."""
    reading = read(engagement)
    found = fact_page(reading, name)
    place = place_to_ask(reading, Asking(found.response, "", name))
    photos = [one for some in photos_beside(acting(), engagement, name).values() for one in some]
    return drilled(
        engagement, "fact", _title(found.named), (), found=found, asked_at=place, photos=photos
    )


@blueprint.get("/engagements/<engagement>/diagnosis/numbers/<name>")
@policy(Right.MEMBER)
def number(engagement: str, name: str) -> Response:
    """Show what a computed number comes to, and everything it is read from."""
    found = number_page(read(engagement), name)
    title = _title(found.named)
    # Inside a sentence an English name begins small; above a page it does not.
    return drilled(engagement, "number", title[:1].upper() + title[1:], (), found=found)


def _title(named: Named) -> str:
    return f"{named.code} {named.title}".strip()
