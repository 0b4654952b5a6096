"""``./run bench plan``: what-if of the whole plan against scoring alone."""

import statistics
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path

from app.content.answers import read_assessment
from app.content.loader import load_model
from app.domain.diagnosis import diagnose
from app.domain.model import MaturityModel
from app.domain.response import PlanControls
from app.domain.world import World
from tests.benchmarks.rounds import ratio, report, seconds

FOLDER = Path("questionnaires/private-domain")
AS_OF = date(2026, 11, 21)
CASES = ("case-1-mother-baby", "case-2-jewellery")
WHAT_IFS = {
    "as asked": PlanControls(),
    "two hires refused": PlanControls(max_hires={"content": 0, "specialist": 1}),
    "payroll capped": PlanControls(payroll_cap=Fraction(150_000)),
    "more users, shorter days": PlanControls(
        target_users=400_000, productive_hours=Fraction(5), tool_level=3
    ),
}


def measure(model: MaturityModel, name: str) -> None:
    """Measure every what-if on one case."""
    case = read_assessment((FOLDER / "examples" / f"{name}.yaml").read_bytes(), name, model)
    diagnosis = diagnose(model, case, AS_OF)
    for title, controls in WHAT_IFS.items():
        measured = ratio(
            partial(diagnosis.what_if, controls), lambda: World(model, case).scorecard, rounds=15
        )
        report(f"{name}: what-if ({title}) ÷ scoring alone", measured, 10, 3)
    times = [seconds(partial(diagnosis.what_if, case.controls)) for _ in range(15)]
    print(f"    guidance: {statistics.median(times) * 1000:.1f} ms on this machine (50 ms)")


def main() -> None:
    """Measure both cases."""
    model = load_model(FOLDER)
    for name in CASES:
        measure(model, name)


if __name__ == "__main__":
    main()
