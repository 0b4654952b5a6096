"""How far engagements are, kept so that lists need not compute it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.store.rows.base import Base, of_consultancy, owned_by
from app.store.scope import TenantScoped
from app.store.types import Id


class EngagementProgress(TenantScoped, Base):
    """What an engagement came to when it was last computed; may be thrown away at any time.

    ``changes`` counts the transactions that changed something in the engagement, ``counted`` is
    that count as it was when the rest was computed, ``edition`` the program's way of computing:
    where they differ from today's, the rest is out of date.

    ``step`` is the step to work on, ``index`` 0–100 as "36/5", ``answered`` of ``asked`` questions
    have a score. ``needs`` is what the engagement needs, one bit each (see
    ``app.store.progress.NEEDS``), ``rank`` how much the most pressing of it presses (0 most).
    ``interviews`` are begun and not finished, ``waiting`` respondents with a link who have not
    submitted, ``expires_at`` the first end of one of those links (also a past one),
    ``gate_on`` is the day the gate of the running phase is due.
    ``adjudications`` and ``findings`` wait for the consultant. ``worked_at`` is when something was
    last said or decided. ``document`` holds the rest.
    """

    __tablename__ = "engagement_progress"
    __table_args__ = (of_consultancy(), owned_by("engagement"))

    engagement_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    changes: Mapped[int] = mapped_column(default=0)
    counted: Mapped[int] = mapped_column(default=-1)
    edition: Mapped[int] = mapped_column(default=0)
    begun: Mapped[bool] = mapped_column(default=False)
    step: Mapped[str] = mapped_column(String(10), default="")
    index: Mapped[str | None] = mapped_column(String(80))
    asked: Mapped[int] = mapped_column(default=0)
    answered: Mapped[int] = mapped_column(default=0)
    needs: Mapped[int] = mapped_column(default=0)
    rank: Mapped[int] = mapped_column(default=0)
    interviews: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime | None]
    adjudications: Mapped[int] = mapped_column(default=0)
    findings: Mapped[int] = mapped_column(default=0)
    gate_on: Mapped[date | None]
    worked_at: Mapped[datetime | None]
    document: Mapped[dict[str, Any]] = mapped_column(default=dict)
