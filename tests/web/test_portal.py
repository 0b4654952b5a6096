"""The portal over the web: the mailed link, the pages behind it, the consultant's side of it."""

import io
import re

import pytest
from flask.testing import FlaskClient

from app.services.portal.comments import thread_on
from app.services.portal.contacts import shut_out
from app.services.portal.feeds import feed_address, make_feed
from app.web.principal import CONTACT_COOKIE, MEMBER_COOKIE
from tests.portal import BOSS, Clientele, clientele
from tests.respondents import form_in

__all__ = ["clientele"]

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
"""What the database decides is tested with the services, on both engines."""


def inside(clientele: Clientele, email: str = BOSS, store: str = "") -> FlaskClient:
    """Return the browser of a contact who entered just now, by the real clock of requests."""
    clientele.invite(email, "store" if store else "boss", store)
    _path, token = clientele.post.newest_link()
    return entered(clientele, token)


def entered(clientele: Clientele, token: str) -> FlaskClient:
    browser = clientele.installed.app.test_client()
    answer = browser.post(f"/enter/{token}")
    assert answer.status_code == 303
    return browser


def tokenless(page: str) -> str:
    """Return a page without its form tokens, which differ from second to second."""
    return re.sub(r'(name="csrf_token" value|name="csrf-token" content)="[^"]*"', "", page)


# -- the door; what the database decides is tested with the services ----------


def test_looking_at_a_link_changes_nothing_and_names_nobody(clientele: Clientele) -> None:
    clientele.invite()
    path, _token = clientele.post.newest_link()
    browser = clientele.installed.app.test_client()
    for _look in range(20):
        page = browser.get(path)
        assert page.status_code == 200
        assert "Riverside" not in page.text
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "private, no-store"
    assert browser.post(path).status_code == 303


def test_entering_leads_to_an_address_without_the_token(clientele: Clientele) -> None:
    clientele.invite()
    path, token = clientele.post.newest_link()
    browser = clientele.installed.app.test_client()
    answer = browser.post(path)
    assert token not in answer.headers["Location"]
    cookie = browser.get_cookie(CONTACT_COOKIE, domain="127.0.0.1")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    home = browser.get("/portal", follow_redirects=True)
    assert home.status_code == 200
    assert "Riverside Kitchen" in home.text
    assert token not in home.text


def test_every_dead_link_is_answered_alike(clientele: Clientele) -> None:
    clientele.invite()
    path, token = clientele.post.newest_link()
    browser = clientele.installed.app.test_client()
    browser.post(path)
    strange = f"/enter/{'zm_' + 'a' * 32 + '0000'}"
    pages = {
        tokenless(answer.text)
        for answer in (browser.get(path), browser.post(path), browser.get(strange))
    }
    assert len(pages) == 1
    assert token not in pages.pop()


def test_asking_for_a_link_says_the_same_for_every_address(clientele: Clientele) -> None:
    clientele.invite()
    browser = clientele.installed.app.test_client()
    texts = [
        tokenless(browser.post("/portal/sign-in", data={"email": email}).text.replace(email, "@"))
        for email in (BOSS, "nobody@riverside.example")
    ]
    assert texts[0] == texts[1]


def test_without_a_session_every_page_leads_to_the_door(clientele: Clientele) -> None:
    browser = clientele.installed.app.test_client()
    for page in ("/portal", f"/portal/{clientele.engagement}/reports"):
        answer = browser.get(page)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/portal/sign-in")


def test_signing_out_ends_the_session_at_the_server(clientele: Clientele) -> None:
    browser = inside(clientele)
    cookie = browser.get_cookie(CONTACT_COOKIE, domain="127.0.0.1")
    assert cookie is not None
    assert browser.post("/portal/sign-out").status_code == 303
    browser.set_cookie(CONTACT_COOKIE, cookie.value, domain="127.0.0.1")
    assert browser.get(f"/portal/{clientele.engagement}").status_code == 303


def test_a_contacts_token_opens_no_page_of_members_nor_the_other_way(clientele: Clientele) -> None:
    browser = inside(clientele)
    cookie = browser.get_cookie(CONTACT_COOKIE, domain="127.0.0.1")
    assert cookie is not None
    browser.set_cookie(MEMBER_COOKIE, cookie.value, domain="127.0.0.1")
    assert browser.get("/today").status_code == 303
    member = clientele.installed.browser("consultant")
    token = member.get_cookie(MEMBER_COOKIE, domain="127.0.0.1")
    assert token is not None
    member.set_cookie(CONTACT_COOKIE, token.value, domain="127.0.0.1")
    assert member.get(f"/portal/{clientele.engagement}").status_code == 303


