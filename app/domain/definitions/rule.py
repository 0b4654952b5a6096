"""Rules: a condition over scores, facts and answers, and what a consultant says when it holds."""

from collections.abc import Mapping
from typing import Literal

from app.domain.definitions.record import Number, Text, record

Size = Literal["L", "M", "H"]
Cluster = Literal["alignment", "method", "process", "people", "data", "compliance"]
Scalar = Number | str | bool


@record
class RuleExamples:
    """Sample worlds for one rule, run as tests.

    A world maps expressions to values exactly as the condition names them: ``stores: 300``,
    ``level(replication): 1``, ``has(compliance_breaches, shills): true``. What is left out is
    unknown.
    """

    fires: tuple[Mapping[str, Scalar], ...]
    stays_quiet: tuple[Mapping[str, Scalar], ...]
    undecided: tuple[Mapping[str, Scalar], ...] = ()


@record
class Rule:
    """One diagnostic rule.

    ``when`` is a condition in three-valued logic. ``severity`` is 1–4; without it, severity is
    scale maximum − level of ``area``. ``says`` are evidence sentences with ``{expression}`` slots;
    a sentence is printed only when all its slots are known. ``cause`` is this rule's root cause and
    ``cluster`` the group in which causes are counted. Rules of one ``family`` collapse into the
    most severe. ``consequence`` tells what happens if nothing is done.
    """

    id: str
    code: str
    when: str
    area: str
    finding: Text
    says: tuple[Text, ...]
    cause: Text
    cluster: Cluster
    consequence: Text
    recommend: Text
    sops: tuple[str, ...]
    roles: tuple[str, ...]
    kpis: tuple[str, ...]
    effort: Size
    impact: Size
    examples: RuleExamples
    first_step: Text
    severity: int | None = None
    family: str | None = None
