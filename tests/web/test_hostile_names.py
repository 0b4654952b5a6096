"""A name in an address is looked up, never followed: a path or a URL there is simply not found."""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.routing import PathConverter, Rule, UnicodeConverter

from app.web.policies import right_of
from tests.web.matrix.cells import _path, _sent, _values, is_registered
from tests.web.matrix.judging import Court, fresh
from tests.web.matrix.principals import PRINCIPALS, Door, Principal
from tests.web.matrix.world import World
from tests.web.test_matrix import told

MARK = "canary-file"
STATIC = Path(__file__).resolve().parents[2] / "app" / "web" / "static"
NAMES = ("owner", "client contact", "respondent", "visitor")
PEOPLE = tuple(next(one for one in PRINCIPALS if one.name == name) for name in NAMES)


@pytest.fixture
def touched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The marked paths that are opened or looked at, in whatever way, while the test runs.

    What lies below the folder of the site's own files may be looked for there.
    """
    found: list[str] = []
    for module, name in ((io, "open"), (os, "open"), (os, "stat"), (os, "scandir")):
        old = getattr(module, name)

        def noting(path: Any, *given: Any, _old: Any = old, **more: Any) -> Any:
            if MARK in str(path) and not os.path.normpath(path).startswith(f"{STATIC}{os.sep}"):
                found.append(str(path))
            return _old(path, *given, **more)

        monkeypatch.setattr(module, name, noting)
    return found


def hostile(court: Court) -> Iterator[str]:
    """Return names that would lead somewhere if they were taken for paths or URLs."""
    place = court.held.world.settings.data / MARK
    for way in (str(place), f"../../{MARK}", f"file://{place}", f"{MARK}.yaml\0", f"..\\{MARK}"):
        yield quote(way, safe="")
    yield quote(quote(f"../../{MARK}", safe=""), safe="")


def who_may(world: World, rule: Rule) -> Principal:
    """Return somebody whom a route lets in, so that it looks the name up at all."""
    right = right_of(world.app, rule.endpoint)
    assert right is not None
    return next((one for one in PEOPLE if one.doors[right] is Door.OPEN), PEOPLE[0])


@pytest.mark.parametrize("court", ["sqlite"], indirect=True)
def test_no_name_in_an_address_opens_a_file(court: Court, touched: list[str]) -> None:
    world, faults, asked = court.held.world, [], 0
    browser = world.app.test_client(use_cookies=False)
    names = list(hostile(court))
    for rule in filter(is_registered, world.app.url_map.iter_rules()):
        who = who_may(world, rule)
        for name in sorted(rule.arguments):
            if not isinstance(rule._converters[name], UnicodeConverter | PathConverter):
                continue
            values = _values(world, rule, who, "own")
            path = _path(world, rule, {**values, name: "place-of-the-name"})
            for method in sorted({"GET", "POST"} & (rule.methods or set())):
                for way in names:
                    asked += 1
                    address = path.replace("place-of-the-name", way)
                    sent = _sent(world, rule, method, who, "own")
                    answer = browser.open(
                        address,
                        method=method,
                        headers={"Cookie": who.cookie(world)},
                        query_string=dict(sent.query),
                        json=sent.json,
                        data=fresh(sent.form) if sent.json is None else None,
                        follow_redirects=True,
                    )
                    if answer.status_code not in (400, 404, 405):
                        faults.append(f"{method} {address}: {answer.status_code}")
                    answer.close()
            court.held.undo()
    assert asked > 500
    assert not faults, told(faults)
    assert not touched
