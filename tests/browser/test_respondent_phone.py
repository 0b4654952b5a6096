"""A respondent's phone inside WeChat when things go wrong: no network, killed, two of them."""

import re
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from app.services.files import file_store
from app.services.invitations.inviting import reissue, revoke
from app.store.attachments import attachments_of
from app.store.invitations import invited_responses
from tests.browser.accessibility import check_accessibility
from tests.browser.desk import Desk, desk
from tests.browser.phone import answer, questions
from tests.browser.watching import Troubles
from tests.browser.windows import WECHAT, OpenPage

__all__ = ["desk"]

CUT = "ERR_INTERNET_DISCONNECTED"
HALF_AN_HOUR = 30 * 60_000
MANY = 40


def begin(page: Page, desk: Desk, invitation: str, issue: int = 1) -> None:
    """Open a link and agree."""
    page.goto(desk.link(invitation, issue))
    page.locator("main button").click()
    page.get_by_role("button", name=re.compile("同意|Agree")).click()
    expect(page).to_have_url(f"{desk.url}/answer/1")


def saved(page: Page, patience: int = 15_000) -> None:
    """Wait until everything is on the server."""
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved", timeout=patience)


def waits(page: Page, words: str) -> None:
    """Wait until the page says so beside its state."""
    expect(page.locator("#save-state [data-words]")).to_have_text(words, timeout=20_000)


def all_here(page: Page) -> None:
    """Wait until every screen is on the phone; the clock is the page's own."""
    mark = page.locator("#all-here")
    for _ in range(60):
        page.clock.fast_forward(1500)
        with suppress(AssertionError):
            expect(mark).to_be_visible(timeout=1000)
            return
    expect(mark).to_be_visible()


def pick(page: Page, place: int, option: int) -> None:
    """Choose an option of a question, both counted from 0."""
    question = page.locator("fieldset.question").nth(place)
    question.locator(".pick label").nth(option).click()


def picked(page: Page, place: int, option: int) -> None:
    """Wait until this option of a question, and no other of it, is chosen."""
    question = page.locator("fieldset.question").nth(place)
    expect(question.locator(".pick input").nth(option)).to_be_checked()
    expect(question.locator(".pick input:checked")).to_have_count(1)


def test_forty_answers_of_half_an_hour_without_a_network_arrive_once_and_in_order(
    desk: Desk, open_page: OpenPage, troubles: Troubles
) -> None:
    troubles.expect(CUT)
    page = open_page(WECHAT)
    page.clock.install()
    invitation = desk.invite("private-domain-head", "四十题")
    begin(page, desk, invitation)
    all_here(page)
    page.context.set_offline(True)
    answered: list[str] = []
    while len(answered) < MANY:
        for question in questions(page):
            answered.append(question.get_attribute("data-item") or "")
            answer(question)
        if len(answered) < MANY:
            page.locator("button[value=next]").click()
            expect(page.locator(f"[data-item='{answered[-1]}']")).to_have_count(0)
    page.clock.fast_forward(2000)
    waits(page, f"离线，{len(answered)}条待传")
    check_accessibility(page)
    page.locator("button[value=pause]").click()
    expect(page.locator("#stuck")).to_contain_text("答案都存在这台手机里")
    page.clock.fast_forward(HALF_AN_HOUR)
    page.context.set_offline(False)
    saved(page, 60_000)
    log = desk.log(invitation)
    assert [row.item for row in sorted(log, key=lambda row: row.at)] == answered
    assert {(row.revision, row.standing) for row in log} == {(1, True)}
    page.locator("button[value=pause]").click()
    expect(page).to_have_url(f"{desk.url}/answer")
    expect(page.get_by_text(f"已答{len(answered)}/")).to_be_visible()


def test_a_phone_killed_in_mid_section_has_lost_nothing(
    desk: Desk, open_page: OpenPage, troubles: Troubles
) -> None:
    troubles.expect(CUT)
    page = open_page(WECHAT)
    invitation = desk.invite("private-domain-head", "被杀掉")
    begin(page, desk, invitation)
    pick(page, 0, 1)
    saved(page)
    page.context.set_offline(True)
    pick(page, 2, 2)
    note = page.locator("fieldset.question").nth(2).locator("details").last
    note.locator("summary").click()
    note.locator("textarea").press_sequentially("打到一半")
    waits(page, "离线，1条待传")
    context = page.context
    page.close(run_before_unload=False)
    assert len(desk.log(invitation)) == 1
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"{desk.url}/answer/1")
    picked(again, 0, 1)
    picked(again, 2, 2)
    expect(again.locator("fieldset.question").nth(2).locator("textarea")).to_have_value("打到一半")
    saved(again)
    assert [row.note for row in desk.log(invitation) if row.note] == ["打到一半"]


