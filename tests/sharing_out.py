"""How the tests are shared out among the processes that run them: what is dear is made once.

A running site, a drawn report, a populated database serve all the tests of a file, and the demo
workspace several files; scattered, every process would make each of them. Files that take longest
come first, so that no process is left with one of them at the end.
"""

from typing import Final

import pytest

_LONGEST_FIRST: Final = (
    "tests/browser/",
    "tests/integration/",
    "tests/web/test_matrix",
    "tests/services/test_report",
    "tests/web/",
    "tests/unit/domain/",
    "tests/reports/",
)
_ENGINES: Final = ("sqlite", "postgresql")


def share_out(items: list[pytest.Item]) -> None:
    """Put tests that share something into one group, and the groups in order."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[int, bool]:
    path = item.nodeid
    place = next(
        (place for place, start in enumerate(_LONGEST_FIRST) if path.startswith(start)),
        len(_LONGEST_FIRST),
    )
    return place, "demo_site" not in _fixtures(item)


def _group(item: pytest.Item) -> str:
    """Return who a test goes together with: its file, on its engine; or all of one site."""
    if "demo_site" in _fixtures(item):
        return "the demo workspace"
    path = item.nodeid.partition("::")[0]
    given = getattr(item, "callspec", None)
    engines = [value for value in given.params.values() if value in _ENGINES] if given else []
    return f"{path} {engines[0]}" if engines else path


def _fixtures(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])
