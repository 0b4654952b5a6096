"""The plan on screen: controls, answers, refusals, versions; the figures of the report."""

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Final

import pytest
from flask import g
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.forms.plan_controls import plan_form
from app.reporting.context import staffing
from app.services.accounts.profiles import choose_locale
from app.services.plans.reading import read_plan
from app.services.plans.revisions import revisions
from app.services.plans.what_if import open_desk
from app.store.database import Database
from app.web.plan.handing_in import read
from tests.case_engagements import ENGAGEMENT, add_case
from tests.enterprises import private_domain_model
from tests.kitchens import ENGAGEMENT as KITCHEN
from tests.kitchens import add_kitchen
from tests.people import Installed, install
from tests.workspace import HOSTILE, counted

HAN: Final = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
DESK: Final = f"/engagements/{ENGAGEMENT}/plan"
PART: Final = {"HX-Request": "true"}
CASE: Final = "case-1-mother-baby"
START: Final = "2026-12-01"
"""What the published cases decide: the first day."""


@pytest.fixture
def case(installed: Installed) -> Installed:
    """The first published case, with its first plan; the colleague is not on its team."""
    add_case(installed, CASE)
    return installed


@pytest.fixture(scope="module")
def kept(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """The same, stored once for tests that store nothing; the owner reads English."""
    folder = tmp_path_factory.mktemp("plan")
    shutil.copyfile(migrated_file, folder / "zhenmai.sqlite3")
    database = Database(f"sqlite:///{folder / 'zhenmai.sqlite3'}")
    installed = install(database, folder / "data")
    add_case(installed, CASE)
    choose_locale(installed.acting("owner"), "en")
    yield installed
    database.dispose()


def shown(response: TestResponse) -> str:
    """Return what a reader sees, blanks made one."""
    without = re.sub(r"<(script|svg|head).*?</\1>|<[^>]+>", " ", response.text, flags=re.DOTALL)
    return " ".join(unescape(without).split())


def sent(browser: FlaskClient, **controls: str) -> TestResponse:
    """Send controls as the desk's script does."""
    return browser.post(DESK, data={"base": "1", **controls}, headers=PART)


def boxes(html: str) -> dict[str, str]:
    """Return what a form says of the plan, by name; empty boxes left out."""
    found = [
        (name, value)
        for kind, name, value, on in re.findall(
            r'<input[^>]*?type="(\w+)"[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"( checked)?', html
        )
        if kind != "radio" or on
    ]
    of_plan = {*plan_form(private_domain_model()).paths, "base", "note"}
    return {name: unescape(value) for name, value in found if value and name in of_plan}


# -- looking -----------------------------------------------------------------------------------


def test_the_desk_shows_the_plan_that_counts_in_the_words_of_the_report(kept: Installed) -> None:
    page = kept.browser("consultant").get(DESK)
    desk = open_desk(kept.acting("consultant"), ENGAGEMENT)
    reading = read_plan(desk.current, desk.diagnosis, "zh-Hans")
    printed = staffing.build(reading.source)
    assert page.status_code == 200
    assert printed is not None
    assert printed.headline in shown(page)
    assert "和规划第1版一样" in shown(page)
    assert boxes(page.text)["start"] == START


def test_every_control_has_its_default_its_range_and_its_meaning(kept: Installed) -> None:
    text = shown(kept.browser("consultant").get(DESK))
    for words in (
        "默认不设：照现在的加与流算；客户说的目标是500,000人",
        "默认6.5小时/天；可填大于0、不超过8的数",
        "标准工作日（《劳动法》第36条）",
        "默认轻运营",
        "计划要招12人 ；默认要几个批几个",
        "默认17%：这次诊断里测到的",
        "默认3%：本模型的数，来源等级OPJ",
        "要做：RU-",
        "现在不上，过关复评时再看",
    ):
        assert words in text
    assert "后台「流失客户」" in text  # where an assumption comes from
    # An end that is there to catch slips of the keys is no news to anybody.
    assert "1,000,000,000" not in text


def test_choices_of_two_or_three_are_all_in_sight(kept: Installed) -> None:
    page = kept.browser("consultant").get(f"{DESK}?base=1&start={START}&growth_buffer=no")
    switches = re.findall(r'type="radio" name="([^"]+)"[^>]*value="([^"]*)"( checked)?', page.text)
    of_growth = [(value, bool(on)) for name, value, on in switches if name == "growth_buffer"]
    assert of_growth == [("", False), ("yes", False), ("no", True)]
    assert {name for name, _value, _on in switches} >= {"sop-live-commerce", "sop-moments-calendar"}
    assert re.findall(r'<select[^>]*name="([^"]+)"', page.text) == ["city_tier", "service_mode"]


def test_an_address_puts_the_same_on_the_desk(kept: Installed) -> None:
    query = "?base=1&start=2026-12-01&hires-content=0&assume-buyer-share=15&sop-live-commerce=drop"
    page = kept.browser("viewer").get(DESK + query)
    assert page.status_code == 200
    held = boxes(page.text)
    assert (held["hires-content"], held["assume-buyer-share"]) == ("0", "15")
    assert re.search(r'name="sop-live-commerce"[^>]*value="drop" checked', page.text)
    assert "和规划第1版比：改了3项" in shown(page)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("target_level=9", "1到5之间的整数"),
        ("target_users=5", "今天已有120,000名用户"),
        ("start=2020-01-01", "开工日不能早于诊断日"),
        ("tenant_id=x", "地址里有不认识的项，没有算：tenant_id"),
        ("target_level=3&target_level=4", "只能给一个"),
    ],
)
def test_an_address_that_cannot_be_taken_says_so_over_the_plan_that_counts(
    kept: Installed, query: str, told: str
) -> None:
    page = kept.browser("viewer").get(f"{DESK}?base=1&{query}")
    assert page.status_code == 422
    assert told in shown(page)
    assert "下面是规划第1版的" in shown(page)


