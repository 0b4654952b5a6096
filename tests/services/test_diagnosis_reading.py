"""The way down from a number: every step adds up, and ends at the very row an answer stands on."""

from fractions import Fraction

import pytest

from app.services.answers.answering import Given, save_answer
from app.services.diagnosis.answer_trails import question_page
from app.services.diagnosis.computed_numbers import number_page
from app.services.diagnosis.fact_trails import fact_page
from app.services.diagnosis.finding_reading import finding_list, finding_page
from app.services.diagnosis.number_trails import area_page, dimension_page, overall_page
from app.services.diagnosis.open_items import open_items
from app.services.diagnosis.perception_reading import perception_page
from app.services.diagnosis.reading import Reading, read_diagnosis
from app.services.errors import NotFoundError
from app.services.interviews.adjudicating import docket
from app.store.answers import responses_of
from app.store.rows import CurrentAnswer, Response
from tests.case_engagements import ENGAGEMENT, add_case, read_case
from tests.installations import NOW
from tests.kitchens import ENGAGEMENT as KITCHEN
from tests.kitchens import add_kitchen
from tests.people import Installed

__all__ = ["read_case"]


def reading(installed: Installed, engagement: str = ENGAGEMENT) -> Reading:
    return read_diagnosis(installed.acting("consultant"), engagement)


def test_what_a_score_is_made_of_adds_up_to_it_on_every_step(read_case: Installed) -> None:
    found = reading(read_case)

    def close(parts: list[str], whole: str) -> bool:
        added = sum(Fraction(part) for part in parts if part != "—")
        return abs(added - Fraction(whole)) <= Fraction(len(parts), 200)

    overall = overall_page(found)
    assert close([lens.adds for lens in overall.lenses], overall.score)
    for name in found.model.dimensions:
        page = dimension_page(found, name)
        assert close([part.adds for part in page.parts], page.total)
    for name in found.model.areas:
        inside = area_page(found, name)
        assert close([part.adds for part in inside.parts], inside.total)


def test_every_answer_leads_to_the_row_it_stands_on(read_case: Installed) -> None:
    found = reading(read_case)
    with read_case.acting().reading() as session:
        responses = {row.id: row for row in responses_of(session, ENGAGEMENT)}
    seen = 0
    for name in found.diagnosis.questions:
        for role in question_page(found, name).roles:
            for line in role.answers:
                row = responses[line.response]
                assert (row.role, line.item) == (role.role, name)
                assert row.label in ("", line.label)
                seen += 1
    assert seen == sum(len(person.answers) for person in found.diagnosis.assessment.respondents)


def test_a_person_who_answered_alone_and_was_interviewed_shows_each_answer_where_it_was_given(
    installed: Installed,
) -> None:
    add_kitchen(installed)
    with installed.acting().writing() as session:
        session.add(
            Response(
                id="s" * 16,
                engagement_id=KITCHEN,
                kind="self",
                role="cook",
                label="night",
                release_digest="",
                created_at=NOW,
                submitted_at=NOW,
            )
        )
        session.flush()
        for item, value in (("cold-chain", 2), ("cleaning-schedule", ["what", "who"])):
            session.add(
                CurrentAnswer(
                    response_id="s" * 16, item=item, revision=1, kind="given", value=value, at=NOW
                )
            )
    found = reading(installed, KITCHEN)
    (talked,) = [
        line
        for role in question_page(found, "cold-chain").roles
        for line in role.answers
        if line.label == "night"
    ]
    (alone,) = [
        line
        for role in question_page(found, "cleaning-schedule").roles
        for line in role.answers
        if line.label == "night"
    ]
    assert (talked.known, talked.alone) == (False, False)
    assert (alone.response, alone.alone) == ("s" * 16, True)


def test_an_answer_capped_for_lack_of_evidence_says_what_it_would_take(
    installed: Installed,
) -> None:
    add_case(installed)
    acting = installed.acting("consultant")
    with acting.reading() as session:
        ceo = next(row for row in responses_of(session, ENGAGEMENT) if row.role == "ceo")
    claimed = Given("strategy-shared", "given", 5, "E0")
    save_answer(acting, ceo.id, claimed, 1, "claimed")
    (line,) = [
        line
        for role in question_page(reading(installed), "strategy-shared").roles
        for line in role.answers
        if role.role == "ceo"
    ]
    assert (line.said, line.grade, line.score, line.limited_by) == ("L5", "E0", "3.0", "E3")


def test_a_ruling_stands_above_the_answers_it_replaces(read_case: Installed) -> None:
    found = reading(read_case)
    name = next(iter(found.diagnosis.assessment.adjudications))
    page = question_page(found, name)
    assert page.ruling is not None
    assert page.ruling.reason == found.diagnosis.assessment.adjudications[name].reason
    assert page.ruling.score == page.score
    assert page.roles
    assert not any(role.counts for role in page.roles)
    settled = docket(read_case.acting("consultant"), ENGAGEMENT)
    assert page.ruling.response == settled.sheet