def test_what_an_earlier_page_left_behind_is_sent_before_it_is_looked_over(
    desk: Desk, open_page: OpenPage, troubles: Troubles
) -> None:
    troubles.expect(CUT)
    page = open_page(WECHAT)
    invitation = desk.invite("content", "留下的")
    begin(page, desk, invitation)
    page.context.set_offline(True)
    pick(page, 0, 1)
    waits(page, "离线，1条待传")
    context = page.context
    page.close(run_before_unload=False)
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"{desk.url}/answer/review")
    expect(again.get_by_text("已答1/").first).to_be_visible()
    assert len(desk.log(invitation)) == 1
    again.get_by_role("button", name="提交问卷").dblclick()
    expect(again.get_by_role("heading", level=1)).to_have_text("谢谢您，已经提交")


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_two_phones_disagree_and_the_person_sees_both_answers(
    desk: Desk, open_page: OpenPage, troubles: Troubles, choice: str
) -> None:
    troubles.expect("status of 409")
    invitation = desk.invite("sales", f"两台{choice}")
    one, other = open_page(WECHAT), open_page(WECHAT, locale="en-GB")
    begin(one, desk, invitation)
    other.goto(desk.link(invitation))
    other.locator("main button").click()
    other.goto(f"{desk.url}/answer/1")
    pick(one, 0, 0)
    saved(one)
    pick(other, 0, 2)
    both = other.locator(".both")
    expect(both).to_be_visible()
    labels = other.locator("fieldset.question").first.locator(".pick label")
    expect(both.locator("[data-mine]")).to_have_text(labels.nth(2).inner_text())
    expect(both.locator("[data-theirs]")).to_have_text(labels.nth(0).inner_text())
    check_accessibility(other)
    # Nobody goes on over an open conflict unseen.
    other.locator("button[value=next]").click()
    expect(other.locator("#stuck")).to_be_visible()
    expect(other).to_have_url(f"{desk.url}/answer/1")
    other.locator(f"[data-takes={choice}]").click()
    saved(other)
    expect(both).to_have_count(0)
    stands = 2 if choice == "mine" else 0
    picked(other, 0, stands)
    one.reload()
    picked(one, 0, stands)
    values = {row.value for row in desk.log(invitation)}
    assert len(values) == 2, "both answers are on record"


def test_another_phone_goes_on_where_the_first_one_stopped(desk: Desk, open_page: OpenPage) -> None:
    invitation = desk.invite("sales", "接着答")
    one, other = open_page(WECHAT), open_page(WECHAT)
    begin(one, desk, invitation)
    for question in questions(one):
        answer(question)
    saved(one)
    other.goto(desk.link(invitation))
    other.locator("main button").click()
    other.get_by_role("link", name="接着答").click()
    expect(other).to_have_url(f"{desk.url}/answer/2")
    other.locator("button[value=back]").click()
    expect(other).to_have_url(f"{desk.url}/answer/1")
    picked(other, 0, 1)


def end_link(desk: Desk, invitation: str, end: str) -> None:
    """Let a link come to its end."""
    if end == "expired":
        desk.change(invitation, expires_at=desk.acting.now - timedelta(hours=1))
    else:
        (revoke if end == "revoked" else reissue)(desk.acting, desk.engagement, [invitation])


@pytest.mark.parametrize("end", ["expired", "revoked", "replaced"])
def test_a_link_that_ends_in_the_middle_keeps_what_was_answered_for_the_new_one(
    desk: Desk, open_page: OpenPage, troubles: Troubles, end: str
) -> None:
    troubles.expect("status of 404")
    page = open_page(WECHAT)
    invitation = desk.invite("private-domain-head", f"中途{end}")
    begin(page, desk, invitation)
    pick(page, 0, 1)
    saved(page)
    end_link(desk, invitation, end)
    pick(page, 2, 1)
    expect(page.locator("#stuck")).to_contain_text("请重新点开收到的链接")
    check_accessibility(page)
    page.goto(desk.link(invitation))
    expect(page.get_by_role("heading", level=1)).to_have_text("问卷打不开")
    if end != "replaced":
        reissue(desk.acting, desk.engagement, [invitation])
    page.goto(desk.link(invitation, 2))
    page.locator("main button").click()
    expect(page.get_by_text("已答2/")).to_be_visible()
    assert [row.revision for row in desk.log(invitation)] == [1, 1]


def test_a_shared_phone_is_left_with_nothing_on_it(
    desk: Desk, open_page: OpenPage, troubles: Troubles
) -> None:
    troubles.expect("ERR_FAILED")
    page = open_page(WECHAT)
    begin(page, desk, desk.invite("store", "共用"))
    page.route("**/answer/answers", lambda route: route.abort())
    pick(page, 0, 1)
    waits(page, "离线，1条待传")
    leave = page.get_by_role("button", name="在这台设备上退出")
    leave.click()
    expect(page.locator("#stuck")).to_contain_text("要退出，请再点一次")
    leave.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已在这台设备上退出")
    assert page.evaluate("localStorage.length") == 0


