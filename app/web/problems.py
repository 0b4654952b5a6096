"""Errors as people read them: what happened, what was kept, what to do; never what broke inside."""

import logging
import secrets
import time
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

from flask import (
    Flask,
    Response,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from app.extensions import limiter
from app.services.errors import (
    ConflictError,
    NotAllowedError,
    NotFoundError,
    RefusedError,
    ThrottledError,
)
from app.store.errors import BusyError, FullError
from app.web.policies import SAFE
from app.web.principal import SignInNeeded
from app.web.refusals import note_refusal
from app.web.wording import say_in

log = logging.getLogger(__name__)

BUSY_SECONDS: Final = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """What an error page says, as Chinese keys."""

    code: str
    title: str
    said: str
    todo: str


PROBLEMS: Final = {
    400: Problem(
        "bad-request", "请求看不懂", "浏览器发来的内容不完整或不合规。", "请返回上一页重新操作。"
    ),
    403: Problem(
        "forbidden",
        "没有权限",
        "您的权限做不了这一步，什么都没有改变。",
        "需要的话，请所在机构的所有者来做。",
    ),
    404: Problem(
        "not-found",
        "没有这个页面",
        "地址写错了，内容已移走，或者不属于您参与的项目。",
        "请从首页重新进入。",
    ),
    405: Problem("method", "不能这样打开", "这个地址只接受页面上的按钮操作。", "请返回上一页。"),
    409: Problem("conflict", "内容已经变了", "有人先改了，您的改动没有覆盖它。", "请刷新后再改。"),
    413: Problem("too-large", "文件太大", "超过了允许的大小，什么都没有保存。", "请缩小后再传。"),
    415: Problem("media-type", "格式不对", "服务器不接受这种格式的内容。", "请从页面上操作。"),
    422: Problem("refused", "有内容需要改", "填写的内容没有通过检查。", "请按提示修改后再提交。"),
    429: Problem("throttled", "操作太频繁", "为了安全，请稍等再试。", "过一会儿再试即可。"),
    500: Problem(
        "failed",
        "出错了",
        "程序没有完成这一步；已确认保存的内容都还在。",
        "请重试；仍不行，请把编号告诉管理员。",
    ),
    503: Problem("busy", "系统正忙", "这一步没有执行，已确认保存的内容都还在。", "请过几秒再试。"),
    507: Problem(
        "full", "服务器磁盘已满", "这一步没有保存，之前保存的都还在。", "请告诉管理员清理磁盘。"
    ),
}


STALE: Final = Problem(
    "csrf",
    "页面打开得太久了",
    "为了安全，过期页面上的提交没有执行，什么都没有改变。",
    "重新打开页面，再填一次。",
)
"""What a form whose token is no longer good is answered with, beside the status 403."""


_PAGES: Final = {
    "respond": "respond/problem.html",
    "check": "check/problem.html",
    "portal": "portal/problem.html",
}
"""Areas whose people need a page of their own."""
_DOORS: Final = {"second factor": "auth.second_factor", "client": "portal.sign_in"}
"""Where somebody is sent who has yet to show who they are; others sign in as members."""
_TYPED: Final = {"client": "portal/typed.html"}
"""Who needs a page of their own for a form that came too late."""
_WRITTEN_ON: Final = frozenset({"interview", "diagnosis", "coaching", "sharing", "portal"})
"""Areas where people type answers, reasons and notes at length; none asks for a password."""


def wants_json() -> bool:
    """Tell whether the caller is a script that reads JSON."""
    best = request.accept_mimetypes.best
    return request.is_json or best == "application/json"


def answer(
    status: int,
    *,
    reference: str = "",
    message: str = "",
    problem: Problem | None = None,
    **more: Any,
) -> Response:
    """Return an error in the form the caller reads."""
    if problem is None:
        problem = PROBLEMS.get(status, PROBLEMS[500] if status >= 500 else PROBLEMS[400])
    say = say_in(g.get("locale", "zh-Hans"))
    if wants_json():
        words = message or say(problem.said)
        response = jsonify(error=more.pop("code", problem.code), message=words, **more)
    else:
        page = render_template(
            _PAGES.get(request.blueprint or "", "problem.html"),
            status=status,
            title=say(problem.title),
            said=message or say(problem.said),
            todo=say(problem.todo),
            reference=reference,
        )
        response = make_response(page)
    response.status_code = status
    return response


def _http(error: HTTPException) -> Response:
    if isinstance(error, SecurityError):
        # For a host that is not ours no address can be built, so no page either.
        return Response("Bad Request\n", 400, content_type="text/plain; charset=utf-8")
    if error.code == 403:
        note_refusal(403)
    response = answer(error.code or 500)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    if error.code == 429 and limiter.current_limit is not None:
        wait = limiter.current_limit.reset_at - time.time()
        response.headers["Retry-After"] = str(max(ceil(wait), 1))
    return response


def _sign_in(error: SignInNeeded) -> Response:
    if error.whom == "respondent":
        # Which links exist is nobody's business: no link and a dead one look the same.
        return answer(404)
    if wants_json() or request.headers.get("HX-Request"):
        response = answer(401, code="sign-in")
        response.headers["HX-Redirect"] = url_for(_DOORS.get(error.whom, "auth.sign_in"))
        return response
    target = _DOORS.get(error.whom, "auth.sign_in")
    if typed := _typed():
        page = _TYPED.get(error.whom, "typed.html")
        return make_response(render_template(page, door=url_for(target), typed=typed), 401)
    wanted = request.full_path.rstrip("?") if request.method in SAFE else None
    return make_response(redirect(url_for(target, next=wanted), 303))


def _typed() -> list[tuple[str, str]]:
    """Return what a form brought that came too late; empty where nothing is lost.

    It goes back to whoever sent it, on a page that sends it again, and is kept nowhere. The form
    token was good, or the request would not have come so far: so it was typed on a page of ours.
    """
    if request.method in SAFE or request.blueprint not in _WRITTEN_ON or request.files:
        return []
    sent = request.form.items(multi=True)
    typed = [(name, value) for name, value in sent if name != "csrf_token"]
    return typed if any(value.strip() for _, value in typed) else []


def _turned_away(status: int) -> Response:
    note_refusal(status)
    return answer(status)


def _conflict(error: ConflictError) -> Response:
    words = say_in(g.locale)(error.message, **error.values)
    return answer(409, message=words, code=error.code)


def _refused(error: RefusedError) -> Response:
    say = say_in(g.locale)
    fields = {name: say(words, **error.values) for name, words in error.fields.items()}
    return answer(422, message=" ".join(fields.values()), fields=fields)


def _busy(_error: BusyError) -> Response:
    response = answer(503)
    response.headers["Retry-After"] = str(BUSY_SECONDS)
    return response


def _throttled(error: ThrottledError) -> Response:
    response = answer(429)
    response.headers["Retry-After"] = str(error.seconds)
    return response


def _csrf(_error: CSRFError) -> Response:
    return answer(403, problem=STALE)


def _crash(error: Exception) -> Response:
    reference = secrets.token_hex(4)
    log.exception("request failed, reference %s", reference, exc_info=error)
    return answer(500, reference=reference)


def init_problems(app: Flask) -> None:
    """Have every error answered in the person's language."""
    app.register_error_handler(SignInNeeded, _sign_in)
    app.register_error_handler(NotFoundError, lambda _error: _turned_away(404))
    app.register_error_handler(NotAllowedError, lambda _error: _turned_away(403))
    app.register_error_handler(ConflictError, _conflict)
    app.register_error_handler(RefusedError, _refused)
    app.register_error_handler(ThrottledError, _throttled)
    app.register_error_handler(BusyError, _busy)
    app.register_error_handler(FullError, lambda _error: answer(507))
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _crash)
