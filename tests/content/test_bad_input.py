"""Answers files that are wrong: every mistake is told with its place, never with a traceback."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from app.content.answers import model_named, read_assessment
from app.content.answers.numerals import number_advice
from app.content.problems import ContentError, Problem
from app.content.strict_yaml import parse
from app.domain.model import MaturityModel
from app.domain.response import Assessment

HEAD = "model: kitchen-hygiene\nform: full\nclient: {name: x}\n"
FACT = "facts: {F05: no}\n"


def mistakes(model: MaturityModel, text: str | bytes) -> tuple[Problem, ...]:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(ContentError) as caught:
        read_assessment(data, "a.yaml", model)
    return caught.value.problems


def mistake(model: MaturityModel, marked: str) -> Problem:
    """Return the one mistake of a text, which must point at the mark ▸ in it."""
    before, _, after = marked.partition("▸")
    (problem,) = mistakes(model, before + after)
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert (problem.line, problem.column) == (line, column)
    return problem


# -- the file ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("just words", "映射"),
        ("model：kitchen-hygiene", "冒号请用半角"),
        ("- model: kitchen-hygiene\n", "映射"),
        (HEAD, "至少填一项"),
        (HEAD + "respondents: [{role: cook, answers: {Q-F1.1: unknown}}]\n", "至少填一项"),
        (HEAD.replace("full", "guest-card") + FACT, "客户的脉搏"),
        (HEAD + FACT + "▸fact: {}\n", "是不是「facts」"),
        (HEAD.replace("full", "▸ful") + FACT, "是不是「full」"),
        (HEAD.replace(": kitchen", ": ▸kitschen") + FACT, "应是「kitchen-hygiene」"),
        ("model: kitchen-hygiene\nform: full\n" + FACT, "缺少「client」"),
        (HEAD + FACT + "interviewed_on: ▸17.10.2026\n", "2026-12-01这样"),
        (HEAD + FACT + "interviewed_on: ▸2026-02-30\n", "没有这一天"),
        (HEAD + FACT + "interviewed_on: ▸0001-01-01\n", "2000至2100年"),
        (HEAD + FACT + "plan: {▸target_users: 9}\n", "可以写：start"),
    ],
)
def test_a_file_in_the_wrong_form_is_refused(
    text: str, words: str, kitchen_hygiene: MaturityModel
) -> None:
    # What is missing altogether is missed at the beginning.
    marked = text if "▸" in text else "▸" + text
    assert words in mistake(kitchen_hygiene, marked).message


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n"])
def test_an_empty_file_is_refused(text: str, kitchen_hygiene: MaturityModel) -> None:
    (problem,) = mistakes(kitchen_hygiene, text)
    assert (problem.line, problem.column) == (0, 0)


@pytest.mark.parametrize(
    ("client", "words"),
    [
        ("▸{}", "缺少「name」"),
        ("{name: ▸}", "应是文字"),
        ("{name: ▸12}", "请加引号"),
        ('{name: ▸"a\\0b"}', "U+0000"),
        ("{name: x, archetype: ▸RSTT}", "可以写：RST（restaurant）、CARE（care-home）"),
        ("{name: x, ▸city_tier: tier-1}", "没有名为「city_tier」的键"),
        ("{name: x, accent: ▸red}", "#1a6b5a"),
        ("{name: x, accent: ▸'#12345'}", "#1a6b5a"),
        ("{name: x, ▸phone: 1}", "没有名为「phone」的键"),
        (f"{{name: ▸{'x' * 81}}}", "最多80个字"),
        ("\n  name: x\n  accent:▸ #1a6b5a", "颜色要加引号"),
    ],
)
def test_a_wrong_client_is_refused(client: str, words: str, kitchen_hygiene: MaturityModel) -> None:
    text = f"model: kitchen-hygiene\nform: full\nclient: {client}\n{FACT}"
    assert words in mistake(kitchen_hygiene, text).message


# -- facts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "subject", "words"),
    [
        ("{▸F9: 1}", "facts", "没有名为「F9」的信息。可以写：F01（archetype）"),
        ("{▸coverage: 1}", "facts", "没有名为「coverage」的信息"),
        ("{▸5: 1}", "facts", "这里应写信息的名字"),
        ("{▸food-handlers: 9}", "facts", "请写成F02: {food-handlers: …}"),
        ("{F03: ▸20001}", "F03 covers-per-day", "0到20,000之间的数字（单位：covers）"),
        ("{F03: ▸-1}", "F03 covers-per-day", "0到20,000之间"),
        ("{F03: ▸true}", "F03 covers-per-day", "写的是「true」"),
        ("{F03: ▸}", "F03 covers-per-day", "不知道请写unknown"),
        ("{F03: ▸[1]}", "F03 covers-per-day", "写的是一个列表"),
        ("{F03: ▸1e-13}", "F03 covers-per-day", "小数最多12位"),
        ("{F03: ▸１２}", "F03 covers-per-day", "请用半角数字，写成12"),
        ("{F03: ▸1_000}", "F03 covers-per-day", "不要加下划线，写成1000"),
        ("{F03: ▸12:30}", "F03 covers-per-day", "请换算成一个数"),
        ("{F03: ▸no}", "F03 covers-per-day", "不是「是」或「否」"),
        ("{F03: {value: 5, evidence: ▸E4}}", "F03 covers-per-day", "E0、E1、E2、E3"),
        ("{F03: ▸{evidence: E1}}", "F03 covers-per-day", "缺少「value」"),
        ("{F03: {value: 5, ▸source: till}}", "F03 covers-per-day", "没有名为「source」的键"),
        ("{F02: ▸12}", "F02 team", "{food-handlers: …, trained-handlers: …}"),
        ("{F02: {food-handlers: ▸2.5}}", "F02 team", "1到500之间的整数"),
        ("{F02: {▸cooks: 2}}", "F02 team", "没有名为「cooks」的键"),
        ("{F04: ▸nuts}", "F04 allergens", "请写成[…]"),
        ("{F04: [nuts, ▸egg]}", "F04 allergens", "没有名为「egg」的选项"),
        ("{F04: [nuts, ▸nuts]}", "F04 allergens", "写了两次"),
        ("{F05: ▸perhaps}", "F05 delivery", "yes、no、是、否"),
        ("{F01: ▸bistro}", "F01 archetype", "RST（restaurant）"),
        ("{F05: no, ▸delivery: yes}", "F05 delivery", "与「F05」是同一项"),
    ],
)
def test_a_wrong_fact_is_refused_with_what_is_permitted(
    facts: str, subject: str, words: str, kitchen_hygiene: MaturityModel
) -> None:
    problem = mistake(kitchen_hygiene, f"{HEAD}facts: {facts}\n")
    assert problem.subject == subject
    assert words in problem.message


@pytest.mark.parametrize(
    ("text", "subject", "words"),
    [
        (
            HEAD + "facts: {F02: {food-handlers: 4, trained-handlers: ▸5}}\n",
            "F02 team",
            "More people hold a certificate",
        ),
        (HEAD + "facts: {F03: 0, F05: ▸yes}\n", "F05 delivery", "Food is delivered"),
        # What the check names first stands with the client.
        (
            HEAD.replace("x}", "x, archetype: ▸CARE}") + "facts: {F03: 9000}\n",
            "F01 archetype",
            "care home",
        ),
    ],
)
def test_facts_that_cannot_be_true_together_are_refused_at_the_first_concerned(
    text: str, subject: str, words: str, kitchen_hygiene: MaturityModel
) -> None:
    problem = mistake(kitchen_hygiene, text)
    assert problem.subject == subject
    assert words in problem.message


def test_client_and_facts_must_agree(kitchen_hygiene: MaturityModel) -> None:
    text = HEAD.replace("x}", "x, archetype: CARE}") + "facts: {F01: ▸RST}\n"
    problem = mistake(kitchen_hygiene, text)
    assert problem.subject == "F01 archetype"
    assert "「care-home」" in problem.message
    assert "「restaurant」" in problem.message


def test_more_group_members_than_users_are_refused(private_domain: MaturityModel) -> None:
    problem = mistake(
        private_domain,
        "model: private-domain\nform: full\nclient: {name: 示例}\nfacts:\n  F06: 1000\n"
        "  F09: {active-groups: ▸30, group-size: 200}\n",
    )
    assert problem.subject == "F09 group-scale"
    assert "群成员比私域用户还多" in problem.message


# -- answers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "subject", "words"),
    [
        ("▸Q-F1.9: 1", "respondents.answers", "没有名为「Q-F1.9」的题目，是不是「Q-F1."),
        ("▸GC-9: 1", "respondents.answers", "没有名为「GC-9」的题目，是不是「GC-"),
        ("Q-F1.1: ▸4", "Q-F1.1 cold-chain", "0到3之间的整数"),
        ("Q-F1.1: ▸-1", "Q-F1.1 cold-chain", "0到3之间的整数"),
        ("Q-F1.1: ▸1.5", "Q-F1.1 cold-chain", "0到3之间的整数"),
        ('Q-F1.1: ▸"2"', "Q-F1.1 cold-chain", "不要加引号，直接写2"),
        ("Q-F1.1:▸", "Q-F1.1 cold-chain", "没有问到请删去这一行"),
        ("Q-F1.1: {value: ▸}", "Q-F1.1 cold-chain", "没有问到请删去这一行"),
        ("Q-F1.1: {value: 1, evidence: ▸e2}", "Q-F1.1 cold-chain", "是不是「E2」"),
        ("Q-F1.1: {value: 1, note: ▸5}", "Q-F1.1 cold-chain", "请加引号"),
        ("Q-F1.1: ▸[1]", "Q-F1.1 cold-chain", "一个列表"),
        ("Q-F1.2: ▸101", "Q-F1.2 checks-on-time", "0到100之间的数字（单位：%）"),
        ("Q-F1.2: ▸80%", "Q-F1.2 checks-on-time", "不带百分号，写成80"),
        ("Q-F1.3: ▸1", "Q-F1.3 probe-calibrated", "true或false"),
        ("Q-P1.1: [who, ▸whom]", "Q-P1.1 cleaning-schedule", "是不是「who」"),
        ("Q-P1.1: ▸unknwon", "Q-P1.1 cleaning-schedule", "请写成[…]"),
        ("▸Q-M1.2: 3", "Q-M1.2 trained-share", "系统按其他数据算出"),
        ("Q-X1: ▸5", "Q-X1 worst-shift", "应是文字"),
        (f"Q-X1: ▸{'x' * 2001}", "Q-X1 worst-shift", "最多2,000个字"),
        ("▸GC-1: 2", "GC-1 felt-clean", "只由客户（guest）回答"),
    ],
)
def test_a_wrong_answer_is_refused_with_what_is_permitted(
    answer: str, subject: str, words: str, kitchen_hygiene: MaturityModel
) -> None:
    text = f"{HEAD}{FACT}respondents:\n  - role: chef\n    answers:\n      {answer}\n"
    problem = mistake(kitchen_hygiene, text)
    assert problem.subject == subject
    assert words in problem.message


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("▸text", "映射"),
        ("▸{answers: {Q-F1.1: 1}}", "缺少「role」"),
        ("▸{role: cook}", "缺少「answers」"),
        ("{role: cook, answers: ▸{}}", "一题也没有回答"),
        ("{role: cook, answers: ▸}", "映射"),
        ("{role: ▸kook, answers: {Q-F1.1: 1}}", "是不是「cook」"),
        ("{role: ▸LOG, answers: {Q-F1.1: 1}}", "「LOG」是系统，不能作答"),
        ("{role: ▸[cook], answers: {Q-F1.1: 1}}", "这里应写角色的名字"),
        ("{role: cook, ▸name: Ann, answers: {Q-F1.1: 1}}", "没有名为「name」的键"),
        ("{role: cook, label: ▸3, answers: {Q-F1.1: 1}}", "请加引号"),
        ("{role: GUEST, answers: {▸Q-F1.1: 1}}", "客户不答这一题，请删去；答的人是：CHEF、COOK"),
        ("{role: GUEST, answers: {GC-1: ▸4}}", "0到3之间"),
        ("{role: GUEST, answers: {GC-2: ▸boiling}}", "可以写：cold、warm、hot"),
        ("{role: GUEST, answers: {GC-3: ▸11}}", "0到10之间"),
        ("{role: GUEST, answers: {GC-1: 1, ▸felt-clean: 2}}", "与「GC-1」是同一题"),
        ("{role: chef, answers: {Q-F1.1: 1, ▸cold-chain: 2}}", "与「Q-F1.1」是同一题"),
    ],
)
def test_a_wrong_respondent_is_refused(
    person: str, words: str, kitchen_hygiene: MaturityModel
) -> None:
    problem = mistake(kitchen_hygiene, f"{HEAD}{FACT}respondents:\n  - {person}\n")
    assert words in problem.message


def test_two_people_of_one_role_need_two_labels(kitchen_hygiene: MaturityModel) -> None:
    problem = mistake(
        kitchen_hygiene,
        f"{HEAD}respondents:\n"
        "  - {role: cook, label: night, answers: {Q-F1.1: 1}}\n"
        "  - {role: chef, label: night, answers: {Q-F1.1: 1}}\n"
        "  - {role: COOK, label: ▸night, answers: {Q-F1.1: 1}}\n",
    )
    assert "请换一个标签" in problem.message


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("{role: chef, answers: {Q-F1.1: 1, ▸Q-F1.2: 80}}", "有这一题的问卷：full"),
        ("{role: GUEST, answers: {▸GC-1: 1}}", "不含客户脉搏题"),
    ],
)
def test_what_the_form_does_not_ask_is_refused(
    person: str, words: str, kitchen_hygiene: MaturityModel
) -> None:
    head = HEAD.replace("full", "spot-check")
    problem = mistake(kitchen_hygiene, f"{head}respondents:\n  - {person}\n")
    assert words in problem.message


@pytest.mark.parametrize(
    ("adjudication", "words"),
    [
        ("Q-F1.1: ▸2", "映射"),
        ("Q-F1.1: ▸{value: 2}", "缺少「reason」"),
        ("Q-F1.1: {value: 2, reason: ▸''}", "应是文字"),
        ("Q-F1.1: ▸{reason: seen}", "缺少「value」"),
        ("Q-F1.1: {value: ▸unknown, reason: seen}", "0到3之间"),
        ("Q-F1.1: {value: ▸9, reason: seen}", "0到3之间"),
        ("▸Q-F1.7: {value: 1, reason: seen}", "没有名为「Q-F1.7」的题目"),
        ("▸Q-X1: {value: a, reason: seen}", "不计分"),
        ("▸Q-M1.2: {value: 1, reason: seen}", "系统按其他数据算出"),
    ],
)
def test_a_wrong_adjudication_is_refused(
    adjudication: str, words: str, kitchen_hygiene: MaturityModel
) -> None:
    problem = mistake(kitchen_hygiene, f"{HEAD}{FACT}adjudications: {{{adjudication}}}\n")
    assert words in problem.message


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ("start: ▸tomorrow", "2026-12-01这样"),
        ("target_users: ▸0", "1到1,000,000,000之间的整数"),
        ("service_mode: ▸deluxe", "light、standard、heavy、concierge"),
        ("city_tier: ▸tier-2", "tier-1、new-tier-1、other"),
        ("growth_buffer: ▸1", "true或false"),
        ("▸target-users: 5", "是不是「target_users」"),
        ("target_users: 100, online_users: ▸500", "1到100之间的整数"),
        ("target_users: ▸89", "不小于90的整数（单位：人）"),
        ("tool_level: ▸6", "1到5之间的整数"),
        ("tool_level: ▸2.5", "1到5之间的整数"),
        ("target_level: ▸0", "1到5之间的整数"),
        ("max_hires: {▸specialists: 1}", "没有名为「specialists」的岗位，是不是「specialist」"),
        ("max_hires: {▸chef: 1}", "可以写：POST-01（specialist）、"),
        ("max_hires: {specialist: ▸-1}", "0到10,000之间的整数（这个岗位最多再招几人"),
        ("max_hires: {specialist: ▸1.5}", "整数"),
        ("max_hires: {specialist: 1, ▸POST-01: 2}", "与「specialist」是同一个，写了两次"),
        ("max_hires: ▸none", "映射"),
        ("payroll_cap: ▸-1", "0到10,000,000,000之间的数字（单位：元/月"),
        ("payroll_cap: ▸5万", "完整的数字"),
        (
            "productive_hours: ▸0",
            "大于0、不超过8的数字（单位：小时/天；标准工作日8小时，见《劳动法》",
        ),
        ("productive_hours: ▸8.1", "大于0、不超过8的数字"),
        ("productive_hours: ▸25", "大于0、不超过8的数字"),
        ("add_sops: [SOP-15, ▸SOP-99]", "没有名为「SOP-99」的SOP"),
        ("drop_sops: [▸daily-comunity]", "是不是「daily-community」"),
        ("add_sops: [SOP-15], drop_sops: [SOP-13, ▸live-commerce]", "SOP-15 私域直播"),
        ("cadence: {▸10.9: 1}", "没有名为「10.9」的SOP步骤"),
        ("cadence: {10.1: ▸-1}", "0到168之间的数字（单位：次/周，0是停做）"),
        ("cadence: {10.1: ▸169}", "0到168之间的数字"),
        ("cadence: {06.4: ▸2}", "步骤06.4跟着客户或活动的进度走"),
        ("cadence: {10.1: 1, ▸morning-card: 2}", "写了两次"),
        ("cadence: {16.2: ▸2}", "步骤16.2跟着客户或活动的进度走"),
        ("cadence: {11.5: ▸14}", "写的是每周「14」次，同一天最多会到2条，超过LI-03「"),
        ("cadence: {11.5: ▸14}", "截至2025-11-17，A级）。这一步每周最多13次。合规的做法："),
        ("cadence: {10.4: ▸70}", "超过HO-01「同一个群一天的品牌消息」8条/天（本方法的"),
        ("tested_capacity: ▸20001", "超过LI-12「单个员工的客户数」20,000人（"),
        ("tested_capacity: ▸20001", "最多写20,000。合规的做法：到上限的八成就开第二个承接账号"),
        ("assumptions: {▸buyers: 0.2}", "是不是「buyer-share」"),
        ("assumptions: {buyer-share: ▸1.5}", "0.01到1之间的数字（单位："),
        ("assumptions: {buyer-share: ▸20%}", "不带百分号"),
    ],
)
def test_a_wrong_plan_is_refused(plan: str, words: str, private_domain: MaturityModel) -> None:
    head = "model: private-domain\nform: full\nclient: {name: 示例}\nfacts: {F06: 90}\n"
    assert words in mistake(private_domain, f"{head}plan: {{{plan}}}\n").message


def test_every_bad_control_of_a_plan_is_told_at_once(private_domain: MaturityModel) -> None:
    text = """\