def test_what_somebody_typed_is_shown_as_text_and_nothing_else(kept: Installed) -> None:
    browser = kept.browser("viewer")
    for words in HOSTILE:
        page = browser.get(DESK, query_string={"target_users": words, words: "x"})
        assert page.status_code == 422
        assert str(escape(words)) in page.text


def test_an_engagement_without_answers_says_where_to_begin(installed: Installed) -> None:
    add_kitchen(installed, answered=False, team=("consultant",))
    page = installed.browser("consultant").get(f"/engagements/{KITCHEN}/plan")
    assert page.status_code == 200
    assert "还没有可以规划的东西" in shown(page)
    assert f"/engagements/{KITCHEN}/interviews" in page.text


def test_a_plan_nobody_saved_has_no_versions_to_list(installed: Installed) -> None:
    add_kitchen(installed, answered=False, team=("consultant",))
    page = installed.browser("consultant").get(f"/engagements/{KITCHEN}/plan/revisions")
    assert page.status_code == 200
    assert "还没有存过规划" in shown(page)
    assert f'href="/engagements/{KITCHEN}/plan"' in page.text


def test_a_model_without_staffing_has_a_desk_of_what_it_knows(installed: Installed) -> None:
    add_kitchen(installed, team=("consultant",))
    browser = installed.browser("consultant")
    page = browser.get(f"/engagements/{KITCHEN}/plan")
    assert page.status_code == 200
    assert set(re.findall(r'id="(\w+)-error"', page.text)) == {"start", "target_level"}
    answer = browser.post(f"/engagements/{KITCHEN}/plan", data={"target_level": "3"}, headers=PART)
    assert answer.status_code == 200


# -- moving a control --------------------------------------------------------------------------


