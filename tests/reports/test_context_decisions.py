"""What a report prints of the consultant's word on findings, on every page that tells of them."""

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app.content.answers import read_assessment
from app.content.problems import ContentError
from app.domain.bounds import FINDING_LIMIT
from app.domain.model import MaturityModel
from app.domain.response import FindingDecision
from app.reporting.context import appendix, compliance, findings, method, selfcheck, summary
from app.reporting.context.source import Source
from app.reporting.document import diagnosis_document, diagnosis_schema
from app.services.casework.assessing import Assessed, assess_file
from app.services.casework.issuing import compose_page, edition_of, report_of
from app.services.casework.printing import require_printable
from app.services.casework.summarising import summary_lines
from tests.reports.diagnosed import AS_OF, EXAMPLES, case_source, self_check, source_of
from tests.reports.messages import HAN
from tests.reports.sample_sources import case, decided, red_line

CASE = "case-1-mother-baby"
QUESTIONNAIRES = EXAMPLES.parents[1]
WORDS = FindingDecision(
    "edited",
    "CEO每周都看好友总数",
    finding="每周只看一个总数，别的决定没有数可依",
    recommend="先把好友、进群、下单三个数放进一张周报。",
)
DECISIONS = {
    "no-working-pilot": FindingDecision("accepted", "三家试点店都没有复盘记录"),
    "pilot-overdue": FindingDecision("accepted"),
    "no-usable-data": WORDS,
    "koc-not-found": FindingDecision("rejected", "访谈后看到了KOC名单"),
    "sensitive-data-without-consent": FindingDecision("rejected", "登记表已经停用"),
    "hero-dependent": FindingDecision("rejected", "上一轮的意见"),
}
TAGGED = re.compile(r'<span lang="zh-Hans">[^<]*</span>')


def with_decisions(source: Source, given: dict[str, FindingDecision]) -> Source:
    diagnosis = source.diagnosis
    return source_of(source.model, replace(diagnosis.assessment, decisions=given))


@pytest.fixture(scope="module")
def plain(private_domain: MaturityModel) -> Source:
    return case_source(private_domain, CASE)


@pytest.fixture(scope="module")
def source(plain: Source) -> Source:
    return with_decisions(plain, DECISIONS)


def composed(folder: Path, decisions: str, locale: str | None = None) -> tuple[Assessed, str]:
    """Assess the case with decisions from a file, and return it with its page's text."""
    name = f"{CASE}.en.yaml" if locale else f"{CASE}.yaml"
    answers = folder / name
    answers.write_text((EXAMPLES / name).read_text("utf-8") + decisions, encoding="utf-8")
    found = assess_file(answers, QUESTIONNAIRES, AS_OF, AS_OF, lambda _step: None, locale)
    definition = report_of(found)
    page = compose_page(Source.of(found.diagnosis, edition_of(found, definition)), definition)
    return found, page.html


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html))


# -- the parts of the page -------------------------------------------------------------------


def test_a_finding_says_what_the_consultant_did_to_it(source: Source) -> None:
    part = findings.build(source)
    cards = {card.code: card for card in (*part.must, *part.should)}
    assert (cards["RU-22"].mark, cards["RU-07"].mark) == ("顾问确认", "顾问改写")
    assert [relative.mark for relative in cards["RU-22"].relatives] == ["顾问确认"]
    assert cards["RU-07"].headline == WORDS.finding
    assert cards["RU-07"].recommend == WORDS.recommend
    assert [card.code for card in cards.values() if card.mark] == ["RU-22", "RU-07"]
    assert {"RU-40", "RU-11"}.isdisjoint(
        [*cards, *(line.code for line in part.later), *(c for x in part.causes for c in x.codes)]
    )


def test_the_lead_counts_every_rule_once(source: Source, plain: Source) -> None:
    before = findings.build(plain).lead
    fired = len(plain.diagnosis.diagnostics.fired())
    quiet = len(plain.model.rules) - fired
    assert f"命中{fired}条，不成立{quiet}条。" in before
    assert "否决" not in before
    after = findings.build(source).lead
    assert f"命中{fired - 2}条，不成立{quiet}条。另有2条命中后被顾问否决" in after


def test_when_every_finding_is_rejected_the_headline_says_so(plain: Source) -> None:
    every = {rule.id: DECISIONS["koc-not-found"] for rule in plain.diagnosis.diagnostics.fired()}
    part = findings.build(with_decisions(plain, every))
    assert part.headline == f"命中的{len(every)}条都被顾问否决，没有留下发现"
    assert part.must == ()


