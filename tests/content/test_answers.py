"""Answers files that are right: every way of writing an answer, and what comes of it."""

from dataclasses import fields
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from app.content.answers import model_named, read_assessment
from app.content.problems import ContentError
from app.domain.model import MaturityModel
from app.domain.response import Answer, Assessment, FactValue, PlanControls

EXAMPLES = Path(__file__).parents[2] / "questionnaires" / "private-domain" / "examples"


def kitchen(model: MaturityModel, body: str, form: str = "full") -> Assessment:
    head = f"model: kitchen-hygiene\nform: {form}\n"
    if "client:" not in body:
        head += "client: {name: Annexe}\n"
    return read_assessment((head + body).encode(), "answers.yaml", model)


def answers_of(model: MaturityModel, role: str, answers: str) -> dict[str, Answer]:
    body = f"facts: {{F05: no}}\nrespondents:\n  - role: {role}\n    answers:\n      {answers}\n"
    (respondent,) = kitchen(model, body).respondents
    return dict(respondent.answers)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_published_examples_are_read(path: Path, private_domain: MaturityModel) -> None:
    data = path.read_bytes()
    assert model_named(data, path.name) == "private-domain"
    assessment = read_assessment(data, path.name, private_domain)
    assert assessment.respondents or assessment.pulse


def test_the_file_of_the_issue_is_read_as_it_stands(private_domain: MaturityModel) -> None:
    assessment = read_assessment(
        """\
model: private-domain
form: full                      # full | self-check | customer-pulse
client: {name: 示例母婴连锁, archetype: A4, city_tier: new-tier-1}
facts: {F05: 300, F06: 120000, F08: 7}
respondents:
  - role: CEO
    answers:
      Q-M1.1: {value: 2, evidence: E1, note: 只有年度口号}
      Q-M1.2: [goal-type, users]
  - role: STORE
    answers: {Q-M1.1: 1, Q-P1.1: unknown}
adjudications: {Q-P2.1: {value: 2, reason: 两店无文档}}
plan: {start: 2026-12-01}       # optional controls of the plan
""".encode(),
        "answers.yaml",
        private_domain,
    )
    assert assessment.form == "full"
    assert assessment.client.name == "示例母婴连锁"
    assert assessment.client.archetype == "store-frequent"
    assert assessment.client.city_tier == "new-tier-1"
    assert assessment.facts == {
        "stores": FactValue(Fraction(300)),
        "users": FactValue(Fraction(120_000)),
        "months-since-launch": FactValue(Fraction(7)),
    }
    ceo, store = assessment.respondents
    assert (ceo.role, store.role) == ("ceo", "store")
    assert ceo.answers == {
        "strategy-shared": Answer(2, "E1", "只有年度口号"),
        "strategy-written": Answer(("goal-type", "users")),
    }
    assert store.answers == {"strategy-shared": Answer(1), "stranger-to-member": Answer(None)}
    (adjudication,) = assessment.adjudications.values()
    assert (adjudication.value, adjudication.reason) == (2, "两店无文档")
    assert adjudication.evidence == "E2"
    assert assessment.controls.start == date(2026, 12, 1)


def test_ids_and_printed_codes_say_the_same(kitchen_hygiene: MaturityModel) -> None:
    by_code = """\
client: {name: Annexe, archetype: CARE}
facts: {F03: 90, F02: {food-handlers: 4}}
respondents:
  - {role: CHEF, answers: {Q-F1.1: 2, Q-F1.2: 80}}
  - {role: GUEST, answers: {GC-1: 2}}
adjudications: {Q-F2.1: {value: 1, reason: seen}}
"""
    by_id = """\
client: {name: Annexe, archetype: care-home}
facts: {covers-per-day: 90, team: {food-handlers: 4}}
respondents:
  - {role: chef, answers: {cold-chain: 2, checks-on-time: 80}}
  - {role: guest, answers: {felt-clean: 2}}
adjudications: {raw-and-ready: {value: 1, reason: seen}}
"""
    assert kitchen(kitchen_hygiene, by_code) == kitchen(kitchen_hygiene, by_id)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Q-F1.1: 0", Answer(0)),
        ("Q-F1.1: 3", Answer(3)),
        ("Q-F1.1: {value: 2}", Answer(2)),
        ("Q-F1.1: {value: 2, evidence: E3, note: ' log of May '}", Answer(2, "E3", " log of May ")),
        ("Q-F1.1: unknown", Answer(None)),
        ("Q-F1.1: 不知道", Answer(None)),
        ("Q-F1.1: {value: unknown, note: new here}", Answer(None, "E0", "new here")),
        ("Q-F1.2: 76.5", Answer(Fraction(153, 2))),
        ("Q-F1.2: 1e2", Answer(Fraction(100))),
        ("Q-F1.3: true", Answer(True)),
        ("Q-F1.3: yes", Answer(True)),
        ("Q-F1.3: 否", Answer(False)),
        ("Q-F1.3: {value: No, evidence: E1}", Answer(False, "E1")),
        ("Q-P1.1: []", Answer(())),
        ("Q-P1.1: [who, what]", Answer(("who", "what"))),
        ("Q-X1: Sunday.", Answer("Sunday.")),
        ('Q-X1: "7"', Answer("7")),
    ],
)
def test_an_answer_is_a_value_bare_or_with_its_evidence(
    written: str, meant: Answer, kitchen_hygiene: MaturityModel
) -> None:
    (answer,) = answers_of(kitchen_hygiene, "chef", written).values()
    assert answer == meant
    assert type(answer.value) is type(meant.value)