def test_a_refused_hire_names_what_is_dropped(kept: Installed) -> None:
    answer = sent(kept.browser("consultant"), **{"start": START, "hires-content": "0"})
    text = shown(answer)
    assert answer.status_code == 200
    assert "停掉 SOP-13 嘉宾分享会" in text
    assert "推后到挖存量 SOP-12 内容传送带" in text
    assert "「让内容传送带转起来」晚415天" in text
    assert "内容招聘 原来 要几个批几个 → 改为 一个不招" in text
    address = answer.headers["HX-Replace-Url"]
    assert address == f"{DESK}?base=1&start={START}&hires-content=0"
    # The answer is not the page: only what the page exchanges.
    assert "<html" not in answer.text


def test_several_limits_are_priced_one_by_one(kept: Installed) -> None:
    browser = kept.browser("viewer")
    controls = {"start": START, "hires-content": "0", "payroll_cap": "15万"}
    answer = sent(browser, **controls)
    link = re.search(r'hx-get="([^"]+/prices[^"]*)"', answer.text)
    assert link is not None
    table = browser.get(unescape(link[1]), headers=PART)
    text = shown(table)
    assert "内容少批0.8人" in text
    assert "月人工上限：15万元" in text
    assert "停掉 SOP-17 复购提醒" in text
    assert "K29 30天召回率" in text
    whole = browser.get(unescape(link[1]))
    assert "回到桌面" in shown(whole)


def test_what_one_more_refusal_would_cost_is_the_reports_own_table(kept: Installed) -> None:
    page = kept.browser("viewer").get(f"{DESK}/further?base=1&start={START}")
    desk = open_desk(kept.acting("viewer"), ENGAGEMENT)
    printed = staffing.build(read_plan(desk.current, desk.diagnosis, "zh-Hans").source)
    assert printed is not None
    assert printed.refusals
    for row in printed.refusals:
        assert row.who in shown(page)
        assert row.index in shown(page)


def test_a_refusal_stands_beside_its_control_and_the_answer_stays(kept: Installed) -> None:
    browser = kept.browser("consultant")
    answer = sent(browser, start=START, target_users="100")
    assert answer.status_code == 422
    assert answer.headers["HX-Reswap"] == "none"
    told = re.search(r'id="target_users-error" hx-swap-oob="innerHTML">(.*?)</p>', answer.text)
    assert told is not None
    assert "今天已有120,000名用户，目标不能比今天少；写的是100。" in told[1]
    assert 'id="answer"' not in answer.text


def test_a_cadence_beyond_a_limit_names_its_source_date_and_lawful_way(kept: Installed) -> None:
    answer = sent(kept.browser("consultant"), **{"start": START, "cadence-10_2e_1": "60"})
    text = shown(answer)
    assert answer.status_code == 422
    assert "超过HO-01「同一个群一天的品牌消息」8条/天" in text
    assert "截至2026-11-21" in text
    assert "这一步一周最多28次" in text
    assert "合规的做法：有活动的日子" in text


def test_a_refusal_is_told_in_the_language_of_the_person(kept: Installed) -> None:
    answer = sent(kept.browser("owner"), **{"start": START, "cadence-10_2e_1": "60"})
    text = shown(answer)
    assert "60 runs a week come to as many as 13" in text
    assert "The lawful way:" in text
    assert not HAN.search(text)


def test_without_scripts_the_button_answers_with_an_address(kept: Installed) -> None:
    browser = kept.browser("consultant")
    answer = browser.post(DESK, data={"base": "1", "start": START, "target_users": "20万"})
    assert answer.status_code == 303
    assert answer.location == f"{DESK}?base=1&start={START}&target_users=200000"
    page = browser.get(answer.location)
    assert "和规划第1版比：改了1项" in shown(page)


