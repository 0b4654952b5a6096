"""What a respondent's own answers come to: theirs alone, and only where it is allowed."""

from dataclasses import replace
from fractions import Fraction

import pytest

from app.domain.response import AnswerValue
from app.services.acting import Acting
from app.services.answers.answering import Given, save_answer
from app.services.answers.assembling import FACTS
from app.services.errors import NotAllowedError, NotFoundError
from app.services.invitations.board import guest_board
from app.services.respondents.consenting import withdraw
from app.services.respondents.own_result import OwnArea, OwnResult, allow_own_result, own_result
from app.services.respondents.submitting import reopen, submit
from app.store.answers import responses_of
from tests.people import Installed
from tests.respondents import Company, company, consented, events, facts_sheet, saved
from tests.workspace import counted

BENCH, OFFICE = 1, 2
PAGES = {"plan-in-use": OFFICE, "worst-shift": OFFICE}
CHEF: dict[str, AnswerValue | None] = {
    "cold-chain": 3,
    "checks-on-time": Fraction(100),
    "probe-calibrated": True,
    "raw-and-ready": 1,
    "cleaning-schedule": ("what", "how"),
    "plan-in-use": 3,
    "worst-shift": "停电那晚，冷库没人看。",
}


@pytest.fixture
def kitchen(installed: Installed) -> Company:
    return company(installed)


def allow(kitchen: Company, *, shown: bool = True) -> None:
    allow_own_result(kitchen.acting(), kitchen.engagement, shown=shown)


def sent(kitchen: Company, given: dict[str, AnswerValue | None], role: str, label: str) -> Acting:
    """Return somebody who has sent these answers."""
    who = consented(kitchen, kitchen.invite(role, label))
    for number, (item, value) in enumerate(given.items()):
        saved(who, PAGES.get(item, BENCH), item, value, key=f"{number:024}")
    submit(who)
    return who


def shown(who: Acting) -> OwnResult:
    found = own_result(who)
    assert found is not None
    return found


def scores(found: OwnResult) -> dict[str, tuple[float, int, int, int]]:
    return {
        one.title: (float(one.score), one.level.level, one.rated, one.areas)
        for one in found.dimensions
    }


def named(areas: tuple[OwnArea, ...]) -> list[tuple[str, float]]:
    return [(area.title, float(area.score)) for area in areas]


def test_the_result_is_what_the_persons_own_answers_come_to(kitchen: Company) -> None:
    """A claim of 3 stays 3: caps by evidence are the diagnosis's, not the person's own view."""
    allow(kitchen)
    found = shown(sent(kitchen, CHEF, "chef", "甲"))
    assert scores(found) == {
        "Food handling": (1.0, 1, 2, 2),
        "Premises": (1.0, 1, 1, 1),
        "Management": (3.0, 2, 1, 1),
    }
    assert [one.held_by for one in found.dimensions] == [(), (), ("Food handling",)]
    assert named(found.strongest) == [("Food safety plan", 3.0)]
    assert named(found.weakest) == [("Cross-contamination", 1.0), ("Cleaning", 1.0)]
    assert found.strongest[0].says.startswith("The plan is reviewed after every deviation")
    assert (found.thin, found.silent) == ((), ())


def test_nobody_elses_answers_and_no_company_figure_move_it(kitchen: Company) -> None:
    allow(kitchen)
    who = sent(kitchen, CHEF, "chef", "甲")
    before = shown(who)
    worst: dict[str, AnswerValue | None] = {"cold-chain": 0, "raw-and-ready": 0}
    sent(kitchen, {**worst, "plan-in-use": 0}, "chef", "乙")
    sent(kitchen, worst, "cook", "晚班")
    sheet = facts_sheet(kitchen)
    for item in ("food-handlers", "trained-handlers"):
        save_answer(kitchen.acting(), sheet, Given(item, "given", Fraction(10)), 0, item)
    with kitchen.acting().reading() as session:
        assert FACTS in {row.kind for row in responses_of(session, kitchen.engagement)}
    assert shown(who) == before


