"""What a service answers when it cannot do what was asked."""

from collections.abc import Mapping
from typing import Any


class ServiceError(Exception):
    """Something asked of a service that cannot be done."""


class NotFoundError(ServiceError):
    """No such thing, or not for this person: the two are never told apart."""


class NotAllowedError(ServiceError):
    """The person may see this but not do that."""


class ConflictError(ServiceError):
    """The thing changed meanwhile or is in a state that does not allow this.

    ``code`` is a fixed word programs read; the message is a Chinese key with ``values``.
    """

    def __init__(self, code: str, message: str, **values: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.values = values


class RefusedError(ServiceError):
    """Input that cannot be taken: field → message (a Chinese key), ``values`` fill it in."""

    def __init__(self, fields: Mapping[str, str], **values: Any) -> None:
        super().__init__("; ".join(fields.values()))
        self.fields = fields
        self.values = values


class ThrottledError(ServiceError):
    """Too many tries; ``seconds`` until the next is taken."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"try again in {seconds} s")
        self.seconds = seconds