def test_buttons_of_one_control_work_without_scripts(kept: Installed) -> None:
    browser = kept.browser("consultant")
    given = {"base": "1", "start": START, "hires-coach": "3"}
    refused = browser.post(DESK, data={**given, "refuse": "hires-coach"})
    assert "hires-coach=0" in refused.location
    cleared = browser.post(DESK, data={**given, "reset": "hires-coach"})
    assert "hires-coach" not in cleared.location
    nothing = browser.post(DESK, data={**given, "reset": "no-such-control"})
    assert "hires-coach=3" in nothing.location


def test_moving_a_control_stores_nothing(kept: Installed) -> None:
    sent(kept.browser("consultant"), **{"start": START, "hires-content": "0"})
    assert [one.number for one in revisions(kept.acting("consultant"), ENGAGEMENT)] == [1]


def test_who_only_looks_may_move_controls_but_not_keep_them(kept: Installed) -> None:
    browser = kept.browser("viewer")
    assert sent(browser, **{"start": START, "hires-content": "0"}).status_code == 200
    page = browser.get(DESK)
    assert "save-dialog" not in page.text
    stored = browser.post(f"{DESK}/revisions", data={"base": "1", "target_users": "200000"})
    assert stored.status_code == 403


# -- keeping -----------------------------------------------------------------------------------


def keep(browser: FlaskClient, **fields: str) -> TestResponse:
    return browser.post(f"{DESK}/revisions", data={"base": "1", **fields})


def test_what_is_kept_counts_and_the_older_version_stays(case: Installed) -> None:
    browser = case.browser("consultant")
    kept = keep(browser, **{"start": START, "hires-content": "0", "note": "老板不批内容岗"})
    assert (kept.status_code, kept.location) == (303, DESK)
    page = browser.get(DESK)
    assert "已存为规划第2版" in shown(page)
    assert boxes(page.text)["hires-content"] == "0"
    history = shown(browser.get(f"{DESK}/revisions"))
    assert "内容招聘 原来 要几个批几个 → 改为 一个不招" in history
    assert "老板不批内容岗" in history
    older = browser.get(f"{DESK}/revisions/1")
    assert "一个不招" not in shown(older).partition("再用这一版")[0]
    assert "取为第3版" in shown(older)


def test_an_older_version_is_taken_as_a_new_one(case: Installed) -> None:
    browser = case.browser("consultant")
    keep(browser, **{"start": START, "hires-content": "0"})
    taken = browser.post(f"{DESK}/revisions/1/take", data={"base": "2", "note": ""})
    assert taken.status_code == 303
    rows = revisions(case.acting("consultant"), ENGAGEMENT)
    assert [row.number for row in rows] == [3, 2, 1]
    assert rows[0].controls == rows[2].controls
    assert rows[0].note == "取自规划第1版"


def test_two_who_keep_at_once_see_both_plans_and_nothing_is_lost(case: Installed) -> None:
    keep(case.browser("consultant"), **{"start": START, "hires-content": "0", "note": "先存"})
    browser = case.browser("owner")
    late = keep(browser, start=START, target_users="300000", note="冲目标")
    text = shown(late)
    assert late.status_code == 409
    assert "衡石咨询consultant刚刚存了规划第2版" in text
    assert "先存" in text
    assert "12个月目标用户 不设 300,000人" in text
    assert "内容招聘 一个不招 要几个批几个" in text
    fields = boxes(late.text)
    assert (fields["base"], fields["target_users"], fields["note"]) == ("2", "300000", "冲目标")
    again = browser.post(f"{DESK}/revisions", data=fields)
    assert again.status_code == 303
    assert [r.note for r in revisions(case.acting("owner"), ENGAGEMENT)] == ["冲目标", "先存", ""]


def test_a_plan_that_cannot_be_taken_is_not_kept(case: Installed) -> None:
    browser = case.browser("consultant")
    for field, value in (("target_users", "5"), ("target_level", "9"), ("number", "7")):
        response = keep(browser, **{"start": START, field: value})
        assert response.status_code == 422
    assert [one.number for one in revisions(case.acting("consultant"), ENGAGEMENT)] == [1]


