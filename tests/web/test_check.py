"""The public self-check in a browser without scripts: no cookie before consent, nothing lost."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.forms.factory import input_name
from app.services.accounts.branding import BrandWords, change_brand, change_logo, change_self_check
from app.services.accounts.throttling import Limit
from app.services.selfcheck import asking, beginning
from app.services.selfcheck.answering import own_check
from app.services.selfcheck.beginning import LASTS
from app.store.rows import ConsentText, Lead, SelfCheck
from app.store.scope import INSTALLATION
from tests.installations import NOW
from tests.kitchens import draw_quickly, work
from tests.people import Installed
from tests.strangers import (
    HEAD,
    SLUG,
    Stranger,
    load_models_once,
    open_check,
    published,
    stranger,
)

HIDDEN = re.compile(r'name="version" value="([0-9a-f]{64})"')
LOOK = re.compile(r'href="([^"]*#report)"')
START = f"/check/{SLUG}"
pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
"""What is kept goes through both engines in tests/services/test_selfcheck*.py and the matrix."""


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    """The clock stands at the moment tests happen at."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def house(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """An installation whose first consultancy has its self-check open."""
    load_models_once(monkeypatch)
    open_check(installed)
    return installed


@dataclass
class Phone:
    """A phone at the self-check of a consultancy."""

    installed: Installed
    client: FlaskClient
    slug: str = SLUG

    def get(self, path: str = "", **more: Any) -> TestResponse:
        return self.client.get(f"/check/{self.slug}{path}", **more)

    def post(self, path: str = "", **more: Any) -> TestResponse:
        return self.client.post(f"/check/{self.slug}{path}", **more)

    def begin(self, path: str = "", role: str = HEAD) -> TestResponse:
        found = HIDDEN.search(self.get(path).text)
        assert found is not None
        return self.post(path, data={"role": role, "version": found[1]})

    @property
    def token(self) -> str:
        cookie = self.client.get_cookie(f"zm_check_{self.slug}", domain="127.0.0.1")
        return cookie.value if cookie is not None else ""

    @property
    def cookies(self) -> set[str]:
        kept = ("zm_form", "zm_locale", "zm_session", f"zm_check_{self.slug}")
        return {name for name in kept if self.client.get_cookie(name, domain="127.0.0.1")}

    @property
    def stranger(self) -> Stranger:
        return Stranger(self.installed.database, self.installed.settings, self.slug, self.token)

    def fields(self, number: int, **values: str) -> dict[str, str]:
        """Return what a screen's form sends when everything on it is answered as published."""
        own = own_check(self.stranger.acting())
        page = next(page for page in own.pages if page.number == number)
        said = {**published(), **{name.replace("_", "-"): v for name, v in values.items()}}
        return {f"{input_name(each.item)}_value": str(said[each.item.id]) for each in page.posed}

    def answer(self, number: int, to: str = "next", **values: str) -> TestResponse:
        return self.post(f"/{number}", data={**self.fields(number, **values), "to": to})

    def ask(self, **changed: str) -> TestResponse:
        found = HIDDEN.search(self.get("/ask").text)
        assert found is not None
        words = {"company": "红花制衣", "person": "", "contact": "13800001234", "note": ""}
        data = {**words, "agree": "yes", "version": found[1], **changed}
        return self.post("/ask", data=data)


def phone(installed: Installed, slug: str = SLUG) -> Phone:
    return Phone(installed, installed.browser(None), slug)


@pytest.fixture
def guest(house: Installed) -> Phone:
    return phone(house)


@pytest.fixture
def visitor(guest: Phone) -> Phone:
    """Somebody who has begun."""
    assert guest.begin().status_code == 303
    return guest


def rows(installed: Installed, table: Any) -> int:
    with installed.database.reading(INSTALLATION) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


# -- before consent --------------------------------------------------------------------------------


def test_no_answer_before_consent_sets_a_cookie(
    house: Installed, guest: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beginning, "PER_ADDRESS", (Limit(1, timedelta(days=1)),))
    stranger(house, address="127.0.0.1")
    version = HIDDEN.search(guest.get().text)
    assert version is not None
    told = [
        guest.get(),
        guest.get("?lang=en"),
        guest.get("/1"),
        guest.get("/result"),
        guest.get("/colours.css"),
        guest.get("/logo"),
        guest.post("/1"),
        guest.post(data={"role": "", "version": version[1]}),
        guest.post(data={"role": HEAD, "version": "0" * 64}),
        guest.post(data={"role": HEAD, "version": version[1]}),
        guest.post(data={"role": HEAD, "version": version[1], "status": "done"}),
        guest.post(data={"role": HEAD}, headers={"Origin": "https://evil.example"}),
        guest.client.get("/check/nobody"),
        guest.client.post("/check/nobody"),
    ]
    assert [answer.status_code for answer in told] == [
        200, 200, 303, 303, 200, 404, 303, 422, 409, 429, 422, 403, 404, 404,
    ]  # fmt: skip
    for answer in told:
        assert "Set-Cookie" not in answer.headers
        assert "csrf" not in answer.text
    assert (rows(house, SelfCheck), rows(house, ConsentText)) == (1, 1), "the one from before"


