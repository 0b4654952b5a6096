"""The accessibility checker (axe-core): every rule, and no finding is small enough to stay."""

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_OPTIONS: Final = {
    "resultTypes": ["violations"],
    # WCAG 2.2: targets of at least 24 px. axe leaves it off unless it is asked for.
    "rules": {"target-size": {"enabled": True}},
}


def check_accessibility(page: Page) -> None:
    """AssertionError with rule, help and each element's selector if axe finds anything."""
    found: list[dict[str, Any]] = Axe().run(page, options=_OPTIONS).response["violations"]
    lines = [
        f"{violation['id']}: {violation['help']}\n    {target}"
        for violation in found
        for target in (_selector(node) for node in violation["nodes"])
    ]
    assert not lines, "\n".join([f"axe finds on {page.url}:", *lines])


def _selector(node: dict[str, Any]) -> str:
    """Name the element; inside frames and shadow trees axe gives one selector per step."""
    return " > ".join(
        step if isinstance(step, str) else " >>> ".join(step) for step in node["target"]
    )
