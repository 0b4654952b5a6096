"""An assessment written as an answers file: it comes back the very same, and reads well."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Final, TypeVar

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from app.content.answers import read_assessment, write_assessment
from app.content.answers.spelling import decimal, word
from app.content.problems import ContentError
from app.content.strict_yaml import parse
from app.domain.bounds import LARGEST
from app.domain.controls import refusals
from app.domain.definitions.structure import EvidenceCode
from app.domain.model import MaturityModel
from app.domain.response import (
    Adjudication,
    Answer,
    AnswerValue,
    Assessment,
    ClientProfile,
    FactValue,
    FindingDecision,
    PlanControls,
    Respondent,
)
from tests.decisions import NOTHING, decisions
from tests.enterprises import EVIDENCE, Enterprise, enterprises, private_domain_model

EXAMPLES = Path(__file__).parents[2] / "questionnaires" / "private-domain" / "examples"

Entry = TypeVar("Entry")

AWKWARD: Final = (
    "只有年度口号",
    "a: b",
    "时间：08:30，地点：总部",
    "# 不是注释",
    "后面有 # 号",
    " 前后有空格 ",
    "  缩进",
    "\u3000全角缩进",
    "两行\n第二行",
    "两行\n\n  中间空一行",
    "末尾换行\n",
    "\n开头换行",
    "制表\t符",
    "'单' \"双\" “弯”「角」",
    "反斜杠 \\ \\n",
    "- 像列表",
    "[像列表]",
    "{像: 映射}",
    "&锚 *别名 !标签 %指令 @ `",
    "|",
    ">-",
    "---",
    "...",
    "?",
    "7",
    "-3.5",
    "1e5",
    ".5",
    "0x1F",
    "0o7",
    "12:30",
    "2026-12-01",
    "1_000",
    "true",
    "No",
    "null",
    "~",
    "是",
    "unknown",
    "不知道",
    "😀👩‍👧 家庭",
    "\ufeff标记",
    "行\u2028分隔",
    "不换行\u00a0空格",
    "零宽\u200b空格",
    "右到左\u202e文字",
    "𠮷野家",
    "结尾冒号:",
    "https://example.com/a?b=c#d",
)
LETTERS = st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\n\t #:,-'\"{}[]")
WORDS = st.sampled_from(AWKWARD) | st.text(LETTERS, min_size=1, max_size=30).filter(str.strip)


def round_trip(assessment: Assessment, model: MaturityModel) -> bytes:
    """Write an assessment, hold what is read back against it, and return the file."""
    data = write_assessment(assessment, model)
    assert read_assessment(data, "answers.yaml", model) == assessment
    assert write_assessment(assessment, model) == data
    return data


def one_answer(answer: Answer, question: str = "bottleneck") -> Assessment:
    """An assessment of one person who answered one question, an open one unless told."""
    person = Respondent("ceo", "", {"strategy-shared": Answer(2), question: answer})
    return Assessment("full", ClientProfile("示例"), respondents=(person,))


# -- everything comes back ---------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_published_examples_come_back(path: Path, private_domain: MaturityModel) -> None:
    read = read_assessment(path.read_bytes(), path.name, private_domain)
    written = round_trip(read, private_domain).decode()
    body = [line for line in path.read_text("utf-8").splitlines() if line.startswith("      Q-")]
    if not path.stem.endswith(".en") and path.stem.startswith("case"):
        # Spelt as in the examples, but for the grade E0 where nothing else is said.
        kept = set(body) & set(written.splitlines())
        assert len(kept) > len(body) * Fraction(3, 4)


def test_another_model_comes_back(riverside: bytes, kitchen_hygiene: MaturityModel) -> None:
    round_trip(read_assessment(riverside, "riverside.yaml", kitchen_hygiene), kitchen_hygiene)


@settings(max_examples=100)
@given(
    enterprise=enterprises(),
    customers=st.integers(0, 3),
    controls=decisions(),
    words=st.lists(WORDS, min_size=1, max_size=12),
)
def test_every_assessment_comes_back(
    enterprise: Enterprise, customers: int, controls: PlanControls, words: list[str]
) -> None:
    assessment = replace(enterprise, customers=customers).assessment(controls)
    round_trip(_told(assessment, words, random.Random(enterprise.seed)), private_domain_model())


def _told(assessment: Assessment, words: list[str], random_: random.Random) -> Assessment:
    """Return an assessment with awkward words wherever words may stand, and permitted controls."""
    model = private_domain_model()
    rules = random_.sample(list(model.rules), 6)
    return replace(
        assessment,
        client=_client(assessment, words, random_),
        facts={name: _fact(fact, words, random_) for name, fact in assessment.facts.items()},
        respondents=tuple(
            replace(
                person,
                label=f"{random_.choice(words)}{person.label}",
                answers={
                    name: _answer(name, answer, words, random_)
                    for name, answer in person.answers.items()
                },
            )
            for person in assessment.respondents
        ),
        adjudications={
            name: replace(ruling, reason=random_.choice(words), evidence=_grade(random_))
            for name, ruling in assessment.adjudications.items()
        },
        pulse=tuple(
            {**answers, "stop-one-thing": random_.choice(words)} for answers in assessment.pulse
        ),
        decisions={rule: _decision(words, random_) for rule in rules},
        controls=_permitted(assessment),
        interviewed_on=random_.choice([None, date(2026, 11, 13)]),
    )


def _grade(random_: random.Random) -> EvidenceCode:
    return random_.choice(EVIDENCE)


def _client(assessment: Assessment, words: list[str], random_: random.Random) -> ClientProfile:
    keys = ("industry", "consultancy", "consultant", "contact")
    told = {key: random_.choice(["", *words]) for key in keys}
    # Where the facts name a city tier, the client is of that tier.
    tier = str(assessment.facts["city-tier"].value) if "city-tier" in assessment.facts else None
    return replace(
        assessment.client,
        name=random_.choice(words),
        city_tier=tier,
        accent=random_.choice(["", "#1a6b5a"]),
        **told,
    )


def _fact(fact: FactValue, words: list[str], random_: random.Random) -> FactValue:
    if random_.random() < 0.5:
        return fact
    return replace(
        fact, evidence=random_.choice([None, *EVIDENCE]), note=random_.choice(["", *words])
    )


def _answer(name: str, answer: Answer, words: list[str], random_: random.Random) -> Answer:
    value = answer.value
    if private_domain_model().questions[name].type == "text" and value is not None:
        value = random_.choice(words)
    note, quote = (random_.choice(["", "", *words]) for _ in range(2))
    return replace(answer, value=value, note=note, quote=quote)


def _decision(words: list[str], random_: random.Random) -> FindingDecision:
    reason, finding, recommend = (random_.choice(words) for _ in range(3))
    return random_.choice(
        [
            FindingDecision("accepted"),
            FindingDecision("accepted", reason),
            FindingDecision("rejected", reason),
            FindingDecision("edited", reason, finding=finding),
            FindingDecision("edited", reason, recommend=recommend),
            FindingDecision("edited", reason, finding=finding, recommend=recommend),
        ]
    )


def _permitted(assessment: Assessment) -> PlanControls:
    controls, users = assessment.controls, assessment.facts["users"].value
    assert isinstance(users, Fraction)
    while refused := refusals(controls, model=private_domain_model(), users=users):
        for name in {refusal.field[0] for refusal in refused}:
            controls = replace(controls, **{str(name): getattr(NOTHING, str(name))})
    return controls


@pytest.mark.parametrize("words", AWKWARD)
def test_awkward_words_come_back_and_other_readers_agree(
    words: str, private_domain: MaturityModel
) -> None:
    answer = Answer(words, "E1", note=words, quote=words)
    data = round_trip(one_answer(answer), private_domain)
    said = yaml.safe_load(data)["respondents"][0]["answers"]["Q-X1"]
    assert (said["value"], said["note"], said["quote"]) == (words, words, words)


@given(words=WORDS)
def test_a_word_is_a_text_to_every_reader_of_yaml(words: str) -> None:
    for text in (f"{word(words)}: {word(words)}\n", f"{{{word(words)}: [{word(words)}]}}\n"):
        (pair,) = yaml.safe_load(text).items()
        assert pair in ((words, words), (words, [words]))
        (pair,) = parse(text.encode(), "a.yaml").items()
        assert pair in ((words, words), (words, (words,)))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("choice", 3),
        ("number", Fraction(7, 2)),
        ("yes-no", False),
        ("yes-no", True),
        ("multi", ()),
        ("text", "一句话"),
        ("text", "unknown"),
        *((kind, None) for kind in ("choice", "number", "yes-no", "multi", "text")),
    ],
)
def test_every_kind_of_answer_keeps_its_kind(
    kind: str, value: AnswerValue | None, private_domain: MaturityModel
) -> None:
    questions = private_domain.questions.values()
    asked = (q for q in questions if q.type == kind and not q.integer)
    question = next(q for q in asked if q.id != "strategy-shared")
    for answer in (Answer(value), Answer(value, "E2", "看过", "原话")):
        data = round_trip(one_answer(answer, question.id), private_domain)
        (person,) = read_assessment(data, "a.yaml", private_domain).respondents
        assert type(person.answers[question.id].value) is type(value)


# -- the file ----------------------------------------------------------------------------------


def test_the_file_reads_as_a_consultant_writes_it(private_domain: MaturityModel) -> None:
    people = (
        Respondent(
            "store",
            "A店 店长",
            {
                "strategy-shared": Answer(1, quote="目标就是加粉"),
                "bottleneck": Answer("后面排着队\n这三分钟算谁的"),
            },
        ),
        Respondent("ceo", "", {"strategy-written": Answer((), "E1"), "stop-doing": Answer(None)}),
    )
    assessment = Assessment(
        "full",
        ClientProfile("示例: 母婴", "store-frequent", "new-tier-1", contact="400 100"),
        {
            "active-groups": FactValue(Fraction(620), "E3"),
            "aov": FactValue(Fraction(336, 2), note="10月，扣除退款"),
            "group-size": FactValue(Fraction(170, 2)),
            "users": FactValue(Fraction(120_000)),
        },
        people,
        {"sop-completeness": Adjudication(1, "巡访8家店")},
        ({"would-recommend": 9, "knows-purpose": 4},),
        PlanControls(
            start=date(2026, 12, 1),
            max_hires={"sales": 0, "specialist": 4},
            drop_sops=("guest-sharing",),
            cadence={"10.3": Fraction(7, 2)},
            growth_buffer=False,
        ),
        date(2026, 11, 13),
        {"no-usable-data": FindingDecision("rejected", "补看了四期周报")},
    )
    assert (
        round_trip(assessment, private_domain).decode()
        == """\
