"""The consultancy's settings in a browser: brand, logo, defaults; and who may change them."""

import struct
import zlib
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from app.services.accounts.profiles import choose_locale
from app.services.files import file_store
from app.services.reports.register import request_report
from app.store.rows import AuditEvent, Consultancy, Report
from tests.kitchens import LOCALE, add_kitchen, draw_quickly, work
from tests.people import Installed
from tests.web.test_reports import HAN, NAMES

PAGE = "/settings"
BRAND = {
    "name": "衡石增长咨询",
    "consultant": "周一鸣",
    "contact": "010-8888 0000",
    "confidentiality": "仅供客户内部使用，请勿外传。",
    "accent": "#1A6B5A",
}
HOUSE = {"consultancy": "衡石", "locale": "en", "zone": "Europe/London"}


def house(installed: Installed) -> Consultancy:
    with installed.acting().reading() as session:
        return session.get_one(Consultancy, installed.first.id)


def logo(kind: str = "PNG", size: tuple[int, int] = (400, 200), **options: object) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, (29, 78, 111)).save(file, kind, **options)
    return file.getvalue()


def upload(browser: FlaskClient, data: bytes, name: str = "logo.png") -> int:
    sent = {"logo": (BytesIO(data), name)}
    return browser.post(f"{PAGE}/logo", data=sent, content_type="multipart/form-data").status_code


def test_what_reports_carry_is_kept_and_goes_into_the_next_report(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_quickly(monkeypatch)
    kitchen = add_kitchen(installed)
    first = request_report(installed.acting(), kitchen, LOCALE)
    work(installed.acting())
    browser = installed.browser("owner")
    answer = browser.post(f"{PAGE}/brand", data=BRAND)
    assert (answer.status_code, answer.location) == (303, PAGE)
    shown = browser.get(PAGE).text
    assert all(value in shown for name, value in BRAND.items() if name != "accent")
    assert 'value="#1a6b5a"' in shown
    second = request_report(installed.acting(), kitchen, LOCALE)
    with installed.acting().reading() as session:
        old, new = (session.find(Report, one.report) for one in (first, second))
        details = session.scalars(
            select(AuditEvent.detail).where(AuditEvent.action == "settings.brand_changed")
        ).all()
    assert old is not None
    assert new is not None
    # The issued version keeps what it was issued with.
    assert old.brand["confidentiality"] == ""
    assert new.brand == {**BRAND, "accent": "#1a6b5a", "logo": ""}
    assert new.changes == {"client": 1, "brand": 1}
    assert len(details[0]["fields"]) == 5


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("accent", "#ffff00", "看不清"),
        ("confidentiality", "密" * 51, "现在长出1个汉字"),
        ("confidentiality", "x" * 101, "最多"),
        ("name", "x" * 81, "最多"),
    ],
)
def test_a_refused_brand_changes_nothing_and_keeps_what_was_typed(
    installed: Installed, field: str, typed: str, words: str
) -> None:
    browser = installed.browser("owner")
    answer = browser.post(f"{PAGE}/brand", data={**BRAND, field: typed})
    assert answer.status_code == 422
    assert words in answer.text
    assert typed in answer.text
    assert house(installed).brand_name == ""


def test_the_consultancy_itself_is_changed(installed: Installed) -> None:
    browser = installed.browser("owner")
    assert browser.post(f"{PAGE}/consultancy", data=HOUSE).status_code == 303
    found = house(installed)
    assert (found.name, found.locale, found.zone) == ("衡石", "en", "Europe/London")
    wrong = browser.post(f"{PAGE}/consultancy", data={**HOUSE, "zone": "Moon/Crater"})
    assert wrong.status_code == 422
    assert house(installed).zone == "Europe/London"


def test_only_owners_change_and_everybody_sees(installed: Installed) -> None:
    for who in ("consultant", "viewer"):
        browser = installed.browser(who)
        shown = browser.get(PAGE)
        assert shown.status_code == 200
        assert "只有所有者能改" in shown.text
        assert "<input" not in shown.text.partition("<main")[2].partition("</main>")[0]
        for path, data in (("brand", BRAND), ("consultancy", HOUSE), ("logo/removal", {})):
            assert browser.post(f"{PAGE}/{path}", data=data).status_code == 403
        assert upload(browser, logo()) == 403
    assert house(installed).brand_name == ""
    assert house(installed).name == installed.first.name


def test_fields_that_are_not_on_the_page_are_refused(installed: Installed) -> None:
    browser = installed.browser("owner")
    for path, data in (("brand", BRAND), ("consultancy", HOUSE)):
        extra = {**data, "second_factor_required": "1"}
        assert browser.post(f"{PAGE}/{path}", data=extra).status_code == 422
    assert not house(installed).second_factor_required


def test_a_logo_is_drawn_anew_and_shown_to_members_alone(installed: Installed) -> None:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (31.0, 14.0, 0.0)}
    hidden = logo("JPEG", exif=exif) + b"<script>alert(1)</script>GPS"
    browser = installed.browser("owner")
    assert upload(browser, hidden, "../../x.php\x00.png") == 303
    digest = house(installed).brand_logo
    assert digest is not None
    kept = file_store(installed.settings).path(digest).read_bytes()
    assert kept.startswith(b"\x89PNG")
    assert b"GPS" not in kept
    assert b"script" not in kept
    assert Image.open(BytesIO(kept)).size == (400, 200)
    shown = installed.browser("viewer").get(f"{PAGE}/logo", buffered=True)
    assert (shown.status_code, shown.mimetype, shown.data) == (200, "image/png", kept)
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in shown.headers["Cache-Control"]
    assert installed.browser(None).get(f"{PAGE}/logo").status_code == 303
    assert installed.browser("owner", installed.second).get(f"{PAGE}/logo").status_code == 404
    assert browser.post(f"{PAGE}/logo/removal").status_code == 303
    assert browser.get(f"{PAGE}/logo").status_code == 404


def bomb() -> bytes:
    """Return a PNG that says it is 50,000 by 50,000 pixels."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunks = b""
    for name, data in ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")):
        chunks += struct.pack(">I", len(data)) + name + data
        chunks += struct.pack(">I", zlib.crc32(name + data))
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "不是PNG"),
        (b"GIF89a<script>alert(1)</script>", "不是PNG"),
        (bomb(), "尺寸太大"),
        (logo()[:200], "损坏"),
    ],
    ids=["empty", "svg", "polyglot", "bomb", "cut"],
)
def test_what_is_no_honest_picture_is_refused_with_words(
    installed: Installed, data: bytes, words: str
) -> None:
    browser = installed.browser("owner")
    sent = {"logo": (BytesIO(data), "logo.png")}
    answer = browser.post(f"{PAGE}/logo", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert words in answer.text
    assert house(installed).brand_logo is None


def test_a_file_too_large_is_not_even_read(installed: Installed) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="logo"; filename="x.png"\r\n\r\n'
    body = head + bytes(3 * 1024 * 1024) + b"\r\n--x--\r\n"
    answer = installed.browser("owner").post(
        f"{PAGE}/logo", data=body, content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 413
    assert house(installed).brand_logo is None


def test_the_page_is_in_english_for_who_reads_english(installed: Installed) -> None:
    for who in ("owner", "viewer"):
        choose_locale(installed.acting(who), "en")
        with installed.acting().writing() as session:
            session.get_one(Consultancy, installed.first.id).name = "Bench & Co"
        shown = installed.browser(who).get(PAGE).text
        assert "Consultancy settings" in shown
        assert not set(HAN.findall(shown)) - NAMES