model: private-domain
form: full
client: {name: 示例}
facts: {F06: 900}
plan:
  target_users: 500
  max_hires: {nobody: 1}
  productive_hours: 9
  drop_sops: [SOP-15]
  add_sops: [SOP-15]
"""
    problems = mistakes(private_domain, text)
    assert [(problem.line, problem.column, problem.subject) for problem in problems] == [
        (6, 17, "plan.target_users"),
        (7, 15, "plan.max_hires"),
        (8, 21, "plan.productive_hours"),
        (9, 15, "plan.drop_sops"),
    ]


def test_an_archetype_that_takes_over_by_itself_is_not_chosen(
    private_domain: MaturityModel,
) -> None:
    head = "model: private-domain\nform: full\nclient: {name: 示例, archetype: ▸B2B}\n"
    message = mistake(private_domain, head + "facts: {F06: 9}\n").message
    assert "business_model == 'b2b'" in message
    assert "A4（store-frequent）" in message


def test_every_mistake_of_a_file_is_told_at_once_in_file_order(
    kitchen_hygiene: MaturityModel,
) -> None:
    problems = mistakes(
        kitchen_hygiene,
        """\
model: kitchen-hygiene
form: full
client: {name: Annexe, archetype: bistro}
facts: {F02: {food-handlers: 4, trained-handlers: 5}, F03: 12:30}
respondents:
  - role: chef
    answers: {Q-F1.1: 7, Q-F1.2: 1_000}
  - role: nobody
    answers: {Q-F1.1: 8}