def test_what_was_hardly_answered_or_not_at_all_is_said_and_not_scored(kitchen: Company) -> None:
    allow(kitchen)
    few: dict[str, AnswerValue | None] = {"checks-on-time": Fraction(90), "plan-in-use": None}
    found = shown(sent(kitchen, few, "chef", "甲"))
    assert found.dimensions == ()
    assert found.strongest == found.weakest == ()
    assert (found.thin, found.silent) == (("Food handling",), ("Premises", "Management"))
    one: dict[str, AnswerValue | None] = {"raw-and-ready": 2}
    found = shown(sent(kitchen, one, "chef", "乙"))
    assert scores(found) == {"Food handling": (2.0, 2, 1, 2)}
    assert found.strongest == found.weakest == (), "one area is neither"
    alike: dict[str, AnswerValue | None] = {"raw-and-ready": 2, "plan-in-use": 2}
    found = shown(sent(kitchen, alike, "chef", "丙"))
    assert found.strongest == found.weakest == (), "all alike"


def test_it_is_shown_only_where_allowed_and_only_while_the_answers_stand_as_sent(
    kitchen: Company,
) -> None:
    invitation = kitchen.invite("chef")
    who = consented(kitchen, invitation)
    saved(who, BENCH, "raw-and-ready", 2)
    allow(kitchen)
    assert own_result(who) is None, "not sent yet"
    submit(who)
    assert own_result(who) is not None
    allow(kitchen, shown=False)
    assert own_result(who) is None, "switched off again"
    allow(kitchen)
    row = kitchen.response(invitation)
    assert row is not None
    reopen(kitchen.acting(), kitchen.engagement, row.id, "冷库那题再看一眼")
    assert own_result(who) is None, "reopened"
    submit(who)
    assert own_result(who) is not None
    withdraw(who)
    assert own_result(who) is None, "withdrawn"
    kitchen.change(invitation, revoked_at=who.now)
    with pytest.raises(NotFoundError):
        own_result(who)


def test_it_asks_the_database_twice_and_once_where_it_is_not_allowed(kitchen: Company) -> None:
    who = sent(kitchen, CHEF, "chef", "甲")
    asked = []
    for allowed in (False, True):
        allow(kitchen, shown=allowed)
        with counted(kitchen.installed.database) as statements:
            assert (own_result(who) is not None) == allowed
        asked.append(sum(text.startswith("SELECT") for text in statements))
    assert asked == [1, 2]


def test_it_speaks_the_persons_language_and_shows_a_customer_nothing(installed: Installed) -> None:
    firm = company(installed, model="private-domain")
    allow(firm)
    asked = {"store": "stranger-to-member", "customer": "content-received"}
    people = {role: consented(firm, firm.invite(role)) for role in asked}
    for role, who in people.items():
        saved(who, 2, asked[role], 4)
        submit(who)
    assert own_result(people["customer"]) is None
    words = {"zh-Hans": ("标准化流程", "可复制"), "en": ("Standardised process", "Replicable")}
    for locale, (title, level) in words.items():
        (found,) = shown(replace(people["store"], locale=locale)).dimensions
        assert (found.title, found.level.name) == (title, level)
        assert (found.rated, found.areas) == (1, 6)


def test_who_only_looks_and_who_is_not_on_the_team_cannot_switch_it(kitchen: Company) -> None:
    for who, error in (("viewer", NotAllowedError), ("colleague", NotFoundError)):
        with pytest.raises(error):
            allow_own_result(kitchen.acting(who), kitchen.engagement, shown=True)
    assert not guest_board(kitchen.acting(), kitchen.engagement).shows_own_result, "off at first"
    for _ in range(2):
        allow(kitchen)
    assert guest_board(kitchen.acting(), kitchen.engagement).shows_own_result
    allow(kitchen, shown=False)
    told = [event.detail["shown"] for event in events(kitchen, "engagement.own_result")]
    assert told == [True, False]