def test_a_session_is_good_until_the_contact_is_shut_out(clientele: Clientele) -> None:
    contact = clientele.invite()
    _path, token = clientele.post.newest_link()
    browser = entered(clientele, token)
    assert browser.get(f"/portal/{clientele.engagement}").status_code == 200
    shut_out(clientele.consultant(), clientele.engagement, contact)
    assert browser.get(f"/portal/{clientele.engagement}").status_code == 303


# -- what contacts read and say, and what the consultant's buttons do ----------


def test_a_consultant_shares_a_report_in_one_click(clientele: Clientele) -> None:
    browser = inside(clientele)
    report = clientele.issue()
    member, at = clientele.installed.browser("consultant"), clientele.engagement
    board = member.get(f"/engagements/{at}/reports").text
    assert f"/engagements/{at}/portal/reports/{report}/share" in board
    read = f"/portal/{at}/reports/{report}"
    assert browser.get(f"{read}/pdf").status_code == 404
    answer = member.post(
        f"/engagements/{at}/portal/reports/{report}/share", data={"from": "reports"}
    )
    assert answer.headers["Location"] == f"/engagements/{at}/reports"
    pdf = browser.get(f"{read}/pdf", buffered=True)
    assert pdf.data.startswith(b"%PDF")
    assert pdf.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert browser.get(read).status_code == 200
    section = browser.get(f"{read}/section")
    assert "sandbox" in section.headers["Content-Security-Policy"]
    style = re.search(r'href="(/portal/[^"]+style\.css[^"]*)"', section.text)
    assert style is not None
    found = browser.get(style[1].replace("&amp;", "&"))
    assert found.mimetype == "text/css"
    member.post(f"/engagements/{at}/portal/reports/{report}/withdraw")
    assert browser.get(f"{read}/pdf").status_code == 404


def test_a_contact_comments_and_the_consultant_answers_on_the_findings_page(
    clientele: Clientele,
) -> None:
    browser = inside(clientele)
    (rule,) = clientele.accept()
    clientele.share()
    at = clientele.engagement
    page = f"/portal/{at}/findings/{rule}"
    assert browser.get(page).status_code == 200
    said = "<script>alert(1)</script> 我们不同意"
    assert browser.post(page, data={"said": said}).status_code == 303
    assert "<script>alert" not in browser.get(page).text
    member = clientele.installed.browser("consultant")
    finding = member.get(f"/engagements/{at}/diagnosis/findings/{rule}").text
    assert "我们不同意" in finding
    waits = f'href="/engagements/{at}/portal#talks">客户对1条发现留了言，等您回复</a>'
    assert waits in member.get("/today").text
    assert waits in member.get(f"/today/{at}").text
    answer = f"/engagements/{at}/portal/findings/{rule}/answer"
    member.post(answer, data={"said": "下周去看", "from": "finding"})
    assert "下周去看" in browser.get(page).text
    assert waits not in member.get("/today").text
    assert len(thread_on(clientele.consultant(), at, rule)) == 2


def test_an_empty_comment_is_told_beside_its_box(clientele: Clientele) -> None:
    browser = inside(clientele)
    (rule,) = clientele.accept()
    clientele.share()
    answer = browser.post(f"/portal/{clientele.engagement}/findings/{rule}", data={"said": " "})
    assert answer.status_code == 422
    assert "请写下要说的话。" in answer.text


def test_a_field_that_is_not_on_the_page_is_refused(clientele: Clientele) -> None:
    browser = inside(clientele)
    (rule,) = clientele.accept()
    clientele.share()
    at, member = clientele.engagement, clientele.installed.browser("consultant")
    for who, path, fields in (
        (browser, f"/portal/{at}/findings/{rule}", {"said": "a", "author": "b"}),
        (browser, f"/portal/{at}/tasks", {"task": "a", "state": "done", "unit": "b"}),
        (member, f"/engagements/{at}/portal/invite", {"name": "a", "tenant_id": "b"}),
    ):
        assert who.post(path, data=fields).status_code == 422, path
    assert thread_on(clientele.consultant(), at, rule) == ()


def test_a_store_manager_is_kept_from_the_pages_of_the_whole(clientele: Clientele) -> None:
    browser = inside(clientele, "store@riverside.example", "Quay")
    at = clientele.engagement
    home = browser.get(f"/portal/{at}")
    assert home.status_code == 200
    for page in ("reports", "findings", "plan"):
        assert browser.get(f"/portal/{at}/{page}").status_code == 403
        assert f"/portal/{at}/{page}" not in home.text


