"""Photos beside answers: drawn anew, called something harmless, shown to the team alone."""

import io

import pytest
from PIL import Image

from app.services.answers.attaching import attach_photo, file_name, photo_file, remove_photo
from app.services.answers.pictures import PictureRefusedError
from app.services.errors import ConflictError, NotAllowedError, NotFoundError
from app.services.interviews.interviewing import conclude_interview
from app.services.interviews.questioning import open_interview
from tests.interviews import Kitchen, kitchen
from tests.kitchens import add_kitchen
from tests.people import Installed

ITEM = "cold-chain"


def picture(form: str = "PNG") -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "taken at 31.23N 121.47E"
    store = io.BytesIO()
    Image.new("RGB", (40, 30), "#1d4e6f").save(store, form, exif=exif)
    return store.getvalue()


@pytest.fixture
def work(installed: Installed) -> Kitchen:
    return kitchen(installed)


@pytest.fixture
def chef(work: Kitchen) -> str:
    return work.begin("chef")


def attach(
    work: Kitchen, chef: str, data: bytes, name: str = "a.png", who: str = "consultant"
) -> str:
    return attach_photo(work.acting(who), work.engagement, chef, ITEM, data, name)


def shown(work: Kitchen, chef: str) -> list[str]:
    interview = open_interview(work.acting(), work.engagement, chef)
    return [
        photo.id
        for part in interview.parts
        for posed in part.posed
        if posed.item.id == ITEM
        for photo in posed.photos
    ]


def test_a_photo_is_kept_beside_its_answer_without_what_was_hidden_in_it(
    work: Kitchen, chef: str
) -> None:
    photo = attach(work, chef, picture("JPEG"), "原件 1.heic.jpg")
    assert shown(work, chef) == [photo]
    found = photo_file(work.acting("colleague"), work.engagement, photo)
    data = found.path.read_bytes()
    assert (found.name, found.media_type) == ("原件 1.heic.jpg", "image/jpeg")
    assert b"121.47E" not in data
    assert not Image.open(io.BytesIO(data)).getexif()
    assert "photo.added" in work.actions()


def test_a_removed_photo_is_gone_from_the_page_and_from_its_address(
    work: Kitchen, chef: str
) -> None:
    photo = attach(work, chef, picture())
    assert remove_photo(work.acting("colleague"), work.engagement, photo) == (chef, ITEM)
    assert shown(work, chef) == []
    for again in (photo_file, remove_photo):
        with pytest.raises(NotFoundError):
            again(work.acting(), work.engagement, photo)


@pytest.mark.parametrize(
    "data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", picture()[:60]]
)
def test_what_is_no_whole_picture_is_refused_and_leaves_nothing(
    work: Kitchen, chef: str, data: bytes
) -> None:
    with pytest.raises(PictureRefusedError):
        attach(work, chef, data)
    assert shown(work, chef) == []
    assert not list((work.installed.settings.data / "blobs").glob("??/*"))


def test_a_closed_interview_takes_and_gives_up_no_photos(work: Kitchen, chef: str) -> None:
    photo = attach(work, chef, picture())
    conclude_interview(work.acting(), work.engagement, chef)
    with pytest.raises(ConflictError):
        attach(work, chef, picture())
    with pytest.raises(ConflictError):
        remove_photo(work.acting(), work.engagement, photo)
    assert shown(work, chef) == [photo]


def test_who_may_not_write_here_does_not_even_have_a_picture_read(installed: Installed) -> None:
    add_kitchen(installed, answered=False, team=("consultant", "viewer"))
    work = Kitchen(installed)
    chef = work.begin("chef")
    with pytest.raises(NotAllowedError):
        attach(work, chef, b"whatever", who="viewer")
    with pytest.raises(NotFoundError):
        attach(work, chef, b"whatever", who="colleague")
    with pytest.raises(NotFoundError):
        attach_photo(work.acting(), work.engagement, chef, "trained-share", b"whatever", "a.png")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\fakepath\\门店 招牌.PNG", "门店 招牌.jpg"),
        ("a\r\nSet-Cookie: x=1.png", "aSet-Cookie: x=1.jpg"),
        ("\u202egnp.exe", "gnp.jpg"),
        ("a\x00b.png", "ab.jpg"),
        ("", "photo.jpg"),
        ("....", "photo.jpg"),
        ("长" * 300 + ".jpg", "长" * 80 + ".jpg"),
        ("<script>.png", "<script>.jpg"),
    ],
)
def test_a_photo_is_called_something_harmless(given: str, kept: str) -> None:
    assert file_name(given) == kept
