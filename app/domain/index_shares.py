"""How much of the index rests on each question: what a blank hides, what an answer is worth."""

from fractions import Fraction

from app.domain.scoring import questions_asked
from app.domain.world import World


def index_shares(world: World) -> dict[str, Fraction]:
    """Return each asked scored question's share of the index (sum 1; empty if none is asked).

    Lens × dimension × area × question weight, in asking order, so that a blank costs what it
    hides. The weights are those of the client's archetype.
    """
    model = world.model
    lenses = {lens.id: Fraction(lens.weight) for lens in model.content.lenses}
    above = {
        dimension.id: lenses[dimension.lens] * world.weight_of(dimension.id)
        for dimension in model.content.dimensions
    }
    below = {
        area: above[model.dimension_of[area].id] * weight
        for area, weight in model.area_weights.items()
    }
    weights = {
        question.id: below[question.area] * Fraction(question.weight)
        for question in questions_asked(world.form, model.questions.values())
        if question.area is not None and question.weight
    }
    total = sum(weights.values(), Fraction(0))
    return {name: weight / total for name, weight in weights.items()} if total else {}
