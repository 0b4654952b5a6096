"""Revisions: deciding a plan, looking at older ones, taking one up again."""

from typing import Any, Final

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from app.domain.response import PlanControls
from app.forms.plan_controls import NoteForm
from app.services.engagements.undertaking import engagement_view
from app.services.errors import ConflictError
from app.services.plans.revisions import (
    ControlsRefusedError,
    RevisedMeanwhileError,
    Revision,
    revise,
    revision,
    revisions,
)
from app.services.plans.what_if import Desk, open_desk
from app.web.binding import bound
from app.web.plan import blueprint
from app.web.plan.answering import answer_to
from app.web.plan.differing import differences
from app.web.plan.handing_in import BASE, HandedIn, on_desk, read
from app.web.plan.views_desk import desk_page
from app.web.policies import Right, policy
from app.web.presenting import say
from app.web.principal import acting
from app.web.workspace.posting import expect

REFUSED: Final = 422
CONFLICT: Final = 409


@blueprint.get("/engagements/<engagement>/plan/save")
@policy(Right.WRITE)
def save_page(engagement: str) -> Response:
    """Ask for the reason of a plan, where no dialogue does."""
    found = open_desk(acting(), engagement)
    handed = read(found, request.args)
    if handed.controls is None:
        return desk_page(engagement, found, handed)
    return _save_page(engagement, found, handed, bound(NoteForm))


@blueprint.post("/engagements/<engagement>/plan/revisions")
@policy(Right.WRITE)
def save(engagement: str) -> Response:
    """Keep what stands on the desk as the next revision."""
    who, found = acting(), open_desk(acting(), engagement)
    handed, form = read(found, request.form), bound(NoteForm)
    if handed.controls is None:
        return desk_page(engagement, found, handed)
    if not form.validate():
        return _save_page(engagement, found, handed, form, REFUSED)
    note = str(form.note.data or "")
    try:
        kept = revise(who, engagement, handed.controls, note, handed.base)
    except RevisedMeanwhileError as error:
        return _conflict(engagement, found, handed, note, error)
    except ConflictError as error:
        flash(say(error.message, **error.values), "warning")
        return _to_desk(engagement)
    _tell_kept(kept)
    return _to_desk(engagement)


@blueprint.get("/engagements/<engagement>/plan/revisions")
@policy(Right.MEMBER)
def history(engagement: str) -> str:
    """List every revision with what it changed."""
    found, rows = open_desk(acting(), engagement), revisions(acting(), engagement)
    older = {row.number: row for row in rows}
    return render_template(
        "plan/revisions.html",
        view=engagement_view(acting(), engagement),
        engagement=engagement,
        rows=[
            {"revision": row, "changes": _changes(found, older.get(row.number - 1), row.controls)}
            for row in rows
        ],
    )


@blueprint.get("/engagements/<engagement>/plan/revisions/<int(max=2147483647):number>")
@policy(Right.MEMBER)
def one_revision(engagement: str, number: int) -> Response:
    """Show a revision as it was decided, with what it comes to today."""
    return _revision_page(engagement, number)


@blueprint.post("/engagements/<engagement>/plan/revisions/<int(max=2147483647):number>/take")
@policy(Right.WRITE)
def take(engagement: str, number: int) -> Response:
    """Decide an older revision anew: as the next one, the older one stays as it is."""
    form = bound(NoteForm)
    expect(BASE, form=form)
    if not form.validate():
        return _revision_page(engagement, number, form, REFUSED)
    who, found = acting(), open_desk(acting(), engagement)
    older = revision(who, engagement, number)
    note = str(form.note.data or "") or say("取自规划第{n}版", n=number)
    handed = read(found, request.form)
    try:
        kept = revise(who, engagement, older.controls, note, handed.base, taken_from=number)
    except ControlsRefusedError:
        # The desk shows what has to be mended before it can be decided again.
        return desk_page(engagement, found, on_desk(found, older.controls))
    except RevisedMeanwhileError as error:
        return _conflict(engagement, found, on_desk(found, older.controls), note, error)
    except ConflictError as error:
        flash(say(error.message, **error.values), "warning")
        return _to_desk(engagement)
    _tell_kept(kept)
    return _to_desk(engagement)


# -- pages ---------------------------------------------------------------------------------------


def _save_page(
    engagement: str, found: Desk, handed: HandedIn, form: NoteForm, status: int = 200
) -> Response:
    controls = handed.controls if handed.controls is not None else found.decided
    page = render_template(
        "plan/save.html",
        view=engagement_view(acting(), engagement),
        engagement=engagement,
        desk=found,
        address=handed.address(),
        changes=differences(found.model, found.decided, controls),
        form=form,
    )
    return make_response(page, status)


def _conflict(
    engagement: str, found: Desk, handed: HandedIn, note: str, error: RevisedMeanwhileError
) -> Response:
    """Show both plans; nothing was stored."""
    controls = handed.controls if handed.controls is not None else found.decided
    mine = {**handed.address(), BASE: str(error.standing.number)}
    page = render_template(
        "plan/conflict.html",
        view=engagement_view(acting(), engagement),
        engagement=engagement,
        told=say(error.message, **error.values),
        theirs=error.standing,
        changes=differences(found.model, error.standing.controls, controls),
        mine=mine,
        note=note,
    )
    return make_response(page, CONFLICT)


def _revision_page(
    engagement: str, number: int, form: NoteForm | None = None, status: int = 200
) -> Response:
    who = acting()
    found, shown = open_desk(who, engagement), revision(who, engagement, number)
    handed = on_desk(found, shown.controls)
    page = render_template(
        "plan/revision.html",
        view=engagement_view(who, engagement),
        engagement=engagement,
        desk=found,
        revision=shown,
        decisions=_changes(found, None, shown.controls),
        answer=answer_to(found, shown.controls),
        address={**handed.address(), BASE: str(found.number)},
        handed=handed,
        stale=False,
        shown_name=say("规划第{n}版", n=number),
        on_desk=False,
        form=form or bound(NoteForm),
    )
    return make_response(page, status)


def _changes(found: Desk, before: Revision | None, after: PlanControls) -> Any:
    return differences(found.model, before.controls if before else PlanControls(), after)


def _tell_kept(kept: Revision) -> None:
    told = "已存为规划第{n}版。以后出的报告用这一版，发出去的报告不变。"
    flash(say(told, n=kept.number), "success")


def _to_desk(engagement: str) -> Response:
    return make_response(redirect(url_for("plan.desk", engagement=engagement), 303))
