"""Routes that take files say how large a request they take; all others take the ordinary size.

The form token of an upload is read before its view runs, so the size is raised before that.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., object])

_LARGEST: Final = "zhenmai_largest_request"
_AROUND: Final = 64 * 1024
"""What a form sends beside the file."""


def takes_file(size: int) -> Callable[[View], View]:
    """Declare that a view takes a file of up to ``size`` bytes."""

    def mark(view: View) -> View:
        setattr(view, _LARGEST, size + _AROUND)
        return view

    return mark


def raise_limit() -> None:
    """Let a request be as large as its view declared."""
    view = current_app.view_functions.get(request.endpoint or "")
    largest: int | None = getattr(view, _LARGEST, None)
    if largest is not None:
        request.max_content_length = largest


def init_uploads(app: Flask) -> None:
    """Have the size known before anything of a request is read."""
    app.before_request(raise_limit)