def test_without_a_coached_plan_the_pages_say_so(clientele: Clientele) -> None:
    browser = inside(clientele)
    for page in ("tasks", "kpis"):
        found = browser.get(f"/portal/{clientele.engagement}/{page}")
        assert found.status_code == 200
        assert "陪跑还没有开始" in found.text
    file = {"sheet": (io.BytesIO(b"x"), "x.xlsx")}
    answer = browser.post(f"/portal/{clientele.engagement}/kpis/sheet", data=file)
    assert answer.status_code == 422


def test_the_language_of_the_contact_counts_until_another_is_chosen(clientele: Clientele) -> None:
    browser = inside(clientele)
    page = f"/portal/{clientele.engagement}"
    assert 'lang="zh-Hans"' in browser.get(page, headers={"Accept-Language": "en"}).text
    browser.post("/locale", data={"locale": "en", "here": page})
    assert '<html lang="en">' in browser.get(page).text


def test_what_is_sent_after_the_session_ended_comes_back_to_be_sent_again_or_copied(
    clientele: Clientele,
) -> None:
    browser = inside(clientele)
    (rule,) = clientele.accept()
    clientele.share()
    page = f"/portal/{clientele.engagement}/findings/{rule}"
    signed_out = clientele.installed.app.test_client()
    answer = signed_out.post(page, data={"said": "我们<b>没有</b>会员日"})
    assert answer.status_code == 401
    assert "登录过期了，还没有保存" in answer.text
    assert 'href="/portal/sign-in" target="_blank"' in answer.text
    assert "<dd>我们&lt;b&gt;没有&lt;/b&gt;会员日</dd>" in answer.text, "to be copied"
    assert "没有&lt;" not in browser.get(page).text, "nothing was stored"
    assert browser.post(page, data=form_in(answer)).status_code == 303
    assert "我们&lt;b&gt;没有" in browser.get(page).text

    figures = {"week": "2026-11-16", "add-rate": "12", "note:add-rate": "", "k": "", "note:k": "休"}
    kpis = signed_out.post(f"/portal/{clientele.engagement}/kpis", data=figures)
    assert "<dt>第1个数</dt><dd>12</dd>" in kpis.text
    assert "<dt>第2个数的说明</dt><dd>休</dd>" in kpis.text
    assert "2026-11-16</dd>" not in kpis.text
    assert form_in(kpis) == {name: [value] for name, value in figures.items()}
    ticked = signed_out.post(f"/portal/{clientele.engagement}/tasks", data={"task": "t"})
    assert 'id="typed"' not in ticked.text
    leaves = signed_out.post("/portal/sign-out")
    assert leaves.location == "/portal/sign-in"


# -- r13–r16 for the address other programs read ----------


def address_of(clientele: Clientele) -> str:
    who = clientele.contact()
    make_feed(who, clientele.engagement)
    found = feed_address(who, clientele.engagement)
    assert found is not None
    return found.removeprefix("http://127.0.0.1:8000")


def test_it_gives_a_calendar_without_any_cookie(clientele: Clientele) -> None:
    address = address_of(clientele)
    answer = clientele.installed.app.test_client().get(address)
    assert answer.mimetype == "text/calendar"
    assert answer.text.startswith("BEGIN:VCALENDAR\r\n")
    assert "Set-Cookie" not in answer.headers
    assert "Riverside" not in answer.text


def test_every_dead_address_is_the_same_bare_answer(clientele: Clientele) -> None:
    address = address_of(clientele)
    renewed = address_of(clientele)
    assert renewed != address
    browser = clientele.installed.app.test_client()
    strange = "/calendar/zm_" + "a" * 32 + "0000.ics"
    answers = {browser.get(path).data for path in (address, strange, "/calendar/x.ics")}
    assert answers == {b"Not Found\n"}
    assert browser.get(renewed).status_code == 200


def test_shutting_the_contact_out_ends_it(clientele: Clientele) -> None:
    address = address_of(clientele)
    contact = clientele.invite()
    shut_out(clientele.consultant(), clientele.engagement, contact)
    assert clientele.installed.app.test_client().get(address).status_code == 404
    clientele.invite()
    assert clientele.installed.app.test_client().get(address).status_code == 404


def test_the_portals_pages_are_not_opened_by_it(clientele: Clientele) -> None:
    address = address_of(clientele)
    token = address.removeprefix("/calendar/").removesuffix(".ics")
    browser = clientele.installed.app.test_client()
    browser.set_cookie(CONTACT_COOKIE, token, domain="127.0.0.1")
    assert browser.get(f"/portal/{clientele.engagement}").status_code == 303
    assert browser.get(f"/enter/{token}").status_code == 404