def test_the_summary_prints_the_words_of_the_consultant_with_a_mark(plain: Source) -> None:
    first = plain.diagnosis.diagnostics.findings[1].rule.id
    shown = summary.build(with_decisions(plain, {first: WORDS})).findings[1]
    assert (shown.title, shown.mark) == (WORDS.finding, "经顾问改写")


def test_a_long_finding_of_the_consultant_takes_the_room_of_the_evidence(plain: Source) -> None:
    first = plain.diagnosis.diagnostics.findings[0].rule.id
    long = replace(WORDS, finding="字" * FINDING_LIMIT)
    assert summary.build(plain).findings[0].says
    shown = summary.build(with_decisions(plain, {first: long})).findings[0]
    assert (shown.title, shown.says) == (long.finding, "")


def test_the_appendix_keeps_the_original_beside_the_edit(source: Source) -> None:
    rule = source.model.rules["no-usable-data"]
    rows = {row.code: row for row in appendix.build(source).decided}
    assert list(rows) == ["RU-07", "RU-22"]
    edited = rows["RU-07"]
    assert edited.was == (rule.finding, f"建议：{rule.recommend}")
    assert edited.now == (WORDS.finding, f"建议：{WORDS.recommend}")
    assert edited.reason == WORDS.reason
    assert (rows["RU-22"].verdict, rows["RU-22"].now) == ("确认", ("照原文",))


def test_the_appendix_lists_what_was_rejected_with_its_trace(source: Source) -> None:
    part = appendix.build(source)
    assert [row.code for row in part.rejected] == ["RU-11", "RU-40"]
    koc = part.rejected[1]
    assert koc.finding == source.model.rules["koc-not-found"].finding
    assert koc.conditions == ("KOC占比 1.2% < 3%",)
    assert koc.reason == "访谈后看到了KOC名单"
    assert "RU-40" not in [row.code for row in part.fired]
    assert "RU-40" not in part.quiet
    undecided = part.undecided.split()
    counted = len(part.fired) + len(part.rejected) + part.quiet_count + len(undecided)
    assert counted == len(source.model.rules)


def test_the_appendix_names_decisions_that_concern_nothing_any_more(
    source: Source, private_domain: MaturityModel
) -> None:
    (row,) = appendix.build(source).idle
    assert (row.code, row.verdict, row.reason) == ("RU-52", "否决", "上一轮的意见")
    assert row.why == "今天条件不成立"
    thin = self_check(private_domain, {})
    waiting = source_of(private_domain, thin).diagnosis.diagnostics.undecided[0].rule
    asked = replace(thin, decisions={waiting.id: FindingDecision("accepted")})
    (row,) = appendix.build(source_of(private_domain, asked)).idle
    assert (row.code, row.why) == (waiting.code, "缺数，判不出")


def test_rejecting_a_red_line_is_told_together_with_the_gate_that_stays() -> None:
    crossed = decided(case("case-2-jewellery"), red_line())
    rejected = with_decisions(
        crossed, {"compliance-red-line": FindingDecision("rejected", "客户已经整改")}
    )
    told = compliance.build(rejected)
    assert told.rejected.startswith("顾问否决了RU-09，理由见附录。")
    assert told.rejected.endswith("合规门槛照样生效：总体等级最高L2。")
    assert told.warnings == compliance.build(crossed).warnings != ()
    assert "RU-09" not in [breach.code for breach in told.breaches]
    assert "合规门槛照样生效" in appendix.build(rejected).red_lines
    assert compliance.build(crossed).rejected == ""


def test_a_red_line_that_holds_nothing_is_told_so(source: Source) -> None:
    assert compliance.build(source).rejected.endswith("合规门槛没有触发。")
    others = with_decisions(source, {"koc-not-found": DECISIONS["koc-not-found"]})
    assert compliance.build(others).rejected == ""


def test_the_marks_are_explained_only_where_there_are_any(source: Source, plain: Source) -> None:
    assert "「顾问改写」" in method.build(source).marks
    assert "顾问改写" not in method.build(plain).marks
    idle = with_decisions(plain, {"hero-dependent": DECISIONS["hero-dependent"]})
    assert "顾问改写" not in method.build(idle).marks


def test_a_self_check_begins_with_the_words_of_the_consultant(
    private_domain: MaturityModel,
) -> None:
    answered = self_check(private_domain, {}, {"users": 5000, "stores": 12})
    first = selfcheck.build(source_of(private_domain, answered)).result.moves[0]
    (rule,) = [rule for rule in private_domain.rules.values() if rule.code == first.code]
    told = source_of(private_domain, replace(answered, decisions={rule.id: WORDS}))
    assert selfcheck.build(told).result.moves[0].title == WORDS.finding


