"""The tables, one module per area."""

from app.store.rows.accounts import (
    Attempt,
    Consultancy,
    DeviceSession,
    Installation,
    Joining,
    Member,
    PasswordReset,
)
from app.store.rows.answers import (
    Attachment,
    ConsentText,
    CurrentAnswer,
    LoggedAnswer,
    Presence,
    RespondentSession,
    Response,
)
from app.store.rows.base import Base
from app.store.rows.clients import Client, Engagement, Invitation, Release, TeamMember
from app.store.rows.coaching import (
    BenchmarkConsent,
    CoachedUnit,
    HeldReview,
    KpiEntry,
    PublishedBenchmarks,
    Round,
    TaskSettlement,
)
from app.store.rows.decisions import DecidedFinding, PlanRevision, Report, ReportFile
from app.store.rows.portal import (
    CalendarFeed,
    CommentNotice,
    Contact,
    ContactAccess,
    ContactLink,
    ContactSession,
    FindingComment,
    SharedReport,
)
from app.store.rows.progress import EngagementProgress
from app.store.rows.pulse import PulseAnswer, PulsePoster
from app.store.rows.selfchecks import Lead, SelfCheck, SelfCheckReport
from app.store.rows.work import AuditEvent, Job, OutgoingMail, Worker

__all__ = [
    "Attachment",
    "Attempt",
    "AuditEvent",
    "Base",
    "BenchmarkConsent",
    "CalendarFeed",
    "Client",
    "CoachedUnit",
    "CommentNotice",
    "ConsentText",
    "Consultancy",
    "Contact",
    "ContactAccess",
    "ContactLink",
    "ContactSession",
    "CurrentAnswer",
    "DecidedFinding",
    "DeviceSession",
    "Engagement",
    "EngagementProgress",
    "FindingComment",
    "HeldReview",
    "Installation",
    "Invitation",
    "Job",
    "Joining",
    "KpiEntry",
    "Lead",
    "LoggedAnswer",
    "Member",
    "OutgoingMail",
    "PasswordReset",
    "PlanRevision",
    "Presence",
    "PublishedBenchmarks",
    "PulseAnswer",
    "PulsePoster",
    "Release",
    "Report",
    "ReportFile",
    "RespondentSession",
    "Response",
    "Round",
    "SelfCheck",
    "SelfCheckReport",
    "SharedReport",
    "TaskSettlement",
    "TeamMember",
    "Worker",
]
