"""Engagements: beginning one, its own page, its team."""

from typing import Final

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from app.forms.clients import EngagementForm, TeamForm
from app.services.engagements.clients import client_view
from app.services.engagements.offers import newest_languages, newest_model
from app.services.engagements.teams import join_team, leave_team, may_join
from app.services.engagements.undertaking import (
    EngagementWords,
    archive_engagement,
    begin_engagement,
    change_engagement,
    engagement_model,
    engagement_view,
    report_languages,
)
from app.services.errors import ConflictError, RefusedError
from app.services.selfcheck.leads import lead_behind
from app.web.binding import bound, show_refusal
from app.web.policies import Right, policy
from app.web.presenting import say
from app.web.principal import acting, settings
from app.web.workspace import blueprint
from app.web.workspace.posting import expect, saves, told

REFUSED: Final = 422


@blueprint.route("/clients/<client>/engagements/new", methods=["GET", "POST"])
@policy(Right.WRITE)
def new_engagement(client: str) -> Response:
    """Begin an engagement of a client."""
    who = acting()
    found = client_view(who, client)
    model, languages = newest_model(settings(), who.locale), newest_languages(settings())
    day = who.today
    given = {
        "title": say("{year}年{month}月诊断", year=day.year, month=f"{day.month:02}"),
        "form": model.content.forms[0].id,
        "locale": who.locale if who.locale in languages else languages[0],
    }
    form = bound(EngagementForm, model=model, languages=languages, data=given)
    expect(form=form)
    if saves() and form.validate():
        try:
            engagement = begin_engagement(who, client, EngagementWords(**told(form.data)))
        except RefusedError as error:
            show_refusal(form, error)
        else:
            flash(say("项目已建好，您在项目组里。"), "success")
            return _to(engagement)
    page = render_template("workspace/engagement_form.html", form=form, client=found, model=model)
    return make_response(page, REFUSED if saves() else 200)


@blueprint.get("/engagements/<engagement>")
@policy(Right.MEMBER)
def engagement(engagement: str) -> str:
    """Show where an engagement stands and what comes next."""
    view = engagement_view(acting(), engagement)
    origin = lead_behind(acting(), engagement)
    return render_template("workspace/engagement_page.html", view=view, origin=origin)


@blueprint.route("/engagements/<engagement>/edit", methods=["GET", "POST"])
@policy(Right.WRITE)
def edit_engagement(engagement: str) -> Response:
    """Change title, language, day of the interviews; the form while nobody has answered."""
    who = acting()
    view = engagement_view(who, engagement)
    given = {
        "title": view.title,
        "form": view.form,
        "locale": view.locale,
        "interviewed_on": view.interviewed_on,
    }
    form = bound(
        EngagementForm,
        model=engagement_model(who, engagement),
        languages=report_languages(who, engagement),
        data=given,
    )
    expect(form=form)
    if saves() and form.validate():
        try:
            change_engagement(who, engagement, EngagementWords(**told(form.data)))
        except RefusedError as error:
            show_refusal(form, error)
        else:
            flash(say("项目资料已保存。"), "success")
            return _to(engagement)
    page = render_template("workspace/engagement_edit.html", form=form, view=view)
    return make_response(page, REFUSED if saves() else 200)


@blueprint.post("/engagements/<engagement>/archive")
@policy(Right.WRITE)
def put_engagement_away(engagement: str) -> Response:
    """Put an engagement away, or take it out again."""
    expect("archived")
    archived = request.form.get("archived") == "yes"
    archive_engagement(acting(), engagement, archived=archived)
    words = say("项目已归档，里面的内容都还在。") if archived else say("项目已恢复。")
    flash(words, "success")
    return _to(engagement)


# -- team --------------------------------------------------------------------------------------


@blueprint.get("/engagements/<engagement>/team")
@policy(Right.MEMBER)
def team(engagement: str) -> Response:
    """Show who works on an engagement."""
    return _team_page(engagement)


@blueprint.post("/engagements/<engagement>/team")
@policy(Right.WRITE)
def join(engagement: str) -> Response:
    """Put a member on the team."""
    form = _team_form(engagement)
    expect(form=form)
    if not form.validate():
        return _team_page(engagement, form)
    join_team(acting(), engagement, str(form.member.data))
    flash(say("已加进项目组。"), "success")
    return make_response(redirect(url_for("workspace.team", engagement=engagement), 303))


@blueprint.post("/engagements/<engagement>/team/<member>/leave")
@policy(Right.WRITE)
def leave(engagement: str, member: str) -> Response:
    """Take a member off the team."""
    expect()
    who = acting()
    try:
        leave_team(who, engagement, member)
    except ConflictError as error:
        flash(say(error.message, **error.values), "warning")
        return make_response(redirect(url_for("workspace.team", engagement=engagement), 303))
    flash(say("已移出项目组，对方不再看得到这个项目。"), "success")
    if member == who.person and who.role != "owner":
        return make_response(redirect(url_for("workspace.clients"), 303))
    return make_response(redirect(url_for("workspace.team", engagement=engagement), 303))


def _team_form(engagement: str) -> TeamForm:
    free = [(one.id, one.name) for one in may_join(acting(), engagement)]
    return bound(TeamForm, members=free)


def _team_page(engagement: str, form: TeamForm | None = None) -> Response:
    view = engagement_view(acting(), engagement)
    refused = form is not None
    form = form or _team_form(engagement)
    page = render_template("workspace/team.html", view=view, form=form)
    return make_response(page, REFUSED if refused else 200)


def _to(engagement: str) -> Response:
    return make_response(redirect(url_for("workspace.engagement", engagement=engagement), 303))
