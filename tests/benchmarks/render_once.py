"""Renders one report the way a worker does: in a child process with limits."""

import sys
from pathlib import Path

from app.jobs.child import run_in_child
from app.jobs.limits import Limits
from app.jobs.reporter import Reporter


def render(argument: bytes, _reporter: Reporter) -> bytes:
    """Diagnose an answers file and return its PDF; runs in the child."""
    from datetime import date

    from app.services.casework.assessing import assess_file
    from app.services.casework.issuing import render_report

    day = date(2026, 11, 22)
    assessed = assess_file(
        Path(argument.decode()), Path("questionnaires"), day, day, lambda _step: None
    )
    return render_report(assessed).data


def main() -> None:
    """Render the file named on the command line."""
    limits = Limits(wall_seconds=600, cpu_seconds=600)
    sys.stdout.buffer.write(run_in_child(render, sys.argv[1].encode(), limits)[:8])


if __name__ == "__main__":
    # A child imports what it runs by its module's name, which a module started by "-m" has not.
    from tests.benchmarks import render_once

    render_once.main()
