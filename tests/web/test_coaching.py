"""The screens of coaching: figures, tasks, gate, stores, rounds, portfolio; without scripts."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Final

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.services.accounts.profiles import choose_locale
from app.services.coaching.stores import stores_of
from app.services.coaching.tasks import tasks_of
from app.services.workbooks.writing import Column, Sheet, workbook_of
from app.store.rows import (
    BenchmarkConsent,
    Engagement,
    KpiEntry,
    Report,
    SharedReport,
    TaskSettlement,
)
from tests.accounts import Postbox
from tests.case_engagements import ENGAGEMENT, add_case
from tests.installations import NOW
from tests.people import Installed
from tests.portal import Clientele

COACHING: Final = f"/engagements/{ENGAGEMENT}/coaching"
HAN: Final = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
WEEK: Final = NOW.date().isoformat()


@pytest.fixture(autouse=True)
def at_the_moment() -> Iterator[None]:
    """Pages are asked for at the moment the case was made for."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def consultant(coached_case: Installed) -> FlaskClient:
    return coached_case.browser("consultant")


def body(browser: FlaskClient, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, answer.text[:500]
    return words(answer.text)


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2])).split())


def count(installed: Installed, row: type) -> int:
    with installed.acting().reading() as session:
        return session.scalar(select(func.count()).select_from(row)) or 0


def clientele_of(installed: Installed) -> FlaskClient:
    """Return the browser of the client's boss, who was shown the report and let in."""
    acting = installed.acting()
    with acting.writing() as session:
        row = session.find(Engagement, ENGAGEMENT)
        assert row is not None
        put_away, row.archived_at = row.archived_at, None
        report = session.scalars(select(Report.id)).one()
        session.add(
            SharedReport(
                report_id=report, engagement_id=ENGAGEMENT, shared_at=NOW, shared_by=acting.person
            )
        )
    client = Clientele(installed, ENGAGEMENT, Postbox(installed))
    client.invite()
    device = client.enter()
    with acting.writing() as session:
        row = session.find(Engagement, ENGAGEMENT)
        assert row is not None
        row.archived_at = put_away
    return client.browser(device)


def test_a_case_without_an_issued_plan_says_what_coaching_begins_with(installed: Installed) -> None:
    add_case(installed)
    browser = installed.browser("consultant")
    for page in ("", "/tasks", "/gate", "/stores"):
        assert "还没有可以陪跑的规划" in body(browser, f"{COACHING}{page}")
    sent = browser.post(f"{COACHING}/figures", data={"week": WEEK}, follow_redirects=True)
    assert "陪跑从报告里的规划开始" in sent.text


def test_figures_are_typed_judged_in_words_and_explained(
    coached_case: Installed, consultant: FlaskClient
) -> None:
    page = body(consultant, COACHING)
    assert "缺数" in page
    answer = consultant.post(
        f"{COACHING}/figures",
        data={"week": WEEK, "v.add-rate": "1.5", "n.add-rate": "收银台没人引导"},
    )
    assert answer.status_code == 303
    page = body(consultant, answer.location)
    assert "明显落后" in page
    assert f"{coached_case.first.people['consultant'].name} 2026年" in page
    assert "改过" not in page
    consultant.post(f"{COACHING}/figures", data={"week": WEEK, "v.add-rate": "2"})
    page = body(consultant, answer.location)
    assert "改过1次" in page
    assert page.index("2%") < page.index("1.5%") < page.index("收银台没人引导")
    assert "个百分点" in page
    assert "为什么落后" in page
    assert "带动它的SOP" in page
    assert "SOP-05" in page


def test_what_was_typed_wrongly_stays_in_its_box_with_what_is_wrong(
    coached_case: Installed, consultant: FlaskClient
) -> None:
    data = {"week": WEEK, "v.add-rate": "三十", "v.deletion-7d": "9"}
    answer = consultant.post(f"{COACHING}/figures", data=data)
    assert answer.status_code == 422
    assert 'value="三十"' in answer.text
    assert 'value="9"' in answer.text
    assert "请用阿拉伯数字" in answer.text
    assert count(coached_case, KpiEntry) == 0
    assert consultant.post(f"{COACHING}/figures", data={**data, "kpi": "x"}).status_code == 422


