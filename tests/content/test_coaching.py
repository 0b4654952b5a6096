"""What authors write for coaching decides something, and mistakes in it are told."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.content.coaching_checks import coaching_mistakes
from app.content.references import Index
from app.content.translation import load_translated
from app.domain.definitions.gate import GateMetric, KpiSign, StopSign
from app.domain.definitions.roadmap import Phase
from app.domain.definitions.stage import GateItem
from app.domain.gate_reading import is_bounded
from app.domain.gate_review import gate_items
from app.domain.model import MaturityModel, ModelContent


def phases(model: MaturityModel) -> tuple[Phase, ...]:
    assert model.content.roadmap is not None
    return model.content.roadmap.phases


def test_every_phase_has_a_gate_that_can_decide(private_domain: MaturityModel) -> None:
    for phase in phases(private_domain):
        items = gate_items(private_domain, phase)
        assert items, phase.id
        for item in items:
            assert item.threshold, item.id
            assert item.needs, item.id


def test_every_line_of_a_gate_with_a_figure_has_a_bound(private_domain: MaturityModel) -> None:
    for phase in phases(private_domain):
        for item in gate_items(private_domain, phase):
            if item.unit and item.metric is not None and item.metric.reading != "rising":
                assert is_bounded(item.metric), item.id


def test_a_bound_says_what_its_threshold_says(private_domain: MaturityModel) -> None:
    """The number a line is decided by stands in the words people read."""
    for phase in phases(private_domain):
        for item in gate_items(private_domain, phase):
            metric = item.metric or GateMetric()
            for bound in (metric.at_least, metric.at_most):
                if bound is not None and item.id != "compliance":  # above level 1 is level 2
                    assert str(abs(bound)) in item.threshold, item.id


def test_facts_that_are_carried_over_are_few_and_said_by_their_author(
    private_domain: MaturityModel,
) -> None:
    kept = {
        fact.id: fact.keeps_months for fact in private_domain.content.facts if fact.keeps_months
    }
    assert kept == {
        "archetype": 24,
        "business-model": 24,
        "stores": 3,
        "wecom-verified": 6,
        "city-tier": 24,
    }


def test_a_model_without_coaching_counts_with_the_defaults(kitchen_hygiene: MaturityModel) -> None:
    coaching = kitchen_hygiene.content.coaching
    assert coaching.on_time_kpi is None
    assert coaching.benchmark_clients == 5
    assert list(coaching_mistakes(kitchen_hygiene.content, Index(kitchen_hygiene.content))) == []


# -- mistakes ------------------------------------------------------------------------------------


def told(content: ModelContent) -> list[str]:
    return [message for _, message in coaching_mistakes(content, Index(content))]


def with_line(metric: GateMetric) -> Callable[[ModelContent], ModelContent]:
    def changed(content: ModelContent) -> ModelContent:
        roadmap = content.roadmap
        assert roadmap is not None
        item = GateItem(id="one", title="一条", threshold="≥1", needs="问一次", metric=metric)
        first = replace(roadmap.phases[0], gate=(item,))
        return replace(content, roadmap=replace(roadmap, phases=(first, *roadmap.phases[1:])))

    return changed


MISTAKES: list[tuple[str, GateMetric]] = [
    (
        "没有名为「add-rat」的KPI，是不是「add-rate」。",
        GateMetric(reading="latest", kpi="add-rat", at_least=1),
    ),
    ("reading为latest或写了at_good时，要写kpi。", GateMetric(reading="latest", at_least=1)),
    (
        "reading为variation时，要写span（看几周、几季或几天）。",
        GateMetric(reading="variation", kpi="add-rate", at_most=25),
    ),
    (
        "要写at_least、at_most或at_good之一，否则数出来了也判不了。",
        GateMetric(reading="latest", kpi="add-rate"),
    ),
    (
        "reading为rising时只看升没升，不写at_least或at_most。",
        GateMetric(reading="rising", kpi="add-rate", span=2, at_least=1),
    ),
    ("没有名为「nowhere」的领域。", GateMetric(at_least=1, areas=("nowhere",))),
    (
        "below与above要写bound，falling不写。",
        GateMetric(at_least=1, unless=(KpiSign(kpi="roi", turns="below"),)),
    ),
]


@pytest.mark.parametrize(("message", "metric"), MISTAKES, ids=[m[:12] for m, _ in MISTAKES])
def test_a_line_that_cannot_decide_is_told(
    private_domain: MaturityModel, message: str, metric: GateMetric
) -> None:
    assert told(with_line(metric)(private_domain.content)) == [message]


def test_a_phase_has_one_gate(private_domain: MaturityModel) -> None:
    roadmap = private_domain.content.roadmap
    assert roadmap is not None
    model = next(phase for phase in roadmap.phases if phase.id == "model")
    twice = replace(model, gate=(GateItem(id="a", title="一", threshold="", needs=""),))
    changed = tuple(twice if phase is model else phase for phase in roadmap.phases)
    content = replace(private_domain.content, roadmap=replace(roadmap, phases=changed))
    assert told(content) == ["有exit_stage的时期用该阶段的出口清单，不另写gate。"]


def test_a_sign_that_names_no_kpi_is_told(private_domain: MaturityModel) -> None:
    roadmap = private_domain.content.roadmap
    assert roadmap is not None
    sign = StopSign(id="s", title="亏", checks=(KpiSign(kpi="rio", turns="falling", periods=0),))
    first = replace(roadmap.phases[0], stops=(sign, sign))
    content = replace(
        private_domain.content, roadmap=replace(roadmap, phases=(first, *roadmap.phases[1:]))
    )
    assert told(content) == [
        "id「s」重复了。",
        "没有名为「rio」的KPI，是不是「roi」。",
        "periods至少为1。",
        "没有名为「rio」的KPI，是不是「roi」。",
        "periods至少为1。",
    ]


def test_a_baseline_of_another_period_cannot_be_held_against_a_bound(
    private_domain: MaturityModel,
) -> None:
    kpis = tuple(
        replace(kpi, baseline_period="month") if kpi.id == "add-rate" else kpi
        for kpi in private_domain.content.kpis
    )
    (message,) = told(replace(private_domain.content, kpis=kpis))
    assert message.startswith("基线与参考线周期不同")


def test_bands_in_the_wrong_order_and_a_missing_kpi_are_told(
    private_domain: MaturityModel,
) -> None:
    coaching = private_domain.content.coaching
    wrong = replace(
        coaching,
        on_time_kpi="sop-in-time",
        bands=replace(coaching.bands, amber=1),
        benchmark_clients=0,
    )
    assert told(replace(private_domain.content, coaching=wrong)) == [
        "没有名为「sop-in-time」的KPI，是不是「sop-on-time」。",
        "应有0≤amber≤red。",
        "benchmark_clients与compare_weeks至少为1。",
    ]


def test_gates_are_in_english_too() -> None:

    folder = Path(__file__).resolve().parents[2] / "questionnaires" / "private-domain"
    english = load_translated(folder, "en")
    for phase in phases(english):
        for text in _texts(phase):
            assert not any("\u4e00" <= letter <= "\u9fff" for letter in text), text


def _texts(phase: Phase) -> Iterator[str]:
    for item in phase.gate:
        yield from (item.title, item.threshold, item.needs, item.unit)
    for sign in phase.stops:
        yield sign.title
