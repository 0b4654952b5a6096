"""What the child process of a report does: draw it, and hand its files back as one piece."""

import json

from app.content.problems import ContentError
from app.jobs.errors import ChildRefusedError
from app.jobs.reporter import Reporter
from app.reporting.rendering import MissingGlyphError, Phase, RenderError
from app.services.reports.frozen import Drawn, FrozenReport, drawn

GLYPH, HOLE, ANSWERS = "glyph", "hole", "answers"
"""Why a report was refused: a character no font has, something on the page that may not be there or
cannot be shown, a frozen answers file that does not fit its model any more."""


def draw(frozen: FrozenReport, reporter: Reporter) -> bytes:
    """Return the files of a report, packed; refuses with a reason and its detail, line by line."""

    def on_page(phase: Phase, page: int) -> None:
        reporter.count_pages(page)
        reporter.tell(phase, page)

    try:
        return packed(drawn(frozen, reporter.tell, on_page))
    except MissingGlyphError as error:
        raise _refusal(GLYPH, error) from error
    except RenderError as error:
        raise _refusal(HOLE, error) from error
    except ContentError as error:
        raise _refusal(ANSWERS, error) from error


def _refusal(reason: str, error: Exception) -> ChildRefusedError:
    return ChildRefusedError(f"{reason}\n{error}")


def packed(files: Drawn) -> bytes:
    """Return the files as one piece: a line of JSON, then their bytes."""
    head = {"pages": files.pages, "json": len(files.json)}
    return json.dumps(head).encode() + b"\n" + files.json + files.pdf


def unpacked(data: bytes) -> Drawn:
    """Return the files that ``packed`` put together; raises ``ValueError`` for other bytes."""
    line, _, rest = data.partition(b"\n")
    head = json.loads(line)
    pages, size = head["pages"], head["json"]
    if not isinstance(pages, int) or not isinstance(size, int) or not 0 < size < len(rest):
        raise ValueError("not a packed report")
    return Drawn(rest[:size], rest[size:], pages)
