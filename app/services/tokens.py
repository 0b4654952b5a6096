"""Secret links: derived from the installation's key, so that no store ever holds one.

A token is a keyed hash of what it opens (purpose, tenant, row, issue). The database keeps only
the hash of the token, for looking it up; a link can be shown, printed and mailed again at any
time, and raising ``issue`` makes all earlier ones void. A prefix and a checksum let scanners and
people recognise a leaked or mistyped one.
"""

import base64
import hashlib
import hmac
import secrets
from typing import Final, Literal, TypeAlias

Purpose: TypeAlias = Literal[
    "invitation", "joining", "reset", "owner", "pulse", "portal", "calendar"
]

PREFIX: Final = "zm_"
_BYTES: Final = 20
"""160 bits."""
_CHECK: Final = 4


def derived_token(key: str, purpose: Purpose, tenant: str, subject: str, issue: int = 1) -> str:
    """Return the token that opens ``subject``: 160 bits that only the key's holder can make."""
    words = f"{purpose}:{tenant}:{subject}:{issue}".encode()
    secret = hmac.new(f"link:{key}".encode(), words, hashlib.sha256).digest()[:_BYTES]
    return _spelled(secret)


def random_token() -> str:
    """Return a token of a session: 160 random bits."""
    return _spelled(secrets.token_bytes(_BYTES))


def _spelled(secret: bytes) -> str:
    body = base64.b32encode(secret).decode().lower()
    return f"{PREFIX}{body}{_checksum(body)}"


def _checksum(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:_CHECK]


def is_token(text: str) -> bool:
    """Tell whether a text has the shape and checksum of a token."""
    body, check = text[len(PREFIX) : -_CHECK], text[-_CHECK:]
    return text.startswith(PREFIX) and len(body) == 32 and _checksum(body) == check


def token_hash(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
