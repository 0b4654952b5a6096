"""Letters an installation has sent, as its folder of mail keeps them."""

import re
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Final

import pytest

from tests.browser.site import Site

SECONDS_TO_ARRIVE: Final = 30
_LINK: Final = re.compile(r"^http\S+", re.MULTILINE)


def letter_to(site: Site, address: str, about: str) -> str:
    """Wait for a letter to an address with ``about`` in its subject, and return its text."""
    deadline = time.monotonic() + SECONDS_TO_ARRIVE
    while time.monotonic() < deadline:
        for path in sorted((site.data / "mail").glob("*.eml")):
            letter = message_from_bytes(path.read_bytes(), EmailMessage, policy=policy.default)
            if address in str(letter["To"]) and about in str(letter["Subject"]):
                return str(letter.get_content())
        time.sleep(0.1)
    pytest.fail(f"no letter about “{about}” came for {address}")


def link_in(letter: str) -> str:
    """Return the link a letter is about: it has a line of its own."""
    found = _LINK.search(letter)
    assert found is not None, letter
    return found[0]
