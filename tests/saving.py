"""A client that saves answers as fast as it is acknowledged, to be killed in the middle.

``python -m tests.saving DATABASE DATA TENANT MEMBER RESPONSE``: saves answer after answer and
prints the key of each that was acknowledged.
"""

import sys
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from app.services.acting import Acting
from app.services.answers.answering import Given, Standing, save_answer
from app.settings import Settings
from app.store.database import Database
from tests.people import SECRET

ITEMS = ("budget-months", "users-interviewed", "strategy-shared")


def given_of(number: int) -> tuple[str, Given, int]:
    """Return key, answer and base revision of the n-th save: what a retry sends again."""
    item = ITEMS[number % len(ITEMS)]
    return f"save-{number}", Given(item, "given", Fraction(number)), number // len(ITEMS)


def save(acting: Acting, response: str, number: int) -> Standing:
    """Send the n-th save."""
    key, given, base = given_of(number)
    return save_answer(acting, response, given, base, key)


def main() -> None:
    """Save until killed."""
    url, data, tenant, person, response, *start = sys.argv[1:]
    acting = Acting(
        database=Database(url),
        settings=Settings(data=Path(data), secret_key=SECRET),
        tenant=tenant,
        person=person,
        name="x",
        role="owner",
        now=datetime.now(UTC),
    )
    number = int(start[0]) if start else 0
    while True:
        save(acting, response, number)
        print(number, flush=True)  # noqa: T201  the acknowledgement
        number += 1


if __name__ == "__main__":
    main()
