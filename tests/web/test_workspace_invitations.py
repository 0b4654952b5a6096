"""Invitations as consultants meet them in a browser: links, sheets, lists, letters, the board."""

import re
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.services.accounts.profiles import choose_locale
from app.services.invitations.board import cards
from app.services.invitations.inviting import Invited
from app.store.rows import OutgoingMail
from app.web.sending import file_name
from tests.kitchens import ENGAGEMENT, add_kitchen
from tests.people import Installed
from tests.workspace import HOSTILE, answer, invited, row_of, states, workbook

OTHER = "f" * 16
BOARD = f"/engagements/{ENGAGEMENT}/invitations"
COOK = {
    "role": "cook",
    "label": "Grill",
    "contact_name": "Bo",
    "email": "bo@x.example",
    "days": "30",
}
HAN = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture
def kitchen(installed: Installed) -> Installed:
    """An engagement without answers, on whose team the consultant is, and another one."""
    add_kitchen(installed, answered=False, team=("consultant", "viewer"))
    add_kitchen(installed, answered=False, engagement=OTHER, team=("colleague",))
    return installed


def body(browser: FlaskClient, path: str) -> str:
    response = browser.get(path)
    assert response.status_code == 200, path
    return response.text


def choose(browser: FlaskClient, action: str, *ids: str, **more: str) -> int:
    data = {"action": action, "chosen": list(ids), **more}
    return browser.post(f"{BOARD}/chosen", data=data).status_code


def mails(installed: Installed) -> list[str]:
    with installed.acting().reading() as session:
        return [mail.template for mail in session.scalars(select(OutgoingMail))]


def test_inviting_one_shows_the_link_and_the_code(kitchen: Installed) -> None:
    browser = kitchen.browser("consultant")
    made = browser.post(f"{BOARD}/new", data=COOK)
    assert made.status_code == 303
    page = body(browser, made.location)
    (card,) = cards(kitchen.acting("consultant"), ENGAGEMENT)
    assert page.count(card.link) == 2, "to read and to copy"
    assert f'data-copies="{card.link}"' in page
    assert re.search(r"<svg[^>]*><title>二维码：Cook · Grill</title>", page)
    assert "style=" not in page
    assert mails(kitchen) == []


def test_inviting_one_by_mail_queues_the_letter(kitchen: Installed) -> None:
    browser = kitchen.browser("consultant")
    assert browser.post(f"{BOARD}/new", data={**COOK, "then": "write"}).status_code == 303
    assert mails(kitchen) == ["invitation"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"role": ""}, "请选择角色"),
        ({"role": "logger"}, "选项里没有这一项"),
        ({"email": "bo at x"}, "邮箱地址不完整"),
        ({"phone": "call me"}, "电话只写数字"),
        ({"days": "0"}, "1到180"),
        ({"label": "x" * 61}, "最多写60个字"),
    ],
)
def test_a_refused_invitation_says_why(
    kitchen: Installed, wrong: dict[str, str], told: str
) -> None:
    response = kitchen.browser("consultant").post(f"{BOARD}/new", data={**COOK, **wrong})
    assert response.status_code == 422
    assert told in response.text
    assert states(kitchen, ENGAGEMENT) == []


def test_a_label_that_is_taken_is_told_beside_the_field(kitchen: Installed) -> None:
    browser = kitchen.browser("consultant")
    browser.post(f"{BOARD}/new", data=COOK)
    response = browser.post(f"{BOARD}/new", data=COOK)
    assert response.status_code == 422
    assert "这个角色下已经有「Grill」" in response.text


def test_several_links_come_on_a_sheet_of_cards(kitchen: Installed) -> None:
    browser = kitchen.browser("consultant")
    form = {"role": "cook", "label": "Stove ", "count": "50", "days": "30"}
    assert browser.post(f"{BOARD}/links", data=form).status_code == 303
    sheet = body(browser, f"{BOARD}/sheet")
    assert sheet.count("<title>二维码：Cook") == 48
    assert "Stove 48" in sheet
    assert body(browser, f"{BOARD}/sheet?page=2").count("<title>二维码：Cook") == 2
    one = cards(kitchen.acting("consultant"), ENGAGEMENT)[0].invitation
    assert body(browser, f"{BOARD}/sheet?chosen={one}").count("<title>二维码") == 1


