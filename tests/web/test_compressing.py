"""What goes over the air is packed, but never a secret beside what a stranger chose."""

import gzip

import pytest
from werkzeug.test import TestResponse

from tests.people import Installed
from tests.respondents import Company, Phone, answering, company

PACKED = {"Accept-Encoding": "gzip, br"}
SCREEN = "/answer/1"


@pytest.fixture
def kitchen(installed: Installed) -> Company:
    return company(installed)


@pytest.fixture
def guest(kitchen: Company) -> Phone:
    return answering(kitchen, kitchen.invite())


def get(guest: Phone, path: str, **headers: str) -> TestResponse:
    answer = guest.client.get(path, headers={**PACKED, **headers})
    assert answer.data is not None
    answer.close()
    return answer


def test_a_page_is_packed_for_those_who_take_it(guest: Phone) -> None:
    plain, packed = guest.get(SCREEN), get(guest, SCREEN)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "data-item" in gzip.decompress(packed.data).decode()
    assert len(packed.data) < len(plain.data) / 2
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["Vary"]
    assert "Content-Encoding" not in get(guest, SCREEN, **{"Accept-Encoding": "gzip;q=0"}).headers


def test_a_page_that_shows_something_of_its_address_is_never_packed(guest: Phone) -> None:
    answer = get(guest, f"{SCREEN}?guess=csrf_token")
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_what_was_posted_comes_back_unpacked(guest: Phone) -> None:
    fields = guest.fields(1)
    fields["form_key"] = ["0" * 24]
    answer = guest.client.post(
        SCREEN, data={**fields, "q-probe-calibrated_note": "\0"}, headers=PACKED
    )
    assert answer.status_code in (409, 422)
    assert "Content-Encoding" not in answer.headers


def test_the_workspace_keeps_its_pages_plain(installed: Installed) -> None:
    answer = installed.browser("owner").get("/clients", headers=PACKED)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_a_file_is_packed_and_known_again(guest: Phone) -> None:
    path = "/static/js/queue.js"
    with guest.client.get(path) as answer:
        plain = answer.data
    packed = get(guest, path)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain
    again = get(guest, path, **{"If-None-Match": packed.headers["ETag"]})
    assert again.status_code == 304
    whole = get(guest, path, Range="bytes=0-9")
    assert "Content-Encoding" not in whole.headers
