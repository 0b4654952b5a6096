"""Which recommendations were taken up, and what their KPIs did: side by side, with n, no more."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.domain.actuals import A_WEEK, Actuals, week_of
from app.domain.adoption import (
    Advice,
    BeforeAfter,
    advice_lines,
    advice_of,
    advised,
    before_and_after,
)
from app.domain.carriers import opening_days
from app.domain.diagnosis import Diagnosis, diagnose
from app.domain.plan import Plan
from app.domain.response import FindingDecision
from tests.coached import MODEL, diagnosis, plan, roadmap, weekly
from tests.enterprises import AS_OF

ADD_RATE, RESPONSE = MODEL.kpis["add-rate"], MODEL.kpis["first-response"]
BEGUN = roadmap().start + timedelta(days=20)


def test_before_and_after_are_means_of_the_weeks_on_either_side_of_the_day() -> None:
    monday = week_of(BEGUN)
    actuals = weekly("add-rate", monday - 5 * A_WEEK, [99, 8, 8, 8, 8, 500, 10, 10, 12, 12, 99])
    found = before_and_after(ADD_RATE, Actuals.of(actuals), BEGUN, 4)
    assert found is not None
    # The week of the day itself, and whatever is further away, count for neither.
    assert found.before == 8
    assert found.after == 11
    assert found.weeks == (4, 4)
    assert found.better == Fraction(3, 8)


def test_a_fall_is_better_where_less_is_better() -> None:
    monday = week_of(BEGUN)
    actuals = weekly("first-response", monday - A_WEEK, [60, None, 15])
    found = before_and_after(RESPONSE, Actuals.of(actuals), BEGUN, 4)
    assert found is not None
    assert found.better == Fraction(3, 4)
    assert found.weeks == (1, 1)


def test_without_a_value_on_either_side_nothing_is_said() -> None:
    after = Actuals.of(weekly("add-rate", week_of(BEGUN) + A_WEEK, [9]))
    assert before_and_after(ADD_RATE, after, BEGUN, 4) is None
    assert before_and_after(ADD_RATE, Actuals(), BEGUN, 4) is None


def test_a_change_from_nothing_has_no_share() -> None:
    actuals = Actuals.of(weekly("add-rate", week_of(BEGUN) - A_WEEK, [0, None, 5]))
    found = before_and_after(ADD_RATE, actuals, BEGUN, 4)
    assert found is not None
    assert found.better is None


# -- how far it got ------------------------------------------------------------------------------


def advice(
    made: Diagnosis, decided: Plan | None, actuals: Actuals | None = None, days: int = 400
) -> dict[str, Advice]:
    tasks = roadmap().tasks if decided is not None else ()
    today = roadmap().start + timedelta(days=days)
    given = advised(made, decided, tasks)
    found = advice_of("c-1", MODEL, given, actuals or Actuals(), today)
    return {one.rule: one for one in found}


def decided(*, accepted: str = "", rejected: str = "") -> Diagnosis:
    world = diagnosis().basis.world
    said = {accepted: FindingDecision("accepted")} if accepted else {}
    if rejected:
        said[rejected] = FindingDecision("rejected", "不适用")
    return diagnose(MODEL, replace(world.assessment, decisions=said), AS_OF)


FIRST = diagnosis().diagnostics.findings[0].rule
OPENING = opening_days(roadmap().tasks)


def test_a_recommendation_is_taken_up_step_by_step() -> None:
    assert advice(diagnosis(), None)[FIRST.id].uptake == "undecided"
    assert advice(decided(accepted=FIRST.id), None)[FIRST.id].uptake == "agreed"
    assert advice(diagnosis(), plan(), days=-60)[FIRST.id].uptake == "planned"
    assert advice(diagnosis(), plan())[FIRST.id].uptake == "begun"
    assert advice(decided(rejected=FIRST.id), plan())[FIRST.id].uptake == "rejected"


def test_kpis_are_told_from_the_day_its_first_sop_opened_and_only_once_it_did() -> None:
    rule = next(
        one
        for one in (finding.rule for finding in diagnosis().diagnostics.every())
        if "add-rate" in one.kpis and set(one.sops) & set(OPENING)
    )
    day = min(OPENING[sop] for sop in rule.sops if sop in OPENING)
    monday = week_of(day)
    actuals = Actuals.of(weekly("add-rate", monday - A_WEEK, [8, 0, 12]))
    begun = advice(diagnosis(), plan(), actuals)[rule.id]
    assert BeforeAfter("add-rate", Fraction(8), Fraction(12), (1, 1), Fraction(1, 2)) in begun.moved
    assert advice(diagnosis(), plan(), actuals, days=-60)[rule.id].moved == ()


def moved(client: str, before: object, after: object, uptake: str = "begun") -> Advice:
    was, became = Fraction(str(before)), Fraction(str(after))
    better = (became - was) / was if was else None
    move = BeforeAfter("add-rate", was, became, (4, 4), better)
    return Advice(client, "no-working-pilot", uptake, (move,))  # type: ignore[arg-type] # one of the words


def test_a_recommendation_over_all_clients_counts_who_moved_which_way() -> None:
    given_advice = [
        moved("a", 8, 12),
        moved("b", 8, 6),
        moved("c", 10, 10),
        Advice("d", "no-working-pilot", "planned"),
        Advice("e", "no-working-pilot", "rejected"),
        Advice("f", "no-working-pilot", "undecided"),
    ]
    (line,) = advice_lines(MODEL, given_advice)
    assert (line.clients, line.rejected, line.undecided) == (6, 1, 1)
    assert dict(line.reached) == {"agreed": 4, "planned": 4, "begun": 3}
    (move,) = line.moves
    assert (move.n, move.improved, move.worsened) == (3, 1, 1)
    assert move.median_before == 8
    assert move.median_after == 10
    assert move.median_better == 0


def test_a_kpi_that_began_at_nothing_has_no_median_share() -> None:
    (line,) = advice_lines(MODEL, [moved("a", 0, 5), moved("b", 4, 5)])
    assert line.moves[0].n == 2
    assert line.moves[0].median_better is None


@given(
    uptakes=st.lists(
        st.sampled_from(["rejected", "undecided", "agreed", "planned", "begun"]), max_size=20
    )
)
def test_whoever_got_further_got_so_far_as_well(uptakes: list[str]) -> None:
    given_advice = [
        Advice(f"c-{number}", "no-working-pilot", uptake)  # type: ignore[arg-type] # one of the words
        for number, uptake in enumerate(uptakes)
    ]
    for line in advice_lines(MODEL, given_advice):
        assert line.reached["agreed"] >= line.reached["planned"] >= line.reached["begun"]
        assert line.reached["agreed"] + line.rejected + line.undecided == line.clients
        assert line.reached["begun"] == uptakes.count("begun")