adjudications: {Q-F1.1: {value: 1}}
plan: {start: soon}
""",
    )
    assert [(problem.line, problem.column) for problem in problems] == [
        (3, 35), (4, 51), (4, 60), (7, 23), (7, 34), (8, 11), (9, 23), (10, 25), (11, 15),
    ]  # fmt: skip


def test_one_slip_repeated_does_not_bury_the_reader(kitchen_hygiene: MaturityModel) -> None:
    people = "  - {role: cook, answers: {Q-F1.1: 9}}\n" * 3_000
    problems = mistakes(kitchen_hygiene, f"{HEAD}respondents:\n{people}")
    assert len(problems) == 201
    assert "只列出最先发现的200处" in problems[0].message


# -- numbers that are none -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("１２", "请用半角数字，写成12"),
        ("１２．５％", "请用半角数字，写成12.5"),
        ("１_０００", "请用半角数字，写成1000"),
        ("1_000.5", "数字里不要加下划线，写成1000.5"),
        ("1,000,000", "数字里不要加逗号，写成1000000"),
        ("1，000", "请用半角数字，写成1000"),
        ("1２：３０", "这是时刻的写法，请换算成一个数"),
        ("12:30", "这是时刻的写法，请换算成一个数"),
        ("1:2:3.5", "这是时刻的写法，请换算成一个数"),
        ("45 %", "只写数字、不带百分号，写成45"),
        ("12万", "请把「万、亿」换成完整的数字"),
        ("3k", "请把「万、亿」换成完整的数字"),
        ("300家", "只写数字、不带单位，写成300"),
        ("2.5 小时", "只写数字、不带单位，写成2.5"),
        ("007", "去掉前面的0，写成7"),
        (".5", "小数点前要写0，写成0.5"),
        ("5.", "去掉末尾的小数点，写成5"),
        ("3-5", "请只写一个数，不要写区间"),
        ("10至20家", "请只写一个数，不要写区间"),
        ("no", "这一项要的是数字，不是「是」或「否」"),
        ("三百", "请用阿拉伯数字"),
        ("15", "数字不要加引号，直接写15"),
        ("about ten", ""),
        ("", ""),
    ],
)
def test_a_text_meant_as_a_number_is_told_how_to_write_it(text: str, advice: str) -> None:
    assert number_advice(text) == advice


# -- anything at all -----------------------------------------------------------------------


def survives(model: MaturityModel, data: bytes) -> None:
    """Read ``data``: an assessment, or mistakes each with a sentence; nothing else is allowed."""
    problems: tuple[Problem, ...] = ()
    try:
        model_named(data, "a.yaml")
        assert isinstance(read_assessment(data, "a.yaml", model), Assessment)
    except ContentError as error:
        problems = error.problems or (Problem("", 0, 0, "", "nothing said"),)
    assert all(problem.message.endswith(("。", "？", ".")) for problem in problems)


@given(st.binary(max_size=200))
def test_no_bytes_bring_the_reader_down(kitchen_hygiene: MaturityModel, data: bytes) -> None:
    survives(kitchen_hygiene, data)


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 1_800),
            st.integers(0, 12),
            st.one_of(
                st.binary(max_size=3),
                st.sampled_from([": ", "- ", "[", "]", "{", "}", "\n", "\t", "&a ", "*a", "!!int ",
                                 "'", '"', "|", ">", "#", "---\n", "？", "１", "\x00", "null",
                                 "1e999", "-0", "9" * 30, "é"]).map(str.encode),
            ),
        ),
        min_size=1,
        max_size=4,
    )
)  # fmt: skip
def test_no_damage_to_a_good_file_brings_the_reader_down(
    kitchen_hygiene: MaturityModel, riverside: bytes, edits: list[tuple[int, int, bytes]]
) -> None:
    data = riverside
    for at, length, new in edits:
        data = data[:at] + new + data[at + length :]
    survives(kitchen_hygiene, data)


_WORDS = st.sampled_from(
    ["model", "kitchen-hygiene", "form", "full", "spot-check", "guest-card", "client", "name",
     "archetype", "RST", "facts", "F02", "F03", "F04", "food-handlers", "respondents", "role",
     "GUEST", "CHEF", "LOG", "answers", "Q-F1.1", "Q-P1.1", "Q-X1", "GC-1", "value", "evidence",
     "E2", "note", "unknown", "adjudications", "reason", "plan", "start", "2026-12-01", "label"]
)  # fmt: skip
_SCALARS = st.one_of(
    _WORDS,
    st.none(),
    st.booleans(),
    st.integers(-5, 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8"), max_size=5),
)
_JUNK = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.one_of(_WORDS, st.integers(0, 9), st.none()), inner, max_size=4)
    ),
    max_leaves=12,
)


def _listed(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_listed(item) for item in value]
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    return value if isinstance(value, str | int | bool | None) else float(value)


@settings(max_examples=300)
@given(st.data())
def test_no_junk_in_the_place_of_a_value_brings_the_reader_down(
    kitchen_hygiene: MaturityModel, riverside: bytes, data: st.DataObject
) -> None:
    tree = _listed(parse(riverside, "riverside.yaml"))
    node: Any = {"": tree}
    key: Any = ""
    while isinstance(node[key], dict | list) and node[key] and data.draw(st.integers(0, 5)):
        node = node[key]
        key = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else range(len(node))))
    node[key] = data.draw(_JUNK)
    survives(kitchen_hygiene, yaml.safe_dump(tree, allow_unicode=True).encode())


@given(_JUNK)
def test_no_tree_of_junk_brings_the_reader_down(kitchen_hygiene: MaturityModel, tree: Any) -> None:
    survives(kitchen_hygiene, yaml.safe_dump(tree, allow_unicode=True).encode())
