"""What the script of the pages asks for: saving one answer as it is given."""

from typing import Final

from flask import Response, g, jsonify

from app.extensions import limiter
from app.forms.messages import ValueRefusedError
from app.services.answers.saving import Said
from app.services.respondents.autosaving import SavedOne, save_one
from app.web.interview.reading_json import base_revision, item_name, json_body, save_key
from app.web.interview.speaking import reading_of, speaker
from app.web.policies import Right, policy
from app.web.presenting import moment, say
from app.web.principal import acting
from app.web.problems import answer
from app.web.respond import blueprint
from app.web.respond.cards import in_words
from app.web.respond.limits import PER_DEVICE_BURST, PER_DEVICE_STEADY, device
from app.web.wording import say_in

_FIELDS: Final = frozenset({"item", "value", "note", "base", "key"})
_NEEDED: Final = frozenset({"item", "value", "base", "key"})


@blueprint.post("/answer/answers")
@policy(Right.RESPONDENT)
@limiter.limit(f"{PER_DEVICE_BURST};{PER_DEVICE_STEADY}", key_func=device)
def save_answer() -> Response:
    """Save one answer on top of the revision its sender had seen."""
    given = json_body(_FIELDS, _NEEDED)
    said = Said(item=item_name(given["item"]), value=given["value"], note=given.get("note"))
    base, key = base_revision(given["base"]), save_key(given["key"])
    try:
        saved = save_one(acting(), said, base, key)
    except ValueRefusedError as refusal:
        words = refusal.text(say_in(g.locale))
        return answer(422, message=words, fields={refusal.field: words})
    return _overtaken(saved) if saved.stale else _saved(saved)


def _saved(saved: SavedOne) -> Response:
    standing = saved.standing
    return jsonify(item=standing.item, revision=standing.revision, at_words=moment(standing.at))


def _overtaken(saved: SavedOne) -> Response:
    item, standing, speaks = saved.item, saved.standing, speaker(saved.model)
    told = {
        "item": item.id,
        "revision": standing.revision,
        "typed": list(speaks.typed(item, standing)),
        "note": standing.note,
        "words": in_words(item, reading_of(item, standing), speaks),
        "at_words": moment(standing.at),
    }
    words = say("这一题在另一台设备或另一个窗口里改过，两个答案都还在。")
    return answer(409, code="stale", message=words, standing=told)
