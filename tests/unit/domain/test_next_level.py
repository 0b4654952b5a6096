"""The cheapest way to the next level: nothing cheaper gets there, and it does get there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from app.content.loader import load_model
from app.domain.definitions.structure import Area, Dimension, Gate, Lens
from app.domain.model import MaturityModel, compile_model
from app.domain.move_costs import MoveCosts, SopHours, move_costs
from app.domain.next_level import NextLevel, next_levels
from app.domain.response import Assessment, ClientProfile, PlanControls
from app.domain.scoring import AreaScore, reached
from app.domain.world import OVERALL, World
from tests.conftest import MODELS
from tests.enterprises import Enterprise, enterprises, private_domain_model

KITCHEN = load_model(MODELS / "kitchen-hygiene")
AREAS = ("north", "east", "south", "west", "centre")
DIMENSIONS = {"first": AREAS[:2], "second": AREAS[2:4], "third": AREAS[4:]}
TOP, STANDING = 3, 2


@dataclass(frozen=True)
class Small:
    """A model of five areas with the scores of one enterprise and the costs of its moves."""

    requires: tuple[tuple[int, ...], ...]
    critical: tuple[bool, ...]
    minimum: tuple[bool, bool, bool]
    weights: tuple[int, ...]
    gates: tuple[tuple[str, str, str | None], ...]
    scores: tuple[tuple[int, int] | None, ...]
    efforts: tuple[tuple[int, ...], ...]
    sops: tuple[tuple[int, frozenset[int]], ...]

    def model(self) -> MaturityModel:
        content = replace(
            KITCHEN.content,
            lenses=(
                Lens(
                    id="near",
                    title="Near",
                    weight=2,
                    aggregation="minimum" if self.minimum[2] else "weighted-mean",
                ),
                Lens(id="far", title="Far", weight=1),
            ),
            dimensions=tuple(self._dimensions()),
            gates=tuple(
                Gate(
                    id=f"gate-{place}",
                    title="Gate",
                    caps=caps,
                    at=at,
                    binds=(),
                    reason="reason",
                    when=when,
                )
                for place, (caps, at, when) in enumerate(self.gates)
            ),
            archetypes=(),
            sections=(),
            rules=(),
            panels=(),
        )
        return compile_model(content, "")

    def _dimensions(self) -> Iterator[Dimension]:
        for place, (name, areas) in enumerate(DIMENSIONS.items()):
            numbers = [AREAS.index(area) for area in areas]
            yield Dimension(
                id=name,
                code=name,
                title=name,
                lens="far" if name == "third" else "near",
                weight=1 + place,
                asks="",
                critical=tuple(AREAS[n] for n in numbers if self.critical[n]),
                areas=tuple(
                    Area(
                        id=AREAS[n],
                        code=f"A{n}",
                        title=AREAS[n],
                        weight=self.weights[n],
                        purpose="",
                        anchors=(),
                        requires=tuple(AREAS[needed] for needed in self.requires[n]),
                    )
                    for n in numbers
                ),
                aggregation="minimum" if place < 2 and self.minimum[place] else "weighted-mean",
            )

    def areas(self, model: MaturityModel) -> dict[str, AreaScore]:
        found = {}
        for name, given_ in zip(AREAS, self.scores, strict=True):
            if given_ is None:
                found[name] = AreaScore(None, None, Fraction(0), Fraction(1), asked=True)
            else:
                score = Fraction(given_[0], 8)
                level = max(0, reached(model.content.scale, score) - given_[1])
                found[name] = AreaScore(score, level, Fraction(1), Fraction(0), asked=True)
        return found

    def costs(self) -> MoveCosts:
        names = {f"sop-{n}": areas for n, (_, areas) in enumerate(self.sops)}
        return MoveCosts(
            effort=lambda area, level: Fraction(self.efforts[AREAS.index(area)][level - 1], 2),
            sops={
                area: tuple(sop for sop, lifted in names.items() if number in lifted)
                for number, area in enumerate(AREAS)
            },
            hours={f"sop-{n}": SopHours(Fraction(h, 3)) for n, (h, _) in enumerate(self.sops)},
        )


def gates() -> st.SearchStrategy[tuple[tuple[str, str, str | None], ...]]:
    """Return gates of the kinds authors write; none depends on what it caps."""
    one = st.sampled_from(
        [
            ("second", "level(first) + 1", None),
            ("third", "level(first) + 1", None),
            ("third", "min(level(first), level(second)) + 1", None),
            ("second", "1", "level(north) == 0"),
            ("first", "2", "level(west) < 2 or level(centre) < 1"),
            (OVERALL, "level(third) + 1", None),
            (OVERALL, "min(level(first), level(second), level(third)) + 1", None),
            (OVERALL, "1", "level(south) == 0"),
            (OVERALL, "max(level(first), level(second))", None),
            (OVERALL, "2", None),
        ]
    )
    return st.lists(one, max_size=3, unique=True).map(tuple)


def small() -> st.SearchStrategy[Small]:
    numbers = range(len(AREAS))
    return st.builds(
        Small,
        requires=st.tuples(
            *[
                st.sets(st.sampled_from(range(n)), max_size=2).map(sorted).map(tuple)
                if n
                else st.just(())
                for n in numbers
            ]
        ),
        critical=st.tuples(*[st.booleans()] * 5),
        minimum=st.tuples(*[st.sampled_from([False, False, True])] * 3),
        weights=st.tuples(*[st.integers(1, 4)] * 5),
        gates=gates(),
        scores=st.tuples(
            *[
                st.one_of(
                    st.tuples(st.integers(0, 8 * TOP), st.sampled_from([0, 0, 1])),
                    st.tuples(st.integers(0, 8 * TOP), st.just(0)),
                    st.none() if n % 2 else st.tuples(st.integers(0, 12), st.just(0)),
                )
                for n in numbers
            ]
        ),
        efforts=st.tuples(*[st.tuples(*[st.integers(1, 6)] * TOP)] * 5),
        sops=st.lists(
            st.tuples(st.integers(0, 12), st.frozensets(st.sampled_from(numbers), min_size=1)),
            max_size=3,
        ).map(tuple),
    )


def assessment() -> Assessment:
    return Assessment(KITCHEN.content.forms[0].id, ClientProfile("Somewhere"))


def level_of(world: World, target: str) -> int | None:
    return world.scorecard.level if target == OVERALL else world.dimension(target).level


def lifted(world: World, levels: Mapping[str, int]) -> World:
    """Return the world after moves: what an area's level asks for holds, nothing else changes."""
    areas = {name: world.area(name) for name in world.model.areas}
    for name, level in levels.items():
        score = max(areas[name].score or Fraction(0), Fraction(level))
        areas[name] = replace(areas[name], score=score, level=level, held_by=None)
    return World(world.model, world.assessment, areas)


