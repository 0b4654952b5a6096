"""The cockpit: one interview with its agenda, its questions, and what the answers say so far."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from markupsafe import Markup

from app.domain.diagnosis import PanelView
from app.forms.factory import input_name
from app.reporting.charts import HeatRow, Theme, Words, heatmap
from app.reporting.phrases import translation
from app.services.answers.answering import SUBMITTED
from app.services.answers.saving import save_form
from app.services.errors import ConflictError, NotFoundError
from app.services.interviews.questioning import Interview, open_interview
from app.services.interviews.so_far import SoFar, read_so_far
from app.web.interview import blueprint
from app.web.interview.cards import Posted, base_in, form_of, part_views, typed_in
from app.web.interview.reasons import hints
from app.web.interview.speaking import Speaker, speaker
from app.web.policies import Right, policy
from app.web.principal import acting
from app.web.wording import say_in
from app.web.workspace.posting import expect

REFUSED: Final = 422
OVERTAKEN: Final = 409
_SIDE: Final = 250.0
"""Width of the heat map beside the questions, in user units: drawn small, so shown large."""


@blueprint.get("/engagements/<engagement>/interviews/<response>")
@policy(Right.MEMBER)
def cockpit(engagement: str, response: str) -> str:
    """Show an interview, or the sheet of facts."""
    found = open_interview(acting(), engagement, response, everything=_everything())
    return _page(engagement, found)


def _everything() -> bool:
    return request.args.get("everything") == "1"


def _page(engagement: str, found: Interview, posted: Posted | None = None) -> str:
    say = say_in(g.locale)
    speaks = speaker(found.model)
    shown = found.part(posted.part if posted is not None else request.args.get("section"))
    may_write = acting().role in ("owner", "consultant")
    return render_template(
        "interview/cockpit.html",
        engagement=engagement,
        interview=found,
        parts=part_views(found, speaks, say, engagement, posted),
        shown=shown.key,
        posted=posted,
        grades=found.model.content.rating.evidence,
        may_write=may_write,
        writes=may_write and found.concluded_at is None,
    )


@blueprint.post("/engagements/<engagement>/interviews/<response>/sections/<section>")
@policy(Right.WRITE)
def save_section(engagement: str, response: str, section: str) -> Response:
    """Save a part of an interview as a plain form: for browsers without scripts."""
    found = open_interview(acting(), engagement, response, everything=_everything())
    part = next((each for each in found.parts if each.key == section), None)
    if part is None:
        raise NotFoundError
    say = say_in(g.locale)
    names = {each.item.id: input_name(each.item) for each in part.posed}
    _expect(tuple(names.values()))
    form = form_of(found, part, say, request.form)
    bases = {item: base_in(request.form.get(f"{name}_base", "")) for item, name in names.items()}
    typed, errors = typed_in(form, bases)
    # "Take theirs" beside a conflict: the answer that stands is left as it is.
    taken = {item for item, name in names.items() if request.form.get(f"{name}_theirs")}
    wanted = [one for one in typed if one.item not in taken]
    try:
        kept = save_form(acting(), engagement, part.response, wanted, _form_key())
    except ConflictError as error:
        if error.code != SUBMITTED:
            raise
        flash(say("这场访谈已经结束，刚才填的没有保存。"), "warning")
        return _back(engagement, response, section)
    if errors or kept.stale:
        again = open_interview(acting(), engagement, response, everything=_everything())
        posted = Posted(section, form, errors, kept.stale)
        return make_response(_page(engagement, again, posted), OVERTAKEN if kept.stale else REFUSED)
    saved = len(kept.saved)
    flash(say("已保存{n}题。", n=saved) if saved else say("没有改动，不用保存。"), "success")
    return _back(engagement, response, section)


def _back(engagement: str, response: str, section: str) -> Response:
    everything = 1 if _everything() else None
    url = url_for(
        "interview.cockpit",
        engagement=engagement,
        response=response,
        section=section,
        everything=everything,
        _anchor=f"part-{section}",
    )
    return make_response(redirect(url, 303))


def _form_key() -> str:
    return request.form.get("form_key", "")[:64]


def _expect(names: Sequence[str]) -> None:
    """Refuse a form that brings anything but what the part asks."""
    ends = ("value", "evidence", "note", "quote", "base", "theirs")
    expect("form_key", *(f"{name}_{end}" for name in names for end in ends))


# -- what the answers say so far -----------------------------------------------------------------


@blueprint.get("/engagements/<engagement>/interviews/<response>/so-far")
@policy(Right.MEMBER)
def so_far(engagement: str, response: str) -> str:
    """Show what to ask next, what contradicts, and where the scores stand."""
    found = read_so_far(acting(), engagement, response, everything=_everything())
    speaks = speaker(found.model)
    everything = 1 if _everything() else None
    page = url_for(
        "interview.cockpit", engagement=engagement, response=response, everything=everything
    )
    whole = "HX-Request" not in request.headers
    return render_template(
        "interview/so_far_page.html" if whole else "interview/so_far.html",
        engagement=engagement,
        response=response,
        page=page,
        found=found,
        speaks=speaks,
        hints=hints(found.next, speaks, page),
        drawings=_drawings(found, speaks),
    )


def _drawings(found: SoFar, speaks: Speaker) -> list[Markup]:
    views = (view for view in found.grids if any(c.value is not None for r in view.grid for c in r))
    return [_drawing(view, speaks) for view in views]


def _drawing(view: PanelView, speaks: Speaker) -> Markup:
    """Draw a grid with its columns as rows: beside the questions, width is short."""
    model = speaks.model
    titles = [
        model.dimensions[name].title if name in model.dimensions else name
        for name in view.panel.columns
    ]
    scale = model.content.scale
    return heatmap(
        [row.title for row in view.panel.rows],
        [
            HeatRow(title, tuple(row[place].value for row in view.grid))
            for place, title in enumerate(titles)
        ],
        title=view.panel.title,
        low=scale.minimum,
        high=scale.maximum,
        format=lambda value: speaks.wording.score(Fraction(value)),
        theme=Theme(),
        words=Words.translated(translation(g.locale)),
        width=_SIDE,
    )
