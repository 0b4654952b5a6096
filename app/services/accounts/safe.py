"""Small secrets that have to be read again, locked with the installation's key.

A token or a password is kept as a hash. The secret of an authenticator is needed in full at every
sign-in, so it is kept locked: a copy of the database alone does not open any account.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 32
"""Bytes of a secret: one block of the hash that covers it."""

_NONCE: Final = 12
_SEAL: Final = 12


def locked(key: str, owner: str, secret: bytes) -> str:
    """Return a secret as it may be stored; ``owner`` names the row it belongs to.

    The secret is covered with a block of HMAC-SHA-256 over a fresh nonce and sealed with another
    (encrypt, then authenticate), so it opens for the same owner and key alone.
    """
    if len(secret) > LONGEST:
        raise ValueError(f"a secret has {LONGEST} bytes at most")
    nonce = secrets.token_bytes(_NONCE)
    covered = _covered(key, owner, nonce, secret)
    seal = _block(key, owner, b"seal", nonce + covered)[:_SEAL]
    return base64.urlsafe_b64encode(nonce + covered + seal).decode()


def unlocked(keys: Iterable[str], owner: str, text: str) -> bytes | None:
    """Return a secret, or None where none of the keys opens it."""
    stored = base64.urlsafe_b64decode(text)
    nonce, covered, seal = stored[:_NONCE], stored[_NONCE:-_SEAL], stored[-_SEAL:]
    for key in keys:
        made = _block(key, owner, b"seal", nonce + covered)[:_SEAL]
        if hmac.compare_digest(made, seal):
            return _covered(key, owner, nonce, covered)
    return None


def _covered(key: str, owner: str, nonce: bytes, secret: bytes) -> bytes:
    block = _block(key, owner, b"cover", nonce)
    return bytes(one ^ other for one, other in zip(secret, block, strict=False))


def _block(key: str, owner: str, use: bytes, words: bytes) -> bytes:
    own = hmac.new(f"safe:{key}".encode(), owner.encode(), hashlib.sha256).digest()
    return hmac.new(own, use + b":" + words, hashlib.sha256).digest()