def test_keeping_the_same_again_says_so(case: Installed) -> None:
    browser = case.browser("consultant")
    assert keep(browser, start=START).status_code == 303
    assert "和规划第1版一模一样" in shown(browser.get(DESK))
    assert [one.number for one in revisions(case.acting("consultant"), ENGAGEMENT)] == [1]


def test_the_same_plan_again_is_not_offered_for_saving(kept: Installed) -> None:
    browser = kept.browser("consultant")
    page = browser.get(f"{DESK}/save?base=1&start={START}")
    assert "和规划第1版一模一样，没有可存的" in shown(page)
    assert 'name="note"' not in page.text
    answer = sent(browser, start=START)
    assert "和规划第1版一模一样，没有可存的" in shown(answer)
    assert "没有可存的" not in shown(sent(browser, **{"start": START, "hires-content": "0"}))


def test_a_version_looked_at_says_nothing_of_controls_to_move(kept: Installed) -> None:
    page = kept.browser("consultant").get(f"{DESK}/revisions/1")
    assert "改一项，这里就列出差在哪" not in shown(page)
    assert "和规划第1版一样" not in shown(page)
    assert "改一项，这里就列出差在哪" in shown(kept.browser("consultant").get(DESK))


@pytest.mark.parametrize(
    ("part", "title"),
    [("prices", "每一道限制各要多少代价"), ("further", "要是再有一个岗位一个人都不批")],
)
def test_a_part_of_the_desk_by_itself_is_headed_by_what_it_is(
    kept: Installed, part: str, title: str
) -> None:
    browser = kept.browser("viewer")
    whole = browser.get(f"{DESK}/{part}?base=1&start={START}")
    assert re.search(rf"<h1>\s*{title}", whole.text)
    assert "<h3>" not in whole.text
    inside = browser.get(f"{DESK}/{part}?base=1&start={START}", headers=PART)
    assert f"<h3>{title}</h3>" in inside.text


def test_the_reason_can_be_given_without_scripts(case: Installed) -> None:
    browser = case.browser("consultant")
    page = browser.get(f"{DESK}/save?base=1&start={START}&hires-content=0")
    assert "内容招聘 原来 要几个批几个 → 改为 一个不招" in shown(page)
    fields = {n: v for n, v in boxes(page.text).items() if n not in ("here", "locale")}
    too_long = browser.post(f"{DESK}/revisions", data={**fields, "note": "长" * 501})
    assert too_long.status_code == 422
    assert "最多写500个字" in shown(too_long)
    kept = browser.post(f"{DESK}/revisions", data={**fields, "note": "见会议纪要"})
    assert kept.status_code == 303


def test_a_desk_from_before_somebody_kept_a_plan_says_so(case: Installed) -> None:
    keep(case.browser("owner"), **{"start": START, "hires-content": "0"})
    page = case.browser("consultant").get(f"{DESK}?base=1&start={START}")
    assert "有人已经存了规划第2版，这张桌面还是从第1版开始的" in shown(page)


@pytest.mark.parametrize("number", ["0", "7", "2147483647", "99999999999999999999"])
def test_a_version_nobody_made_is_not_found(kept: Installed, number: str) -> None:
    assert kept.browser("consultant").get(f"{DESK}/revisions/{number}").status_code == 404


def test_another_consultancy_and_who_is_not_on_the_team_find_nothing(case: Installed) -> None:
    for browser in (case.browser("owner", case.second), case.browser("colleague")):
        for path in ("", "/prices", "/further", "/save", "/revisions", "/revisions/1"):
            assert browser.get(DESK + path).status_code == 404
        assert browser.post(DESK, data={"target_level": "3"}).status_code == 404
        assert keep(browser, target_level="3").status_code == 404
        assert browser.post(f"{DESK}/revisions/1/take", data={"base": "1"}).status_code == 404


