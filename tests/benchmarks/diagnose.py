"""``./run bench diagnose``: the engine against the PDF, against zen-engine, and against itself."""

import random
import re
import statistics
import time
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import zen

from app.content.answers import read_assessment
from app.content.loader import load_model
from app.domain.diagnosis import diagnose
from app.domain.expression import UNKNOWN, Reference
from app.domain.model import MaturityModel
from app.domain.response import (
    Answer,
    Assessment,
    ClientProfile,
    FactValue,
    Respondent,
)
from app.domain.rules import evaluate_rules
from app.domain.stage import classify
from app.domain.vocabulary import identifier
from app.domain.world import World
from app.services.casework.assessing import Assessed
from app.services.casework.issuing import render_report
from tests.benchmarks.rounds import Ratio, ratio, report
from tests.enterprises import random_answer

FOLDER = Path("questionnaires/private-domain")
CASE = FOLDER / "examples" / "case-1-mother-baby.yaml"
AS_OF = date(2026, 11, 21)
STORE_MANAGERS = 26


def with_forty_people(model: MaturityModel, case: Assessment) -> Assessment:
    """Return the case with store managers added until forty people answered."""
    random_ = random.Random(7)
    extra = tuple(
        Respondent(
            "store",
            f"门店{place}",
            {
                q.id: Answer(random_answer(q, random_))
                for q in model.questions.values()
                if q.type != "computed"
            },
        )
        for place in range(40 - len(case.respondents))
    )
    return Assessment(
        case.form,
        case.client,
        case.facts,
        (*case.respondents, *extra),
        case.adjudications,
        case.pulse,
        case.controls,
        case.interviewed_on,
    )


def against_pdf(model: MaturityModel, case: Assessment) -> None:
    """Scoring, rules and plan of forty people against the time of the case's PDF."""
    crowd = with_forty_people(model, case)
    assessed = Assessed(diagnose(model, case, AS_OF), "0" * 64)
    measured = ratio(
        lambda: diagnose(model, crowd, AS_OF), lambda: render_report(assessed), rounds=5
    )
    report("full diagnosis of 40 respondents ÷ PDF of case 1", measured, 0.05, 0.01)


def against_zen(model: MaturityModel, case: Assessment) -> None:
    """All rules with full trace against zen-engine's evaluation of the same conditions."""
    world = World(model, case)
    classify(world)
    expressions = [model.expression(rule.when) for rule in model.rules.values()]
    context, sources = _for_zen(world, expressions)
    compiled = [zen.compile_expression(source) for source in sources]
    agreed = 0
    for expression, program in zip(expressions, compiled, strict=True):
        ours = expression.evaluate(world)
        if ours is not UNKNOWN:
            theirs = program.evaluate(context)
            assert bool(theirs) is ours, (expression.source, ours, theirs)
            agreed += 1
    for expression in expressions:
        expression.trace(world)
    measured = ratio(
        lambda: [expression.trace(world) for expression in expressions],
        lambda: [program.evaluate(context) for program in compiled],
        rounds=51,
    )
    title = f"{len(expressions)} rules with full trace ÷ zen-engine ({agreed} decided, all agree)"
    report(title, measured, 1.0, 0.2)


def _for_zen(world: World, expressions: list[Any]) -> tuple[dict[str, Any], list[str]]:
    context: dict[str, Any] = {}
    sources = []
    for expression in expressions:
        source = expression.source
        for reference in sorted(expression.references, key=lambda r: -len(str(r))):
            name = "v_" + identifier("_".join((reference.function, *reference.arguments)))
            value = world.resolve(reference)
            if value is UNKNOWN:
                value = Fraction(0) if _numeric(world, reference) else False
            context[name] = float(value) if isinstance(value, Fraction) else value
            pattern = re.escape(str(reference)).replace(r",\ ", r",\s*")
            source = re.sub(rf"(?<![\w.])(?<!v_){pattern}(?![\w(])", name, source)
        # zen takes a list where we take arguments.
        sources.append(re.sub(r"\b(max|min)\(([^()]*)\)", r"\1([\2])", source))
    return context, sources


def _numeric(world: World, reference: Reference) -> bool:
    kind = world.model.vocabulary.kind_of(reference)
    return kind is not None and kind.value == "number"


def self_check(model: MaturityModel, random_: random.Random) -> Assessment:
    """Return a random self-check."""
    form = model.forms["self-check"]
    answers = {name: Answer(random_.randint(1, 5)) for name in form.questions}
    facts = {
        "aov": FactValue(Fraction(random_.randint(50, 5000))),
        "users": FactValue(Fraction(random_.randint(100, 200_000))),
        "stores": FactValue(Fraction(random_.randint(0, 300))),
        "specialists": FactValue(Fraction(random_.randint(1, 20))),
        "months-since-launch": FactValue(Fraction(random_.randint(1, 60))),
    }
    people = (Respondent("private-domain-head", "1", answers),)
    return Assessment("self-check", ClientProfile("自查企业", "store-frequent"), facts, people)


def scaling(model: MaturityModel) -> None:
    """Cost per self-check at 100,000 against the cost at 1,000."""

    def run(count: int, tell: Callable[[int], None] = lambda _: None) -> float:
        random_ = random.Random(11)
        spent = 0.0
        for place in range(count):
            assessment = self_check(model, random_)
            start = time.perf_counter()
            world = World(model, assessment)
            classify(world)
            evaluate_rules(world)
            spent += time.perf_counter() - start
            if place % 20_000 == 0:
                tell(place)
        return spent / count

    run(200)
    few = [run(1_000) for _ in range(5)]
    many = run(100_000, lambda place: print(f"    … {place:,}", flush=True))
    few += [run(1_000) for _ in range(4)]
    base = statistics.median(few)
    measured = Ratio(many / base, many / max(few), many / min(few), 1, many, base)
    report("100,000 self-checks: cost per response ÷ cost at 1,000", measured, 1.1, 1.0)
    print(f"    {1 / many:,.0f} a second on one core (dream: 2,000)")


def main() -> None:
    """Measure and print."""
    model = load_model(FOLDER)
    case = read_assessment(CASE.read_bytes(), CASE.name, model)
    against_zen(model, case)
    against_pdf(model, case)
    scaling(model)


if __name__ == "__main__":
    main()