# -- the whole page and the data -------------------------------------------------------------

IN_THE_FILE = """
decisions:
  RU-07: {verdict: edited, reason: CEO每周都看好友总数, finding: 每周只看一个总数}
  RU-40: {verdict: rejected, reason: 访谈后看到了KOC名单}
"""
IN_ENGLISH = """
decisions:
  RU-07: {verdict: edited, reason: "The CEO sees a total", finding: One total is all there is}
  RU-22: {verdict: accepted, reason: Seen in three stores}
  RU-11: {verdict: rejected, reason: The form is withdrawn}
  RU-52: {verdict: accepted, reason: Decided last year}
"""


def test_the_printed_report_tells_of_an_edit_and_a_rejection(tmp_path: Path) -> None:
    found, html = composed(tmp_path, IN_THE_FILE)
    rules = found.diagnosis.model.rules
    body, last = html.split('<section class="appendix"')
    text = text_of(body)
    assert "每周只看一个总数" in text
    assert "顾问改写" in text
    assert rules["no-usable-data"].finding not in text
    assert rules["koc-not-found"].finding not in text
    pack = body[body.index('<section class="sops"') : body.index('<section class="kpis"')]
    assert "SOP-06" in pack
    assert "SOP-14" not in pack
    told = text_of(last)
    for words in (
        "顾问否决的发现",
        rules["koc-not-found"].finding,
        "访谈后看到了KOC名单",
        rules["no-usable-data"].finding,
        "CEO每周都看好友总数",
    ):
        assert words in told
    assert "否决　　RU-40（顾问否决，不进计划）" in summary_lines(found)


def test_the_english_report_tells_of_decisions_in_english(tmp_path: Path) -> None:
    _, html = composed(tmp_path, IN_ENGLISH, "en")
    text = text_of(TAGGED.sub("", html))
    assert not HAN.search(text)
    for words in (
        "reworded by the consultant",
        "confirmed by the consultant",
        "Findings rejected by the consultant",
        "Compliance gate is not triggered",
        "Decisions no longer concerned",
    ):
        assert words in text


def test_the_data_carry_decisions_originals_and_rejections(source: Source) -> None:
    written: dict[str, Any] = json.loads(json.dumps(diagnosis_document(source)))
    assert not list(Draft202012Validator(diagnosis_schema()).iter_errors(written))
    found = {finding["code"]: finding for finding in written["findings"]}
    rule = source.model.rules["no-usable-data"]
    assert found["RU-07"]["title"] == WORDS.finding
    assert found["RU-07"]["decision"] == {
        "verdict": "edited",
        "reason": WORDS.reason,
        "original": {"title": rule.finding, "recommendation": rule.recommend},
    }
    assert found["RU-22"]["decision"]["original"] is None
    assert found["RU-15"]["decision"] is None
    assert [item["code"] for item in written["rejected"]] == ["RU-11", "RU-40"]
    assert {"RU-11", "RU-40"}.isdisjoint(found)
    (idle,) = written["idle_decisions"]
    assert (idle["code"], idle["because"]) == ("RU-52", "quiet")


# -- quotes ----------------------------------------------------------------------------------


def test_a_quote_stays_in_the_record(tmp_path: Path, private_domain: MaturityModel) -> None:
    words = "这句话只留在记录里"
    path = EXAMPLES / f"{CASE}.yaml"
    assessment = read_assessment(path.read_bytes(), path.name, private_domain)
    first, *others = assessment.respondents
    answers = {name: replace(answer, quote=words) for name, answer in first.answers.items()}
    quoted = replace(assessment, respondents=(replace(first, answers=answers), *others))
    source = source_of(private_domain, quoted)
    assert all(answer.quote for answer in answers.values())
    definition = report_of(Assessed(source.diagnosis, "0" * 64))
    assert words not in compose_page(source, definition).html
    assert words not in json.dumps(diagnosis_document(source), ensure_ascii=False)


def test_a_quote_may_hold_what_no_typeface_shows() -> None:
    answer = 'Q-M1.1: {{value: 2, {}: "表情\ue123"}}'
    text = "respondents:\n  - role: CEO\n    answers:\n      " + answer
    require_printable(text.format("quote").encode(), "a.yaml")
    with pytest.raises(ContentError, match=r"U\+E123"):
        require_printable(text.format("note").encode(), "a.yaml")
