"""What the answers say so far: what to ask next, what contradicts, where scores stand.

A diagnosis also makes a plan, which no interview waits for. So this reads the same rows and scores
them in the same way, and stops there.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Final

from app.content.answers.facts import contradictions
from app.domain.contradictions import FoundContradiction, find_contradictions
from app.domain.definitions.questionnaire import Fact
from app.domain.diagnosis import PanelView, panel_view
from app.domain.model import MaturityModel
from app.domain.next_questions import NextBest, NextQuestion
from app.domain.scorecard import Scorecard
from app.domain.world import World
from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.answers.assembling import FACTS, INTERVIEW, Gathered, assembled, gather
from app.services.errors import NotFoundError
from app.services.interviews.interviewing import model_in
from app.store.interviews import find_response

FEW: Final = 5
"""What to ask next is a hint for the next minutes, not a second questionnaire."""
_KEPT: Final = 16
_lock = Lock()
_known: "OrderedDict[Hashable, Scored]" = OrderedDict()


@dataclass(frozen=True, slots=True)
class Scored:
    """An engagement's answers as scored now, and what is worth asking."""

    world: World
    best: NextBest


@dataclass(frozen=True, slots=True)
class FactConflict:
    """Facts that cannot be true together: where to look first, and what is wrong."""

    part: str
    fact: Fact
    message: str


@dataclass(frozen=True, slots=True)
class SoFar:
    """What the answers of an engagement say so far, from one interview's point of view.

    ``next`` is what is worth asking this person next, most first; ``grids`` the model's heat maps.
    """

    model: MaturityModel
    scorecard: Scorecard
    next: tuple[NextQuestion, ...]
    contradictions: tuple[FoundContradiction, ...]
    conflicts: tuple[FactConflict, ...]
    grids: tuple[PanelView, ...]


def read_so_far(
    acting: Acting, engagement: str, response: str, *, everything: bool = False
) -> SoFar:
    """Return what all answers of the engagement say now; raises ``NotFoundError``.

    What to ask next is that of the interview's role (of every role with ``everything``), on the
    sheet of facts the facts that are worth most.
    """
    with acting.reading() as session:
        opened = open_engagement(acting, session, engagement)
        found = find_response(session, engagement, response)
        if found is None or found.kind not in (INTERVIEW, FACTS):
            raise NotFoundError
        gathered = gather(session, opened)
    model = model_in(acting, opened)
    scored = scored_now(acting, gathered, model)
    world = scored.world
    if found.kind == FACTS:
        asked = scored.best.asked_of(None, limit=len(model.questions) + len(model.facts))
        following = tuple(each for each in asked if each.kind == "fact")[:FEW]
    else:
        following = scored.best.asked_of(None if everything else found.role, limit=FEW)
    return SoFar(
        model=model,
        scorecard=world.scorecard,
        next=following,
        contradictions=find_contradictions(world).found,
        conflicts=tuple(
            FactConflict(part, model.fact_of[part], message)
            for part, _, message in contradictions(model, world.assessment)
        ),
        grids=tuple(
            panel_view(world, panel) for panel in model.content.panels if panel.kind == "grid"
        ),
    )


def scored_now(acting: Acting, gathered: Gathered, model: MaturityModel) -> Scored:
    """Return the answers of rows already read, scored; once per process for every state."""
    key = (acting.tenant, gathered.opened.engagement.id, model.digest, gathered.stamp)
    with _lock:
        known = _known.get(key)
        if known is not None:
            _known.move_to_end(key)
            return known
    world = World(model, assembled(gathered, model))
    scored = Scored(world, NextBest(world))
    with _lock:
        _known[key] = scored
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return scored
