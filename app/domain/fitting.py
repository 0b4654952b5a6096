"""Making the work fit the people: thin, postpone or drop what matters least.

Where a post has more hours of work in a phase than its people have once they are trained, first the
optional steps of the least important SOPs go, then their introduction moves to a later phase, then
whole SOPs are dropped, if the post carries a third of their hours or more. What makes a phase what
it is, what mends a breach of law, and what other kept SOPs build on stays; if the hours still do
not suffice, the plan says so, and likewise while new people are still being trained.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Literal

from app.domain.definitions.roadmap import Phase
from app.domain.initiatives import Initiative
from app.domain.model import MaturityModel
from app.domain.roadmap import Placement
from app.domain.sop_load import PostLoad

Measure = Literal["thin", "postpone", "drop"]
MEASURES: Final[tuple[Measure, ...]] = ("thin", "postpone", "drop")


CARRIER: Final = 3
"""A SOP gives way to the shortage of a post that carries one part in so many of its hours."""


@dataclass(frozen=True, slots=True)
class Release:
    """One thing the plan gives up: what, for which post and phase, and the hours a month freed.

    ``sop`` is thinned or dropped; with ``postpone`` it is introduced a phase later.
    """

    measure: Measure
    sop: str
    post: str
    phase: str
    hours: Fraction


@dataclass(frozen=True, slots=True)
class Reductions:
    """Everything the plan has given up so far."""

    thinned: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    not_before: Mapping[str, int] = field(default_factory=dict)
    releases: tuple[Release, ...] = ()


class Fitting:
    """Chooses what gives way.

    ``fixed`` are initiatives that stay in their phase, ``standing`` SOPs at work already, which no
    plan drops. A post with nobody in it is not relieved: no SOP left out would staff it.
    """

    def __init__(
        self,
        model: MaturityModel,
        drafts: Mapping[str, Initiative],
        fixed: frozenset[str],
        standing: frozenset[str],
        phases: Sequence[Phase],
    ) -> None:
        self._model = model
        self._home = {sop: draft for draft in drafts.values() for sop in draft.sops}
        self._fixed = fixed
        self._standing = standing
        self._phases = [phase.id for phase in phases]
        self._protected = self._with_requirements(
            {
                sop
                for draft in drafts.values()
                if draft.template.core or draft.urgent
                for sop in draft.sops
            }
        )

    def relieve(
        self, reductions: Reductions, placement: Placement, loads: Sequence[PostLoad]
    ) -> Reductions | None:
        """Return the reductions with the first overload relieved; None if nothing can give way.

        The first overloaded post of the first overloaded phase is relieved as far as it can be;
        the caller then counts again.
        """
        for load in loads:
            if load.hours > load.trained > 0:
                beside = [other for other in loads if other.phase == load.phase]
                relieved = self._relieve_one(reductions, placement, load, carried_by(load, beside))
                if relieved is not None:
                    return relieved
        return None

    def _relieve_one(
        self,
        reductions: Reductions,
        placement: Placement,
        load: PostLoad,
        carried: frozenset[str],
    ) -> Reductions | None:
        for measure in MEASURES:
            chosen, excess = list[Release](), load.hours - load.trained
            for sop in self._candidates(reductions, load):
                if measure != "thin" and sop not in carried:
                    continue
                hours = self._freed(measure, sop, reductions, placement, load)
                if hours:
                    chosen.append(Release(measure, sop, load.post, load.phase, hours))
                    excess -= hours
                    if excess <= 0:
                        break
            if chosen:
                return self._applied(reductions, _without_needless(chosen, -excess))
        return None

    def _candidates(self, reductions: Reductions, load: PostLoad) -> list[str]:
        """Return the SOPs of a load, the least important first."""
        sops = {work.source for work in load.works if work.source in self._model.sops}
        return sorted(sops - reductions.dropped, key=self._importance)

    def _importance(self, sop: str) -> tuple[bool, Fraction, str]:
        draft = self._home.get(sop)
        priority = draft.priority if draft is not None else Fraction(0)
        return (draft is not None and draft.must, priority, self._model.sops[sop].code)

    def _freed(
        self,
        measure: Measure,
        sop: str,
        reductions: Reductions,
        placement: Placement,
        load: PostLoad,
    ) -> Fraction:
        """Return the hours a measure frees for the post in the phase; 0 where it is not open."""
        works = [work for work in load.works if work.source == sop]
        if measure == "thin":
            if sop in reductions.thinned:
                return Fraction(0)
            return sum((work.optional for work in works), Fraction(0))
        if sop in self._protected or sop in self._standing or sop not in self._home:
            return Fraction(0)
        hours = sum((work.hours for work in works), Fraction(0))
        if measure == "postpone":
            home = self._home[sop].template.id
            begun = next(i.phase for i in placement.initiatives if i.template.id == home)
            last = load.phase == self._phases[-1]
            stays = home in self._fixed or begun != load.phase or last
            return Fraction(0) if stays else hours
        needed = any(
            sop in self._model.sops[other].requires
            for other in self._home
            if other not in reductions.dropped and other != sop
        )
        return Fraction(0) if needed else hours

    def _applied(self, reductions: Reductions, releases: Sequence[Release]) -> Reductions:
        thinned, dropped = set(reductions.thinned), set(reductions.dropped)
        not_before = dict(reductions.not_before)
        for release in releases:
            if release.measure == "thin":
                thinned.add(release.sop)
            elif release.measure == "drop":
                dropped.add(release.sop)
            else:
                home = self._home[release.sop].template.id
                not_before[home] = self._phases.index(release.phase) + 1
        return Reductions(
            frozenset(thinned),
            frozenset(dropped),
            not_before,
            (*reductions.releases, *releases),
        )

    def _with_requirements(self, sops: set[str]) -> frozenset[str]:
        """Return SOPs with everything of the plan they build on."""
        found, waiting = set(sops), list(sops)
        while waiting:
            for needed in self._model.sops[waiting.pop()].requires:
                if needed in self._home and needed not in found:
                    found.add(needed)
                    waiting.append(needed)
        return frozenset(found)


def carried_by(load: PostLoad, beside: Sequence[PostLoad]) -> frozenset[str]:
    """Return the SOPs of which a post carries a third of the hours or more.

    ``beside`` are all loads of the phase. A SOP is not given up for a post that lends it a hand.
    """
    whole: dict[str, int] = {}
    own: dict[str, int] = {}
    for other in beside:
        for work in other.works:
            whole[work.source] = whole.get(work.source, 0) + work.ticks
            if other.post == load.post:
                own[work.source] = own.get(work.source, 0) + work.ticks
    return frozenset(sop for sop, ticks in own.items() if ticks * CARRIER >= whole[sop])


def _without_needless(chosen: Sequence[Release], spare: Fraction) -> list[Release]:
    """Return the releases without those the others make needless, the most important kept first."""
    kept = []
    for release in reversed(chosen):
        if release.hours <= spare:
            spare -= release.hours
        else:
            kept.append(release)
    return kept[::-1]