model: private-domain
form: full
interviewed_on: 2026-11-13
client:
  name: "示例: 母婴"
  archetype: A4
  city_tier: new-tier-1
  contact: "400 100"

facts:
  F03: {value: 168, note: 10月，扣除退款}
  F06: 120000
  F09:
    active-groups: {value: 620, evidence: E3}
    group-size: 85

respondents:
  - role: STORE
    label: A店 店长
    answers:
      Q-M1.1: {value: 1, evidence: E0, quote: 目标就是加粉}
      Q-X1: |-
        后面排着队
        这三分钟算谁的

  - role: CEO
    answers:
      Q-M1.2: {value: [], evidence: E1}
      Q-X2: unknown

  - {role: CUST, answers: {CP-1: 4, CP-5: 9}}

adjudications:
  Q-P2.1: {value: 1, reason: 巡访8家店, evidence: E2}

decisions:
  RU-07: {verdict: rejected, reason: 补看了四期周报}

plan:
  start: 2026-12-01
  max_hires: {POST-01: 4, POST-05: 0}
  drop_sops: [SOP-13]
  cadence: {"10.3": 3.5}
  growth_buffer: false
"""
    )


def turned_round(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    return dict(list(entries.items())[::-1])


def test_the_order_in_which_things_were_entered_does_not_show(
    private_domain: MaturityModel,
) -> None:
    path = EXAMPLES / "case-1-mother-baby.yaml"
    read = read_assessment(path.read_bytes(), path.name, private_domain)
    turned = replace(
        read,
        facts=turned_round(read.facts),
        adjudications=turned_round(read.adjudications),
        respondents=tuple(
            replace(person, answers=turned_round(person.answers)) for person in read.respondents
        ),
    )
    assert write_assessment(turned, private_domain) == write_assessment(read, private_domain)


@pytest.mark.parametrize(
    ("value", "digits"),
    [
        (Fraction(0), "0"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(LARGEST), "1000000000000"),
        (Fraction(1, LARGEST), "0.000000000001"),
        (LARGEST - Fraction(1, LARGEST), "999999999999.999999999999"),
    ],
)
def test_numbers_are_written_in_full(value: Fraction, digits: str) -> None:
    assert decimal(value) == digits


# -- what no file can hold ---------------------------------------------------------------------


PLAIN = Assessment("full", ClientProfile("示例"), {"stores": FactValue(Fraction(3))})
ASKED = {"strategy-shared": Answer(1)}


@pytest.mark.parametrize(
    ("assessment", "subject", "words"),
    [
        (
            replace(PLAIN, facts={"users": FactValue(Fraction(1, 3))}),
            "F06",
            "1/3除不尽，写不成小数（小数最多12位）",
        ),
        (one_answer(Answer(Fraction(22, 7)), "add-rate"), "CEO Q-C2.2", "22/7除不尽"),
        (
            replace(PLAIN, controls=PlanControls(assumptions={"buyer-share": Fraction(1, 3)})),
            "assumptions",
            "除不尽",
        ),
        (
            replace(PLAIN, respondents=(Respondent("ceo", "", {}),)),
            "CEO",
            "一题也没有回答",
        ),
        (replace(PLAIN, pulse=({},)), "pulse", "一题也没有回答"),
        (
            replace(
                PLAIN,
                respondents=(Respondent("store", "A", ASKED), Respondent("store", "", ASKED)),
            ),
            "STORE",
            "每位都要有各自的标签",
        ),
        (
            replace(PLAIN, facts={"archetype": FactValue("store-frequent")}),
            "F01",
            "与client里的不一致",
        ),
        (
            replace(PLAIN, decisions={"retired-rule": FindingDecision("accepted")}),
            "retired-rule",
            "没有名为「retired-rule」的规则",
        ),
        (one_answer(Answer(1), "retired-question"), "retired-question", "的题目，写不进"),
        # What reading refuses is refused in its words.
        (replace(PLAIN, client=ClientProfile("示例", accent="red")), "client.accent", "#1a6b5a"),
        (one_answer(Answer(" ")), "Q-X1 bottleneck", "应是文字"),
        (one_answer(Answer("响铃\a")), "Q-X1 bottleneck", "控制字符（U+0007）"),
        (one_answer(Answer("两行\r\n")), "Q-X1 bottleneck", "控制字符（U+000D）"),
        (one_answer(Answer("x" * 2001)), "Q-X1 bottleneck", "最多2,000个字"),
        (one_answer(Answer(True), "strategy-shared"), "Q-M1.1 strategy-shared", "1到5之间"),
        (replace(one_answer(Answer("x")), form="customer-pulse"), "Q-", "没有这一题"),
        (
            replace(PLAIN, facts={"users": FactValue(Fraction(9)), "stores": FactValue("三")}),
            "F05 stores",
            "请用阿拉伯数字",
        ),
        # A colour is read in small letters, so this one would not come back as it is.
        (replace(PLAIN, client=ClientProfile("示例", accent="#1A6B5A")), "client", "不一样"),
    ],
)
def test_what_would_not_come_back_is_refused(
    assessment: Assessment, subject: str, words: str, private_domain: MaturityModel
) -> None:
    with pytest.raises(ContentError) as caught:
        write_assessment(assessment, private_domain)
    problem = caught.value.problems[0]
    assert problem.subject.startswith(subject)
    assert words in problem.message


def test_everything_that_cannot_be_written_is_told_at_once(private_domain: MaturityModel) -> None:
    third = FactValue(Fraction(1, 3))
    with pytest.raises(ContentError) as caught:
        write_assessment(replace(PLAIN, facts={"aov": third, "users": third}), private_domain)
    assert [problem.subject for problem in caught.value.problems] == ["F03", "F06"]
