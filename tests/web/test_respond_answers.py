"""Filling a questionnaire in on a phone without scripts: page by page, nothing lost, sent once."""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from werkzeug.test import TestResponse

from app.services.respondents.own_result import allow_own_result
from app.store.answers import history_of
from app.store.rows import Client, Consultancy, Response
from app.web.principal import RESPONDENT_COOKIE
from tests.accounts import dump
from tests.installations import NOW
from tests.people import Installed
from tests.respondents import (
    Company,
    Phone,
    answering,
    company,
    events,
    form_in,
    hidden,
    phone,
    standing,
)
from tests.workspace import HOSTILE

ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
HAN = re.compile("[\u3400-\u9fff]+")


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    """The clock stands at the moment tests happen at."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def kitchen(installed: Installed) -> Company:
    return company(installed)


def row_of(kitchen: Company, invitation: str) -> Response:
    row = kitchen.response(invitation)
    assert row is not None
    return row


def values(kitchen: Company, invitation: str) -> dict[str, object]:
    return standing(kitchen, row_of(kitchen, invitation).id)


def log(kitchen: Company, invitation: str) -> list[tuple[str, object, bool]]:
    with kitchen.installed.database.reading(kitchen.tenant.id) as session:
        rows = history_of(session, row_of(kitchen, invitation).id)
        return [(row.item, row.value, row.standing) for row in rows]


def fill_everything(guest: Phone) -> None:
    bench = {
        "cold-chain": "2",
        "checks-on-time": "80",
        "probe-calibrated": "yes",
        "raw-and-ready": "unknown",
        "cleaning-schedule": ["", "what", "how"],
    }
    assert guest.answer(1, bench).location == "/answer/2"
    office = {"plan-in-use": "1", "worst-shift": "停电那晚，冷库没人看。"}
    assert guest.answer(2, office).location == "/answer/3"
    figures = {
        "f-food-handlers": "12",
        "f-trained-handlers": ["", "unknown"],
        "f-allergens": ["", "[]"],
    }
    assert guest.answer(3, figures).location == "/answer/review"


# -- the whole way --------------------------------------------------------------------------------


def test_from_the_link_to_the_thanks(kitchen: Company) -> None:
    invitation = kitchen.invite("chef")
    guest = phone(kitchen.installed)
    guest.open(kitchen.link(invitation))
    welcome = unescape(guest.get("/answer").text)
    for told in ("衡石咨询", "河畔厨房", "Head chef", "约10分钟", "24个月", "随时可以撤回同意"):
        assert told in welcome
    assert guest.get("/answer/1").location == "/answer"
    assert guest.get("/answer/review").location == "/answer"
    assert guest.agree().location == "/answer/1"
    fill_everything(guest)
    review = unescape(guest.get("/answer/review").text)
    assert "全部答完了" in review
    for told in ("80%", "停电那晚，冷库没人看。", "不知道或不方便说", "以上都没有"):
        assert told in review
    for _ in range(2):
        assert guest.post("/answer/submit").location == "/answer"
    thanks = guest.get("/answer").text
    row = row_of(kitchen, invitation)
    assert row.submitted_at == NOW
    assert row.snapshot is not None
    assert "谢谢您，已经提交" in thanks
    assert row.snapshot[:12] in thanks
    assert "您自己的结果" not in thanks
    assert len(events(kitchen, "response.submitted")) == 1


def test_the_thanks_show_the_persons_own_result_where_the_consultant_allows_it(
    kitchen: Company,
) -> None:
    guest = answering(kitchen, kitchen.invite("chef"))
    guest.answer(1, {"raw-and-ready": "3", "cold-chain": "unknown"})
    guest.answer(2, {"plan-in-use": "1"})
    guest.answer(3, {"f-food-handlers": "7654"})
    allow_own_result(kitchen.acting(), kitchen.engagement, shown=True)
    assert "您自己的结果" not in guest.get("/answer").text, "not sent yet"
    guest.post("/answer/submit")
    words = {
        "zh-Hans": (
            "您自己的结果",
            "3级·Assured",
            "2个里1个",
            "没有核对证据",
            "没有问到您",
            "Premises",
        ),
        "en": (
            "Your own result",
            "Level 3, Assured",
            "1 of 2",
            "no evidence",
            "Not asked",
            "Premises",
        ),
    }
    for locale, told in words.items():
        guest.client.set_cookie("zm_locale", locale, domain="127.0.0.1")
        page = unescape(guest.get("/answer").text)
        assert [word for word in told if word not in page] == []
        assert "7654" not in page, "company figures are nobody's own"
        assert "style=" not in page


def test_consent_stands_in_the_answers_before_the_first_question(kitchen: Company) -> None:
    invitation = kitchen.invite("cook")
    guest = phone(kitchen.installed)
    guest.open(kitchen.link(invitation))
    shown = hidden(guest.get("/answer"))["version"]
    assert guest.post("/answer/consent", {"version": "0" * 64}).status_code == 409
    assert kitchen.response(invitation) is None
    guest.post("/answer/consent", {"version": shown})
    row = row_of(kitchen, invitation)
    assert (row.consent_version, row.consented_at, row.saved_at) == (shown, NOW, None)
    # What was agreed to stays readable as it was, whatever the notice says later.
    with kitchen.installed.database.writing(kitchen.tenant.id) as session:
        consultancy = session.get(Consultancy, kitchen.tenant.id)
        assert consultancy is not None
        consultancy.name = "改了名的咨询"
    notice = guest.get("/answer/notice").text
    assert "衡石咨询正在为河畔厨房做诊断" in notice
    assert shown[:12] in notice


def test_an_option_is_shown_in_its_own_words_without_level_or_score(kitchen: Company) -> None:
    guest = answering(kitchen, kitchen.invite())
    guest.answer(1, {"raw-and-ready": "1"})
    review = guest.get("/answer/review").text
    assert "One after the other, wiped in between." in review
    (shown,) = re.findall(r'<span class="as-typed">([^<]*)</span>', review)
    assert shown == "One after the other, wiped in between."


def test_stopping_and_going_back_save_what_was_filled_in(kitchen: Company) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    assert guest.answer(2, {"plan-in-use": "2"}, to="back").location == "/answer/1"
    assert guest.answer(1, {"cold-chain": "3"}, to="pause").location == "/answer"
    assert guest.answer(1, {}, to="back").location == "/answer"
    overview = guest.get("/answer").text
    assert "已答2/10题" in overview
    assert values(kitchen, invitation) == {"plan-in-use": 2, "cold-chain": 3}


def test_an_answer_can_be_cleared_and_what_is_left_alone_stays(kitchen: Company) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    guest.answer(1, {"cold-chain": "3", "checks-on-time": "80"})
    assert "清除这一题的答案" in guest.get("/answer/1").text
    fields = guest.fields(1)
    guest.post("/answer/1", {**fields, "q-cold-chain_value": "", "q-checks-on-time_value": "80"})
    assert values(kitchen, invitation) == {"checks-on-time": "80"}


# -- what cannot be taken -------------------------------------------------------------------------


def test_a_wrong_answer_is_told_beside_its_question_and_the_others_are_saved(
    kitchen: Company,
) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    told = guest.answer(1, {"cold-chain": "2", "checks-on-time": "七八十"})
    assert told.status_code == 422
    assert "有1题要您看一下，其余的都已保存" in told.text
    assert 'value="七八十"' in told.text
    assert 'aria-invalid="true"' in told.text
    assert values(kitchen, invitation) == {"cold-chain": 2}


def test_a_field_the_page_does_not_have_refuses_the_whole_page(kitchen: Company) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    fields = {**guest.fields(1), "q-cold-chain_value": "2"}
    before = dump(kitchen.installed.database)
    extras = {
        "tenant_id": "b" * 16,
        "role": "manager",
        "score": "5",
        "status": "submitted",
        "submitted_at": "2026-01-01",
        "q-cold-chain_evidence": "E3",
        "q-cold-chain_quote": "老板说的",
        "q-tasks-signed_value": "100",
        "f-food-handlers_value": "12",
    }
    for name, value in extras.items():
        assert guest.post("/answer/1", {**fields, name: value}).status_code == 422
        for path in ("/answer/submit", "/answer/consent", "/answer/withdraw"):
            assert guest.post(path, {name: value}).status_code == 422
    assert dump(kitchen.installed.database) == before


def test_a_page_without_its_name_is_refused(kitchen: Company) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    for key in ("", "x", "../../etc/passwd", "A" * 24, "a" * 65):
        data = {"q-cold-chain_value": "2", "form_key": key}
        assert guest.post("/answer/1", data).status_code == 400
    assert values(kitchen, invitation) == {}


def test_an_address_that_is_no_page_opens_nothing(kitchen: Company) -> None:
    guest = answering(kitchen, kitchen.invite())
    wrong = ("0", "99", "../1", "..%2f..%2fetc%2fpasswd", "-1", "http://evil.example", "1/2", "x")
    for address in wrong:
        assert guest.get(f"/answer/{address}").status_code == 404, address


# -- two phones, two taps -------------------------------------------------------------------------


def test_a_stale_page_shows_both_answers_and_overwrites_nothing(kitchen: Company) -> None:
    invitation = kitchen.invite()
    one, two = answering(kitchen, invitation), phone(kitchen.installed)
    two.open(kitchen.link(invitation))
    fields = two.fields(1)
    one.answer(1, {"raw-and-ready": "1"})
    answer = two.post("/answer/1", {**fields, "q-raw-and-ready_value": "3", "to": "next"})
    assert answer.status_code == 409
    page = unescape(answer.text)
    assert '您刚才填的：<b class="as-typed">By zone, proved by swabs.</b>' in page
    assert '<b class="as-typed">One after the other, wiped in between.</b>' in page
    assert values(kitchen, invitation) == {"raw-and-ready": 1}
    assert log(kitchen, invitation) == [("raw-and-ready", 1, True), ("raw-and-ready", 3, False)]

    again = form_in(answer)
    theirs = {**again, "q-raw-and-ready_value": "3", "q-raw-and-ready_theirs": "1"}
    assert two.post("/answer/1", {**theirs, "to": "next"}).location == "/answer/2"
    assert values(kitchen, invitation) == {"raw-and-ready": 1}
    mine = {**again, "q-raw-and-ready_value": "3", "to": "next"}
    assert two.post("/answer/1", mine).location == "/answer/2"
    assert values(kitchen, invitation) == {"raw-and-ready": 3}


def test_an_answer_mended_after_a_mistake_does_not_slip_over_a_newer_one(
    kitchen: Company,
) -> None:
    """The page that comes back with a mistake must not pretend to have seen the newer answer."""
    invitation = kitchen.invite()
    one, two = answering(kitchen, invitation), phone(kitchen.installed)
    two.open(kitchen.link(invitation))
    fields = two.fields(1)
    one.answer(1, {"checks-on-time": "80"})
    wrong = two.post("/answer/1", {**fields, "q-checks-on-time_value": "七八十"})
    assert wrong.status_code == 422
    mended = form_in(wrong)
    answer = two.post("/answer/1", {**mended, "q-checks-on-time_value": "70"})
    assert answer.status_code == 409
    assert values(kitchen, invitation) == {"checks-on-time": "80"}


def test_ten_taps_at_once_are_one_save(kitchen: Company) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    data = {**guest.fields(1), "q-cold-chain_value": "2", "to": "next"}
    token = guest.device
    gate, seen = threading.Barrier(10), []

    def tap() -> None:
        finger = phone(kitchen.installed)
        finger.carry(token)
        gate.wait()
        answer = finger.post("/answer/1", data)
        seen.append((answer.status_code, answer.location))

    taps = [threading.Thread(target=tap) for _ in range(10)]
    for each in taps:
        each.start()
    for each in taps:
        each.join()
    assert seen == [(303, "/answer/2")] * 10
    assert log(kitchen, invitation) == [("cold-chain", 2, True)]


def test_ten_submissions_at_once_are_one(kitchen: Company) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    guest.answer(1, {"cold-chain": "2"})
    token = guest.device
    gate, seen = threading.Barrier(10), []

    def tap() -> None:
        finger = phone(kitchen.installed)
        finger.carry(token)
        gate.wait()
        answer = finger.post("/answer/submit")
        seen.append((answer.status_code, answer.location))

    taps = [threading.Thread(target=tap) for _ in range(10)]
    for each in taps:
        each.start()
    for each in taps:
        each.join()
    assert seen == [(303, "/answer")] * 10
    assert len(events(kitchen, "response.submitted")) == 1


def test_after_sending_a_page_left_open_is_told_so_and_kept_out(kitchen: Company) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    guest.answer(1, {"cold-chain": "2"})
    fields = guest.fields(1)
    guest.post("/answer/submit")
    late = guest.post("/answer/1", {**fields, "q-cold-chain_value": "3"})
    assert late.status_code == 409
    assert "请联系顾问退回给您" in late.text
    assert values(kitchen, invitation) == {"cold-chain": 2}
    assert guest.get("/answer/1").location == "/answer"
    assert guest.get("/answer/review").location == "/answer"


def test_nothing_answered_is_nothing_to_send(kitchen: Company) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    assert "提交问卷" not in guest.get("/answer/review").text
    assert guest.post("/answer/submit").location == "/answer/review"
    assert "一道题都还没有答，不能提交" in guest.get("/answer/review").text
    assert row_of(kitchen, invitation).submitted_at is None


@pytest.mark.parametrize("token_gone", [False, True], ids=["sign-in gone", "form token gone too"])
def test_words_sent_from_a_phone_that_lost_its_sign_in_are_handed_back(
    kitchen: Company, token_gone: bool
) -> None:
    guest = answering(kitchen, kitchen.invite())
    typed = {
        **guest.fields(1),
        "q-cold-chain_value": "2",
        "q-checks-on-time_note": "夜里<b>没人</b>看",
        "q-raw-and-ready_note": "长" * 3000,
        "to": "next",
    }
    kitchen.installed.app.config["WTF_CSRF_ENABLED"] = token_gone
    guest.client.delete_cookie(RESPONDENT_COOKIE, domain="127.0.0.1")
    answer = guest.post("/answer/1", typed)
    assert answer.status_code == 404
    assert "刚才写的没有存上" in answer.text
    assert "夜里&lt;b&gt;没人&lt;/b&gt;看" in answer.text
    assert answer.text.count("长") == 2000
    assert re.findall(r"第\d题", answer.text) == ["第2题", "第4题"], "what was ticked is no words"
    blank = guest.post("/answer/1", {"to": "next"})
    assert blank.data == guest.get("/i/x").data


def test_a_page_that_lay_open_too_long_comes_back_with_everything_on_it(kitchen: Company) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    kitchen.installed.app.config["WTF_CSRF_ENABLED"] = True
    typed = {
        **guest.fields(1),
        "q-cold-chain_value": "2",
        "q-checks-on-time_value": "77",
        "q-cold-chain_note": "夜里没人看",
        "csrf_token": "long gone",
        "to": "next",
    }
    kept = guest.post("/answer/1", typed)
    assert kept.status_code == 403
    assert "填的内容都还在，请再点一次" in kept.text
    assert 'value="77"' in kept.text
    assert "夜里没人看" in kept.text
    assert re.search(r'value="2" checked', kept.text)
    assert values(kitchen, invitation) == {}
    again = {**typed, "csrf_token": hidden(kept)["csrf_token"]}
    again["form_key"] = hidden(kept)["form_key"]
    assert guest.post("/answer/1", again).location == "/answer/2"
    assert values(kitchen, invitation) == {"cold-chain": 2, "checks-on-time": "77"}


def test_a_page_sent_twelve_hours_later_is_saved_as_if_at_once(kitchen: Company) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    kitchen.installed.app.config["WTF_CSRF_ENABLED"] = True
    opened = guest.get("/answer/1")
    typed = {**form_in(opened), "csrf_token": hidden(opened)["csrf_token"]}
    with time_machine.travel(NOW + timedelta(hours=12), tick=False):
        sent = guest.post("/answer/1", {**typed, "q-cold-chain_value": "2", "to": "next"})
    assert (sent.status_code, sent.location) == (303, "/answer/2")
    assert values(kitchen, invitation) == {"cold-chain": 2}


@ONE_ENGINE
def test_one_device_cannot_send_without_end(kitchen: Company) -> None:
    invitation, other = kitchen.invite(label="a"), kitchen.invite(label="b")
    guest, neighbour = answering(kitchen, invitation), answering(kitchen, other)
    statuses = [guest.post("/answer/1", {"form_key": "x"}).status_code for _ in range(125)]
    assert statuses.count(429) == 5
    assert neighbour.answer(1, {"cold-chain": "2"}).status_code == 303


@ONE_ENGINE
def test_the_pages_are_light_enough_for_a_phone_with_bad_reception(installed: Installed) -> None:
    """Bytes as they go over the air, compressed: the first page with all it needs, then each."""
    firm = company(installed, model="private-domain")
    for role in ("private-domain-head", "operations"):
        guest = phone(installed)
        link = firm.link(firm.invite(role))
        door = guest.get(link)
        assert "<script" not in door.text
        files = files_of(door)
        guest.open(link)
        welcome = guest.get("/answer")
        guest.agree()
        first = guest.get("/answer/1")
        files |= files_of(welcome) | files_of(first) | set(imports(guest, first))
        weights = {path: packed_bytes(guest, path) for path in files}
        pages = [packed_bytes(guest, path) for path in (link, "/answer", "/answer/1")]
        assert sum(weights.values()) + sum(pages) <= 60_000, weights
        number = 1
        while guest.get(f"/answer/{number}").status_code == 200:
            assert files_of(guest.get(f"/answer/{number}")) <= files
            assert packed_bytes(guest, f"/answer/{number}") <= 10_000
            number += 1
        assert number > 10
        assert packed_bytes(guest, "/answer/review") <= 10_000
        if role == "operations":  # whose result has a row for every dimension
            with_own_result(firm, guest)
            assert packed_bytes(guest, "/answer") <= 10_000


def with_own_result(firm: Company, guest: Phone) -> None:
    """Answer every screen that asks for levels, send it, and let the person see the result."""
    allow_own_result(firm.acting(), firm.engagement, shown=True)
    number = 1
    while (page := guest.get(f"/answer/{number}")).status_code == 200:
        asked = re.findall(r'name="(q-[\w-]+_value)" [^>]*value="3"', page.text)
        guest.post(
            f"/answer/{number}", {**form_in(page), **dict.fromkeys(asked, "3"), "to": "next"}
        )
        number += 1
    guest.post("/answer/submit")
    assert "您自己的结果" in guest.get("/answer").text


def files_of(page: TestResponse) -> set[str]:
    return set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))


def imports(guest: Phone, page: TestResponse) -> list[str]:
    """Return the modules that the scripts of a page load; each is named in its head already."""
    named = {path.partition("?")[0] for path in files_of(page) if ".js" in path}
    wanted = [
        f"/static/js/{name}"
        for path in named
        for name in re.findall(r'from "\./([\w-]+\.js)"', body_of(guest, path).decode())
    ]
    assert set(wanted) <= named
    return wanted


def packed_bytes(guest: Phone, path: str) -> int:
    """Return how many bytes of a page or file go over the air."""
    with guest.client.get(path, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.status_code == 200
        return len(answer.data)


def body_of(guest: Phone, path: str) -> bytes:
    with guest.get(path) as answer:
        data: bytes = answer.data
    return data


# -- withdrawing, giving back ---------------------------------------------------------------------


def test_withdrawing_is_asked_first_and_can_be_taken_back(kitchen: Company) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    guest.answer(1, {"cold-chain": "2"})
    fields = guest.fields(1)
    assert "要撤回同意吗？" in guest.get("/answer/withdraw").text
    assert row_of(kitchen, invitation).withdrawn_at is None
    guest.post("/answer/withdraw")
    assert row_of(kitchen, invitation).withdrawn_at == NOW
    assert "您已撤回同意" in guest.get("/answer").text
    assert guest.post("/answer/1", {**fields, "q-cold-chain_value": "3"}).status_code == 409
    assert guest.post("/answer/submit").status_code == 409
    board = kitchen.installed.browser("consultant")
    page = board.get(f"/engagements/{kitchen.engagement}/invitations").text
    assert "已撤回同意，答案不再使用" in page
    assert guest.agree().location == "/answer"
    assert "已答1/10题" in guest.get("/answer").text


def test_the_consultant_gives_answers_back_with_a_reason_the_person_reads(
    kitchen: Company,
) -> None:
    invitation = kitchen.invite("chef", "早班")
    guest = answering(kitchen, invitation)
    guest.answer(1, {"cold-chain": "2"})
    guest.post("/answer/submit")
    response = row_of(kitchen, invitation).id
    desk = kitchen.installed.browser("consultant")
    base = f"/engagements/{kitchen.engagement}"
    path = f"{base}/responses/{response}/reopen"
    assert path in desk.get(f"{base}/invitations/{invitation}").text
    assert "把答卷退回给早班" in desk.get(path).text
    assert desk.post(path, data={"reason": " "}).status_code == 422
    done = desk.post(path, data={"reason": HOSTILE[0]})
    assert done.location == f"{base}/invitations/{invitation}"
    assert desk.post(path, data={"reason": "x"}).location == done.location
    overview = guest.get("/answer").text
    assert "顾问把问卷退回给您修改" in overview
    assert HOSTILE[0] not in overview
    assert HOSTILE[0] in unescape(overview)
    assert guest.answer(1, {"cold-chain": "3"}).status_code == 303
    guest.post("/answer/submit")
    assert values(kitchen, invitation) == {"cold-chain": 3}
    assert kitchen.installed.browser("viewer").post(path).status_code == 403
    stranger = kitchen.installed.browser("owner", kitchen.installed.second)
    assert stranger.get(path).status_code == 404


# -- words ----------------------------------------------------------------------------------------


def test_what_anybody_typed_is_shown_as_typed_and_does_nothing(kitchen: Company) -> None:
    for number, hostile in enumerate(HOSTILE):
        pages = pages_about(kitchen, hostile, kitchen.invite("chef", str(number)))
        for page in pages:
            assert hostile in unescape(page)
            assert "<script>alert" not in page
            assert "<img" not in page


def pages_about(kitchen: Company, hostile: str, invitation: str) -> list[str]:
    """Return the pages of a questionnaire where everybody who can type typed the same."""
    kitchen.change(invitation, label=hostile[:60])
    with kitchen.installed.database.writing(kitchen.tenant.id) as session:
        client = session.find(Client, f"c{kitchen.engagement[1:]}")
        consultancy = session.get(Consultancy, kitchen.tenant.id)
        assert client is not None
        assert consultancy is not None
        client.name = consultancy.brand_name = consultancy.brand_contact = hostile
    guest = phone(kitchen.installed)
    guest.open(kitchen.link(invitation))
    pages = [guest.get("/answer").text]
    guest.agree()
    words = {"q-worst-shift_value": hostile, "q-worst-shift_note": hostile}
    guest.post("/answer/2", {**guest.fields(2), **words})
    wrong = guest.post("/answer/1", {**guest.fields(1), "q-checks-on-time_value": hostile})
    assert wrong.status_code == 422
    pages += [wrong.text]
    pages += [guest.get(path).text for path in ("/answer/2", "/answer/review", "/answer/notice")]
    guest.post("/answer/submit", {"quotable": "yes"})
    return [*pages, guest.get("/answer").text]


def test_an_english_phone_reads_english_alone(kitchen: Company) -> None:
    invitation = kitchen.invite("cook")
    guest = phone(kitchen.installed)
    guest.client.set_cookie("zm_locale", "en", domain="127.0.0.1")
    link = kitchen.link(invitation)
    pages = [guest.get(link).text]
    guest.post(link)
    pages.append(guest.get("/answer").text)
    guest.agree()
    pages += [guest.get(path).text for path in ("/answer/1", "/answer", "/answer/notice")]
    pages.append(guest.answer(1, {"raw-and-ready": "9"}).text)
    fields = guest.fields(1)
    guest.answer(1, {"raw-and-ready": "1"})
    pages.append(guest.post("/answer/1", {**fields, "q-raw-and-ready_value": "2"}).text)
    pages.append(guest.post("/answer/1", {"role": "x"}).text)
    pages += [guest.get(path).text for path in ("/answer/review", "/answer/withdraw")]
    allow_own_result(kitchen.acting(), kitchen.engagement, shown=True)
    guest.post("/answer/submit")
    pages.append(guest.get("/answer").text)
    assert "Your own result" in pages[-1]
    pages.append(guest.post("/answer/1", fields).text)
    guest.post("/answer/withdraw")
    pages.append(guest.get("/answer").text)
    pages.append(guest.post("/answer/leave").text)
    for page in pages:
        for name in ("诊脉", "中文", "衡石咨询", "河畔厨房"):
            page = page.replace(name, "")
        assert not HAN.findall(page), HAN.findall(page)


def test_switching_the_language_keeps_what_was_typed_and_the_place(kitchen: Company) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    assert 'value="locale:en"' in guest.get("/answer/1").text
    switched = guest.answer(1, {"cold-chain": "3"}, to="locale:en")
    assert switched.location == "/answer/1"
    page = guest.get("/answer/1").text
    assert '<html lang="en">' in page
    assert "Page 1 of 3" in page
    assert values(kitchen, invitation) == {"cold-chain": 3}
    assert guest.answer(1, {}, to="locale:xx").location == "/answer/1"
    assert '<html lang="en">' in guest.get("/answer/1").text


def test_the_language_changes_although_an_answer_has_to_be_settled(kitchen: Company) -> None:
    guest = answering(kitchen, kitchen.invite())
    refused = guest.answer(1, {"checks-on-time": "很多"}, to="locale:en")
    assert refused.status_code == 422
    assert '<html lang="en">' in refused.text
    assert "1 answer needs another look" in refused.text
    assert "请填" not in refused.text
    assert "很多" in refused.text
    assert '<html lang="en">' in guest.get("/answer/1").text