def test_the_board_shows_everybody_and_how_far_they_are(kitchen: Installed) -> None:
    grill, fry = invited(kitchen, ENGAGEMENT, Invited("cook", "Grill"), Invited("cook", "Fry"))
    answer(kitchen, grill, ["cold-chain"])
    answer(kitchen, fry, ["cold-chain"], submitted=True)
    page = body(kitchen.browser("consultant"), BOARD)
    assert "已答1/" in page
    assert "已提交1/2" in page
    only = body(kitchen.browser("consultant"), f"{BOARD}?only=open")
    assert "Grill" in only
    assert "Fry" not in only


def test_withdrawing_and_replacing_ask_first(kitchen: Installed) -> None:
    (grill,) = invited(kitchen, ENGAGEMENT, Invited("cook", "Grill"))
    browser, before = kitchen.browser("consultant"), row_of(kitchen, grill)
    for action in ("revoke", "reissue"):
        assert choose(browser, action, grill) == 200
        assert vars(row_of(kitchen, grill))["issue"] == before.issue
        assert row_of(kitchen, grill).revoked_at is None
    assert choose(browser, "reissue", grill, confirmed="yes") == 303
    assert row_of(kitchen, grill).issue == 2
    assert choose(browser, "revoke", grill, confirmed="yes") == 303
    assert row_of(kitchen, grill).revoked_at is not None
    assert "zm_" not in body(browser, f"{BOARD}/{grill}")


def test_reminding_tells_who_got_no_letter_and_why(kitchen: Installed) -> None:
    people = [Invited("cook", label, email=f"{label}@x.example") for label in "ab"]
    a, b = invited(kitchen, ENGAGEMENT, *people)
    invited(kitchen, ENGAGEMENT, Invited("cook", "without"))
    browser = kitchen.browser("consultant")
    assert choose(browser, "write", a) == 303
    assert choose(browser, "write-all") == 303
    page = body(browser, BOARD)
    for told in ("1封邮件已排队", "1位没有邮箱", "1位24小时内"):
        assert told in page
    assert sorted(mails(kitchen)) == ["invitation", "invitation"]
    assert b != a


def test_one_foreign_id_refuses_the_whole_choice(kitchen: Installed) -> None:
    """R5: nothing of a mixed choice is done, whatever it asks for."""
    add_kitchen(kitchen, tenant=kitchen.second, engagement="d" * 16, answered=False)
    told = Invited("cook", "Grill", email="g@x.example")
    (own,) = invited(kitchen, ENGAGEMENT, told)
    (unassigned,) = invited(kitchen, OTHER, told, who="colleague")
    (foreign,) = invited(kitchen, "d" * 16, told, tenant=kitchen.second)
    browser, before = kitchen.browser("consultant"), row_of(kitchen, own)
    for stranger in (unassigned, foreign, "0" * 16, "../../x", "%"):
        for action in ("write", "print", "reissue", "revoke"):
            assert choose(browser, action, own, stranger, confirmed="yes") == 404
        assert browser.get(f"{BOARD}/sheet?chosen={own}&chosen={stranger}").status_code == 404
    after = row_of(kitchen, own)
    assert (after.issue, after.revoked_at, after.mailed_at) == (before.issue, None, None)
    assert mails(kitchen) == []


def test_an_invitation_is_found_under_its_own_engagement_alone(kitchen: Installed) -> None:
    """R6: a path that mixes mine and theirs leads nowhere."""
    (theirs,) = invited(kitchen, OTHER, Invited("cook", "Theirs"), who="colleague")
    for who in ("consultant", "owner"):
        browser = kitchen.browser(who)
        assert browser.get(f"{BOARD}/{theirs}").status_code == 404
        changed = {"label": "changed", "expires_on": "2026-12-01"}
        assert browser.post(f"{BOARD}/{theirs}", data=changed).status_code == 404
        assert choose(browser, "revoke", theirs, confirmed="yes") == 404
    assert row_of(kitchen, theirs).label == "Theirs"
    assert row_of(kitchen, theirs).revoked_at is None


