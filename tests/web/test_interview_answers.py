"""Saving by script: JSON with exactly the fields there are, from our own page, not too often."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.services.interviews.interviewing import conclude_interview
from tests.enterprises import private_domain_model
from tests.interviews import Kitchen, kitchen
from tests.people import Installed

ITEM = "cold-chain"
QUEUE = Path(__file__).parents[2] / "app/web/static/js/queue.js"


@pytest.fixture
def work(installed: Installed) -> Kitchen:
    return kitchen(installed)


@pytest.fixture
def chef(work: Kitchen) -> str:
    return work.begin("chef")


def address(work: Kitchen, response: str, what: str = "answers") -> str:
    return f"/engagements/{work.engagement}/interviews/{response}/{what}"


def body(**more: object) -> dict[str, object]:
    return {"item": ITEM, "value": 2, "base": 0, "key": "key-of-a-save", **more}


def told(response: TestResponse) -> Mapping[str, Any]:
    assert response.mimetype == "application/json"
    found: Mapping[str, Any] = json.loads(response.text)
    return found


def test_a_save_answers_with_the_revision_and_when(work: Kitchen, chef: str) -> None:
    browser = work.installed.browser("consultant")
    more = body(evidence="E1", note="冰箱门上", quote="每天都记")
    response = browser.post(address(work, chef), json=more)
    assert response.status_code == 200
    assert (told(response)["item"], told(response)["revision"]) == (ITEM, 1)
    assert told(response)["saved_at"]
    (row,) = work.log(chef)
    assert (row.value, row.evidence, row.note, row.quote) == (2, "E1", "冰箱门上", "每天都记")
    again = browser.post(address(work, chef), json=more)
    assert told(again) == told(response)
    assert len(work.log(chef)) == 1


def test_a_stale_save_is_refused_with_both_values_and_who_was_faster(
    work: Kitchen, chef: str
) -> None:
    work.installed.browser("consultant").post(address(work, chef), json=body(note="先到"))
    mine = body(value=1, key="key-of-another")
    response = work.installed.browser("colleague").post(address(work, chef), json=mine)
    assert response.status_code == 409
    found = told(response)
    assert found["error"] == "stale"
    assert found["who"] == found["standing"]["who"] == work.acting().name
    assert found["at"]
    assert found["standing"]["revision"] == 1
    assert found["standing"]["typed"] == ["2"]
    assert found["standing"]["note"] == "先到"
    assert found["standing"]["words"].startswith("2")
    assert [(row.value, row.standing) for row in work.log(chef)] == [(2, True), (1, False)]


def test_a_key_of_another_answer_is_refused_by_its_field(work: Kitchen, chef: str) -> None:
    browser = work.installed.browser("consultant")
    assert browser.post(address(work, chef), json=body()).status_code == 200
    for other in ({"value": 1}, {"base": 1}, {"note": "x"}, {"item": "raw-and-ready"}):
        response = browser.post(address(work, chef), json=body(**other))
        assert (response.status_code, list(told(response)["fields"])) == (422, ["key"])
    assert [(row.item, row.value) for row in work.log(chef)] == [(ITEM, 2)]


@pytest.mark.parametrize(
    "extra",
    ["tenant_id", "role", "score", "status", "submitted_at", "actor", "revision", "standing"],
)
def test_fields_there_are_not_are_refused_and_change_nothing(
    work: Kitchen, chef: str, extra: str
) -> None:
    browser = work.installed.browser("consultant")
    response = browser.post(address(work, chef), json=body(**{extra: "x"}))
    assert response.status_code == 422
    assert list(told(response)["fields"]) == [extra]
    assert work.log(chef) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"base": -1}, "base"),
        ({"base": "0"}, "base"),
        ({"base": True}, "base"),
        ({"base": 10**30}, "base"),
        ({"key": ""}, "key"),
        ({"key": "short"}, "key"),
        ({"key": "k" * 65}, "key"),
        ({"key": "schlüssel-1"}, "key"),
        ({"key": 12345678}, "key"),
        ({"item": ""}, "item"),
        ({"item": "x" * 5000}, "item"),
        ({"item": ["cold-chain"]}, "item"),
        ({"item": "trained-share"}, "item"),
        ({"value": 9}, "value"),
        ({"value": {"$gt": 0}}, "value"),
        ({"value": "2 级左右"}, "value"),
        ({"evidence": "E7"}, "evidence"),
        ({"note": "字" * 501}, "note"),
        ({"quote": 5}, "quote"),
    ],
)
def test_what_cannot_be_taken_is_said_by_its_field(
    work: Kitchen, chef: str, changed: dict[str, object], field: str
) -> None:
    response = work.installed.browser("consultant").post(address(work, chef), json=body(**changed))
    assert response.status_code == 422
    assert list(told(response)["fields"]) == [field]
    assert told(response)["fields"][field]
    assert work.log(chef) == []


@pytest.mark.parametrize("missing", ["item", "value", "base", "key"])
def test_a_missing_field_is_named(work: Kitchen, chef: str, missing: str) -> None:
    given = body()
    del given[missing]
    response = work.installed.browser("consultant").post(address(work, chef), json=given)
    assert (response.status_code, list(told(response)["fields"])) == (422, [missing])


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ("{", 400),
        ("[" * 200_000, 400),
        ('"text"', 422),
        ("[]", 422),
        ("null", 422),
        ('{"base": ' + "9" * 5000 + "}", 400),
        ('{"item": "cold-chain", "value": NaN, "base": 0, "key": "12345678"}', 422),
        ('{"item": "cold-chain", "value": Infinity, "base": 0, "key": "12345678"}', 422),
    ],
)
def test_what_is_no_object_is_refused_without_breaking_anything(
    work: Kitchen, chef: str, data: str, status: int
) -> None:
    response = work.installed.browser("consultant").post(
        address(work, chef), data=data, content_type="application/json"
    )
    assert response.status_code == status
    assert work.log(chef) == []


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None]
)
def test_anything_but_json_is_refused(work: Kitchen, chef: str, kind: str | None) -> None:
    response = work.installed.browser("consultant").post(
        address(work, chef), data=json.dumps(body()), content_type=kind
    )
    assert response.status_code == 415
    assert work.log(chef) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_another_site_saves_nothing(
    work: Kitchen, chef: str, headers: dict[str, str], kind: str
) -> None:
    response = work.installed.browser("consultant").post(
        address(work, chef), data=json.dumps(body()), content_type=kind, headers=headers
    )
    assert response.status_code == 403
    assert work.log(chef) == []


def test_without_the_form_token_nothing_is_saved_and_a_fresh_one_helps(
    work: Kitchen, chef: str
) -> None:
    work.installed.app.config["WTF_CSRF_ENABLED"] = True
    browser = work.installed.browser("consultant")
    response = browser.post(address(work, chef), json=body())
    assert (response.status_code, told(response)["error"]) == (403, "csrf")
    assert work.log(chef) == []
    token = told(browser.get("/form-token"))["token"]
    again = browser.post(address(work, chef), json=body(), headers={"X-CSRFToken": token})
    assert again.status_code == 200


def test_a_closed_interview_answers_that_it_is_closed(work: Kitchen, chef: str) -> None:
    conclude_interview(work.acting(), work.engagement, chef)
    response = work.installed.browser("consultant").post(address(work, chef), json=body())
    assert (response.status_code, told(response)["error"]) == (409, "submitted")


def test_a_burst_of_saves_is_slowed_for_that_device_alone(work: Kitchen, chef: str) -> None:
    fast, other = work.installed.browser("consultant"), work.installed.browser("consultant")

    def save(browser: FlaskClient, number: int) -> TestResponse:
        given = body(key=f"burst-save-{number}", base=number)
        return browser.post(address(work, chef), json=given)

    statuses = [save(fast, number) for number in range(30)]
    slowed = [response for response in statuses if response.status_code == 429]
    assert slowed
    assert all(response.headers["Retry-After"].isdigit() for response in slowed)
    assert told(slowed[0])["error"] == "throttled"
    assert save(other, 500).status_code != 429


def test_a_questionnaire_answered_twice_over_without_a_network_is_taken_at_the_pages_pace(
    work: Kitchen, chef: str
) -> None:
    pace = re.search(r"const PACE = (\d+);", QUEUE.read_text())
    assert pace is not None
    model = private_domain_model()
    asked = 2 * (len(model.questions) + len(model.fact_parts))
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        browser = work.installed.browser("consultant")
        statuses = []
        for _ in range(asked):
            # What is refused counts as much as what is saved, and is quicker.
            statuses.append(browser.post(address(work, chef), json={}).status_code)
            clock.shift(timedelta(milliseconds=int(pace[1])))
    assert set(statuses) == {422}


def test_two_see_each_others_answers_and_who_is_where(work: Kitchen, chef: str) -> None:
    one, other = work.installed.browser("consultant"), work.installed.browser("colleague")
    begun = told(other.get(address(work, chef, "changes?since=")))
    assert (begun["answers"], begun["others"], begun["concluded"]) == ([], [], False)
    one.post(address(work, chef), json=body(evidence="E2"))
    assert one.post(address(work, chef, "presence"), json={"item": ITEM}).status_code == 204
    seen = told(other.get(address(work, chef, f"changes?since={begun['since']}")))
    (answer,) = seen["answers"]
    assert (answer["item"], answer["typed"], answer["who"]) == (ITEM, ["2"], work.acting().name)
    assert answer["response"] == chef
    assert seen["others"] == [{"name": work.acting().name, "item": ITEM}]
    same = told(other.get(address(work, chef, f"changes?since={seen['since']}")))
    assert same["answers"] == []


def test_presence_takes_a_place_in_the_interview_and_nothing_else(work: Kitchen, chef: str) -> None:
    browser = work.installed.browser("consultant")
    path = address(work, chef, "presence")
    assert browser.post(path, json={"item": ""}).status_code == 204
    assert browser.post(path, json={"item": "x", "member": "y"}).status_code == 422
    assert browser.post(path, json={}).status_code == 422
    assert browser.post(path, data="item=x").status_code == 415
