"""The RACI table: who answers for an initiative, who does it, who is asked, who is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.initiatives import Initiative
from app.domain.roadmap import Roadmap
from app.reporting.context.source import Source

ACCOUNTABLE, RESPONSIBLE, CONSULTED, INFORMED = "A", "R", "C", "I"
UNSEATED: Final = frozenset({"automation", "customer"})
"""Owners of steps that no duty can be given to."""


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One initiative with one letter per role of the table ("" for none)."""

    title: str
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duties:
    """The table: role titles as columns, initiatives as rows."""

    roles: tuple[str, ...]
    rows: tuple[DutyRow, ...]


def duties(source: Source, roadmap: Roadmap) -> Duties:
    """Derive the letters from what is written: owner, owners of steps, supports, top roles.

    A: the initiative's owner. R: who owns a step of its SOPs. C: who supports it or works along in
    a step. I: whoever of the top is not in it yet, so that nothing of the plan happens unseen.
    """
    given = [_letters(source, item) for item in roadmap.initiatives]
    top = [role.id for role in source.model.content.roles if role.side == "top"]
    seated = [
        role.id
        for role in source.model.content.roles
        if role.id not in UNSEATED and any(role.id in letters for letters in given)
    ]
    return Duties(
        roles=tuple(source.wording.role(role) for role in seated),
        rows=tuple(
            DutyRow(
                item.template.title,
                tuple(letters.get(role, INFORMED if role in top else "") for role in seated),
            )
            for item, letters in zip(roadmap.initiatives, given, strict=True)
        ),
    )


def _letters(source: Source, item: Initiative) -> Mapping[str, str]:
    letters: dict[str, str] = {}
    steps = [step for name in item.sops for step in source.model.sops[name].steps]
    for role in (*item.template.supports, *(r for step in steps for r in step.with_roles)):
        letters[role] = CONSULTED
    for step in steps:
        letters[step.owner] = RESPONSIBLE
    letters[item.template.owner] = ACCOUNTABLE
    return {role: letter for role, letter in letters.items() if role not in UNSEATED}
