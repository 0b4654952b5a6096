"""Reading what the cockpit sends: JSON with exactly the fields there are, else a refusal."""

import re
from collections.abc import Mapping
from typing import Any, Final

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from app.services.errors import RefusedError

KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
LONGEST_ITEM: Final = 80
HIGHEST_BASE: Final = 10**6


def json_body(known: frozenset[str], needed: frozenset[str]) -> Mapping[str, Any]:
    """Return the object a script sent.

    Raises 415 for anything but JSON, 400 for what is no JSON, ``RefusedError`` for what is no
    object, for fields there are not (nobody sets a role or a score from outside) and for missing
    ones.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        given = request.get_json()
    except RecursionError:
        # Brackets without end: no answer looks like that.
        raise BadRequest from None
    if not isinstance(given, dict):
        raise RefusedError({"body": "应是一个JSON对象。"})
    wrong = {name: "这里没有这个字段。" for name in given if name not in known}
    wrong |= {name: "缺少这个字段。" for name in needed if name not in given}
    if wrong:
        raise RefusedError(wrong)
    return given


def item_name(given: Any) -> str:
    """Return the item an answer is to; raises ``RefusedError``."""
    if not isinstance(given, str) or not given or len(given) > LONGEST_ITEM:
        raise RefusedError({"item": "这份答卷里没有这一题。"})
    return given


def base_revision(given: Any) -> int:
    """Return the revision the sender had seen; raises ``RefusedError``."""
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= HIGHEST_BASE:
        raise RefusedError({"base": "修订号应是0或正整数。"})
    return given


def save_key(given: Any) -> str:
    """Return the sender's idempotency key; raises ``RefusedError``."""
    if not isinstance(given, str) or not KEY.fullmatch(given):
        raise RefusedError({"key": "保存编号应是8到64个字母、数字、下划线或连字符。"})
    return given
