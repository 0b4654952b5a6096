"""The first page of a diagnosis, and its chapters."""

from flask import Response

from app.services.diagnosis.chapters import economics_chapter, stage_chapter, ways_chapter
from app.services.diagnosis.open_items import Asking, open_items
from app.services.diagnosis.overview import overview as read_overview
from app.services.diagnosis.panel_reading import panel_pages
from app.services.diagnosis.perception_reading import perception_page
from app.services.diagnosis.self_rating_reading import self_rating_part
from app.web.diagnosis import blueprint
from app.web.diagnosis.leading import place_to_ask
from app.web.diagnosis.showing import read, whole
from app.web.policies import Right, policy
from app.web.principal import acting


@blueprint.get("/engagements/<engagement>/diagnosis")
@policy(Right.MEMBER)
def overview(engagement: str) -> Response:
    """Show the figures that matter."""
    return whole(engagement, "overview", found=read_overview(read(engagement)))


@blueprint.get("/engagements/<engagement>/diagnosis/not-assessed")
@policy(Right.MEMBER)
def not_assessed(engagement: str) -> Response:
    """Show what the diagnosis does not know, and where to ask it."""
    reading = read(engagement)

    def place(asking: Asking) -> str:
        return place_to_ask(reading, asking)

    return whole(engagement, "not_assessed", found=open_items(reading), asked_at=place)


@blueprint.get("/engagements/<engagement>/diagnosis/perception")
@policy(Right.MEMBER)
def perception(engagement: str) -> Response:
    """Show whether top and front line see one company."""
    reading = read(engagement)
    rating = self_rating_part(acting(), reading)
    return whole(engagement, "perception", found=perception_page(reading), rating=rating)


@blueprint.get("/engagements/<engagement>/diagnosis/panels")
@policy(Right.MEMBER)
def panels(engagement: str) -> Response:
    """Show the derived views."""
    return whole(engagement, "panels", found=panel_pages(read(engagement)))


@blueprint.get("/engagements/<engagement>/diagnosis/stage")
@policy(Right.MEMBER)
def stage(engagement: str) -> Response:
    """Show the stage: its readings and what still closes the gate."""
    return whole(engagement, "stage", found=stage_chapter(read(engagement)))


@blueprint.get("/engagements/<engagement>/diagnosis/economics")
@policy(Right.MEMBER)
def economics(engagement: str) -> Response:
    """Show whether it pays."""
    return whole(engagement, "economics", found=economics_chapter(read(engagement)))


@blueprint.get("/engagements/<engagement>/diagnosis/next-level")
@policy(Right.MEMBER)
def next_level(engagement: str) -> Response:
    """Show the cheapest ways one level up."""
    return whole(engagement, "next_level", found=ways_chapter(read(engagement)))