def test_agreeing_sets_the_cookie_and_keeps_what_was_on_the_page(
    house: Installed, guest: Phone
) -> None:
    begun = guest.begin("?lang=en")
    assert (begun.status_code, begun.location) == (303, f"{START}/1")
    set_now = begun.headers.getlist("Set-Cookie")
    assert sorted(one.partition("=")[0] for one in set_now) == ["zm_check_hengshi", "zm_locale"]
    assert all("HttpOnly" in one and "SameSite=Lax" in one for one in set_now)
    page = guest.get("/1")
    assert "Method: strategy, users and data" in page.text, "the language came along"
    assert guest.cookies == {"zm_form", "zm_locale", "zm_check_hengshi"}
    with house.database.reading(INSTALLATION) as session:
        text = session.scalars(select(ConsentText)).one()
    assert set(text.document) == {"zh-Hans", "en"}
    told = guest.get("/notice").text
    for title, words in text.document["en"]:
        assert title in told
        assert words.replace("“", "").split(".")[0][:30] in told.replace("“", "")


def test_the_start_says_what_it_is_in_the_readers_language(guest: Phone) -> None:
    chinese = guest.get().text
    assert "18题自查" in chinese
    assert "约8分钟：18道题，10项公司数据" in chinese
    assert f'href="{START}?lang=en"' in chinese
    english = guest.get(headers={"Accept-Language": "en-GB"}).text
    assert "18-question self-check" in english
    assert guest.get("?lang=xx").status_code == 200
    refused = guest.post("?lang=en", data={"role": "", "version": "0" * 64})
    assert "The notice" in refused.text or "Choose your role" in refused.text


def test_a_role_is_asked_for_with_everything_else_kept(guest: Phone) -> None:
    answer = guest.begin(role="")
    assert answer.status_code == 422
    assert "请选择您在公司里的角色。" in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_a_closed_self_check_lets_nobody_in_and_whoever_is_in_go_on(
    house: Installed, visitor: Phone
) -> None:
    change_self_check(house.acting(), SLUG, is_open=False)
    other = phone(house)
    assert other.get().status_code == 404
    assert other.post(data={"role": HEAD, "version": "0" * 64}).status_code == 404
    assert "这里没有自查" in other.get().text
    assert visitor.get().status_code == 200
    assert visitor.answer(1).status_code == 303
    assert visitor.get("?again=yes").status_code == 404


# -- answering -------------------------------------------------------------------------------------


def test_from_the_first_question_to_the_result_without_a_script(visitor: Phone) -> None:
    number, told = 1, visitor.answer(1)
    while told.location == f"{START}/{number + 1}":
        number += 1
        told = visitor.answer(number)
    assert number == 10
    assert told.location == f"{START}/result", "the result comes at once"
    page = visitor.get("/result").text
    for words in (
        "/ 100",
        "L2 起步",
        "卡在哪里",
        "SOP体系（L2）",
        "先做三件事",
        "<svg",
        "阶段判断",
    ):
        assert words in page
    assert "style=" not in page
    assert "<style" not in page
    assert visitor.get().text.count("答完") == 10


def test_one_may_stop_go_back_and_change_the_language_without_losing_a_word(
    visitor: Phone,
) -> None:
    assert visitor.answer(1, to="pause").location == START
    assert "已答4/28题" in visitor.get().text
    assert visitor.answer(2, to="back").location == f"{START}/1"
    assert visitor.answer(3, to="locale:en").location == f"{START}/3"
    page = visitor.get("/3").text
    assert "12 of 28 answered" in page
    assert page.count("checked") == 4


def test_what_cannot_be_read_is_shown_again_and_the_rest_is_kept(visitor: Phone) -> None:
    wrong = visitor.answer(9, stores="很多家", users="-3")
    assert wrong.status_code == 422
    assert 'value="很多家"' in wrong.text
    assert wrong.text.count('aria-invalid="true"') == 2
    assert set(visitor.stranger.answers()) == {
        "archetype", "aov", "orders-per-year", "months-since-launch",
    }  # fmt: skip


