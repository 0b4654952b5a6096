"""A list from Excel: everybody on it is invited, or nobody, with every reason why."""

import io
import zipfile
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from app.services.acting import Acting
from app.services.errors import NotAllowedError, NotFoundError, ThrottledError
from app.services.invitations.board import guest_board
from app.services.invitations.export import progress_workbook
from app.services.invitations.inviting import Invited
from app.services.invitations.lists import import_invitations, template
from app.services.workbooks.listing import (
    LARGEST,
    ListRefusedError,
    Mistake,
    WorkbookRefusedError,
)
from app.services.workbooks.writing import Column, Sheet, workbook_of
from app.web.wording import say_in
from tests.installations import NOW
from tests.kitchens import ENGAGEMENT, add_kitchen
from tests.people import Installed
from tests.workspace import HOSTILE, invited, states, workbook

HEAD = ("角色", "门店或区分标签", "姓名", "邮箱", "电话", "有效天数")


@pytest.fixture
def kitchen(installed: Installed) -> Installed:
    """An engagement without answers, on whose team the consultant is."""
    add_kitchen(installed, answered=False)
    return installed


def take(acting: Acting, *rows: tuple[object, ...], head: tuple[object, ...] = HEAD) -> int:
    data = workbook(head, *rows)
    return len(import_invitations(acting, ENGAGEMENT, data, say_in("zh-Hans")))


def mistakes(acting: Acting, *rows: tuple[object, ...]) -> tuple[Mistake, ...]:
    with pytest.raises(ListRefusedError) as refused:
        take(acting, *rows)
    return refused.value.mistakes


def test_everybody_on_the_list_is_invited(kitchen: Installed) -> None:
    acting = kitchen.acting("consultant")
    rows = (
        ("Manager", "", "李敏", "Li@Kitchen.Example", "138 0000 1234", ""),
        ("COOK", "Grill", "", "", "", 7),
        ("cook", "Fry", "", "", "", 180),
    )
    assert take(acting, *rows) == 3
    manager, fry, grill = guest_board(acting, ENGAGEMENT).guests
    assert (manager.role, manager.contact_name) == ("manager", "李敏")
    assert (manager.email, manager.phone) == ("Li@kitchen.example", "138 0000 1234")
    assert [one.expires_at - NOW for one in (manager, grill, fry)] == [
        timedelta(days=30),
        timedelta(days=7),
        timedelta(days=180),
    ]


def test_headings_may_be_in_either_language_and_any_order(kitchen: Installed) -> None:
    head = ("Name", "E-mail", "（备注）", "ROLE", "label（选填）")
    assert take(kitchen.acting("consultant"), ("Bo", "", "x", "Cook", "Grill"), head=head) == 1
    (guest,) = guest_board(kitchen.acting("consultant"), ENGAGEMENT).guests
    assert (guest.contact_name, guest.label) == ("Bo", "Grill")


def test_one_mistake_and_nobody_is_invited(kitchen: Installed) -> None:
    acting = kitchen.acting("consultant")
    good = [("Cook", f"Stove {number}", "", "", "", "") for number in range(55)]
    found = mistakes(
        acting,
        *good,
        ("Cook", "Bad", "", "not an address", "", ""),
        ("Baker", "x", "", "", "call me", 0),
    )
    assert [(one.sheet, one.row, one.column, one.value) for one in found] == [
        ("名单", 57, "D 邮箱", "not an address"),
        ("名单", 58, "A 角色", "Baker"),
        ("名单", 58, "E 电话", "call me"),
        ("名单", 58, "F 有效天数", "0"),
    ]
    assert "Manager、Head chef、Cook" in found[1].message
    assert "1到180" in found[3].message
    assert states(kitchen, ENGAGEMENT) == []


def test_a_label_twice_names_its_row(kitchen: Installed) -> None:
    acting = kitchen.acting("consultant")
    rows = (("Cook", "Grill", "", "", "", ""), ("Manager", "", "", "", "", ""))
    (found,) = mistakes(acting, *rows, ("Cook", "Grill", "", "", "", ""))
    assert (found.row, found.column, found.value) == (4, "B 门店或区分标签", "Grill")
    invited(kitchen, ENGAGEMENT, Invited("manager"))
    (found,) = mistakes(acting, *rows)
    assert (found.row, found.value) == (3, "")
    assert states(kitchen, ENGAGEMENT) == ["new"]


