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
from app.store.rows.decisions import DecidedFinding, PlanRevision, Report, ReportFile
from app.store.rows.progress import EngagementProgress
from app.store.rows.pulse import PulseAnswer, PulsePoster
from app.store.rows.selfchecks import Lead, SelfCheck, SelfCheckReport
from app.store.rows.work import AuditEvent, Job, OutgoingMail, Worker

__all__ = [
    "Attachment",
    "Attempt",
    "AuditEvent",
    "Base",
    "Client",
    "ConsentText",
    "Consultancy",
    "CurrentAnswer",
    "DecidedFinding",
    "DeviceSession",
    "Engagement",
    "EngagementProgress",
    "Installation",
    "Invitation",
    "Job",
    "Joining",
    "Lead",
    "LoggedAnswer",
    "Member",
    "OutgoingMail",
    "PasswordReset",
    "PlanRevision",
    "Presence",
    "PulseAnswer",
    "PulsePoster",
    "Release",
    "Report",
    "ReportFile",
    "RespondentSession",
    "Response",
    "SelfCheck",
    "SelfCheckReport",
    "TeamMember",
    "Worker",
]
