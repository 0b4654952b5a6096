"""The diagnosis of a published case on screen: every figure is the one in ``diagnosis.json``."""

import re
from html import unescape
from typing import Final

import pytest

from app.services.diagnosis.reading import read_diagnosis
from tests.case_engagements import ENGAGEMENT, read_case
from tests.diagnosis_pages import CHAPTERS, PART, body, cells, document, printed, text_of
from tests.people import Installed

__all__ = ["read_case"]

PAGE: Final = f"/engagements/{ENGAGEMENT}/diagnosis"
STEPS: Final = (
    "/score",
    "/dimensions/method",
    "/areas/strategy",
    "/questions/strategy-shared",
    "/questions/sops-in-use",
    "/facts/users",
    "/numbers/ltv_cac",
    "/numbers/four-loops.growth",
)
DECIDING: Final = (
    "/findings/zombie-groups",
    "/findings/zombie-groups/edit",
    "/findings/zombie-groups/reject",
    "/acceptance",
)


# -- the figures ---------------------------------------------------------------------------------


def test_the_key_figures_are_those_of_the_document(read_case: Installed) -> None:
    page, data = (
        text_of(body(read_case.browser("consultant"), PAGE)),
        document(read_case, ENGAGEMENT),
    )
    assert f"指数 {printed(data['index'], 1)} / 100" in page
    assert f"总分{printed(data['overall'], 2)}" in page
    assert f"总等级 L{data['overall_level']}" in page
    words = {"high": "高", "medium": "中", "low": "低"}
    assert f"可信度 {words[data['confidence']['word']]}" in page
    stage = data["stage"]
    assert f"阶段 {stage['verdict']} {stage['title']}" in page
    assert f"规模 {stage['scale']} · 经济 {stage['economics']} · 能力 {stage['capability']}" in page
    for code in data["priorities"]["must"][:3]:
        assert code in page


def test_every_dimension_and_area_shows_the_score_and_level_of_the_document(
    read_case: Installed,
) -> None:
    browser, data = read_case.browser("consultant"), document(read_case, ENGAGEMENT)
    overview = text_of(body(browser, PAGE))
    rows = {row[0]: row for row in cells(body(browser, f"{PAGE}/score"))}
    for code, found in data["dimensions"].items():
        title, score = found["title"], printed(found["score"], 1)
        (row,) = [row for name, row in rows.items() if name.startswith(f"{code} {title}")]
        assert row[1].endswith(score), row
        assert row[2].endswith(f"L{found['level']}"), row
        page = text_of(body(browser, f"{PAGE}/dimensions/{found['id']}"))
        assert f"得分 {score}" in page
        assert printed(found["target"], 1) in page
    for code, found in data["areas"].items():
        score = printed(found["score"], 1)
        assert f"{found['title']} {score} L{found['level']}" in overview
        page = text_of(body(browser, f"{PAGE}/areas/{found['id']}", headers=PART))
        assert f"{code} {found['title']}" in page
        assert f"得分 {score}" in page
        assert f"L{found['level']}" in page


def test_every_question_shows_the_score_and_role_means_of_the_document(
    read_case: Installed,
) -> None:
    browser, data = read_case.browser("consultant"), document(read_case, ENGAGEMENT)
    reading = read_diagnosis(read_case.acting("consultant"), ENGAGEMENT)
    by_code = {role.code: role for role in reading.model.roles.values()}
    for code, found in data["questions"].items():
        page = text_of(body(browser, f"{PAGE}/questions/{found['id']}", headers=PART))
        assert code in page
        assert f"得分 {printed(found['score'], 1)}" in page
        gap = data["agreement"]["questions"].get(code, {}).get("gap")
        if gap is not None and data["agreement"]["questions"][code]["n"] > 1:
            shown = printed(gap, 1)
            assert f"高层减一线 {'+' if gap > 0.05 else ''}{shown.replace('-', '−')}" in page
        if found["type"] != "choice":
            continue
        for role, mean in found["roles"].items():
            assert f"{by_code[role].title} {mean['n']}人，平均" in page


def test_the_findings_are_those_of_the_document_in_its_order(read_case: Installed) -> None:
    browser, data = read_case.browser("consultant"), document(read_case, ENGAGEMENT)
    page = text_of(body(browser, f"{PAGE}/findings"))
    places = [page.index(f"{found['title']} {found['code']}") for found in data["findings"]
              if found["family_head"] is None]  # fmt: skip
    assert places == sorted(places)
    for found in data["findings"]:
        own = text_of(body(browser, f"{PAGE}/findings/{found['id']}"))
        assert all(condition in own for condition in found["evidence"]["conditions"])
        assert found["recommendation"] in own
        assert found["root_cause"]["text"] in own
        assert all(sop in own for sop in found["sops"])
        if found["family_head"] is None:
            assert f"优先分{printed(found['priority'], 2)}" in page


