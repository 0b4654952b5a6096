"""Inviting a list of people from an Excel workbook: all of them, or none with every reason why."""

import json
import logging
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from app.domain.model import MaturityModel
from app.forms.invitations import InvitationForm
from app.forms.messages import Translate
from app.jobs.child import run_in_child
from app.jobs.errors import ChildError, ChildRefusedError
from app.jobs.limits import MEGABYTE, Limits
from app.services.access import open_engagement
from app.services.accounts.throttling import Limit, door, knock
from app.services.acting import Acting
from app.services.errors import ServiceError
from app.services.invitations.inviting import (
    DAYS,
    MOST_DAYS,
    Invited,
    LabelTakenError,
    invitable_roles,
    invite,
    label_taken,
    taken_labels,
)
from app.services.releases import languages_of, model_of
from app.services.workbooks.reading import MOST_ROWS, read_words
from app.services.workbooks.writing import Column, Sheet, workbook_of

LARGEST: Final = 5 * MEGABYTE
SHOWN: Final = 100
"""Mistakes listed at most."""
_LIMITS: Final = Limits(
    wall_seconds=10,
    cpu_seconds=10,
    memory_bytes=256 * MEGABYTE,
    file_bytes=MEGABYTE,
    result_bytes=8 * MEGABYTE,
)
_OFTEN: Final = (Limit(10, timedelta(hours=1)),)

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "role": ("角色", "role"),
    "label": (
        "门店或区分标签",
        "标签",
        "门店",
        "区域",
        "label",
        "store or label",
        "store",
        "region",
    ),
    "contact_name": ("姓名", "name"),
    "email": ("邮箱", "电子邮箱", "email", "e-mail", "e-mail address"),
    "phone": ("电话", "手机", "手机号", "phone", "telephone", "mobile"),
    "days": ("有效天数", "days", "days valid", "valid for (days)"),
}
"""The columns of the list with the headings they may have; the first is that of the template."""

_TOLD: Final[Mapping[str, str]] = {
    "old": "这是旧格式（.xls）或加了密码的文件。请在Excel里去掉密码，另存为.xlsx后再导入。",
    "not-a-workbook": "这个文件打不开，可能不是.xlsx，或者已经损坏。请用模板填好后再导入。",
    "locked": "这个文件加了密码。请去掉密码后再导入。",
    "too-large": "这个文件解开后太大，没有读取。请把名单复制到新的模板里再导入。",
    "declares": "这个文件里有不该有的声明，没有读取。请把名单复制到新的模板里再导入。",
    "outward": "这个文件链接着别的文件或数据源，没有读取。请把名单按值粘贴到新的模板里再导入。",
    "macros": "这个文件带宏，没有读取。请另存为不带宏的.xlsx后再导入。",
    "empty": "这个文件里没有名单。请在第一张工作表里从第2行起填写，再导入。",
    "too-many-rows": "名单超过{n}行，没有读取。请分成几个文件导入。",
    "too-big-a-file": "文件超过{megabytes}MB，没有读取。名单用不着这么大，请复制到新的模板里。",
    "unreadable": "这个文件读不下去，什么都没有导入。请把名单复制到新的模板里再试。",
}

log = logging.getLogger(__name__)


class WorkbookRefusedError(ServiceError):
    """A file that is not read at all: ``message`` is a Chinese key with ``values``."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in one cell: where, what stands there, and what is permitted.

    ``column`` is the letter Excel shows with the heading behind it, ``message`` in the language of
    the reader.
    """

    sheet: str
    row: int
    column: str
    value: str
    message: str


class ListRefusedError(ServiceError):
    """A list with mistakes: nothing of it was taken. ``total`` counts those not listed, too."""

    def __init__(self, mistakes: Sequence[Mistake], total: int) -> None:
        super().__init__(f"{total} mistakes")
        self.mistakes = tuple(mistakes)
        self.total = total


