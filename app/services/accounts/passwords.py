"""Passwords: argon2id, with a stand-in for people who do not exist."""

import re
import unicodedata
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.bounds import PASSWORD_SHORTEST
from app.services.errors import RefusedError

hasher = PasswordHasher()
"""The library's defaults follow RFC 9106; a hash made with older ones is renewed at sign-in."""

FEWEST_LETTERS: Final = 5
"""Different characters a password needs: "aaaaaaaaaaaa" is as good as none."""

WORDS: Final = (
    "abc abcabc admin administrator asdf asdfgh asdfghjkl changeme dragon football hello "
    "iloveyou letmein login master mima monkey nihao p@ssw0rd p@ssword passw0rd password "
    "princess qazwsx qazwsxedc qq qwer qwerasdf qwert qwerty qwertyuiop root secret shadow "
    "sunshine taobao test user wang weixin welcome woaini woaiwojia wodemima zhang zxcv "
    "zxcvbn zxcvbnm zhenmai 诊脉 密码 我爱你"
)
WORN_OUT: Final = frozenset(WORDS.split())
"""What the most used passwords are made of, digits and signs around them left out."""

_RUNS: Final = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz")


def hashed(password: str) -> str:
    """Return what the database keeps of a password."""
    return hasher.hash(_one_spelling(password))


def matches(password: str, kept: str | None) -> bool:
    """Tell whether a password is the kept one; None takes as long and never matches."""
    spelled = _one_spelling(password)
    try:
        hasher.verify(kept if kept is not None else _stand_in(), spelled)
    except InvalidHashError:
        # An account without a usable password must not answer faster than the others.
        return matches(password, None)
    except VerificationError:
        return False
    return kept is not None


def outdated(kept: str) -> bool:
    """Tell whether a hash was made with weaker parameters than today's."""
    return hasher.check_needs_rehash(kept)


def check_new(password: str, *known: str, field: str = "password") -> None:
    """Raise ``RefusedError`` for a password that is guessed early.

    Too short, or nothing but a much-used word, a run of keys or what everybody ``known`` to the
    attacker is called (address, name, consultancy) with digits and signs around it.
    """
    if len(password) < PASSWORD_SHORTEST:
        raise RefusedError({field: "密码至少{limit}个字符。"}, limit=PASSWORD_SHORTEST)
    plain = _one_spelling(password).casefold()
    if len(set(plain)) < FEWEST_LETTERS:
        raise RefusedError({field: "这个密码里重复的字符太多，容易被猜到，请换一句话。"})
    names = {part for name in known for part in _parts(name.casefold())}
    core = re.sub(r"[\W\d_]+", "", plain) if not plain.isdigit() else ""
    bare = plain.strip("0123456789!@#$%^&*()-_=+.,?~ ")
    if {core, bare, _unrepeated(core)} & (WORN_OUT | names) or any(
        plain in run * 2 for run in _RUNS
    ):
        raise RefusedError(
            {field: "这个密码太常见，或者只是名字、邮箱加数字，容易被猜到，请换一句话。"}
        )


def _parts(name: str) -> set[str]:
    """Return what a name or an address alone would be as a password."""
    whole = re.sub(r"[\W\d_]+", "", name)
    return {part for part in (whole, name.partition("@")[0], *re.split(r"[\W_]+", name)) if part}


def _unrepeated(text: str) -> str:
    """Return the shortest text that gives ``text`` when it is repeated."""
    for length in range(1, len(text) // 2 + 1):
        if text[:length] * (len(text) // length) == text:
            return text[:length]
    return text


def _one_spelling(password: str) -> str:
    """Return a password as one sequence of characters, whatever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", password)


@cache
def _stand_in() -> str:
    return hasher.hash("nobody has this password")
