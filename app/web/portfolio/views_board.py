"""The portfolio's page, and what a client said about being counted."""

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import UnprocessableEntity

from app.services.errors import RefusedError
from app.services.portfolio.board import portfolio
from app.services.portfolio.consenting import set_consent
from app.web.policies import Right, policy
from app.web.portfolio import blueprint
from app.web.portfolio.speaking import PortfolioWords
from app.web.presenting import say
from app.web.principal import acting
from app.web.workspace.posting import expect


@blueprint.get("/portfolio")
@policy(Right.MEMBER)
def board() -> str:
    """Show every client one sees, and what they have in common."""
    found = portfolio(acting(), request.args.get("archetype") or None)
    words = PortfolioWords(found, g.locale)
    return render_template(
        "portfolio/board.html",
        found=found,
        words=words,
        rows=words.clients(),
        cells=words.cells(),
        advice=words.advice(),
    )


@blueprint.post("/clients/<client>/benchmark")
@policy(Right.WRITE)
def consent(client: str) -> Response:
    """Keep whether a client agreed to be counted."""
    expect("agreed", "note", "from")
    agreed = request.form.get("agreed", "")
    if agreed not in ("yes", "no"):
        raise UnprocessableEntity
    try:
        set_consent(acting(), client, agreed=agreed == "yes", note=request.form.get("note", ""))
    except RefusedError as error:
        flash(" ".join(say(words, **error.values) for words in error.fields.values()), "warning")
    else:
        told = (
            say("已记下：这个客户计入同业对比。")
            if agreed == "yes"
            else say("已记下：这个客户不再计入同业对比。")
        )
        flash(told, "success")
    target = url_for("portfolio.board")
    if request.form.get("from") == "client":
        target = url_for("workspace.client", client=client, _anchor="benchmark")
    return make_response(redirect(target, 303))
