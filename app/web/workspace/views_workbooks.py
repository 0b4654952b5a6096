"""Invitations in Excel: the list to fill in, the list to import, the progress to take away."""

from collections.abc import Sequence
from typing import Final

from flask import (
    Response,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from app.services.engagements.undertaking import engagement_view
from app.services.errors import RefusedError
from app.services.invitations.export import progress_workbook
from app.services.invitations.lists import import_invitations, template
from app.services.workbooks.listing import (
    LARGEST,
    ListRefusedError,
    Mistake,
    WorkbookRefusedError,
)
from app.web.policies import Right, policy
from app.web.presenting import say
from app.web.principal import acting
from app.web.sending import workbook_sent
from app.web.uploads import takes_file
from app.web.wording import say_in
from app.web.workspace import blueprint
from app.web.workspace.posting import expect, saves

REFUSED: Final = 422


@blueprint.route("/engagements/<engagement>/invitations/import", methods=["GET", "POST"])
@policy(Right.WRITE)
@takes_file(LARGEST)
def import_list(engagement: str) -> Response:
    """Invite everybody on a list in Excel: all of them, or none."""
    expect()
    who = acting()
    refusal, total = "", 0
    mistakes: Sequence[Mistake] = ()
    if saves():
        file = request.files.get("list")
        try:
            if file is None or not file.filename:
                raise WorkbookRefusedError("还没有选文件。请选一个填好的.xlsx文件。")
            made = import_invitations(who, engagement, file.read(LARGEST + 1), say_in(g.locale))
        except WorkbookRefusedError as error:
            refusal = say(error.message, **error.values)
        except RefusedError as error:
            refusal = " ".join(say(words, **error.values) for words in error.fields.values())
        except ListRefusedError as error:
            mistakes, total = error.mistakes, error.total
        else:
            flash(say("名单已导入：{n}位受访者，每位一条链接。", n=len(made)), "success")
            to = url_for("workspace.invitations", engagement=engagement)
            return make_response(redirect(to, 303))
    page = render_template(
        "workspace/import.html",
        view=engagement_view(who, engagement),
        refusal=refusal,
        mistakes=mistakes,
        total=total,
    )
    return make_response(page, REFUSED if saves() else 200)


@blueprint.get("/engagements/<engagement>/invitations/template.xlsx")
@policy(Right.WRITE)
def list_template(engagement: str) -> Response:
    """Hand out the list to fill in."""
    data = template(acting(), engagement, say_in(g.locale))
    return workbook_sent(data, say("邀请名单"))


@blueprint.get("/engagements/<engagement>/invitations/progress.xlsx")
@policy(Right.MEMBER)
def progress_list(engagement: str) -> Response:
    """Hand out who was invited and how far each of them is."""
    who = acting()
    data = progress_workbook(who, engagement, say_in(g.locale))
    view = engagement_view(who, engagement)
    return workbook_sent(data, f"{view.client_name}-{say('受访进度')}")