def test_a_field_that_is_not_on_the_page_is_refused(kitchen: Installed) -> None:
    (grill,) = invited(kitchen, ENGAGEMENT, Invited("cook", "Grill"))
    browser, before = kitchen.browser("consultant"), row_of(kitchen, grill)
    for extra in ("tenant_id", "engagement_id", "token_hash", "issue", "submitted_at", "opened_at"):
        for path, form in (
            (f"{BOARD}/new", {**COOK, "label": "New"}),
            (f"{BOARD}/links", {"role": "cook", "count": "1", "days": "3", "label": "L"}),
            (f"{BOARD}/{grill}", {"label": "changed", "expires_on": "2026-12-01"}),
            (f"{BOARD}/{grill}", {"label": "changed", "role": "manager"}),
            (f"{BOARD}/chosen", {"action": "revoke", "chosen": grill, "confirmed": "yes"}),
        ):
            response = browser.post(path, data={**form, extra: "1"})
            assert response.status_code == 422, (path, extra)
    after = row_of(kitchen, grill)
    assert (after.label, after.token_hash, after.issue) == ("Grill", before.token_hash, 1)
    assert len(states(kitchen, ENGAGEMENT)) == 1


def test_viewers_see_the_board_and_no_link(kitchen: Installed) -> None:
    (grill,) = invited(kitchen, ENGAGEMENT, Invited("cook", "Grill"))
    browser = kitchen.browser("viewer")
    page = body(browser, BOARD)
    assert "Grill" in page
    assert "zm_" not in page
    assert 'name="chosen"' not in page
    for path in (f"{BOARD}/{grill}", f"{BOARD}/sheet", f"{BOARD}/new", f"{BOARD}/template.xlsx"):
        assert browser.get(path).status_code == 403, path
    assert browser.get(f"{BOARD}/progress.xlsx").status_code == 200
    assert choose(browser, "revoke", grill, confirmed="yes") == 403


def test_the_consultant_decides_whether_respondents_see_their_own_result(
    kitchen: Installed,
) -> None:
    browser, watching = kitchen.browser("consultant"), kitchen.browser("viewer")
    switch = re.compile(r'role="switch" name="shown"[^>]* checked')
    assert "没有开启" in body(watching, BOARD), "off at first"
    for sent, kept in (({"shown": "yes"}, True), ({}, False), ({"shown": "yes"}, True)):
        answered = browser.post(f"{BOARD}/own-result", data=sent)
        assert (answered.status_code, answered.location) == (303, f"{BOARD}#own-result")
        page = body(browser, BOARD)
        assert bool(switch.search(page)) == kept
        assert ("已开启：" if kept else "已关闭：") in page
    assert browser.post(f"{BOARD}/own-result", data={"all": "yes"}).status_code == 422
    assert watching.post(f"{BOARD}/own-result", data={}).status_code == 403
    page = body(watching, BOARD)
    assert "已开启。每个人在致谢页" in page
    assert "switch" not in page


def test_pages_with_links_are_not_kept_by_the_browser(kitchen: Installed) -> None:
    (grill,) = invited(kitchen, ENGAGEMENT, Invited("cook", "Grill"))
    response = kitchen.browser("consultant").get(f"{BOARD}/{grill}")
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] in ("same-origin", "no-referrer")


def test_markup_in_names_and_labels_stays_text_everywhere(kitchen: Installed) -> None:
    """R47 and R48: on the board, the cards, the page of one, the question before withdrawing."""
    people = [Invited("cook", text[:60], text[:80]) for text in HOSTILE]
    ids = invited(kitchen, ENGAGEMENT, *people)
    browser = kitchen.browser("consultant")
    pages = [body(browser, path) for path in (BOARD, f"{BOARD}/sheet", f"{BOARD}/{ids[0]}")]
    asked = {"action": "revoke", "chosen": list(ids)}
    pages.append(browser.post(f"{BOARD}/chosen", data=asked).text)
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "{{ 7 * 7 }}" in page or page == pages[2]
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


# -- workbooks -----------------------------------------------------------------------------------


def send(browser: FlaskClient, data: bytes, name: str = "list.xlsx") -> tuple[int, str]:
    head = f'--b\r\nContent-Disposition: form-data; name="list"; filename="{name}"\r\n\r\n'
    response = browser.post(
        f"{BOARD}/import",
        data=head.encode() + data + b"\r\n--b--\r\n",
        content_type="multipart/form-data; boundary=b",
    )
    return response.status_code, response.text