def test_staff_may_say_what_they_see_of_any_question(kitchen_hygiene: MaturityModel) -> None:
    assert "plan-in-use" in answers_of(kitchen_hygiene, "cook", "Q-M1.1: 1")


def test_a_customer_answers_the_questions_meant_for_customers(
    kitchen_hygiene: MaturityModel,
) -> None:
    assert answers_of(kitchen_hygiene, "guest", "Q-X1: We waited.") == {
        "worst-shift": Answer("We waited.")
    }


def test_a_part_takes_the_evidence_of_its_fact_unless_it_has_its_own(
    kitchen_hygiene: MaturityModel,
) -> None:
    facts = kitchen(
        kitchen_hygiene,
        "facts:\n"
        "  F02:\n"
        "    value: {food-handlers: 9, trained-handlers: {value: 4, evidence: E3}}\n"
        "    evidence: E1\n"
        "    note: rota\n"
        "  F05: 是\n  F04: []\n  F03: unknown\n",
    ).facts
    assert facts == {
        "food-handlers": FactValue(Fraction(9), "E1", "rota"),
        "trained-handlers": FactValue(Fraction(4), "E3", "rota"),
        "delivery": FactValue(True),
        "allergens": FactValue(()),
    }


def test_the_archetype_may_stand_among_the_facts_alone(kitchen_hygiene: MaturityModel) -> None:
    assessment = kitchen(kitchen_hygiene, "facts: {F01: RST}\n")
    assert assessment.client.archetype == "restaurant"
    assert assessment.facts["archetype"].value == "restaurant"


def test_client_and_facts_may_say_the_same_twice(private_domain: MaturityModel) -> None:
    data = (
        b"model: private-domain\nform: full\n"
        b"client: {name: x, archetype: A4, city_tier: tier-1}\n"
        b"facts: {F01: {value: store-frequent, evidence: E2}, F26: tier-1, F05: 2}\n"
    )
    assessment = read_assessment(data, "a.yaml", private_domain)
    assert assessment.facts["archetype"].evidence == "E2"
    assert assessment.client.city_tier == "tier-1"


def test_people_of_one_role_are_numbered_around_the_labels_given(
    kitchen_hygiene: MaturityModel,
) -> None:
    people = kitchen(
        kitchen_hygiene,
        "respondents:\n"
        "  - {role: cook, answers: {Q-F1.1: 1}}\n"
        "  - {role: cook, label: '2', answers: {Q-F1.1: 1}}\n"
        "  - {role: chef, answers: {Q-F1.1: 1}}\n"
        "  - {role: COOK, label: night, answers: {Q-F1.1: 1}}\n"
        "  - {role: cook, answers: {Q-F1.1: 1}}\n",
    ).respondents
    assert [(person.role, person.label) for person in people] == [
        ("cook", "1"),
        ("cook", "2"),
        ("chef", ""),
        ("cook", "night"),
        ("cook", "3"),
    ]


def test_the_pulse_is_kept_apart_from_the_interviews(kitchen_hygiene: MaturityModel) -> None:
    body = (
        "respondents:\n"
        "  - {role: GUEST, answers: {GC-1: 3, GC-2: hot, GC-3: 10, GC-4: Nothing.}}\n"
        "  - {role: GUEST, answers: {GC-1: unknown, GC-3: 0}}\n"
        "  - {role: GUEST, answers: {GC-2: unknown}}\n"
    )
    for form in ("guest-card", "full"):
        assessment = kitchen(kitchen_hygiene, body, form)
        assert assessment.respondents == ()
        assert assessment.pulse == (
            {
                "felt-clean": 3,
                "food-arrived": "hot",
                "would-return": 10,
                "one-wish": "Nothing.",
            },
            {"would-return": 0},
        )


