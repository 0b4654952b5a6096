"""The progress of invited respondents as an Excel workbook. Links are never in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.forms.messages import Translate
from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.invitations.board import Guest, Status, guest_board
from app.services.record.recording import record
from app.services.workbooks.writing import Cell, Column, Sheet, workbook_of

STATUS_WORDS: Final[Mapping[Status, str]] = {
    "new": "还没打开",
    "sent": "已发邮件",
    "opened": "已打开",
    "answering": "答题中",
    "submitted": "已提交",
    "withdrawn": "已撤回同意",
    "expired": "链接过期",
    "revoked": "链接作废",
}
"""How far somebody is, as Chinese keys."""

_COLUMNS: Final = (
    ("角色", 18),
    ("门店或区分标签", 22),
    ("姓名", 14),
    ("邮箱", 28),
    ("电话", 18),
    ("状态", 12),
    ("已答", 8),
    ("应答", 8),
    ("邀请发出时间", 18),
    ("最近提醒", 18),
    ("打开时间", 18),
    ("开始时间", 18),
    ("提交时间", 18),
    ("最近动静", 18),
    ("链接有效到", 18),
)


def progress_workbook(acting: Acting, engagement: str, translate: Translate) -> bytes:
    """Return the progress board of an engagement as a workbook; raises ``NotFoundError``."""
    board = guest_board(acting, engagement)
    zone = ZoneInfo(acting.zone)
    with acting.writing() as session:
        open_engagement(acting, session, engagement)
        record(
            acting,
            session,
            "invitation.exported",
            "engagement",
            engagement,
            engagement,
            n=len(board.guests),
        )
    return workbook_of(
        [
            Sheet(
                translate("受访进度"),
                tuple(Column(translate(title), width) for title, width in _COLUMNS),
                [_row(guest, zone, translate) for guest in board.guests],
            )
        ],
        acting.now,
    )


def _row(guest: Guest, zone: ZoneInfo, translate: Translate) -> tuple[Cell, ...]:
    def when(moment: datetime | None) -> str | None:
        return None if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"

    return (
        guest.role_title,
        guest.label,
        guest.contact_name,
        guest.email,
        guest.phone,
        translate(STATUS_WORDS[guest.status]),
        guest.answered,
        guest.asked,
        when(guest.mailed_at),
        when(guest.reminded_at),
        when(guest.opened_at),
        when(guest.begun_at),
        when(guest.submitted_at),
        when(guest.last_at),
        when(guest.expires_at),
    )