def by_trying_everything(
    world: World, costs: MoveCosts, target: str, goal: int
) -> tuple[Fraction, dict[str, int]] | None:
    """Return hours and levels of the cheapest set of moves, from a list of all of them."""
    today = {area: world.area(area).level for area in AREAS}
    rated = [area for area in AREAS if today[area] is not None]
    sets = []
    for levels in product(*[range(today[area] or 0, TOP + 1) for area in rated]):
        stands = dict(zip(rated, levels, strict=True))
        moved = {area: level for area, level in stands.items() if level != today[area]}
        if any(
            stands.get(needed, STANDING) < STANDING
            for area in moved
            for needed in world.model.areas[area].requires
        ):
            continue
        sops = {sop for area in moved for sop in costs.sops[area]}
        hours = sum((costs.hours[sop].counted for sop in sops), Fraction(0))
        steps = [(a, n) for a in moved for n in range((today[a] or 0) + 1, moved[a] + 1)]
        hours += sum((costs.effort(*step) for step in steps), Fraction(0))
        places = tuple(moved.get(a, 0) - (today[a] or 0) if a in moved else 0 for a in AREAS)
        far = sum(level - (today[area] or 0) for area, level in steps)
        sets.append((hours, len(steps), far, places[::-1], moved))
    for hours, _, _, _, moved in sorted(sets, key=lambda item: item[:4]):
        reached_ = level_of(lifted(world, moved), target)
        if reached_ is not None and reached_ >= goal:
            return hours, moved
    return None


