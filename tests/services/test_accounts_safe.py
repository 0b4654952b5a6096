"""What is kept locked opens for its owner and key alone, and looks like noise."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest

from app.services.accounts.safe import LONGEST, locked, unlocked

KEY = "a key that only tests use, long enough"
SECRET = b"twenty bytes of it.."


def test_a_locked_secret_opens_again() -> None:
    assert unlocked([KEY], "totp:a/b", locked(KEY, "totp:a/b", SECRET)) == SECRET
    longest = bytes(range(LONGEST))
    assert unlocked(["another", KEY], "x", locked(KEY, "x", longest)) == longest


def test_nothing_of_the_secret_shows_and_two_are_never_alike() -> None:
    first, second = (urlsafe_b64decode(locked(KEY, "x", SECRET)) for _ in range(2))
    assert SECRET[:8] not in first
    assert len({first[12:-12], second[12:-12], SECRET}) == 3


def test_another_key_or_another_owner_opens_nothing() -> None:
    text = locked(KEY, "totp:a/b", SECRET)
    assert unlocked(["another key"], "totp:a/b", text) is None
    assert unlocked([], "totp:a/b", text) is None
    assert unlocked([KEY], "totp:a/c", text) is None


@pytest.mark.parametrize("place", [0, 15, -1])
def test_a_changed_byte_opens_nothing(place: int) -> None:
    stored = bytearray(urlsafe_b64decode(locked(KEY, "x", SECRET)))
    stored[place] ^= 1
    assert unlocked([KEY], "x", urlsafe_b64encode(bytes(stored)).decode()) is None


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="32"):
        locked(KEY, "x", bytes(LONGEST + 1))