def test_a_short_form_takes_its_own_questions(kitchen_hygiene: MaturityModel) -> None:
    body = "respondents:\n  - {role: chef, answers: {Q-F1.1: 1, Q-M1.1: 2}}\n"
    assert kitchen(kitchen_hygiene, body, "spot-check").form == "spot-check"


def test_sections_left_empty_are_as_if_left_out(kitchen_hygiene: MaturityModel) -> None:
    full = kitchen(
        kitchen_hygiene,
        "client: {name: Annexe, industry: }\nfacts: {F05: no}\n"
        "respondents:\nadjudications:\nplan:\ninterviewed_on:\n",
    )
    assert full == kitchen(kitchen_hygiene, "facts: {F05: no}\n")


def test_the_plan_takes_every_control(private_domain: MaturityModel) -> None:
    data = b"""\
model: private-domain
form: full
client: {name: x}
facts: {F06: 5000}
plan:
  start: 2026-12-01
  target_users: 50000
  service_mode: heavy
  city_tier: other
  tool_level: 4
  max_hires: {specialist: 3, POST-05: 0}
  payroll_cap: 180000.5
  productive_hours: 8
  target_level: 3
  add_sops: [live-commerce, SOP-16]
  drop_sops: [SOP-13]
  cadence: {10.1: 5, "10.3": 3.5, evening-post: 0}
  assumptions: {buyer-share: 0.35}
  tested_capacity: 2500
  growth_buffer: no
  online_users: 20000
  content_units_per_week: 30
  leads_per_month: 0
  sessions_per_day: 400
"""
    controls = read_assessment(data, "a.yaml", private_domain).controls
    assert controls == PlanControls(
        start=date(2026, 12, 1),
        target_users=50_000,
        service_mode="heavy",
        city_tier="other",
        tool_level=4,
        max_hires={"specialist": 3, "sales": 0},
        payroll_cap=Fraction(360_001, 2),
        productive_hours=Fraction(8),
        target_level=3,
        add_sops=("live-commerce", "member-day"),
        drop_sops=("guest-sharing",),
        cadence={"10.1": Fraction(5), "10.3": Fraction(7, 2), "11.3": Fraction(0)},
        assumptions={"buyer-share": Fraction(7, 20)},
        tested_capacity=2_500,
        growth_buffer=False,
        online_users=20_000,
        content_units_per_week=30,
        leads_per_month=0,
        sessions_per_day=400,
    )
    assert not [f.name for f in fields(controls) if getattr(controls, f.name) in (None, {}, ())]


def test_who_signs_the_report_stands_with_the_client(
    riverside: bytes, kitchen_hygiene: MaturityModel
) -> None:
    assessment = read_assessment(riverside, "riverside.yaml", kitchen_hygiene)
    assert assessment.client.consultancy == "Clean Plate Ltd"
    assert assessment.client.accent == "#1a6b5a"
    assert assessment.interviewed_on == date(2026, 10, 17)


def test_the_model_is_named_without_reading_further() -> None:
    assert model_named(b"# x\nmodel: kitchen-hygiene\nform: [", "a.yaml") == "kitchen-hygiene"


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        ("form: full\n", "a.yaml: ", "缺少「model」"),
        ("model: ../../etc\n", "a.yaml:1:8: ", "小写字母"),
        ("model: [a]\n", "a.yaml:1:8: ", "小写字母"),
        ("form: full\nmodel:\n", "a.yaml:2:7: ", "小写字母"),
        (f"model: {'a' * 61}\n", "a.yaml:1:8: ", "小写字母"),
        ("- model\n", "a.yaml:1:1: ", "映射"),
        ("", "a.yaml: ", "空"),
    ],
)
def test_a_file_that_names_no_model_is_refused(data: str, place: str, words: str) -> None:
    with pytest.raises(ContentError) as caught:
        model_named(data.encode(), "a.yaml")
    assert str(caught.value).startswith(place)
    assert words in str(caught.value)


def test_a_model_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(ContentError, match=r"a\.yaml:1:8: .*「kitchen」.*可以写：kitchen-hygiene"):
        model_named(b"model: kitchen\n", "a.yaml", ["kitchen-hygiene"])