def ends(path: NextLevel) -> dict[str, int]:
    return {move.area: move.level for move in path.moves}


@settings(max_examples=80)
@given(case=small())
def test_nothing_cheaper_reaches_the_next_level(case: Small) -> None:
    model = case.model()
    world, costs = World(model, assessment(), case.areas(model)), case.costs()
    for target, path in next_levels(world, costs).items():
        today = level_of(world, target)
        assert path.today == today
        if today is None:
            assert path.blocked == "unrated"
        elif today == TOP:
            assert path.blocked == "top"
        else:
            best = by_trying_everything(world, costs, target, today + 1)
            if best is None:
                assert path.blocked == "gate", target
            else:
                assert (path.hours, ends(path)) == best, target


@settings(max_examples=30)
@given(enterprise=enterprises())
def test_the_moves_reach_the_level_with_everything_they_require_standing(
    enterprise: Enterprise,
) -> None:
    model = private_domain_model()
    world = World(model, enterprise.assessment())
    for target, path in next_levels(world).items():
        if path.blocked is not None:
            assert path.moves == ()
            continue
        after = level_of(lifted(world, ends(path)), target)
        assert after is not None
        assert path.level is not None
        assert after >= path.level
        stands = {area: world.area(area).level for area in model.areas}
        for move in path.moves:
            assert stands[move.area] == move.start == move.level - 1
            for needed in model.areas[move.area].requires:
                stand = stands[needed]
                assert stand is None or stand >= model.content.rating.standing_level, move
            stands[move.area] = move.level


# -- single ways -------------------------------------------------------------------------------

EVEN = Small(
    requires=((), (), (), (), ()),
    critical=(False,) * 5,
    minimum=(False,) * 3,
    weights=(1,) * 5,
    gates=(),
    scores=((8, 0),) * 5,
    efforts=((2, 2, 2),) * 5,
    sops=(),
)
"""Five areas at level 1, each step costing one hour."""


def path_of(case: Small, target: str) -> NextLevel:
    model = case.model()
    return next_levels(World(model, assessment(), case.areas(model)), case.costs())[target]


def steps(path: NextLevel) -> list[tuple[str, int]]:
    return [(move.area, move.level) for move in path.moves]


def clears(path: NextLevel, area: str) -> list[tuple[str, str]]:
    return [(why.kind, why.of) for move in path.moves if move.area == area for why in move.clears]


def test_of_equal_ways_the_one_that_moves_single_areas_less_far_is_taken() -> None:
    path = path_of(EVEN, "first")
    assert steps(path) == [("north", 2), ("east", 2)]
    assert path.hours == 2


def test_of_equal_ways_the_areas_that_stand_first_are_moved() -> None:
    case = replace(EVEN, scores=((12, 0), (12, 0), *EVEN.scores[2:]))
    assert steps(path_of(case, "first")) == [("north", 2)]


def test_one_area_is_moved_twice_where_that_is_cheaper() -> None:
    case = replace(EVEN, efforts=((1, 1, 2), (9, 9, 9), *EVEN.efforts[2:]))
    assert steps(path_of(case, "first")) == [("north", 2), ("north", 3)]


def test_what_an_area_requires_comes_first_and_belongs_to_the_price() -> None:
    case = replace(EVEN, requires=((), (), (), (), (0,)))
    path = path_of(case, "third")
    assert steps(path) == [("north", 2), ("centre", 2)]
    assert path.hours == 2
    assert clears(path, "north") == [("prerequisite", "centre")]
    assert clears(path, "centre") == [("score", "third")]


def test_a_critical_area_is_moved_though_the_score_would_do() -> None:
    case = replace(
        EVEN, critical=(True, False, False, False, False), scores=((8, 0), (24, 0), *[(8, 0)] * 3)
    )
    path = path_of(case, "first")
    assert steps(path) == [("north", 2)]
    assert clears(path, "north") == [("critical", "first")]


