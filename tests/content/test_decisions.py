"""The ``decisions`` and quotes of an answers file: what is read, and what is refused."""

import pytest

from app.content.answers import read_assessment
from app.content.problems import ContentError, Problem
from app.domain.model import MaturityModel
from app.domain.response import Answer, Assessment, FindingDecision

HEAD = "model: private-domain\nform: full\nclient: {name: 示例}\nfacts: {F05: 300}\n"


def read(model: MaturityModel, text: str) -> Assessment:
    return read_assessment((HEAD + text).encode(), "a.yaml", model)


def mistake(model: MaturityModel, marked: str) -> Problem:
    """Return the one mistake of a text, which must point at the mark ▸ in it."""
    before, _, after = (HEAD + marked).partition("▸")
    with pytest.raises(ContentError) as caught:
        read_assessment((before + after).encode(), "a.yaml", model)
    (problem,) = caught.value.problems
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert (problem.line, problem.column) == (line, column)
    return problem


def test_decisions_go_by_code_or_id(private_domain: MaturityModel) -> None:
    found = read(
        private_domain,
        "decisions:\n"
        "  RU-22: {verdict: accepted}\n"
        "  no-usable-data: {verdict: rejected, reason: 补看了四期周报}\n"
        "  RU-01:\n    verdict: edited\n    reason: 客户有战略，只是没有传下去\n"
        "    finding: 战略停在总部\n    recommend: 先让区域负责人各讲一遍。\n",
    ).decisions
    assert found == {
        "no-working-pilot": FindingDecision("accepted"),
        "no-usable-data": FindingDecision("rejected", "补看了四期周报"),
        "no-agreed-strategy": FindingDecision(
            "edited",
            "客户有战略，只是没有传下去",
            finding="战略停在总部",
            recommend="先让区域负责人各讲一遍。",
        ),
    }


@pytest.mark.parametrize("text", ["", "decisions:\n", "decisions: {}\n"])
def test_without_decisions_there_are_none(text: str, private_domain: MaturityModel) -> None:
    assert read(private_domain, text).decisions == {}


@pytest.mark.parametrize(
    ("decisions", "subject", "words"),
    [
        ("▸[RU-22]", "decisions", "映射"),
        ("{▸RU-99: {verdict: accepted}}", "decisions", "没有名为「RU-99」的规则"),
        ("{▸no-working-pilots: {verdict: accepted}}", "decisions", "是不是「no-working-pilot」"),
        ("{RU-22: ▸accepted}", "RU-22 no-working-pilot", "映射"),
        ("{RU-22: ▸{reason: x}}", "RU-22 no-working-pilot", "缺少「verdict」"),
        ("{RU-22: {verdict: ▸refused, reason: x}}", "RU-22 no-working-pilot", "accepted、edited"),
        ("{RU-22: ▸{verdict: rejected}}", "RU-22 no-working-pilot", "请补上「reason」"),
        ("{RU-22: {verdict: rejected, reason: ▸}}", "RU-22 no-working-pilot", "请补上「reason」"),
        ("{RU-22: {verdict: rejected, reason: ▸' '}}", "RU-22 no-working-pilot", "应是文字"),
        ("{RU-22: ▸{verdict: edited, reason: x}}", "RU-22 no-working-pilot", "照原文请写accepted"),
        (
            "{RU-22: {verdict: rejected, reason: x, ▸finding: y}}",
            "RU-22 no-working-pilot",
            "只有edited才换措辞，verdict写的是rejected：请删去「finding」",
        ),
        ("{RU-22: {verdict: accepted, ▸why: y}}", "RU-22 no-working-pilot", "没有名为「why」的键"),
        (
            f"{{RU-22: {{verdict: edited, reason: x, finding: ▸{'字' * 81}}}}}",
            "RU-22 no-working-pilot",
            "最多80个字",
        ),
        (
            "{RU-22: {verdict: accepted}, ▸no-working-pilot: {verdict: accepted}}",
            "RU-22 no-working-pilot",
            "与「RU-22」是同一条规则",
        ),
    ],
)
def test_a_wrong_decision_is_refused_at_its_place(
    decisions: str, subject: str, words: str, private_domain: MaturityModel
) -> None:
    problem = mistake(private_domain, f"decisions: {decisions}\n")
    assert problem.subject == subject
    assert words in problem.message


def test_a_quote_is_kept_beside_the_answer(private_domain: MaturityModel) -> None:
    (person,) = read(
        private_domain,
        "respondents:\n  - role: CEO\n    answers:\n"
        "      Q-M1.1: {value: 2, evidence: E1, note: 只有口号, quote: 「做大就对了」}\n"
        "      Q-M5.1: {value: unknown, quote: 你去问他们}\n",
    ).respondents
    assert person.answers == {
        "strategy-shared": Answer(2, "E1", "只有口号", "「做大就对了」"),
        "reports-used": Answer(None, "E0", "", "你去问他们"),
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("respondents: [{role: CEO, answers: {Q-M1.1: {value: 2, quote: ▸7}}}]\n", "请加引号"),
        (
            "respondents: [{role: CEO, answers: {Q-M1.1: {value: 2, quote: ▸"
            + "字" * 501
            + "}}}]\n",
            "最多500个字",
        ),
        (
            "adjudications: {Q-M1.1: {value: 2, reason: x, ▸quote: y}}\n",
            "没有名为「quote」的键",
        ),
    ],
)
def test_a_wrong_quote_is_refused(text: str, words: str, private_domain: MaturityModel) -> None:
    assert words in mistake(private_domain, text).message


def test_a_fact_takes_no_quote(kitchen_hygiene: MaturityModel) -> None:
    head = "model: kitchen-hygiene\nform: full\nclient: {name: x}\n"
    with pytest.raises(ContentError, match="没有名为「quote」的键"):
        read_assessment(
            f"{head}facts: {{F03: {{value: 9, quote: y}}}}\n".encode(), "a.yaml", kitchen_hygiene
        )


def test_the_word_for_unknown_in_quotes_is_what_was_said(private_domain: MaturityModel) -> None:
    (person,) = read(
        private_domain,
        "respondents:\n  - role: CEO\n    answers:\n"
        '      Q-X1: "不知道"\n      Q-X2: 不知道\n      Q-X3: {value: "unknown"}\n'
        '      Q-M1.1: "unknown"\n',
    ).respondents
    assert [answer.value for answer in person.answers.values()] == ["不知道", None, "unknown", None]