@dataclass(frozen=True, slots=True)
class _List:
    """The rows of a workbook, with the place of each column."""

    sheet: str
    columns: Mapping[str, int]
    headings: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]

    def cell(self, row: Sequence[str], name: str) -> str:
        place = self.columns.get(name)
        return row[place] if place is not None and place < len(row) else ""

    def mistake(self, number: int, name: str, value: str, message: str) -> Mistake:
        place = self.columns.get(name, 0)
        heading = self.headings[place] if place < len(self.headings) else ""
        return Mistake(self.sheet, number, f"{_letter(place)} {heading}".strip(), value, message)


def import_invitations(
    acting: Acting, engagement: str, data: bytes, translate: Translate
) -> tuple[str, ...]:
    """Invite everybody on a list; return the ids of the invitations.

    Raises ``WorkbookRefusedError`` for a file that cannot be read, ``ListRefusedError`` with every
    mistake in the list, ``ThrottledError``, and as ``invite`` does. Nothing is taken then.
    """
    acting.must_write()
    with acting.reading() as session:
        row = open_engagement(acting, session, engagement).engagement
        digest, form = row.release_digest, row.form
        taken = taken_labels(session, engagement)
    knock(acting.database, acting.now, door(acting.settings, "importing", acting.tenant, _OFTEN))
    if len(data) > LARGEST:
        raise WorkbookRefusedError(_TOLD["too-big-a-file"], megabytes=LARGEST // MEGABYTE)
    listed = _read(data)
    model = model_of(acting.database, acting.settings, digest, acting.locale)
    spoken = [
        model_of(acting.database, acting.settings, digest, locale)
        for locale in languages_of(acting.database, acting.settings, digest)
    ]
    people, mistakes = _checked(listed, model, form, _role_words(spoken, form), translate)
    mistakes = sorted([*mistakes, *_told_apart(listed, people, taken, translate)], key=_place)
    if mistakes:
        raise ListRefusedError(mistakes[:SHOWN], len(mistakes))
    try:
        return invite(acting, engagement, [one for _number, one in people])
    except LabelTakenError as error:
        # Somebody else was faster.
        number, one = people[error.place]
        words = translate(error.fields["label"]).format(**error.values)
        raise ListRefusedError([listed.mistake(number, "label", one.label, words)], 1) from None


def _read(data: bytes) -> _List:
    """Return the words of a workbook, read in a child process."""
    try:
        found: Mapping[str, Any] = json.loads(run_in_child(read_words, data, _LIMITS))
    except ChildRefusedError as error:
        raise WorkbookRefusedError(_TOLD[str(error)], n=f"{MOST_ROWS:,}") from None
    except ChildError as error:
        log.warning("a workbook could not be read: %s", error)
        raise WorkbookRefusedError(_TOLD["unreadable"]) from None
    (_, headings), *rows = found["rows"]
    known = {_plain(word): name for name, words in COLUMNS.items() for word in words}
    columns: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = known.get(_plain(heading))
        if name is not None:
            columns.setdefault(name, place)
    if "role" not in columns:
        raise WorkbookRefusedError(
            "工作表「{sheet}」的第一行里没有「角色」这一列。请用模板的表头：{headings}。",
            sheet=found["sheet"],
            headings="、".join(words[0] for words in COLUMNS.values()),
        )
    if not rows:
        raise WorkbookRefusedError(_TOLD["empty"])
    return _List(found["sheet"], columns, headings, [(number, cells) for number, cells in rows])


def _plain(word: str) -> str:
    """Return a word as people mean it: one width, one case, without what stands in brackets."""
    return unicodedata.normalize("NFKC", word).casefold().partition("(")[0].strip()


def _role_words(models: Sequence[MaturityModel], form: str) -> Mapping[str, str]:
    """Return the id of each role by every word for it: its id, its code, its titles."""
    return {
        _plain(word): role.id
        for model in models
        for role in invitable_roles(model, form)
        for word in (role.id, role.code, role.title)
    }


class _Posted(dict[str, str]):
    """A row as a form takes it."""

    def getlist(self, key: str, /) -> list[str]:
        """Return every string under a name."""
        return [self[key]] if key in self else []


def _checked(
    listed: _List, model: MaturityModel, form: str, roles: Mapping[str, str], translate: Translate
) -> tuple[list[tuple[int, Invited]], list[Mistake]]:
    """Return whoever a row names, with its number, and what is wrong in the rows."""
    people: list[tuple[int, Invited]] = []
    mistakes: list[Mistake] = []
    titles = [role.title for role in invitable_roles(model, form)]
    for number, cells in listed.rows:
        given = {name: listed.cell(cells, name) for name in COLUMNS}
        role = roles.get(_plain(given["role"]))
        if role is None:
            message = translate("没有这个角色。可以写：{roles}。").format(
                roles=translate("、").join(titles)
            )
            mistakes.append(listed.mistake(number, "role", given["role"], message))
        typed = {**given, "role": role or "", "days": given["days"] or str(DAYS)}
        row = InvitationForm(_Posted(typed), model=model, translate=translate)
        row.validate()
        for name in COLUMNS:
            errors = row.errors.get(name)
            if errors and name != "role":
                mistakes.append(listed.mistake(number, name, given[name], str(next(iter(errors)))))
        if role is not None and not row.errors:
            one = Invited(
                role=role,
                label=row.label.data or "",
                contact_name=row.contact_name.data or "",
                email=row.email.data or "",
                phone=row.phone.data or "",
                days=row.days.data,
            )
            people.append((number, one))
    return people, mistakes


def _told_apart(
    listed: _List,
    people: Sequence[tuple[int, Invited]],
    taken: set[tuple[str, str]],
    translate: Translate,
) -> Iterator[Mistake]:
    """Yield a mistake for whoever has the role and label of another, here or invited before."""
    seen = set(taken)
    for number, one in people:
        if (one.role, one.label) in seen:
            words = translate(label_taken(one.label)).format(label=one.label)
            yield listed.mistake(number, "label", one.label, words)
        seen.add((one.role, one.label))


def _place(mistake: Mistake) -> int:
    return mistake.row


def _letter(place: int) -> str:
    """Return the letter Excel shows above a column: 0 is A."""
    return chr(ord("A") + place) if place < 26 else f"A{chr(ord('A') + place - 26)}"


def template(acting: Acting, engagement: str, translate: Translate) -> bytes:
    """Return the workbook to fill in: the columns, and a second sheet that explains them."""
    with acting.reading() as session:
        row = open_engagement(acting, session, engagement).engagement
    model = model_of(acting.database, acting.settings, row.release_digest, acting.locale)
    roles = invitable_roles(model, row.form)
    titles = tuple(role.title for role in roles)
    headings = {name: translate(words[0]) for name, words in COLUMNS.items()}
    widths = {"role": 18, "label": 22, "contact_name": 14, "email": 28, "phone": 18, "days": 12}
    explained = (
        ("role", translate("必填。写第三张工作表里的角色名称或代码。")),
        (
            "label",
            translate("同一角色有几位时用来区分，如「人民路店」；会印在报告里，不要写姓名。"),
        ),
        ("contact_name", translate("只用于发送和提醒，不印进报告。")),
        ("email", translate("填了就能由系统发送邀请和提醒。")),
        ("phone", translate("只写数字，可以带空格、连字符和开头的+。")),
        (
            "days",
            translate("链接有效几天，1到{n}；空着就是{days}天。").format(n=MOST_DAYS, days=DAYS),
        ),
    )
    return workbook_of(
        [
            Sheet(
                translate("邀请名单"),
                tuple(
                    Column(headings[name], widths[name], titles if name == "role" else ())
                    for name in COLUMNS
                ),
                room=MOST_ROWS,
            ),
            Sheet(
                translate("填写说明"),
                (Column(translate("哪一列"), 22), Column(translate("怎么填"), 70)),
                [(headings[name], words) for name, words in explained],
            ),
            Sheet(
                translate("角色"),
                (Column(translate("角色"), 22), Column(translate("代码"), 12)),
                [(role.title, role.code) for role in roles],
            ),
        ],
        acting.now,
    )
