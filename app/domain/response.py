"""What people said: answers, facts, adjudications, decisions on findings, plan controls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from app.domain.definitions.structure import EvidenceCode

AnswerValue: TypeAlias = int | Fraction | tuple[str, ...] | bool | str
"""Choice: option number; number: Fraction; multi: item ids; yes-no: bool; text: str."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. ``value`` None is "don't know": asked, but no information.

    ``note`` is what the interviewer wrote down and the report may print; ``quote`` are the
    respondent's own words, verbatim, for the record alone: no report prints them.
    """

    value: AnswerValue | None
    evidence: EvidenceCode = "E0"
    note: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Respondent:
    """One person asked. ``label`` tells respondents of one role apart; it is never a name."""

    role: str
    label: str
    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Adjudication:
    """A value the consultant set where roles disagree; replaces their mean and is printed."""

    value: AnswerValue
    reason: str
    evidence: EvidenceCode = "E2"


FindingVerdict: TypeAlias = Literal["accepted", "edited", "rejected"]


@dataclass(frozen=True, slots=True)
class FindingDecision:
    """What the consultant decided about the finding of one rule.

    An accepted finding is printed as confirmed. An edited one is printed in the consultant's own
    words: ``finding`` and ``recommend`` replace the rule's, None keeps them. A rejected one leaves
    the findings and the plan. Scores, gates and the stage do not change by any of them. Raises
    ``ValueError`` where a decision says nothing or contradicts itself: an edit or a rejection
    without ``reason``, an edit that replaces nothing, new words without an edit.
    """

    verdict: FindingVerdict
    reason: str = ""
    finding: str | None = None
    recommend: str | None = None

    def __post_init__(self) -> None:
        if self.verdict != "accepted" and not self.reason.strip():
            raise ValueError(f"a finding is {self.verdict} for a reason")
        reworded = self.finding is not None or self.recommend is not None
        if reworded != (self.verdict == "edited"):
            raise ValueError("an edited finding, and no other, has words of the consultant")


@dataclass(frozen=True, slots=True)
class FactValue:
    """One fact part as given."""

    value: Fraction | str | bool | tuple[str, ...]
    evidence: EvidenceCode | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ClientProfile:
    """Who is diagnosed. ``archetype`` and ``city_tier`` are ids; None where nobody said."""

    name: str
    archetype: str | None = None
    city_tier: str | None = None
    industry: str = ""
    consultancy: str = ""
    consultant: str = ""
    contact: str = ""
    accent: str = ""


@dataclass(frozen=True, slots=True)
class PlanControls:
    """What the client may decide about the plan. None (or an empty mapping) leaves the default.

    ``max_hires`` maps post ids to the most people that may join that post (0 refuses every hire);
    ``payroll_cap`` is the most the team may cost in CNY a month, today's people included;
    ``productive_hours`` are hours a person works on tasks in a day; ``target_level`` is the level
    the plan aims at; ``add_sops`` and ``drop_sops`` are ids; ``cadence`` maps step codes to runs
    a week; ``assumptions`` maps assumption ids to the client's own values.
    """

    start: date | None = None
    target_users: int | None = None
    service_mode: str | None = None
    city_tier: str | None = None
    tool_level: int | None = None
    max_hires: Mapping[str, int] = field(default_factory=dict)
    payroll_cap: Fraction | None = None
    productive_hours: Fraction | None = None
    target_level: int | None = None
    add_sops: tuple[str, ...] = ()
    drop_sops: tuple[str, ...] = ()
    cadence: Mapping[str, Fraction] = field(default_factory=dict)
    assumptions: Mapping[str, Fraction] = field(default_factory=dict)
    tested_capacity: int | None = None
    growth_buffer: bool | None = None
    online_users: int | None = None
    content_units_per_week: int | None = None
    leads_per_month: int | None = None
    sessions_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything a diagnosis is computed from, complete and immutable.

    ``facts`` is keyed by fact part id, ``adjudications`` by question id, ``decisions`` by rule id;
    ``pulse`` holds one mapping (pulse item id → answer) per customer asked. A decision on a rule
    that does not fire is kept and has no effect.
    """

    form: str
    client: ClientProfile
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    respondents: tuple[Respondent, ...] = ()
    adjudications: Mapping[str, Adjudication] = field(default_factory=dict)
    pulse: tuple[Mapping[str, AnswerValue], ...] = ()
    controls: PlanControls = field(default_factory=PlanControls)
    interviewed_on: date | None = None
    decisions: Mapping[str, FindingDecision] = field(default_factory=dict)


Confidence: TypeAlias = Literal["high", "medium", "low"]