def test_a_role_the_report_does_not_print_by_itself_is_marked(read_case: Installed) -> None:
    found = reading(read_case)
    least = found.model.content.rating.agreement.minimum_group
    for name in found.diagnosis.questions:
        for role in question_page(found, name).roles:
            front = found.model.roles[role.role].side == "front"
            known = sum(line.known for line in role.answers)
            assert role.withheld == (front and 0 < known < least)


def test_a_fact_names_the_findings_and_questions_that_rest_on_it(read_case: Installed) -> None:
    found = reading(read_case)
    page = fact_page(found, "users")
    assert page.value
    assert "RU-47" in {link.code for link in page.findings}
    assert "Q-T2.2" in {named.code for named in page.questions}


def test_findings_stand_in_the_order_of_the_report(read_case: Installed) -> None:
    found = reading(read_case)
    listed = finding_list(found)
    lines = [*listed.must, *listed.should, *listed.later]
    assert [line.rule for line in lines] == [
        finding.rule.id for finding in found.diagnosis.diagnostics.findings
    ]
    assert [line.place for line in lines] == list(range(1, len(lines) + 1))
    assert (listed.decided, listed.undecided) == (0, len(lines))


def test_a_finding_names_everything_its_condition_reads(read_case: Installed) -> None:
    found = reading(read_case)
    for finding in found.diagnosis.diagnostics.every():
        page = finding_page(read_case.acting("consultant"), found, finding.rule.id)
        assert all(one.holds for one in page.comparisons if one.decisive)
        codes = {named.code for one in page.comparisons for named in one.reads}
        assert codes
        assert page.reads or finding.rule.code == "RU-02"
        assert page.card.flip


def test_neighbours_of_a_finding_are_those_of_the_list(read_case: Installed) -> None:
    found = reading(read_case)
    acting = read_case.acting("consultant")
    rules = [finding.rule.id for finding in found.diagnosis.diagnostics.findings]
    page = finding_page(acting, found, rules[1])
    assert (page.before and page.before.rule, page.after and page.after.rule) == (
        rules[0],
        rules[2],
    )
    assert finding_page(acting, found, rules[0]).before is None
    assert finding_page(acting, found, rules[-1]).after is None


def test_a_milder_finding_says_which_one_speaks_for_it(read_case: Installed) -> None:
    found = reading(read_case)
    page = finding_page(read_case.acting("consultant"), found, "ip-style-inconsistent")
    assert page.line.tier == "merged"
    assert page.head is not None
    assert page.head.rule == "no-ip-portrait"


def test_a_computed_number_names_exactly_what_would_change_it(read_case: Installed) -> None:
    found = reading(read_case)
    growth = number_page(found, "growth_rate")
    assert {one.named.code for one in growth.sources} == {"F06", "F07"}
    assert all(one.value and one.grade for one in growth.sources)
    loop = number_page(found, "four-loops.growth")
    assert loop.mean
    scores = [Fraction(one.value.split()[0]) for one in loop.sources]
    assert abs(sum(scores, Fraction(0)) / len(scores) - Fraction(loop.value)) <= Fraction(1, 10)


def test_side_means_are_the_means_of_the_questions_below_them(read_case: Installed) -> None:
    page = perception_page(reading(read_case))
    assert sum(side.compared for side in page.sides) == sum(
        row.told.gap != "—" for row in page.questions
    )
    for side in page.sides:
        assert side.compared == sum(area.compared for area in side.areas)
        assert (side.gap == "—") == (side.compared == 0)


def test_what_is_missing_names_where_to_ask_it(installed: Installed) -> None:
    add_case(installed)
    acting = installed.acting("consultant")
    found = reading(installed)
    assert open_items(found).questions == ()
    with acting.reading() as session:
        rows = {
            row.role: row for row in responses_of(session, ENGAGEMENT) if row.kind == "interview"
        }
    question = next(
        q
        for q in found.model.questions.values()
        if q.type == "number" and q.fallback is None and found.diagnosis.questions[q.id].answers
    )
    for row in rows.values():
        current = next(
            (one for one in found.gathered.answers[row.id] if one.item == question.id), None
        )
        if current is not None:
            cleared = Given(question.id, "cleared")
            save_answer(acting, row.id, cleared, current.revision, f"clear-{row.id}")
    missing = open_items(reading(installed))
    (line,) = [one for one in missing.questions if one.named.target.id == question.id]
    assert line.asking is not None
    asked_in = next(row for row in rows.values() if row.id == line.asking.response)
    assert asked_in.role in (*question.primary, *question.secondary)
    assert line.asking.section


def test_things_that_are_not_there_are_not_found(read_case: Installed) -> None:
    found = reading(read_case)
    acting = read_case.acting("consultant")
    for ask in (dimension_page, area_page, question_page, fact_page, number_page):
        with pytest.raises(NotFoundError):
            ask(found, "no-such-thing")
    for name in ("index", "alpha", "four-loops", "four-loops.", "four-loops.nothing"):
        with pytest.raises(NotFoundError):
            number_page(found, name)
    with pytest.raises(NotFoundError):
        finding_page(acting, found, "no-such-thing")
