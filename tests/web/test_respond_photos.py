"""Photos a respondent keeps beside answers: their own alone, without what was hidden in them."""

import io
import json

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from app.services.files import file_store
from app.services.respondents import photographing
from app.store.attachments import attachments_of
from app.store.rows import Attachment
from tests.installations import NOW
from tests.people import Installed
from tests.respondents import Company, Phone, answering, company, events

ITEM = "cold-chain"
PATH = f"/answer/photos/{ITEM}"


@pytest.fixture
def kitchen(installed: Installed) -> Company:
    return company(installed)


def picture(colour: str = "#1d4e6f") -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "taken at 31.23N 121.47E"
    store = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(store, "JPEG", exif=exif)
    return store.getvalue()


def send(guest: Phone, data: bytes, path: str = PATH, *, script: bool = True) -> TestResponse:
    headers = {"Accept": "application/json"} if script else {}
    return guest.client.post(path, data={"photo": (io.BytesIO(data), "柜子.jpg")}, headers=headers)


def kept(kitchen: Company, invitation: str) -> list[Attachment]:
    response = kitchen.response(invitation)
    assert response is not None
    with kitchen.acting().reading() as session:
        return list(attachments_of(session, [response.id]))


def test_a_photo_is_kept_once_however_often_it_is_sent_and_nothing_hidden_stays(
    kitchen: Company,
) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    first, again = send(guest, picture()), send(guest, picture())
    assert (first.status_code, json.loads(first.text)) == (200, json.loads(again.text))
    (row,) = kept(kitchen, invitation)
    data = file_store(kitchen.installed.settings).path(row.digest).read_bytes()
    assert b"31.23N" not in data
    assert (row.item, row.added_by) == (ITEM, "")
    with guest.get(json.loads(first.text)["url"]) as shown:
        assert (shown.data, shown.headers["Cache-Control"]) == (data, "private, no-store")
        assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert [event.detail["item"] for event in events(kitchen, "photo.added")] == [ITEM]


def test_without_scripts_a_photo_is_added_seen_and_taken_away(kitchen: Company) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    assert f'href="{PATH}"' in guest.get("/answer/1").text
    assert send(guest, picture(), script=False).headers["Location"].endswith(PATH)
    (row,) = kept(kitchen, invitation)
    assert f"/answer/photo/{row.id}" in guest.get(PATH).text
    assert f"/answer/photo/{row.id}" in guest.get("/answer/1").text
    assert guest.post(f"/answer/photo/{row.id}/removal").status_code == 303
    assert guest.get(f"/answer/photo/{row.id}").status_code == 404
    assert kept(kitchen, invitation) == []
    refused = send(guest, b"no picture", script=False)
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text


def test_nobody_sees_the_photo_of_another_link(kitchen: Company) -> None:
    mine, theirs = kitchen.invite(label="a"), kitchen.invite(label="b")
    other = answering(kitchen, theirs)
    send(other, picture())
    (row,) = kept(kitchen, theirs)
    guest = answering(kitchen, mine)
    for method in (guest.get, guest.post):
        path = f"/answer/photo/{row.id}" + ("/removal" if method == guest.post else "")
        assert method(path).status_code == 404
    assert len(kept(kitchen, theirs)) == 1


def test_a_photo_is_taken_only_where_answers_are_and_only_for_what_is_asked(
    kitchen: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitation = kitchen.invite(label="a")
    guest = answering(kitchen, invitation)
    assert send(guest, picture(), "/answer/photos/tasks-signed").status_code == 404
    assert send(guest, b"GIF89a").status_code == 422
    monkeypatch.setattr(photographing, "MOST", 1)
    assert send(guest, picture()).status_code == 200
    assert send(guest, picture("#b03a2e")).status_code == 422
    guest.answer(1, {ITEM: "2"})
    guest.post("/answer/submit")
    late = send(guest, picture("#2c6b4a"))
    assert (late.status_code, json.loads(late.text)["error"]) == (409, "submitted")
    (row,) = kept(kitchen, invitation)
    assert guest.post(f"/answer/photo/{row.id}/removal").status_code == 409
    kitchen.change(invitation, revoked_at=NOW)
    assert guest.get(f"/answer/photo/{row.id}").status_code == 404


def test_customers_are_asked_for_no_photos(installed: Installed) -> None:
    firm = company(installed, model="private-domain")
    customer = answering(firm, firm.invite("customer"))
    store = answering(firm, firm.invite("store"))
    assert "data-attaches" not in customer.get("/answer/1").text
    assert "data-attaches" in store.get("/answer/1").text


def test_the_team_sees_a_photo_beside_its_answer_once_it_was_handed_in(kitchen: Company) -> None:
    invitation = kitchen.invite()
    guest = answering(kitchen, invitation)
    send(guest, picture())
    guest.answer(1, {ITEM: "2"})
    (row,) = kept(kitchen, invitation)
    browser = kitchen.installed.browser("consultant")
    url = f"/engagements/{kitchen.engagement}/photos/{row.id}"
    page = f"/engagements/{kitchen.engagement}/diagnosis/questions/{ITEM}"

    def seen() -> tuple[int, bool]:
        with browser.get(url) as photo:
            return photo.status_code, url in browser.get(page).text

    assert seen() == (404, False)
    guest.post("/answer/submit")
    assert seen() == (200, True)
    guest.post("/answer/withdraw")
    assert seen() == (404, False)
