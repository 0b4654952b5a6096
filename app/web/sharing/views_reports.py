"""Sharing a version of the report with the client, and taking it back."""

from flask import Response, flash, make_response, redirect, request, url_for

from app.services.errors import ConflictError
from app.services.portal.sharing import share_report, withdraw_report
from app.web.policies import Right, policy
from app.web.presenting import say
from app.web.principal import acting
from app.web.sharing import blueprint
from app.web.workspace.posting import expect


@blueprint.post("/engagements/<engagement>/portal/reports/<report>/share")
@policy(Right.WRITE)
def share(engagement: str, report: str) -> Response:
    """Show a version to the client, in one click."""
    expect("from")
    try:
        told = share_report(acting(), engagement, report)
    except ConflictError as error:
        flash(say(error.message, **error.values), "error")
    else:
        if told is None:
            flash(say("这一版已经分享过了。"), "info")
        elif told:
            flash(say("已分享，并给{n}位联系人发了邮件。", n=told), "success")
        else:
            flash(say("已分享。还没有看得到报告的联系人，请到「客户门户」邀请。"), "warning")
    return _back(engagement)


@blueprint.post("/engagements/<engagement>/portal/reports/<report>/withdraw")
@policy(Right.WRITE)
def withdraw(engagement: str, report: str) -> Response:
    """Take a version back."""
    expect("from")
    withdraw_report(acting(), engagement, report)
    flash(say("已收回，客户看不到这一版了；已经下载的文件收不回来。"), "success")
    return _back(engagement)


def _back(engagement: str) -> Response:
    """Go back to the page whose button was pressed."""
    on_board = request.form.get("from") == "reports"
    target = "reports.board" if on_board else "sharing.board"
    return make_response(redirect(url_for(target, engagement=engagement), 303))
