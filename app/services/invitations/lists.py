"""Inviting a list of people from an Excel workbook: all of them, or none with every reason why."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from app.domain.model import MaturityModel
from app.forms.invitations import InvitationForm
from app.forms.messages import Translate
from app.services.access import open_engagement
from app.services.accounts.throttling import Limit, door, knock
from app.services.acting import Acting
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
from app.services.workbooks.listing import (
    SHOWN,
    Listed,
    ListRefusedError,
    Mistake,
    plain_word,
    read_list,
)
from app.services.workbooks.reading import MOST_ROWS
from app.services.workbooks.writing import Column, Sheet, workbook_of

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

_MISSING: Final = "工作表「{sheet}」的第一行里没有「角色」这一列。请用模板的表头：{headings}。"
_EMPTY: Final = "这个文件里没有名单。请在第一张工作表里从第2行起填写，再导入。"


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
    listed = read_list(data, COLUMNS, "role", missing=_MISSING, empty=_EMPTY)
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


def _role_words(models: Sequence[MaturityModel], form: str) -> Mapping[str, str]:
    """Return the id of each role by every word for it: its id, its code, its titles."""
    return {
        plain_word(word): role.id
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
    listed: Listed, model: MaturityModel, form: str, roles: Mapping[str, str], translate: Translate
) -> tuple[list[tuple[int, Invited]], list[Mistake]]:
    """Return whoever a row names, with its number, and what is wrong in the rows."""
    people: list[tuple[int, Invited]] = []
    mistakes: list[Mistake] = []
    titles = [role.title for role in invitable_roles(model, form)]
    for number, cells in listed.rows:
        given = {name: listed.cell(cells, name) for name in COLUMNS}
        role = roles.get(plain_word(given["role"]))
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
    listed: Listed,
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
