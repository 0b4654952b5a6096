"""Every rule and contradiction can hold, and can not hold, in an enterprise of real answers.

The sample worlds of a rule give its condition values; here people answer and facts are given so
that those values come out, through the whole scoring.
"""

from collections.abc import Mapping, Sequence

import pytest

from app.domain.definitions.contradiction import Contradiction
from app.domain.definitions.rule import Rule, Scalar
from app.domain.rules import evaluate_rules
from app.domain.stage import classify
from app.domain.world import World
from tests.aiming import enterprise_like
from tests.enterprises import private_domain_model

MODEL = private_domain_model()


def decided(rule: Rule, samples: Sequence[Mapping[str, Scalar]]) -> list[bool | None]:
    """Return for each sample world whether the rule fires there; None where it is undecided."""
    return [fires(rule, sample) for sample in samples]


def fires(rule: Rule, sample: Mapping[str, Scalar]) -> bool | None:
    """Return whether a rule fires in an enterprise like the sample world."""
    world = World(MODEL, enterprise_like(MODEL, MODEL.expression(rule.when), sample))
    classify(world)
    found = evaluate_rules(world)
    if rule.id in {item.rule.id for item in found.undecided}:
        return None
    return rule.id in {fired.id for fired in found.fired()}


@pytest.mark.parametrize("rule", MODEL.rules.values(), ids=lambda rule: rule.code)
def test_a_rule_fires_for_one_enterprise_and_is_quiet_for_another(rule: Rule) -> None:
    assert True in decided(rule, rule.examples.fires)
    assert False in decided(rule, rule.examples.stays_quiet)


@pytest.mark.parametrize("item", MODEL.contradictions.values(), ids=lambda item: item.code)
def test_a_contradiction_is_found_in_one_enterprise_and_not_in_another(item: Contradiction) -> None:
    def found(sample: Mapping[str, Scalar]) -> bool | None:
        world = World(MODEL, enterprise_like(MODEL, MODEL.expression(item.when), sample))
        return world.holds(item.when)

    assert True in [found(sample) for sample in item.examples.fires]
    assert False in [found(sample) for sample in item.examples.stays_quiet]