@pytest.mark.parametrize(
    "more", [{"q-strategy-shared_note": "x"}, {"status": "done"}, {"role": "ceo"}]
)
def test_fields_the_page_does_not_have_are_refused(visitor: Phone, more: dict[str, str]) -> None:
    answer = visitor.post("/1", data={**visitor.fields(1), "to": "next", **more})
    assert answer.status_code == 422
    assert "发来的内容里有自查上没有的项目" in answer.text
    assert visitor.stranger.answers() == {}


def test_what_is_open_or_contradictory_is_said_before_the_result(visitor: Phone) -> None:
    assert visitor.get("/result").location == f"{START}/review"
    assert "还没有一道题能评分" in visitor.get("/review").text
    visitor.answer(1)
    review = visitor.get("/review").text
    assert "还有24题没答" in review
    assert f'href="{START}/result"' in review
    assert visitor.get("/result").status_code == 200
    visitor.stranger.fill_in(stores=Fraction(0))
    assert visitor.answer(10).location == f"{START}/review"
    told = visitor.get("/review").text
    assert "对不上的数据" in told
    assert f'href="{START}/9"' in told
    assert f'href="{START}/result"' not in told
    assert visitor.get("/result").location == f"{START}/review"


def test_a_page_that_lay_open_too_long_is_shown_again_with_what_was_typed(
    house: Installed, visitor: Phone
) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = True
    answer = visitor.answer(1)
    assert answer.status_code == 403
    assert answer.text.count("checked") == 4
    assert "页面放得太久" in answer.text
    assert visitor.stranger.answers() == {}
    assert "请再点一次" in visitor.post("/erase").text
    # At the door no token is asked for: there is no session yet.
    assert phone(house).begin().status_code == 303


# -- whose browser it is ---------------------------------------------------------------------------


def test_an_expired_self_check_begins_anew(visitor: Phone) -> None:
    with time_machine.travel(NOW + LASTS, tick=False):
        for path in ("/1", "/result", "/ask", "/report.pdf", "/erase"):
            answer = visitor.get(path)
            assert (answer.status_code, answer.location) == (303, START)
        assert "同意，开始自查" in visitor.get().text


def test_one_browser_keeps_the_self_checks_of_two_consultancies_apart(
    house: Installed, visitor: Phone
) -> None:
    open_check(house, "guanlan", house.second)
    visitor.answer(1)
    other = Phone(house, visitor.client, "guanlan")
    assert "已答" not in other.get().text
    other.begin()
    assert other.token != visitor.token
    assert "已答4/28题" in visitor.get().text
    assert "已答0/28题" in other.get().text
    # The token of one is no key to the other.
    visitor.client.set_cookie("zm_check_guanlan", visitor.token, domain="127.0.0.1")
    assert other.get("/1").location == "/check/guanlan"


def test_beginning_another_forgets_the_first_unless_it_was_handed_over(
    house: Installed, visitor: Phone
) -> None:
    first = visitor.stranger.fill_in()
    visitor.begin("?again=yes")
    assert not first.is_known()
    second = visitor.stranger.fill_in()
    assert visitor.ask().location == f"{START}/result"
    assert "另做一份自查" in visitor.get().text
    visitor.begin("?again=yes")
    assert second.is_known()
    assert rows(house, SelfCheck) == 2


def test_deleting_takes_everything_and_the_cookie(house: Installed, visitor: Phone) -> None:
    visitor.stranger.fill_in()
    visitor.ask()
    assert "红花制衣" not in visitor.get("/erase").text
    answer = visitor.post("/erase")
    assert answer.status_code == 200
    assert "已经删除" in answer.text
    assert "诊断请求已经撤回" in answer.text
    assert "红花制衣" not in answer.text
    assert visitor.token == ""
    assert "同意，开始自查" in visitor.get().text
    assert (rows(house, SelfCheck), rows(house, Lead)) == (0, 0)


# -- the report ------------------------------------------------------------------------------------


