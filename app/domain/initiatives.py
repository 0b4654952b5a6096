"""Initiatives: bundles of SOPs with their findings, priority, and what they need before them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.domain.definitions.roadmap import InitiativeTemplate, RoadmapModel
from app.domain.ordering import acyclic, ordered
from app.domain.planning import SelectedSop
from app.domain.rules import Diagnostics
from app.domain.world import World

UNCITED = Fraction(1, 100)
"""Priority of work that no finding asks for but the stage demands."""


@dataclass(frozen=True, slots=True)
class Initiative:
    """A bundle of selected SOPs in its phase.

    ``must`` marks work a must-fix finding asks for, ``urgent`` what mends a breach of law.
    """

    template: InitiativeTemplate
    sops: tuple[str, ...]
    findings: tuple[str, ...]
    priority: Fraction
    effort_days: int
    must: bool
    urgent: bool
    phase: str
    start: date
    end: date


def draft_initiatives(
    world: World,
    parameters: RoadmapModel,
    diagnostics: Diagnostics,
    selected: Sequence[SelectedSop],
) -> dict[str, Initiative]:
    """Bundle the selected SOPs by the model's templates, not yet placed in a phase."""
    chosen = {item.sop.id: item for item in selected}
    priorities = {
        item.rule.id: finding.priority
        for finding in diagnostics.findings
        for item in (finding, *finding.collapsed)
    }
    must = {f.rule.id for finding in diagnostics.must for f in (finding, *finding.collapsed)}
    drafts = {}
    for template in parameters.initiatives:
        sops = tuple(sop for sop in template.sops if sop in chosen)
        if not sops:
            continue
        findings = tuple(dict.fromkeys(rule for sop in sops for rule in chosen[sop].rules))
        leading = [
            priorities[rule] if world.model.rules[rule].sops[0] in sops else priorities[rule] / 2
            for rule in findings
        ]
        drafts[template.id] = Initiative(
            template=template,
            sops=sops,
            findings=findings,
            priority=max(leading, default=UNCITED),
            effort_days=parameters.effort_days[template.effort],
            must=any(rule in must and world.model.rules[rule].sops[0] in sops for rule in findings),
            urgent=must.intersection(findings) != set() and _guards_red_line(world, sops),
            phase="",
            start=date.min,
            end=date.min,
        )
    return drafts


def _guards_red_line(world: World, sops: Sequence[str]) -> bool:
    """Return whether SOPs lift an area whose gate raises a red flag."""
    guarded = {area for gate in world.model.content.gates if gate.red_flag for area in gate.binds}
    return any(guarded.intersection(world.model.sops[sop].areas) for sop in sops)


def requirements(world: World, drafts: Mapping[str, Initiative]) -> dict[str, set[str]]:
    """Return which initiatives each one needs before it, from the SOPs' own prerequisites."""
    home = {sop: name for name, draft in drafts.items() for sop in draft.sops}
    return acyclic(
        {
            name: {
                home[needed]
                for sop in draft.sops
                for needed in world.model.sops[sop].requires
                if needed in home and home[needed] != name
            }
            for name, draft in drafts.items()
        }
    )


def _preference(draft: Initiative) -> tuple[bool, bool, Fraction]:
    """Return the sort key among initiatives that are free: compliance, core work, priority."""
    return (not draft.urgent, not draft.template.core, -draft.priority)


def working_order(
    drafts: Mapping[str, Initiative], requires: Mapping[str, set[str]]
) -> list[Initiative]:
    """Return the drafts so that each follows what it requires, the most pressing first."""
    order = ordered(drafts, requires, lambda name: _preference(drafts[name]))
    return [drafts[name] for name in order]
