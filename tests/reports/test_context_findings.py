"""Findings as a reader sees them: who said it, what it rests on, what would make it void."""

from collections.abc import Sequence
from fractions import Fraction

import pytest

from app.domain.model import MaturityModel
from app.domain.response import Adjudication, Answer, Assessment
from app.reporting.context import findings
from app.reporting.context.findings import Card, Findings
from app.reporting.context.findings_measures import figure
from app.reporting.context.findings_voices import Voices
from app.reporting.context.source import Source
from app.reporting.wording import Wording
from tests.reports.diagnosed import case_source, source_of
from tests.reports.handmade import answered, person, texts


@pytest.fixture(scope="module")
def source(private_domain: MaturityModel) -> Source:
    return case_source(private_domain, "case-1-mother-baby")


@pytest.fixture(scope="module")
def part(source: Source) -> Findings:
    return findings.build(source)


def said(model: MaturityModel, question: str, assessment: Assessment) -> Sequence[str]:
    (voice,) = Voices(source_of(model, assessment)).of([question], 1)
    return voice.said


def stores(count: int) -> Assessment:
    return answered(
        *(person("store", {"ownership": Answer(1, "E1")}, f"{place}号店") for place in range(count))
    )


def test_two_front_line_answers_are_counted_but_not_told(private_domain: MaturityModel) -> None:
    assert said(private_domain, "ownership", stores(2)) == ("一线2人（E1）",)


def test_three_front_line_answers_are_told_as_their_mean(private_domain: MaturityModel) -> None:
    assert said(private_domain, "ownership", stores(3)) == ("店长与导购3人平均1.0级（E1）",)


def test_few_answers_of_several_front_line_roles_stand_together_without_their_role(
    private_domain: MaturityModel,
) -> None:
    assessment = answered(
        person("sales", {"ownership": Answer(2, "E0")}),
        person("operations", {"ownership": Answer(1, "E2")}),
    )
    assert said(private_domain, "ownership", assessment) == ("一线2人（E0–E2）",)


def test_roles_that_gave_the_same_answer_are_told_together(private_domain: MaturityModel) -> None:
    assessment = answered(
        person("ceo", {"ownership": Answer(2, "E1")}),
        person("private-domain-head", {"ownership": Answer(2, "E2")}),
        person("it", {"ownership": Answer(3, "E0")}),
    )
    assert said(private_domain, "ownership", assessment) == (
        "CEO、私域负责人选L2（E1–E2）",
        "技术与数据选L3（E0）",
    )


def test_a_note_of_a_single_front_line_person_is_told_without_the_role(
    private_domain: MaturityModel,
) -> None:
    assessment = answered(person("sales", {"ownership": Answer(2, "E1", "没人说过归谁管")}))
    (voice,) = Voices(source_of(private_domain, assessment)).of(["ownership"], 1)
    assert (voice.note, voice.source) == ("没人说过归谁管", "一线，E1")


def test_no_label_of_a_respondent_is_printed(part: Findings, source: Source) -> None:
    printed = "".join(texts(part))
    labels = {p.label for p in source.diagnosis.assessment.respondents if "店" in p.label}
    assert labels
    assert not [label for label in labels if label in printed]


def test_a_note_is_printed_once_in_the_whole_section(part: Findings) -> None:
    notes = [voice.note for card in (*part.must, *part.should) for voice in card.voices]
    told = [note for note in notes if note]
    assert told
    assert len(told) == len(set(told))


def test_a_ruling_of_the_consultant_stands_beside_the_answers_it_replaces(
    private_domain: MaturityModel,
) -> None:
    given = answered(person("ceo", {"ownership": Answer(4, "E0")}))
    ruled = Assessment(
        form=given.form,
        client=given.client,
        respondents=given.respondents,
        adjudications={"ownership": Adjudication(2, "没有一家店说得出归谁管")},
    )
    (voice,) = Voices(source_of(private_domain, ruled)).of(["ownership"], 1)
    assert voice.said == ("CEO选L4（E0）",)
    assert voice.ruling == "顾问裁定（E2）：没有一家店说得出归谁管"