def test_a_viewer_sees_the_week_and_changes_nothing(coached_case: Installed) -> None:
    viewer = coached_case.browser("viewer")
    page = viewer.get(COACHING).text
    assert "<input" not in page.partition("<main")[2].replace('type="hidden"', "")
    assert viewer.post(f"{COACHING}/figures", data={"week": WEEK}).status_code == 403
    assert coached_case.browser("colleague").get(COACHING).status_code == 404


def test_the_sheet_goes_out_and_comes_back_with_its_faults_by_cell(
    coached_case: Installed, consultant: FlaskClient
) -> None:
    got = consultant.get(f"{COACHING}/sheet.xlsx")
    assert got.data.startswith(b"PK")
    columns = tuple(Column(name) for name in ("指标代码", "本周实际"))
    for value, status in (("lots", 422), ("12.5", 303)):
        book = workbook_of([Sheet("周报", columns, [("K03", value)])], NOW)
        data = {"week": WEEK, "sheet": (io.BytesIO(book), "week.xlsx")}
        answer = consultant.post(f"{COACHING}/sheet", data=data)
        assert answer.status_code == status
        if status == 422:
            assert "B 本周实际" in answer.text
            assert "lots" in answer.text
    assert count(coached_case, KpiEntry) == 1


def test_tasks_are_ticked_together_and_skipped_for_a_reason(
    coached_case: Installed, consultant: FlaskClient
) -> None:
    keys = [line.key for line in tasks_of(coached_case.acting(), ENGAGEMENT).lines]
    where = f"{COACHING}/tasks"
    done = consultant.post(where, data={"task": keys[:3], "state": "done", "reason": ""})
    assert done.status_code == 303
    assert "按时做了" in body(consultant, where)
    refused = consultant.post(where, data={"task": keys[3:4], "state": "skipped", "reason": ""})
    assert refused.status_code == 422
    assert "跳过要写原因" in refused.text
    nothing = consultant.post(where, data={"state": "done", "reason": ""})
    assert nothing.status_code == 422
    assert count(coached_case, TaskSettlement) == 3
    assert consultant.post(where, data={"task": keys[:1], "state": "paid"}).status_code == 422


def test_a_gate_is_looked_at_before_it_is_reviewed(
    coached_case: Installed, consultant: FlaskClient
) -> None:
    where = f"{COACHING}/gate"
    page = body(consultant, where)
    assert "还定不了" in page
    assert "还没有评审过" in page
    lines = {"v.accepted": "no", "n.accepted": "CEO还没看"}
    looked = consultant.post(where, data={"action": "look", "seen": "0", **lines})
    assert "整改" in words(looked.text)
    assert "还没有评审过" in looked.text
    minutes = {"note": "CEO缺席"}
    wrong = consultant.post(
        where, data={"action": "hold", "seen": "0", "v.compliance": "很好", **minutes}
    )
    assert wrong.status_code == 422
    assert "CEO缺席" in wrong.text
    held = consultant.post(
        where, data={"action": "hold", "seen": "0", **lines}, follow_redirects=True
    )
    assert "评审结果：整改" in held.text
    assert "CEO还没看" in held.text
    late = {"action": "hold", "seen": "0", "n.accepted": "店长也没看", **minutes}
    again = consultant.post(where, data=late)
    assert again.status_code == 409
    assert "刚刚有人做过一次评审" in again.text
    assert "店长也没看" in again.text, "what came too late stands in its boxes"
    assert "CEO缺席" in again.text


def test_who_was_typing_when_the_engagement_was_put_away_has_it_before_them(
    coached_case: Installed, consultant: FlaskClient
) -> None:
    with coached_case.acting().writing() as session:
        row = session.find(Engagement, ENGAGEMENT)
        assert row is not None
        row.archived_at = NOW
    figures = {"week": WEEK, "v.add-rate": "31.7"}
    answer = consultant.post(f"{COACHING}/figures", data=figures)
    assert answer.status_code == 409
    assert "这个项目已经归档" in answer.text
    assert 'value="31.7"' in answer.text
    lines = {"action": "hold", "seen": "0", "v.accepted": "no", "n.accepted": "CEO还没看"}
    answer = consultant.post(f"{COACHING}/gate", data=lines)
    assert answer.status_code == 409
    assert 'value="CEO还没看"' in answer.text
    client = clientele_of(coached_case)
    figures = {"week": WEEK, "add-rate": "31.7", "note:add-rate": "周末断网"}
    answer = client.post(f"/portal/{ENGAGEMENT}/kpis", data=figures)
    assert answer.status_code == 409
    assert "请联系顾问" in answer.text, "a client cannot restore anything"
    assert 'value="31.7"' in answer.text
    assert 'value="周末断网"' in answer.text
    assert count(coached_case, KpiEntry) == 0


