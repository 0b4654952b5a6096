"""Answers saved one by one: JSON with exactly the fields there are, each once, none unseen."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.store.answers import history_of
from app.store.rows import Engagement, LoggedAnswer
from tests.installations import NOW
from tests.people import Installed
from tests.respondents import Company, Phone, answering, company, phone

ITEM = "cold-chain"
PATH = "/answer/answers"


@pytest.fixture
def kitchen(installed: Installed) -> Company:
    return company(installed)


def body(**more: object) -> dict[str, object]:
    return {"item": ITEM, "value": 2, "note": "", "base": 0, "key": "key-of-a-save", **more}


def told(response: TestResponse) -> Mapping[str, Any]:
    assert response.mimetype == "application/json"
    found: Mapping[str, Any] = json.loads(response.text)
    return found


def save(guest: Phone, **more: object) -> TestResponse:
    return guest.client.post(PATH, json=body(**more))


def log(kitchen: Company, invitation: str) -> list[LoggedAnswer]:
    response = kitchen.response(invitation)
    assert response is not None
    with kitchen.acting().reading() as session:
        return list(history_of(session, response.id))


def test_a_save_answers_with_its_revision_and_is_repeated_alike(kitchen: Company) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    first = save(guest, note="冰箱门上")
    assert (first.status_code, told(first)["revision"]) == (200, 1)
    assert told(save(guest, note="冰箱门上")) == told(first)
    (row,) = log(kitchen, invitation)
    assert (row.value, row.note, row.evidence, row.actor) == (2, "冰箱门上", "", "")
    assert 'value="2" checked' in guest.get("/answer/1").text


def test_the_same_key_with_another_answer_is_refused(kitchen: Company) -> None:
    guest = answering(kitchen, kitchen.invite())
    save(guest)
    response = save(guest, value=3)
    assert (response.status_code, list(told(response)["fields"])) == (422, ["key"])


def test_a_stale_save_is_refused_with_both_values_in_words_of_the_page(kitchen: Company) -> None:
    invitation = kitchen.invite()
    one, other = answering(kitchen, invitation), phone(kitchen.installed)
    other.open(kitchen.link(invitation))
    save(one, key="of-the-first", note="门上有表")
    response = save(other, key="of-the-other", value=3)
    assert response.status_code == 409
    found = told(response)
    assert found["error"] == "stale"
    standing = found["standing"]
    assert (standing["revision"], standing["typed"], standing["note"]) == (1, ["2"], "门上有表")
    assert standing["words"] in one.get("/answer/1").text
    assert "2" not in standing["words"], "no level, no score"
    assert [row.standing for row in log(kitchen, invitation)] == [True, False]
    again = save(other, key="now-seen", value=3, base=1)
    assert (again.status_code, told(again)["revision"]) == (200, 3)


def test_an_answer_is_taken_back_and_unknown_is_an_answer(kitchen: Company) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    save(guest, value="unknown", key="dont-know")
    save(guest, value=None, base=1, key="taken-back")
    assert [row.kind for row in log(kitchen, invitation)] == ["unknown", "cleared"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"evidence": "E3"},
        {"quote": "他说的"},
        {"role": "ceo"},
        {"item": "no-such-item"},
        {"item": "tasks-signed"},
        {"item": 7},
        {"value": 9},
        {"value": [2]},
        {"base": -1},
        {"key": "short"},
        {"note": 5},
    ],
)
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(
    kitchen: Company, wrong: dict[str, object]
) -> None:
    invitation = kitchen.invite()
    response = save(answering(kitchen, invitation), **wrong)
    assert response.status_code == 422
    assert told(response)["fields"]
    assert log(kitchen, invitation) == []


def test_before_consent_after_sending_and_after_withdrawing_nothing_is_taken(
    kitchen: Company,
) -> None:
    fresh = phone(kitchen.installed)
    fresh.open(kitchen.link(kitchen.invite(label="新")))
    assert told(save(fresh))["error"] == "consent"
    sent = answering(kitchen, kitchen.invite(label="交了"))
    save(sent)
    sent.post("/answer/submit")
    response = save(sent, key="too-late-a-save", base=1, value=3)
    assert (response.status_code, told(response)["error"]) == (409, "submitted")
    gone = answering(kitchen, kitchen.invite(label="撤了"))
    gone.post("/answer/withdraw")
    assert told(save(gone))["error"] == "withdrawn"


def test_a_dead_link_is_told_by_its_status_alone(kitchen: Company) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    kitchen.change(invitation, revoked_at=NOW)
    assert save(guest).status_code == 404
    assert log(kitchen, invitation) == []


def test_an_old_form_token_is_told_to_the_script_which_fetches_another(kitchen: Company) -> None:
    guest = answering(kitchen, kitchen.invite())
    kitchen.installed.app.config["WTF_CSRF_ENABLED"] = True
    response = save(guest)
    assert (response.status_code, told(response)["error"]) == (403, "csrf")
    token = told(guest.get("/form-token"))["token"]
    again = guest.client.post(PATH, json=body(), headers={"X-CSRFToken": token})
    assert again.status_code == 200


def test_a_device_that_sends_without_end_is_slowed_and_its_neighbour_is_not(
    kitchen: Company,
) -> None:
    wild = answering(kitchen, kitchen.invite(label="a"))
    neighbour = answering(kitchen, kitchen.invite(label="b"))
    statuses = [
        save(wild, key=f"wild-save-{number}", base=number).status_code for number in range(30)
    ]
    assert statuses.count(429) > 0
    assert save(neighbour).status_code == 200


def test_a_new_release_does_not_change_what_a_begun_questionnaire_takes(kitchen: Company) -> None:
    """The screens and the saving of single answers hold to the release of the beginning."""
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    before = guest.get("/answer/1").text
    other = company(kitchen.installed, mark="f", model="private-domain")
    with kitchen.installed.database.writing(kitchen.tenant.id) as session:
        newer = session.find(Engagement, other.engagement)
        mine = session.find(Engagement, kitchen.engagement)
        assert newer is not None
        assert mine is not None
        mine.release_digest = newer.release_digest
    assert save(guest).status_code == 200
    assert questions_in(guest.get("/answer/1").text) == questions_in(before)


def questions_in(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.split('data-item="')[1:]]