def test_every_finding_is_printed_once_in_the_order_of_the_diagnosis(
    part: Findings, source: Source
) -> None:
    printed = [card.code for card in (*part.must, *part.should)]
    printed += [line.code for line in part.later]
    assert printed == [f.rule.code for f in source.diagnosis.diagnostics.findings]


def test_milder_findings_of_a_family_stand_in_the_card_of_their_head(
    part: Findings, source: Source
) -> None:
    shown = source.diagnosis.diagnostics
    for card, finding in zip((*part.must, *part.should), shown.findings, strict=False):
        expected = tuple(item.rule.code for item in finding.collapsed)
        assert tuple(relative.code for relative in card.relatives) == expected


def test_a_card_prints_todays_figure_of_the_kpi_plan(part: Findings, source: Source) -> None:
    wording = source.wording
    lines = {line.kpi.code: line for line in source.diagnosis.plan.kpis}
    measures = [m for card in (*part.must, *part.should) for m in card.measures if m.known]
    assert measures
    for measure in measures:
        line = lines[measure.code]
        assert measure.today == figure(wording, line.baseline, line.kpi.unit)


def card_of(model: MaturityModel, code: str, assessment: Assessment) -> Card:
    part = findings.build(source_of(model, assessment))
    return next(card for card in (*part.must, *part.should) if card.code == code)


def test_a_finding_is_flipped_by_what_a_team_can_change_not_by_closing_stores(
    private_domain: MaturityModel,
) -> None:
    # RU-22 holds for ten stores or more with replication at level 2 or less.
    assessment = answered(
        person(
            "private-domain-head",
            {"pilot-review": Answer(1, "E1"), "replicated-units": Answer(0, "E1")},
        ),
        person("regional-head", {"pilot-review": Answer(1, "E1")}),
        facts={"stores": 300},
    )
    card = card_of(private_domain, "RU-22", assessment)
    assert card.flip.startswith("Q-P6.1「试点复制」从1.0分改判为")
    assert "复盘与复制L1→L3" in card.flip
    assert "门店数" not in card.flip
    assert "门店数 300家 ≥ 10家" in card.chips


def test_a_threshold_is_printed_as_it_was_set(source: Source) -> None:
    part = findings.build(source)
    chips = [chip for card in (*part.must, *part.should) for chip in card.chips]
    (alpha,) = [chip for chip in chips if "α" in chip]
    assert alpha.endswith("< 0.667")


def test_growing_less_is_not_offered_as_the_way_out_of_a_weak_foundation(source: Source) -> None:
    # RU-47: the scale is beyond the pilot while the overall level is 2 or less.
    part = findings.build(source)
    card = next(card for card in (*part.must, *part.should) if card.code == "RU-47")
    assert card.flip.endswith("；出路是总等级升到L3（现在L1）。")


def test_the_headline_names_the_cause_that_most_fired_rules_share(
    part: Findings, source: Source
) -> None:
    largest = source.diagnosis.diagnostics.root_causes[0]
    fired = len(source.diagnosis.diagnostics.fired())
    assert part.headline.startswith(f"命中{fired}条，其中{len(largest.findings)}条同出一因")


def test_without_answers_the_headline_says_that_nothing_could_be_decided(
    private_domain: MaturityModel,
) -> None:
    source = source_of(private_domain, answered(form="customer-pulse"))
    part = findings.build(source)
    assert part.must == ()
    assert f"{len(source.diagnosis.diagnostics.undecided)}条规则缺数" in part.headline


def test_causes_are_told_only_when_one_of_them_is_shared(private_domain: MaturityModel) -> None:
    one = answered(
        person("private-domain-head", {"ip-defined": Answer(1, "E1")}), form="self-check"
    )
    assert findings.build(source_of(private_domain, one)).causes == ()


@pytest.mark.parametrize(
    ("value", "unit", "printed"),
    [
        ("1.47", "倍", "1.47倍"),
        ("3", "倍", "3倍"),
        ("-29.7", "%", "−29.7%"),
        ("960000", "元", "96万元"),
        ("0.71", "r_wg", "0.71 r_wg"),
        ("120000", "人", "120,000人"),
    ],
)
def test_a_figure_is_printed_with_its_unit_and_never_rounded_past_its_bound(
    private_domain: MaturityModel, value: str, unit: str, printed: str
) -> None:
    assert figure(Wording(private_domain), Fraction(value), unit) == printed