def test_a_wrong_figure_is_told_at_once_and_stays_to_be_mended(
    desk: Desk, open_page: OpenPage, troubles: Troubles
) -> None:
    troubles.expect("status of 422")
    page = open_page(WECHAT)
    invitation = desk.invite("sales", "填错")
    begin(page, desk, invitation)
    box = page.locator("input[data-types]").first
    box.fill("三十到四十")
    box.blur()
    waits(page, "有1题要改")
    expect(box).to_have_attribute("aria-invalid", "true")
    check_accessibility(page)
    page.get_by_role("button", name="去看看").click()
    expect(box).to_be_focused()
    box.fill("30")
    saved(page)
    expect(page.locator(".error")).to_have_count(0)
    box.fill("")
    pick(page, 0, 1)
    page.locator(".pick-clear:visible").click()
    saved(page)
    expect(page.locator(".pick-clear:visible")).to_have_count(0)
    kinds = {row.item: row.kind for row in desk.log(invitation)}
    assert set(kinds.values()) == {"cleared"}


def test_a_word_of_the_trade_is_explained_where_it_stands(desk: Desk, open_page: OpenPage) -> None:
    for scripts in (True, False):
        page = open_page(WECHAT, scripts=scripts)
        begin(page, desk, desk.invite("store", f"术语{scripts}"))
        about = page.locator("details.explain", has=page.locator(".terms")).first
        word = about.locator("dt").first
        expect(word).to_be_hidden()
        about.locator("summary").press("Enter")
        expect(word).to_be_visible()
        expect(about.locator("summary")).to_contain_text(word.inner_text())
        expect(about.locator("dd").first).not_to_be_empty()


def test_the_first_load_and_each_further_screen_are_light(desk: Desk, open_page: OpenPage) -> None:
    """Bytes over the air, heads and all, as the browser counts them, in the longest of forms."""
    page = open_page(WECHAT)
    page.clock.install()
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    asked: dict[str, str] = {}
    weights: dict[str, float] = {}
    wire.on("Network.requestWillBeSent", lambda told: asked.update({told["requestId"]: path(told)}))

    def finished(told: dict[str, float | str]) -> None:
        name = asked[str(told["requestId"])]
        weights[name] = weights.get(name, 0) + float(told["encodedDataLength"])

    wire.on("Network.loadingFinished", finished)
    begin(page, desk, desk.invite("private-domain-head", "流量"))
    all_here(page)
    further = {name: size for name, size in weights.items() if re.fullmatch(r"/answer/\d+", name)}
    first = sum(weights.values()) - sum(further.values()) + further.pop("/answer/1")
    assert "/static/js/respond.js" in weights
    assert len(further) == 14
    assert first <= 60_000, weights
    assert max(further.values()) <= 10_000, further
    assert sum(weights.values()) < 150_000, (
        "the whole questionnaire, from the first tap to the last"
    )


def path(told: dict[str, dict[str, str]]) -> str:
    """Return the path that a request went to."""
    return urlsplit(told["request"]["url"]).path


def photographed(folder: Path) -> Path:
    """Return a photo as phones take them: large, and with the place and the device in it."""
    path = folder / "IMG_0001.jpg"
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "HUAWEI", "HLK-AL00"
    Image.effect_noise((2400, 1800), 60).convert("RGB").save(path, quality=85, exif=exif)
    return path


def test_a_photo_is_made_smaller_waits_for_the_network_and_arrives_without_its_secrets(
    desk: Desk, open_page: OpenPage, troubles: Troubles, tmp_path: Path
) -> None:
    troubles.expect(CUT)
    page = open_page(WECHAT)
    invitation = desk.invite("store", "照片")
    begin(page, desk, invitation)
    page.context.set_offline(True)
    question = page.locator("fieldset.question").first
    question.locator("details").last.locator("summary").click()
    with page.expect_file_chooser() as chosen:
        question.get_by_role("link", name="拍照或选照片").click()
    sizes: list[int] = []
    page.on(
        "request",
        lambda request: (
            sizes.append(len(request.post_data_buffer or b""))
            if "/answer/photos/" in request.url and request.method == "POST"
            else None
        ),
    )
    photo = photographed(tmp_path)
    chosen.value.set_files(photo)
    says = question.locator("[data-photo-says]")
    expect(says).to_contain_text("有网络后自动上传", timeout=20_000)
    expect(question.locator(".pictures img")).to_have_count(1)
    check_accessibility(page)
    context = page.context
    page.close(run_before_unload=False)
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"{desk.url}/answer/1")
    pictures = again.locator("fieldset.question").first.locator(".pictures img")
    expect(again.locator("fieldset.question").first.locator("[data-photo-says]")).to_have_text(
        "照片已保存。", timeout=20_000
    )
    again.reload()
    expect(pictures).to_have_count(1)
    with desk.acting.reading() as session:
        response = invited_responses(session, desk.engagement)[invitation]
        (kept,) = attachments_of(session, [response.id])
    data = file_store(desk.acting.settings).path(kept.digest).read_bytes()
    found = Image.open(BytesIO(data))
    assert max(found.size) == 1600
    assert not found.getexif()
    assert max(sizes) < photo.stat().st_size
