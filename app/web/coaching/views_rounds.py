"""The round that follows: beginning it, and laying it beside the one before."""

from flask import Response, flash, g, make_response, redirect, url_for

from app.forms.coaching import RoundForm
from app.services.coaching.rounds import begin_round, compare_rounds, round_offer, round_place
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.web.binding import bound, show_refusal
from app.web.coaching import blueprint
from app.web.coaching.changes import ChangeWords
from app.web.coaching.showing import REFUSED, shown
from app.web.policies import Right, policy
from app.web.presenting import day, say
from app.web.principal import acting
from app.web.workspace.posting import expect, saves


@blueprint.get("/engagements/<engagement>/coaching/rounds")
@policy(Right.MEMBER)
def rounds(engagement: str) -> Response:
    """Show an engagement beside the round before it, and the way to the one after."""
    who = acting()
    place = round_place(who, engagement)
    found, hidden = None, False
    if place.earlier:
        try:
            found = ChangeWords(compare_rounds(who, engagement), g.locale)
        except NotFoundError:
            hidden = True
    return shown(engagement, "rounds", None, rounds=place, found=found, hidden=hidden)


@blueprint.route("/engagements/<engagement>/coaching/rounds/new", methods=["GET", "POST"])
@policy(Right.WRITE)
def new_round(engagement: str) -> Response:
    """Begin the round after an engagement."""
    who = acting()
    try:
        offer = round_offer(who, engagement)
    except ConflictError as error:
        flash(say(error.message, **error.values), "warning")
        return _to(engagement)
    title = say("{year}年{month}月复诊", year=who.today.year, month=f"{who.today.month:02}")
    form = bound(RoundForm, data={"title": title})
    expect(form=form)
    if saves() and form.validate():
        note = say("沿用{day}的答案，待确认", day=day(offer.given_on))
        try:
            made = begin_round(
                who, engagement, str(form.title.data or ""), form.interviewed_on.data, note
            )
        except RefusedError as error:
            show_refusal(form, error)
        except ConflictError as error:
            flash(say(error.message, **error.values), "warning")
            return _to(engagement)
        else:
            words = say("复诊已建好：{n}项企业信息沿用上一轮，请逐项确认；等级全部重新问。",
                        n=len(offer.facts))  # fmt: skip
            flash(words, "success")
            return make_response(redirect(url_for("workspace.engagement", engagement=made), 303))
    status = REFUSED if saves() else 200
    return shown(engagement, "new_round", None, status, form=form, offer=offer)


def _to(engagement: str) -> Response:
    return make_response(redirect(url_for("coaching.rounds", engagement=engagement), 303))
