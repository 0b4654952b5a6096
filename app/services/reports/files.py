"""The files of an issued report, handed to whoever may see the row that names them."""

import re
import unicodedata
from typing import Final

from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.errors import ConflictError, NotFoundError
from app.services.files import Download, file_store
from app.services.record.recording import record
from app.store.reports import files_of, find_report
from app.store.rows import Report
from app.store.scope import ScopedSession

ANSWERS: Final = "answers"
MEDIA_TYPES: Final = {
    "pdf": "application/pdf",
    "json": "application/json",
    ANSWERS: "application/yaml",
}
ENDINGS: Final = {"pdf": "pdf", "json": "json", ANSWERS: "yaml"}
"""The formats a report can be had in: printed, as data, and the answers it was made from."""

_LOST: Final = "这份文件在服务器上找不到了。请用「重新生成并核对」从冻结的输入恢复它。"
_LOST_ANSWERS: Final = "冻结的答案文件在服务器上找不到了。请管理员从备份恢复。"
_LONGEST_CLIENT: Final = 60
_SHOWN_ELSE: Final = re.compile(r'[\\/:*?"<>|]+')
"""What file systems forbid in a name."""
_HIDDEN: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def report_file(acting: Acting, engagement: str, report: str, form: str) -> Download:
    """Return a file of a report, and write down who took it.

    Raises ``NotFoundError`` also for a format it does not have, ``ConflictError`` ("lost") where
    the bytes are gone from the disk.
    """
    if form not in MEDIA_TYPES:
        raise NotFoundError
    with acting.writing() as session:
        client = open_engagement(acting, session, engagement).client
        row = find_report(session, engagement, report)
        if row is None:
            raise NotFoundError
        path = file_store(acting.settings).path(_digest(session, row, form))
        if not path.is_file():
            raise ConflictError("lost", _LOST_ANSWERS if form == ANSWERS else _LOST)
        record(
            acting,
            session,
            "report.downloaded",
            "report",
            report,
            engagement,
            number=row.number,
            version=row.version,
            format=form,
        )
    return Download(
        path,
        MEDIA_TYPES[form],
        file_name(client.name, row.number, row.version, form),
        plain_name(row.number, row.version, form),
    )


def _digest(session: ScopedSession, row: Report, form: str) -> str:
    if form == ANSWERS:
        return row.answers
    file = files_of(session, [row.id])[row.id].get(form)
    if file is None:
        raise NotFoundError
    return file.digest


def plain_name(number: str, version: int, form: str) -> str:
    """Return what a file is called without its client: in ASCII."""
    return f"{number}-v{version}.{ENDINGS[form]}"


def file_name(client: str, number: str, version: int, form: str) -> str:
    """Return what a file is called: client, number, version; safe on every system.

    Characters that do not show or turn the reading direction are left out: a name must look like
    what it is.
    """
    shown = "".join(one for one in client if unicodedata.category(one) not in _HIDDEN)
    kept = " ".join(_SHOWN_ELSE.sub(" ", shown).split()).strip(". ")[:_LONGEST_CLIENT].strip()
    return f"{kept} {number} v{version}.{ENDINGS[form]}".strip()
