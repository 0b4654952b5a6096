"""What a template may print, read off the context classes; kept equal to ``reports/README.md``.

``python -m tests.reports.context_fields`` writes the tables anew.
"""

import inspect
import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

from app.reporting.context.pulse import PulseReport
from app.reporting.context.report import ReportContext
from app.reporting.context.selfcheck import SelfCheck

README = Path(__file__).resolve().parents[2] / "reports" / "README.md"
START, END = "<!-- fields: begin -->", "<!-- fields: end -->"
CONTEXTS: dict[str, type] = {
    "diagnosis": ReportContext,
    "selfcheck": SelfCheck,
    "pulse": PulseReport,
}


def tables() -> str:
    """Return the tables of all reports as Markdown."""
    parts = []
    for report, context in CONTEXTS.items():
        parts.append(f"### `reports/{report}` prints `report`, a `{context.__name__}`\n")
        for cls in _classes(context):
            parts.append(f"**{cls.__name__}** — {_summary(cls)}\n")
            hints = get_type_hints(cls)
            parts.append("| field | holds |\n|---|---|")
            parts += [f"| `{field.name}` | {_shown(hints[field.name])} |" for field in fields(cls)]
            parts.append("")
    return "\n".join(parts)


def _classes(root: type) -> list[type]:
    """Return a context class and every record inside it, in the order they are met."""
    found: list[type] = []
    waiting = [root]
    while waiting:
        cls = waiting.pop(0)
        if cls in found:
            continue
        found.append(cls)
        hints = get_type_hints(cls)
        for field in fields(cls):
            waiting += [kind for kind in _inside(hints[field.name]) if kind not in found]
    return found


def _inside(hint: Any) -> list[type]:
    if is_dataclass(hint) and isinstance(hint, type):
        return [hint]
    return [kind for argument in get_args(hint) for kind in _inside(argument)]


def _shown(hint: Any) -> str:
    text = hint.__name__ if isinstance(hint, type) and not get_args(hint) else str(hint)
    text = re.sub(r"\b(?:\w+\.)+(\w+)", r"\1", text)
    return "`" + text.replace("NoneType", "None").replace("|", "or") + "`"


def _summary(cls: type) -> str:
    text = inspect.getdoc(cls) or ""
    return " ".join(text.split())


def main() -> None:
    """Write the tables into the README."""
    text = README.read_text(encoding="utf-8")
    before, after = text.split(START)[0], text.split(END)[1]
    README.write_text(f"{before}{START}\n{tables()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
