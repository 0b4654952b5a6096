"""The stores that take part."""

from flask import Response, flash, make_response, redirect, request, url_for

from app.forms.coaching import LastDayForm, StoresForm
from app.services.coaching.coached_plan import NotCoachedError, open_coached
from app.services.coaching.stores import add_stores, end_store, stores_of
from app.services.errors import RefusedError
from app.web.binding import bound, show_refusal
from app.web.coaching import blueprint
from app.web.coaching.showing import REFUSED, not_coached, shown
from app.web.policies import Right, policy
from app.web.presenting import say
from app.web.principal import acting
from app.web.workspace.posting import expect


@blueprint.get("/engagements/<engagement>/coaching/stores")
@policy(Right.MEMBER)
def stores(engagement: str) -> Response:
    """List the stores that take part, with a form for more."""
    try:
        board = stores_of(acting(), engagement)
    except NotCoachedError:
        return not_coached(engagement, "stores")
    return _page(engagement, bound(StoresForm, data={"first": board.first}))


@blueprint.post("/engagements/<engagement>/coaching/stores")
@policy(Right.WRITE)
def add(engagement: str) -> Response:
    """Let stores take part."""
    form = bound(StoresForm)
    expect(form=form)
    if form.validate():
        names = str(form.names.data or "").splitlines()
        try:
            number = add_stores(acting(), engagement, names, form.first.data)
        except RefusedError as error:
            show_refusal(form, error)
        else:
            flash(say("{n}家门店已加入，任务和指标按门店列出。", n=number), "success")
            return _back(engagement)
    return _page(engagement, form, REFUSED)


@blueprint.post("/engagements/<engagement>/coaching/stores/<store>")
@policy(Right.WRITE)
def end(engagement: str, store: str) -> Response:
    """Set or lift the last day of a store."""
    form = bound(LastDayForm)
    expect(form=form)
    last = form.last.data if form.validate() else None
    if form.errors:
        flash(say("日期没有看懂，没有保存。"), "warning")
        return _back(engagement)
    try:
        end_store(acting(), engagement, store, last)
    except RefusedError as error:
        flash(" ".join(say(words, **error.values) for words in error.fields.values()), "warning")
    else:
        flash(say("门店的参加日期已保存；报过的数和任务都留着。"), "success")
    return _back(engagement)


def _page(engagement: str, form: StoresForm, status: int = 200) -> Response:
    who = acting()
    board = stores_of(who, engagement)
    coached = open_coached(who, engagement)
    return shown(
        engagement, "stores", coached, status,
        board=board, form=form, posted=request.method == "POST",
    )  # fmt: skip


def _back(engagement: str) -> Response:
    return make_response(redirect(url_for("coaching.stores", engagement=engagement), 303))
