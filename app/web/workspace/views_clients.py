"""Clients: the list, one client with its engagements, creating and changing."""

from dataclasses import asdict, replace
from typing import Final

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from app.forms.clients import ClientForm, client_form
from app.services.engagements.clients import (
    ClientWords,
    archive_client,
    change_client,
    client_page,
    client_view,
    create_client,
)
from app.services.engagements.offers import newest_model
from app.services.errors import RefusedError
from app.services.portfolio.consenting import consent_of
from app.web.binding import bound, show_refusal
from app.web.policies import Right, policy
from app.web.presenting import say
from app.web.principal import acting, settings
from app.web.workspace import blueprint
from app.web.workspace.posting import expect, saves, told

REFUSED: Final = 422


@blueprint.get("/clients")
@policy(Right.MEMBER)
def clients() -> str:
    """List the clients a person sees, by name."""
    words = request.args.get("q", "")[:80]
    archived = request.args.get("archived") == "yes"
    page = request.args.get("page", 1, type=int)
    found = client_page(acting(), words, archived=archived, page=min(max(page, 1), 10_000))
    return render_template("workspace/clients.html", found=found, words=words, archived=archived)


@blueprint.route("/clients/new", methods=["GET", "POST"])
@policy(Right.WRITE)
def new_client() -> Response:
    """Create a client."""
    form = bound(_form())
    expect(form=form)
    if saves() and form.validate():
        try:
            client = create_client(acting(), ClientWords(**told(form.data)))
        except RefusedError as error:
            show_refusal(form, error)
        else:
            flash(say("客户已建好。接下来新建一个项目，就能开始访谈和邀请。"), "success")
            return make_response(redirect(url_for("workspace.client", client=client), 303))
    return _page("workspace/client_form.html", form, client=None)


@blueprint.get("/clients/<client>")
@policy(Right.MEMBER)
def client(client: str) -> str:
    """Show a client and its engagements."""
    return render_template(
        "workspace/client.html",
        client=client_view(acting(), client),
        consent=consent_of(acting(), client),
    )


@blueprint.route("/clients/<client>/edit", methods=["GET", "POST"])
@policy(Right.WRITE)
def edit_client(client: str) -> Response:
    """Change what is said of a client."""
    found = client_view(acting(), client)
    form = bound(_form(), data=asdict(found.words))
    expect(form=form)
    if saves() and form.validate():
        try:
            change_client(acting(), client, replace(found.words, **form.data))
        except RefusedError as error:
            show_refusal(form, error)
        else:
            flash(say("客户资料已保存。"), "success")
            return make_response(redirect(url_for("workspace.client", client=client), 303))
    return _page("workspace/client_form.html", form, client=found)


@blueprint.post("/clients/<client>/archive")
@policy(Right.WRITE)
def put_client_away(client: str) -> Response:
    """Put a client away, or take it out again."""
    expect("archived")
    archived = request.form.get("archived") == "yes"
    archive_client(acting(), client, archived=archived)
    flash(
        say("客户已归档。需要时可以在归档的客户里找到并恢复。")
        if archived
        else say("客户已恢复。"),
        "success",
    )
    return make_response(redirect(url_for("workspace.client", client=client), 303))


def _form() -> type[ClientForm]:
    return client_form(newest_model(settings(), acting().locale))


def _page(template: str, form: ClientForm, **values: object) -> Response:
    page = make_response(render_template(template, form=form, **values))
    page.status_code = REFUSED if saves() else 200
    return page