def test_panels_stage_and_gaps_are_those_of_the_document(read_case: Installed) -> None:
    browser, data = read_case.browser("consultant"), document(read_case, ENGAGEMENT)
    rows = list(cells(body(browser, f"{PAGE}/panels")))
    for panel in data["panels"].values():
        for item in panel.get("items", {}).values():
            (row,) = [row for row in rows if row and row[0].startswith(item["title"])]
            assert row[1].endswith(printed(item["value"], 1))
    grid = [row for row in rows if row[0] in ("方法", "流程", "团队")]
    known = data["panels"]["heat-map"]["rows"]
    for row, line in zip(grid, known.values(), strict=True):
        shown = [printed(cell["value"], 1) for cell in line.values()]
        assert [cell.split()[-1] for cell in row[1:]] == shown
    page = text_of(body(browser, f"{PAGE}/perception"))
    assert printed(data["agreement"]["alpha"], 2) in page
    assert all(item["code"] in page for item in data["contradictions"]["found"])


# -- the way down --------------------------------------------------------------------------------


def test_every_link_of_every_page_leads_somewhere(read_case: Installed) -> None:
    browser = read_case.browser("consultant")
    pages = [body(browser, f"{PAGE}{path}") for path in (*CHAPTERS, *STEPS, *DECIDING)]
    inside = f'href="({re.escape(PAGE)}[^"#]*)'
    links = {unescape(link) for page in pages for link in re.findall(inside, page)}
    assert len(links) > 80
    for link in sorted(links):
        assert browser.get(link, headers=PART).status_code == 200, link


def test_the_way_down_ends_at_single_answers_and_their_history(read_case: Installed) -> None:
    browser = read_case.browser("consultant")
    top = body(browser, f"{PAGE}/score")
    assert f"{PAGE}/dimensions/method" in top
    assert f"{PAGE}/areas/strategy" in body(browser, f"{PAGE}/dimensions/method")
    assert f"{PAGE}/questions/strategy-shared" in body(browser, f"{PAGE}/areas/strategy")
    page = body(browser, f"{PAGE}/questions/strategy-shared")
    histories = re.findall(r'href="([^"]*/history/strategy-shared)"', page)
    people = read_diagnosis(read_case.acting(), ENGAGEMENT).diagnosis.assessment.respondents
    assert len(histories) == sum("strategy-shared" in person.answers for person in people)
    assert browser.get(histories[0]).status_code == 200
    assert "CEO" in text_of(page)


def test_every_number_of_the_panels_and_of_conditions_leads_to_what_it_is_read_from(
    read_case: Installed,
) -> None:
    browser, data = read_case.browser("consultant"), document(read_case, ENGAGEMENT)
    rows = re.findall(r"<tr>.*?</tr>", body(browser, f"{PAGE}/panels"), flags=re.DOTALL)
    scores = [
        cell
        for row in rows
        for cell in re.findall(r'<td class="(?:number|shade)[^>]*>(.*?)</td>', row, flags=re.DOTALL)
    ]
    assert len(scores) > 30
    assert all(f'href="{PAGE}/' in score for score in scores)
    loop = text_of(body(browser, f"{PAGE}/numbers/four-loops.growth"))
    for code in ("C1", "C2", "P1"):
        area = data["areas"][code]
        assert f"{code} {area['title']} {printed(area['score'], 1)} L{area['level']}" in loop
    assert "取下面3项的平均" in loop
    ratio = text_of(body(browser, f"{PAGE}/numbers/ltv_cac"))
    assert printed(data["economics"]["ltv_cac"], 1) in ratio
    for fact in ("F03 客单价", "F06 私域用户数", "F23 单个加粉成本"):
        assert fact in ratio
    assert f'href="{PAGE}/numbers/ltv_cac"' in body(browser, f"{PAGE}/stage")


def test_a_findings_place_is_the_product_of_the_factors_it_shows(read_case: Installed) -> None:
    browser, data = read_case.browser("consultant"), document(read_case, ENGAGEMENT)
    for found in data["findings"]:
        own = text_of(body(browser, f"{PAGE}/findings/{found['id']}"))
        told = re.search(
            r"优先分([\d.]+)＝ ?严重度(\d)×见效(\d)×权重([\d.]+)%×证据([\d.]+)÷投入(\d)"
            r"((?:×[\d.]+)*)",
            own,
        )
        assert told is not None, found["id"]
        priority, severity, impact, weight, evidence, effort, more = told.groups()
        product = int(severity) * int(impact) * float(weight) / 100 * float(evidence) / int(effort)
        for factor in filter(None, more.split("×")):
            product *= float(factor)
        assert priority == printed(found["priority"], 2)
        assert abs(product - found["priority"]) < 0.03, found["id"]


def test_no_page_carries_style_or_script(read_case: Installed) -> None:
    browser = read_case.browser("consultant")
    for path in (*CHAPTERS, *STEPS, *DECIDING):
        page = body(browser, PAGE + path)
        assert " style=" not in page, path
        assert not re.search(r"<style|<script(?![^>]* src=)|\son[a-z]+=|javascript:", page), path


@pytest.mark.parametrize("path", STEPS)
def test_a_step_down_is_a_page_and_a_sheet_that_say_the_same(
    read_case: Installed, path: str
) -> None:
    browser = read_case.browser("viewer")
    page, sheet = body(browser, PAGE + path), body(browser, PAGE + path, headers=PART)
    assert page.startswith("<!doctype html>")
    assert "<html" not in sheet
    assert 'id="sheet-title"' in sheet
    inside = sheet.split('class="dialog-body">')[1].split('<p class="sheet-whole"')[0]
    assert text_of(inside) in text_of(page)
    assert "HX-Request" in browser.get(PAGE + path).headers["Vary"]
