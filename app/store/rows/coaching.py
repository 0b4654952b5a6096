"""What happens after the report: figures, tasks, gates, rounds. Nothing is ever overwritten."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.rows.base import Base, TenantRow, of_consultancy, owned_by
from app.store.scope import TenantScoped
from app.store.types import Id


class CoachedUnit(TenantRow):
    """A store that takes part, from its first day to its last (None: still does)."""

    __tablename__ = "coached_unit"
    __table_args__ = (
        of_consultancy(),
        owned_by("engagement"),
        UniqueConstraint("tenant_id", "engagement_id", "name"),
    )

    engagement_id: Mapped[str] = mapped_column(Id())
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(60))
    first: Mapped[date]
    last: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(Id())


class KpiEntry(TenantScoped, Base):
    """What somebody said a KPI came to in a week; the highest ``number`` counts.

    ``unit`` is a store's id, empty for the whole enterprise. ``value`` is exact, as "27/2"; None
    takes what was said before back. ``source`` tells how it came in: page or sheet.
    """

    __tablename__ = "kpi_entry"
    __table_args__ = (of_consultancy(), owned_by("engagement"))

    engagement_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    kpi: Mapped[str] = mapped_column(String(60), primary_key=True)
    unit: Mapped[str] = mapped_column(Id(), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[str | None] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(500), default="")
    source: Mapped[str] = mapped_column(String(10), default="page")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(Id())


class TaskSettlement(TenantScoped, Base):
    """What somebody said became of a task; the highest ``number`` counts.

    ``task``, ``run`` and ``unit`` are the task's key. ``said`` is done, skipped, or open, which
    takes what was said before back; ``day`` is when it was done or called off.
    """

    __tablename__ = "task_settlement"
    __table_args__ = (of_consultancy(), owned_by("engagement"))

    engagement_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    task: Mapped[str] = mapped_column(String(80), primary_key=True)
    run: Mapped[str] = mapped_column(String(120), primary_key=True)
    unit: Mapped[str] = mapped_column(Id(), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    said: Mapped[str] = mapped_column(String(10))
    day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(Id())


class HeldReview(TenantScoped, Base):
    """A review of a phase's gate, with everything it rested on.

    ``plan`` is the revision of the plan it was held under: another plan begins anew. ``stated`` is
    what was said of lines on that day, ``lines`` every line as it was read, both by line id.
    ``repair_last`` is the end of the loop that opened, ``sops`` the ones concerned, the worst
    first; ``back_to`` the phase gone back to. ``next_on`` is the day the gate standing after the
    review is due, so that lists need not date the roadmap.
    """

    __tablename__ = "gate_review"
    __table_args__ = (of_consultancy(), owned_by("engagement"))

    engagement_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[int]
    phase: Mapped[str] = mapped_column(String(60))
    day: Mapped[date]
    verdict: Mapped[str] = mapped_column(String(10))
    why: Mapped[str | None] = mapped_column(String(20))
    stated: Mapped[dict[str, Any]]
    lines: Mapped[dict[str, Any]]
    signs: Mapped[list[Any]]
    repair_last: Mapped[date | None]
    sops: Mapped[list[Any]]
    back_to: Mapped[str | None] = mapped_column(String(60))
    next_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(Id())


class Round(TenantScoped, Base):
    """A later round of an engagement: which one it follows.

    ``given_on`` is the day of the earlier round's answers, ``carried`` the fact parts taken over
    from it, to be confirmed.
    """

    __tablename__ = "engagement_round"
    __table_args__ = (
        of_consultancy(),
        owned_by("engagement"),
        owned_by("engagement", "earlier_id"),
        UniqueConstraint("tenant_id", "earlier_id"),
    )

    engagement_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    earlier_id: Mapped[str] = mapped_column(Id())
    given_on: Mapped[date]
    carried: Mapped[list[Any]]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(Id())


class BenchmarkConsent(TenantScoped, Base):
    """Whether a client agreed to count in benchmarks; the highest ``number`` counts."""

    __tablename__ = "benchmark_consent"
    __table_args__ = (of_consultancy(), owned_by("client"))

    client_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    agreed: Mapped[bool]
    note: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(Id())


class PublishedBenchmarks(TenantScoped, Base):
    """The benchmarks of a model as last shown, because readers remember them.

    ``document`` holds every cell with the clients behind it; ``number`` counts the times it
    changed.
    """

    __tablename__ = "published_benchmarks"
    __table_args__ = (of_consultancy(),)

    model: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int]
    document: Mapped[dict[str, Any]]
    at: Mapped[datetime]
