"""What the cockpit's script asks for: saving one answer, what others changed, being present."""

from typing import Any, Final

from flask import Response, g, jsonify, request

from app.extensions import limiter
from app.forms.messages import ValueRefusedError
from app.services.answers.saving import Outcome, Said, save_said
from app.services.interviews.together import Changes, be_present, changes_since
from app.web.interview import blueprint
from app.web.interview.reading_json import base_revision, item_name, json_body, save_key
from app.web.interview.speaking import speaker
from app.web.policies import Right, policy
from app.web.presenting import moment
from app.web.principal import acting, member
from app.web.problems import answer
from app.web.wording import say_in

BURST: Final = "10/second"
"""More than static/js/queue.js sends, which paces itself: who only answers is never slowed."""
STEADY: Final = "300/minute"
"""A whole questionnaire with its facts, answered twice over offline, is sent within a minute."""
LOOKS: Final = "60/minute"

FIELDS: Final = frozenset({"item", "value", "evidence", "note", "quote", "base", "key"})
NEEDED: Final = frozenset({"item", "value", "base", "key"})


def signed_in_device() -> str:
    """Return whom the limits of saving count: one signed-in device, not everybody behind a wall."""
    return f"device:{member().device}"


@blueprint.post("/engagements/<engagement>/interviews/<response>/answers")
@policy(Right.WRITE)
@limiter.limit(f"{BURST};{STEADY}", key_func=signed_in_device)
def save_answer(engagement: str, response: str) -> Response:
    """Save one answer on top of the revision its sender had seen."""
    given = json_body(FIELDS, NEEDED)
    said = Said(
        item=item_name(given["item"]),
        value=given["value"],
        evidence=given.get("evidence"),
        note=given.get("note"),
        quote=given.get("quote"),
    )
    base, key = base_revision(given["base"]), save_key(given["key"])
    try:
        outcome = save_said(acting(), engagement, response, said, base, key)
    except ValueRefusedError as refusal:
        words = refusal.text(say_in(g.locale))
        return answer(422, message=words, fields={refusal.field: words})
    return _stale(outcome) if outcome.stale else _saved(outcome)


def _saved(outcome: Outcome) -> Response:
    standing = outcome.standing
    at = standing.at.isoformat() if standing.at is not None else None
    return jsonify(
        item=standing.item, revision=standing.revision, saved_at=at, at_words=moment(standing.at)
    )


def _stale(outcome: Outcome) -> Response:
    told = speaker(outcome.model).as_json(outcome.item, outcome.standing, outcome.who)
    words = say_in(g.locale)("有人先改了这一题，您的改动没有覆盖它。")
    return answer(409, code="stale", message=words, standing=told, who=told["who"], at=told["at"])


@blueprint.get("/engagements/<engagement>/interviews/<response>/changes")
@policy(Right.MEMBER)
@limiter.limit(LOOKS, key_func=signed_in_device)
def changes(engagement: str, response: str) -> Response:
    """Return what an interview holds where that is not what the page has seen, and who is here."""
    found = changes_since(acting(), engagement, response, request.args.get("since", ""))
    return jsonify(
        since=found.stamp,
        answers=_answers(found),
        concluded=found.concluded_at is not None,
        others=[{"name": one.name, "item": one.item} for one in found.others],
    )


def _answers(found: Changes) -> list[dict[str, Any]]:
    if not found.answers:
        return []
    told, speaks = [], speaker(found.model)
    for change in found.answers:
        item = speaks.item(change.kind, change.standing.item)
        if item is not None:
            as_json = speaks.as_json(item, change.standing, change.who)
            told.append({**as_json, "response": change.response})
    return told


@blueprint.post("/engagements/<engagement>/interviews/<response>/presence")
@policy(Right.WRITE)
@limiter.limit(LOOKS, key_func=signed_in_device)
def presence(engagement: str, response: str) -> Response:
    """Tell the others that one is here, and at which question."""
    given = json_body(frozenset({"item"}), frozenset({"item"}))
    item = given["item"]
    be_present(acting(), engagement, response, item_name(item) if item else "")
    return Response(status=204)