def test_a_gate_is_cleared_by_moving_what_it_reads() -> None:
    case = replace(EVEN, gates=(("third", "level(first)", None),), scores=(*[(8, 0)] * 4, (24, 0)))
    path = path_of(case, "third")
    assert (path.today, path.level) == (1, 2)
    assert steps(path) == [("north", 2), ("east", 2)]
    assert clears(path, "north") == [("gate", "gate-0")]


def test_a_sop_that_two_areas_share_is_paid_once_and_comes_with_the_first() -> None:
    case = replace(EVEN, sops=((30, frozenset({0, 1})),))
    path = path_of(case, "first")
    assert path.hours == 12
    assert [move.sops for move in path.moves] == [("sop-0",), ()]
    assert [move.hours for move in path.moves] == [11, 1]
    assert path.sops == ("sop-0",)


def test_no_area_nobody_rated_is_moved_but_it_is_named_where_it_could_decide() -> None:
    case = replace(EVEN, scores=((8, 0), None, *[(8, 0)] * 3))
    path = path_of(case, "first")
    assert steps(path) == [("north", 2)]
    assert path.measure_first == ("east",)
    assert path_of(case, "second").measure_first == ()


def test_a_prerequisite_nobody_rated_is_named_and_not_assumed_missing() -> None:
    case = replace(EVEN, requires=((), (), (), (), (1,)), scores=((8, 0), None, *[(8, 0)] * 3))
    path = path_of(case, "third")
    assert steps(path) == [("centre", 2)]
    assert path.measure_first == ("east",)


def test_without_any_rating_there_is_no_way_but_a_list_of_what_to_measure() -> None:
    path = path_of(replace(EVEN, scores=(None, None, *[(8, 0)] * 3)), "first")
    assert (path.blocked, path.level, path.moves) == ("unrated", None, ())
    assert path.measure_first == ("north", "east")


def test_at_the_top_of_the_scale_there_is_no_next_level() -> None:
    path = path_of(replace(EVEN, scores=(*[(8, 0)] * 4, (24, 0))), "third")
    assert (path.blocked, path.today, path.level) == ("top", TOP, None)


def test_a_gate_that_no_move_clears_is_named() -> None:
    path = path_of(replace(EVEN, gates=(("third", "1", None),)), "third")
    assert (path.blocked, path.gate, path.moves) == ("gate", "gate-0", ())


def test_a_gate_that_reads_a_score_is_named_and_not_guessed_at() -> None:
    path = path_of(replace(EVEN, gates=(("third", "score(first) + 1", None),)), "third")
    assert (path.blocked, path.gate) == ("unreadable", "gate-0")


def test_a_gate_that_falls_as_areas_rise_is_named_and_not_guessed_at() -> None:
    path = path_of(replace(EVEN, gates=(("third", "3 - level(first)", None),)), "third")
    assert (path.blocked, path.gate) == ("unreadable", "gate-0")


def test_hours_follow_the_size_of_the_step_and_the_hours_of_a_day() -> None:
    model = private_domain_model()
    world = World(model, Enterprise().assessment(PlanControls(productive_hours=Fraction(5))))
    effort = move_costs(world).effort
    assert [effort("strategy", level) for level in (2, 3, 4, 5)] == [15, 50, 125, 250]


def test_a_sop_that_is_at_work_already_costs_nothing() -> None:
    model = private_domain_model()
    low = move_costs(World(model, Enterprise(level=1).assessment()))
    high = move_costs(World(model, Enterprise(level=5, people=14, evidence=3).assessment()))
    assert "compliance-cleanup" in low.sops["compliance"]
    assert high.sops["compliance"] == ()


def test_the_hours_of_the_moves_add_up_to_those_of_the_way() -> None:
    world = World(private_domain_model(), Enterprise(level=2, people=5).assessment())
    for path in next_levels(world).values():
        if path.blocked is None:
            assert sum(move.hours for move in path.moves) == path.hours
            assert len(set(path.sops)) == len(path.sops)


def test_a_model_without_effort_counts_moves() -> None:
    case = EVEN.model()
    world = World(case, assessment(), EVEN.areas(case))
    path = next_levels(world)["first"]
    assert len(path.moves) == 2
    assert path.hours is None