def test_stores_are_added_and_leave(coached_case: Installed, consultant: FlaskClient) -> None:
    where = f"{COACHING}/stores"
    first = (NOW.date() - timedelta(days=3)).isoformat()
    assert consultant.post(where, data={"names": "一店\n二店", "first": first}).status_code == 303
    again = consultant.post(where, data={"names": "一店", "first": first})
    assert again.status_code == 422
    assert "「一店」已经有了" in again.text
    store = stores_of(coached_case.acting(), ENGAGEMENT).stores[0]
    invite = consultant.get(f"/engagements/{ENGAGEMENT}/portal/invite").text
    assert 'list="known-stores"' in invite
    assert '<option value="一店">' in invite
    answer = consultant.post(f"{where}/{store.id}", data={"last": WEEK}, follow_redirects=True)
    assert "门店的参加日期已保存" in answer.text
    assert "各门店" in body(consultant, COACHING)


def test_a_second_round_begins_and_stands_beside_the_first(
    coached_case: Installed, consultant: FlaskClient
) -> None:
    assert "还只有一轮诊断" in body(consultant, f"{COACHING}/rounds")
    assert "沿用" in body(consultant, f"{COACHING}/rounds/new")
    answer = consultant.post(f"{COACHING}/rounds/new", data={"title": "复诊", "interviewed_on": ""})
    assert answer.status_code == 303
    made = answer.location.rpartition("/")[2]
    page = body(consultant, f"/engagements/{made}/coaching/rounds")
    assert "没有确认" in page
    assert "发现的去向" in page
    assert "看下一轮" in body(consultant, f"{COACHING}/rounds")


def test_the_portfolio_shows_the_client_and_keeps_its_consent(
    coached_case: Installed, consultant: FlaskClient
) -> None:
    page = body(consultant, "/portfolio")
    assert "专家参考值" in page
    assert "没问过" in page
    where = f"/clients/c{ENGAGEMENT[1:]}/benchmark"
    for note in ("", "总经理当面同意"):
        consultant.post(where, data={"agreed": "yes", "note": note})
    assert count(coached_case, BenchmarkConsent) == 1
    client = f"/clients/c{ENGAGEMENT[1:]}"
    assert "总经理当面同意" in body(consultant, client)
    sent = {"agreed": "no", "note": "换了总经理", "from": "client"}
    assert consultant.post(where, data=sent).location == f"{client}#benchmark"
    assert "换了总经理" in body(consultant, client)
    assert "同意计入" not in body(coached_case.browser("viewer"), client)
    consultant.post(where, data={"agreed": "yes", "note": "新总经理也同意"})
    assert "已同意" in body(consultant, "/portfolio?archetype=store-frequent")
    assert "还没有可比的客户" in body(coached_case.browser("colleague"), "/portfolio")


def test_an_english_reader_meets_no_chinese_but_names_of_clients(coached_case: Installed) -> None:
    owner = coached_case.acting("owner")
    choose_locale(owner, "en")
    browser = coached_case.browser("owner")
    browser.post(f"{COACHING}/figures", data={"week": WEEK, "v.add-rate": "1.5"})
    for page in ("", "/tasks", "/gate", "/stores", "/rounds", "/rounds/new", "/sheet"):
        found = browser.get(f"{COACHING}{page}").text.partition("<main")[2]
        found = found.replace(owner.name, "")
        assert not HAN.search(words(f"<main{found}")), (page, HAN.findall(found)[:20])
    page = words(browser.get("/portfolio").text)
    assert set(HAN.findall(page)) <= set("示例母婴连锁首次诊断")
