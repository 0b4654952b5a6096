"""What a form may bring: its own fields and nothing else."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from flask import request
from werkzeug.exceptions import UnprocessableEntity

from app.web.policies import SAFE

_TOKEN = "csrf_token"  # noqa: S105  the name of the field, no secret


class Fields(Protocol):
    """A form, as far as the names of its fields are concerned."""

    def __iter__(self) -> Iterator[object]: ...
    def __contains__(self, name: str) -> bool: ...


def expect(*names: str, form: Fields | None = None) -> None:
    """Refuse a post that brings anything but the fields of ``form`` and ``names``: status 422.

    Nobody sends a field that was not on the page by accident; ``status=submitted`` or
    ``tenant_id=…`` beside a client's name is an attempt to write more than the page offers.
    """
    if request.method in SAFE:
        return
    known = {_TOKEN, *names}
    for name in request.form:
        if name not in known and (form is None or name not in form):
            raise UnprocessableEntity


def told(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form was told; a field that was not on the page is left out."""
    return {name: value for name, value in data.items() if value is not None}


def saves() -> bool:
    """Tell whether the request wants something stored, rather than the page shown."""
    return request.method not in SAFE
