"""Says in an author's words what the validator means."""

from collections.abc import Mapping
from typing import Any


def is_unknown_key(detail: Mapping[str, Any]) -> bool:
    """Return whether an entry of a validation error refuses a key rather than a value."""
    return detail["type"] in ("unexpected_keyword_argument", "extra_forbidden")


def explain(detail: Mapping[str, Any]) -> str:
    """Return one sentence for one entry of a validation error, with what was expected."""
    kind = detail["type"]
    given = detail.get("input")
    shown = f"，写的是「{given}」" if isinstance(given, str | int | float | bool) else ""
    context = detail.get("ctx", {})
    if kind == "missing":
        return f"缺少「{detail['loc'][-1]}」。"
    if is_unknown_key(detail):
        return f"不认识的键「{detail['loc'][-1]}」。"
    if kind == "literal_error":
        return f"应是{context.get('expected', '规定的词')}之一{shown}。"
    if kind in ("string_type", "string_sub_type"):
        return f"应是文字{shown}；数字样的文字请加引号。"
    if kind in ("int_type", "is_instance_of", "decimal_type", "int_parsing"):
        return f"应是数字{shown}。"
    if kind == "bool_type":
        return f"应是true或false{shown}。"
    if kind == "tuple_type":
        return f"应是列表{shown}。"
    if kind in ("mapping_type", "dataclass_type", "dataclass_exact_type", "dict_type"):
        return f"应是「键: 值」的映射{shown}。"
    return f"{detail['msg']}{shown}。"