def test_every_label_given_twice_is_named_at_once(kitchen: Installed) -> None:
    acting = kitchen.acting("consultant")
    invited(kitchen, ENGAGEMENT, Invited("manager"))
    cook = ("Cook", "Grill", "", "", "", "")
    manager = ("Manager", "", "", "", "", "")
    baker = ("Baker", "", "", "", "", "")
    found = mistakes(acting, cook, manager, baker, cook, cook)
    assert [(one.row, one.column[0], one.value) for one in found] == [
        (3, "B", ""),
        (4, "A", "Baker"),
        (5, "B", "Grill"),
        (6, "B", "Grill"),
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"not a workbook", "打不开"),
        (workbook(("角色",)), "没有名单"),
        (workbook(("姓名", "邮箱"), ("Bo", "b@x.example")), "没有「角色」这一列"),
        (b"PK" + b"\0" * LARGEST, "超过{megabytes}MB"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_the_reason(
    kitchen: Installed, data: bytes, told: str
) -> None:
    with pytest.raises(WorkbookRefusedError) as refused:
        import_invitations(kitchen.acting("consultant"), ENGAGEMENT, data, say_in("zh-Hans"))
    assert told in refused.value.message


def test_strangers_and_viewers_import_nothing(kitchen: Installed) -> None:
    data = workbook(HEAD, ("Cook", "Grill"))
    for who, tenant, error in (
        ("viewer", None, NotAllowedError),
        ("colleague", None, NotFoundError),
        ("owner", kitchen.second, NotFoundError),
    ):
        with pytest.raises(error):
            import_invitations(kitchen.acting(who, tenant), ENGAGEMENT, data, say_in("en"))
    assert states(kitchen, ENGAGEMENT) == []


def test_a_consultancy_imports_at_most_ten_lists_an_hour(kitchen: Installed) -> None:
    too_large = b"x" * (LARGEST + 1)
    for _ in range(10):
        with pytest.raises(WorkbookRefusedError):
            import_invitations(kitchen.acting("consultant"), ENGAGEMENT, too_large, say_in("en"))
    with pytest.raises(ThrottledError):
        take(kitchen.acting("consultant"), ("Cook", "Grill"))
    assert take(kitchen.acting("consultant", now=NOW + timedelta(hours=1)), ("Cook", "G")) == 1


def test_the_template_can_be_filled_in_and_imported(kitchen: Installed) -> None:
    acting = kitchen.acting("consultant")
    for locale in ("zh-Hans", "en"):
        book = CalamineWorkbook.from_filelike(
            io.BytesIO(template(acting, ENGAGEMENT, say_in(locale)))
        )
        (head,) = book.get_sheet_by_index(0).to_python()
        explained = [row[0] for row in book.get_sheet_by_index(1).to_python()][1:]
        assert explained == head
        row = ("Cook", f"Stove {locale}", "", "", "", "")
        assert take(acting, row, head=tuple(head)) == 1


# -- what goes out -------------------------------------------------------------------------------


def test_the_export_holds_texts_and_no_formula(kitchen: Installed) -> None:
    acting = kitchen.acting("consultant")
    texts = [*HOSTILE, "+1", "-1", "@SUM(A1)", "=1+1", "'=1", "=cmd|' /C calc'!A0"]
    people = [Invited("cook", text[:60], text[:80]) for text in texts]
    invited(kitchen, ENGAGEMENT, *people)
    data = progress_workbook(acting, ENGAGEMENT, say_in("zh-Hans"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["角色", "门店或区分标签", "姓名"]
    assert sorted(str(row[1]) for row in rows[1:]) == sorted(text[:60] for text in texts)
    assert b"<f>" not in _sheet(data)
    assert "zm_" not in str(rows)


def test_a_text_that_looks_like_a_formula_stays_text_when_it_is_edited() -> None:
    data = workbook_of([Sheet("x", (Column("a"),), [["=1+1"], ["plain"], [7]])], NOW)
    assert b'quotePrefix="1"' in _part(data, "xl/styles.xml")
    assert b"<f>" not in _sheet(data)


def test_the_same_list_at_the_same_moment_is_the_same_bytes(kitchen: Installed) -> None:
    invited(kitchen, ENGAGEMENT, Invited("cook", "Grill"))
    acting = kitchen.acting("consultant")
    one, two = (progress_workbook(acting, ENGAGEMENT, say_in("en")) for _ in range(2))
    assert one == two


def _sheet(data: bytes) -> bytes:
    return _part(data, "xl/worksheets/sheet1.xml")


def _part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)