# -- languages, queries, hostile input -----------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "",
        f"?base=1&start={START}&hires-content=0&payroll_cap=150000",
        "?target_level=9",
        f"/save?base=1&start={START}&hires-content=0",
        f"/prices?base=1&start={START}&hires-content=0&payroll_cap=150000",
        f"/further?start={START}",
        "/revisions",
        "/revisions/1",
    ],
)
def test_an_english_reader_meets_no_chinese_of_ours(kept: Installed, path: str) -> None:
    text = shown(kept.browser("owner").get(DESK + path))
    for name in ("诊脉", "中文", "衡石咨询", "首次诊断", "示例母婴连锁"):
        text = text.replace(name, "")
    found = HAN.search(text)
    assert found is None, text[max(0, found.start() - 60) : found.start() + 60]


def test_the_queries_of_the_desk_do_not_grow_with_its_versions(case: Installed) -> None:
    browser = case.browser("consultant")
    for warm in ("", "/revisions"):
        browser.get(DESK + warm)
    before = {path: queries(case, browser, path) for path in ("", "/revisions", "/prices")}
    moved = posted_queries(case, browser)
    for number in range(1, 6):
        keep(browser, base=str(number), start=START, target_users=str(200_000 + number))
    browser.get(DESK)
    assert {path: queries(case, browser, path) for path in before} == before
    assert posted_queries(case, browser) == moved
    assert max(*before.values(), moved) <= MOST_QUERIES


MOST_QUERIES: Final = 18


def queries(case: Installed, browser: FlaskClient, path: str) -> int:
    with counted(case.database) as statements:
        assert browser.get(DESK + path).status_code == 200
    return len([one for one in statements if one.lstrip().upper().startswith("SELECT")])


def posted_queries(case: Installed, browser: FlaskClient) -> int:
    with counted(case.database) as statements:
        assert sent(browser, start=START, target_users="250000").status_code == 200
    return len([one for one in statements if one.lstrip().upper().startswith("SELECT")])


TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["9" * 70, "NaN", "1e999", "-1", "\x00", "2027-02-30", "٣", "{{7*7}}", "%00"]),
    st.integers(-(10**13), 10**13).map(str),
)
NAMES = st.sampled_from([*plan_form(private_domain_model()).paths, "base", "reset", "refuse"])


class Laid:
    """A desk that anything may be put on; too large to be printed when a property fails."""

    def __init__(self, installed: Installed) -> None:
        self.app = installed.app
        self.desk = open_desk(installed.acting("viewer"), ENGAGEMENT)


@pytest.fixture(scope="module")
def laid(kept: Installed) -> Laid:
    """The desk of the shared case."""
    return Laid(kept)


@settings(max_examples=80)
@given(st.lists(st.tuples(st.one_of(NAMES, st.text(max_size=12)), TEXTS), max_size=6))
def test_whatever_is_put_on_the_desk_is_taken_or_refused_in_words(
    laid: Laid, given: list[tuple[str, str]]
) -> None:
    with laid.app.test_request_context():
        g.locale = "zh-Hans"
        handed = read(laid.desk, MultiDict(given))
        if handed.controls is None:
            assert handed.errors or handed.strays
            assert all(HAN.search(told) for told in handed.errors.values())
        else:
            assert laid.desk.refused(handed.controls) == ()
            again = read(laid.desk, MultiDict(handed.address()))
            assert again.controls == handed.controls


@pytest.mark.parametrize("text", ["9" * 70, "NaN", "\x00", "\ud800", "<b>", "2027-02-30"])
def test_hostile_values_are_answered_as_refusals(kept: Installed, text: str) -> None:
    browser = kept.browser("viewer")
    given = {"target_users": text, "start": text, "base": text, "hires-content": text}
    encoded = {name: value.encode("utf-8", "surrogatepass") for name, value in given.items()}
    answer = browser.post(DESK, data=encoded, headers=PART)
    assert answer.status_code == 422
    assert "target_users-error" in answer.text