def test_a_list_is_imported_from_the_page(kitchen: Installed) -> None:
    data = workbook(("角色", "标签"), ("Cook", "Grill"), ("Cook", "Fry"))
    browser = kitchen.browser("consultant")
    assert send(browser, data)[0] == 303
    assert "名单已导入：2位受访者" in body(browser, BOARD)


def test_mistakes_in_a_list_are_shown_escaped_with_sheet_row_and_column(kitchen: Installed) -> None:
    hostile = "<script>alert(1)</script>"
    data = workbook(
        ("角色", "邮箱"), ("Cook", hostile), (hostile, ""), sheet="a<b>'\"&c".replace("'", "")
    )
    status, page = send(kitchen.browser("consultant"), data)
    assert status == 422
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "a&lt;b&gt;&#34;&amp;c" in page
    assert "B 邮箱" in page
    assert "Manager、Head chef、Cook" in page
    assert states(kitchen, ENGAGEMENT) == []


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.xlsx", "a\x00b.xlsx", "\u202exslx.exe", "x" * 300, "a\r\nb: c.xlsx"]
)
def test_the_name_of_a_file_does_not_matter(kitchen: Installed, name: str) -> None:
    """R46: nothing is stored under it, and it is shown nowhere."""
    status, page = send(kitchen.browser("consultant"), workbook(("角色",), ("Baker",)), name)
    assert status == 422
    assert name not in page


def test_no_file_and_a_file_too_large_are_told(kitchen: Installed) -> None:
    browser = kitchen.browser("consultant")
    status, page = send(browser, b"", "")
    assert (status, "还没有选文件" in page) == (422, True)
    status, page = send(browser, b"PK\x03\x04" + b"\0" * 5 * 1024 * 1024)
    assert (status, "超过5MB" in page) == (422, True)
    assert send(browser, b"\0" * 6 * 1024 * 1024)[0] == 413


@pytest.mark.parametrize(
    "words", ["../../x", "a\r\nSet-Cookie: x", "红花/制衣", "\u202egnp.exe", "…", "", 'a"; x="']
)
def test_a_download_has_a_name_that_is_only_a_name(words: str) -> None:
    assert re.fullmatch(r"[\w-]+", file_name(words))


def test_downloads_are_files_and_nothing_else(kitchen: Installed) -> None:
    browser = kitchen.browser("consultant")
    for path, name in (("template", "邀请名单"), ("progress", "Riverside-Kitchen-受访进度")):
        response = browser.get(f"{BOARD}/{path}.xlsx")
        told = response.headers["Content-Disposition"]
        assert told.startswith("attachment; ")
        # gunicorn sends no header with anything else in it, the test client would.
        assert told.isascii()
        assert f"{name}.xlsx" in unquote(told)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.data.startswith(b"PK")
        assert "zm_" not in str(response.data)


def test_all_of_it_in_english(kitchen: Installed) -> None:
    choose_locale(kitchen.acting("consultant"), "en")
    people = [Invited("cook", label, email="c@x.example") for label in "abcd"]
    a, b, c, _d = invited(kitchen, ENGAGEMENT, *people)
    answer(kitchen, a, ["cold-chain"])
    answer(kitchen, b, ["cold-chain"], submitted=True)
    browser = kitchen.browser("consultant")
    choose(browser, "write-all")
    choose(browser, "revoke", c, confirmed="yes")
    texts = [body(browser, path) for path in (BOARD, f"{BOARD}?only=open", f"{BOARD}/sheet")]
    texts += [body(browser, f"{BOARD}/{name}") for name in (a, b, c)]
    texts += [
        browser.post(f"{BOARD}/chosen", data={"action": action, "chosen": a}).text
        for action in ("reissue", "revoke")
    ]
    texts.append(
        send(browser, workbook(("Role", "Days"), ("Baker", "0"), ("Cook", "x"), sheet="List"))[1]
    )
    texts.append(send(browser, b"no workbook")[1])
    texts.append(browser.post(f"{BOARD}/new", data={**COOK, "label": "a", "days": "-"}).text)
    own = ("诊脉", "中文", "首次诊断", kitchen.first.name)
    for text in texts:
        for name in own:
            text = text.replace(name, "")
        assert not HAN.findall(text), re.findall(rf".{{0,30}}{HAN.pattern}+", text)[:3]