def test_the_report_is_asked_for_watched_and_taken_away(
    house: Installed, visitor: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_quickly(monkeypatch)
    visitor.stranger.fill_in()
    assert 'data-state="none"' in visitor.get("/result").text
    assert visitor.get("/report.pdf").status_code == 404
    assert visitor.post("/report").location == f"{START}/result#report"
    waiting = visitor.get("/report")
    assert 'data-state="at-work"' in waiting.text
    assert "排队中" in waiting.text
    assert "<html" not in waiting.text, "a part of the page"
    # A link to the very address one is at would not load it again, and nobody would ever see.
    looks = {LOOK.findall(visitor.get("/result").text)[0]}
    with time_machine.travel(NOW + timedelta(seconds=2), tick=False):
        looks.add(LOOK.findall(visitor.get("/result").text)[0])
    assert len(looks) == 2
    work(house.acting())
    assert 'data-state="done"' in visitor.get("/report").text
    file = visitor.get("/report.pdf")
    assert file.data.startswith(b"%PDF")
    assert file.headers["Content-Disposition"].startswith("attachment; filename=ZM-")
    assert file.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in file.headers["Content-Security-Policy"]
    file.close()


def test_a_report_that_failed_says_so_and_whom_to_ask(
    house: Installed, visitor: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_quickly(monkeypatch, lambda _frozen: b"")
    visitor.stranger.fill_in()
    visitor.post("/report")
    visitor.stranger.fill_in(stores=Fraction(12))
    work(house.acting())
    visitor.stranger.fill_in()
    page = visitor.get("/result").text
    assert "这次没有做出来" in page
    assert "请联系衡石咨询" in page
    assert "再生成一次" in page


# -- handing over ----------------------------------------------------------------------------------


def test_a_request_needs_a_company_a_contact_and_a_tick(house: Installed, visitor: Phone) -> None:
    visitor.stranger.fill_in()
    answer = visitor.ask(company="", contact=" ", agree="")
    assert answer.status_code == 422
    assert "有3处需要改" in answer.text
    assert "要您同意" in answer.text
    kept = visitor.ask(agree="", note="周三以后方便")
    assert kept.status_code == 422
    assert 'value="红花制衣"' in kept.text
    assert "周三以后方便" in kept.text
    assert visitor.ask(version="0" * 64).status_code == 409
    assert rows(house, Lead) == 0
    done = visitor.ask()
    assert done.location == f"{START}/result"
    page = visitor.get("/result").text
    assert "请求已经交给衡石咨询。" in page
    assert "您为红花制衣请衡石咨询做诊断" in page
    assert visitor.get("/ask").location == f"{START}/result"
    assert visitor.get("/1").location == f"{START}/result"
    assert visitor.answer(1).status_code == 409
    assert "您在2026年11月22日 09:30同意的内容" in visitor.get("/notice").text
    assert rows(house, Lead) == 1


def test_a_flood_of_requests_is_stopped_and_told(
    house: Installed, visitor: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PER_HOUSE", (Limit(1, timedelta(days=1)),))
    stranger(house).fill_in().ask()
    visitor.stranger.fill_in()
    answer = visitor.ask()
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "请过几分钟再来" in answer.text
    assert visitor.stranger.answers() != {}


# -- whose it is -----------------------------------------------------------------------------------


def test_the_pages_carry_the_consultancys_name_colour_and_picture(
    house: Installed, guest: Phone
) -> None:
    plain = guest.get().text
    assert "colours.css" not in plain
    picture = BytesIO()
    Image.new("RGB", (400, 200), (29, 78, 111)).save(picture, "PNG")
    change_logo(house.acting(), picture.getvalue())
    words = BrandWords("衡石增长<b>", "周一鸣", "010-8888 0000", "", "#1a6b5a")
    change_brand(house.acting(), words)
    page = guest.get()
    assert "衡石增长&lt;b&gt;" in page.text
    assert "请联系衡石增长&lt;b&gt; 周一鸣 010-8888 0000。" in page.text
    style = re.search(r'href="(/check/hengshi/colours\.css[^"]*)"', page.text)
    logo = re.search(r'src="(/check/hengshi/logo[^"]*)"', page.text)
    assert style is not None
    assert logo is not None
    css = guest.client.get(style[1].replace("&amp;", "&"))
    assert css.mimetype == "text/css"
    assert "--accent: #1a6b5a;" in css.text
    image = guest.client.get(logo[1])
    assert image.mimetype == "image/png"
    assert image.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in image.headers["Content-Security-Policy"]
    image.close()


def test_two_hundred_phones_behind_one_address_begin_within_a_minute(
    house: Installed, guest: Phone
) -> None:
    found = HIDDEN.search(guest.get().text)
    assert found is not None
    data = {"role": HEAD, "version": found[1]}
    told = [phone(house).post(data=data).status_code for _ in range(200)]
    assert set(told) == {303}
    assert rows(house, SelfCheck) == 200
