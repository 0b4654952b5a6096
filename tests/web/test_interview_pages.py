"""The pages of interviews and rulings, as a browser without scripts meets them."""

import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from app.services.accounts.profiles import choose_locale
from app.services.interviews.adjudicating import docket
from app.services.interviews.interviewing import interview_board, open_sheet
from app.services.invitations.inviting import Invited
from app.services.releases import model_of
from tests.interviews import Kitchen, kitchen
from tests.kitchens import add_kitchen
from tests.people import Installed
from tests.respondents import form_in
from tests.workspace import HOSTILE, counted, invited

HAN = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
ITEM = "cold-chain"
NAME = f"q-{ITEM}"


@pytest.fixture
def work(installed: Installed) -> Kitchen:
    return kitchen(installed)


@pytest.fixture
def chef(work: Kitchen) -> str:
    return work.begin("chef")


@pytest.fixture
def browser(work: Kitchen) -> FlaskClient:
    return work.installed.browser("consultant")


def page(browser: FlaskClient, path: str) -> str:
    response = browser.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return response.text


def board_of(work: Kitchen) -> str:
    return f"/engagements/{work.engagement}/interviews"


def cockpit_of(work: Kitchen, response: str) -> str:
    return f"{board_of(work)}/{response}"


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None, name
    return unescape(found[1])


def save_part(
    browser: FlaskClient, work: Kitchen, response: str, shown: str, **typed: str
) -> TestResponse:
    """Send the part "bench" as the page shows it, with some fields filled in."""
    part = re.search(r'<section class="part[^"]*" id="part-bench".*?</section>', shown, re.DOTALL)
    assert part is not None
    data = {"form_key": hidden(part[0], "form_key")}
    data |= dict(re.findall(r'name="(q-[^"]*_base)" value="(\d+)"', part[0]))
    data |= typed
    return browser.post(f"{cockpit_of(work, response)}/sections/bench", data=data)


# -- the board ----------------------------------------------------------------------------------


def test_an_interview_is_begun_from_the_board_and_opens_at_once(
    work: Kitchen, browser: FlaskClient
) -> None:
    assert "还没有访谈" in page(browser, board_of(work))
    begun = browser.post(board_of(work), data={"role": "chef", "label": "早班"})
    assert begun.status_code == 303
    text = page(browser, begun.location)
    assert "Head chef · 早班" in text
    assert "Head chef · 早班" in page(browser, board_of(work))
    again = browser.post(board_of(work), data={"role": "chef", "label": "早班"})
    assert again.status_code == 422
    assert "这个角色下已经有「早班」" in again.text


@pytest.mark.parametrize("role", ["", "logger", "boss"])
def test_a_role_nobody_is_asked_in_is_refused_on_the_board(
    work: Kitchen, browser: FlaskClient, role: str
) -> None:
    assert browser.post(board_of(work), data={"role": role, "label": ""}).status_code == 422
    assert interview_board(work.acting(), work.engagement).interviews == ()


def test_who_answers_by_link_is_listed_apart(work: Kitchen, browser: FlaskClient) -> None:
    invited(work.installed, work.engagement, Invited("cook", "夜班"))
    assert "还没有人通过链接作答" in page(browser, board_of(work))


def test_an_interview_is_closed_opened_again_named_and_removed(
    work: Kitchen, chef: str, browser: FlaskClient
) -> None:
    here = cockpit_of(work, chef)
    assert browser.post(f"{here}/label", data={"label": "晚班"}).status_code == 303
    assert "晚班" in page(browser, here)
    assert browser.post(f"{here}/conclude").status_code == 303
    closed = page(browser, here)
    assert "答案不再改动" in closed
    assert "保存这一部分" not in closed
    assert f'action="{here}/reopen"' in closed
    opened = browser.post(f"{here}/reopen")
    assert (opened.status_code, opened.location) == (303, here)
    again = page(browser, here)
    assert "已重新打开" in again
    assert "保存这一部分" in again
    assert browser.post(f"{here}/discard").status_code == 303
    assert browser.get(here).status_code == 404


# -- the cockpit without scripts ----------------------------------------------------------------


def test_every_question_shows_its_levels_and_what_to_ask_to_see(
    work: Kitchen, chef: str, browser: FlaskClient
) -> None:
    text = unescape(page(browser, cockpit_of(work, chef)))
    model = model_of(
        work.installed.database,
        work.installed.settings,
        docket(work.acting(), work.engagement).opened.engagement.release_digest,
    )
    for anchor in model.areas["temperature-control"].anchors:
        assert anchor in text
    assert "Yesterday's log sheet, and the display of each unit" in text
    assert all(grade.title in text for grade in model.content.rating.evidence)


def test_a_part_is_saved_as_a_plain_form(work: Kitchen, chef: str, browser: FlaskClient) -> None:
    shown = page(browser, cockpit_of(work, chef))
    typed = {
        f"{NAME}_value": "2",
        f"{NAME}_evidence": "E1",
        f"{NAME}_note": "门上的表",
        "q-checks-on-time_value": "76.5",
        "q-cleaning-schedule_value": "who",
        "q-probe-calibrated_value": "unknown",
    }
    saved = save_part(browser, work, chef, shown, **typed)
    assert saved.status_code == 303
    assert saved.location.endswith("#part-bench")
    after = page(browser, saved.location)
    part = after.index('id="part-bench"')
    assert part < after.index("已保存4题"), "said where the page comes back to"
    told = {row.item: (row.kind, row.value, row.evidence) for row in work.log(chef)}
    assert told == {
        "cold-chain": ("given", 2, "E1"),
        "checks-on-time": ("given", "153/2", ""),
        "cleaning-schedule": ("given", ["who"], ""),
        "probe-calibrated": ("unknown", None, ""),
    }
    # The same page sent once more, as a second click does.
    assert save_part(browser, work, chef, shown, **typed).status_code == 303
    assert len(work.log(chef)) == 4


def test_what_cannot_be_taken_stays_typed_beside_its_reason_and_the_rest_is_saved(
    work: Kitchen, chef: str, browser: FlaskClient
) -> None:
    shown = page(browser, cockpit_of(work, chef))
    typed = {f"{NAME}_value": "2", "q-checks-on-time_value": "一大半"}
    refused = save_part(browser, work, chef, shown, **typed)
    assert refused.status_code == 422
    assert 'value="一大半"' in refused.text
    assert "这里要填0到100之间的数字" in refused.text
    assert 'role="alert"' in refused.text
    assert [row.item for row in work.log(chef)] == ["cold-chain"]


def test_a_conflict_is_shown_beside_the_field_with_both_values(
    work: Kitchen, chef: str, browser: FlaskClient
) -> None:
    shown = page(browser, cockpit_of(work, chef))
    work.save(chef, ITEM, 1, who="colleague", note="看了温度表")
    mine = {f"{NAME}_value": "3", f"{NAME}_note": "听他说的"}
    conflict = save_part(browser, work, chef, shown, **mine)
    assert conflict.status_code == 409
    assert work.acting("colleague").name in conflict.text
    assert "看了温度表" in conflict.text
    assert "听他说的" in conflict.text
    assert re.search(rf'id="{NAME}-3" value="3"[^>]* checked', conflict.text)
    assert hidden(conflict.text, f"{NAME}_base") == "1"
    assert work.log(chef, ITEM)[-1].standing is False
    # Sent once more from there, having seen the other: mine goes on top.
    assert save_part(browser, work, chef, conflict.text, **mine).status_code == 303
    assert [(row.value, row.standing) for row in work.log(chef, ITEM)] == [
        (1, True),
        (3, False),
        (3, True),
    ]


def test_the_others_value_can_be_taken_instead(
    work: Kitchen, chef: str, browser: FlaskClient
) -> None:
    shown = page(browser, cockpit_of(work, chef))
    work.save(chef, ITEM, 1, who="colleague")
    conflict = save_part(browser, work, chef, shown, **{f"{NAME}_value": "3"})
    taken = {f"{NAME}_value": "3", f"{NAME}_theirs": "yes"}
    assert save_part(browser, work, chef, conflict.text, **taken).status_code == 303
    current = [row.value for row in work.log(chef, ITEM) if row.standing]
    assert current == [1]


@pytest.mark.parametrize("extra", ["tenant_id", "q-other_value", "status", f"{NAME}_revision"])
def test_a_form_with_fields_that_were_not_on_the_page_is_refused(
    work: Kitchen, chef: str, browser: FlaskClient, extra: str
) -> None:
    shown = page(browser, cockpit_of(work, chef))
    refused = save_part(browser, work, chef, shown, **{f"{NAME}_value": "2", extra: "x"})
    assert refused.status_code == 422
    assert work.log(chef) == []


def test_what_is_sent_after_the_sign_in_expired_comes_back_to_be_sent_again(
    work: Kitchen, chef: str, browser: FlaskClient
) -> None:
    shown = page(browser, cockpit_of(work, chef))
    signed_out = work.installed.browser(None)
    typed = {f"{NAME}_value": "3", f"{NAME}_note": 'seen "both" <b>benches</b>'}
    answer = save_part(signed_out, work, chef, shown, **typed)
    assert answer.status_code == 401
    assert "登录过期了，还没有保存" in answer.text
    assert "<b>benches" not in answer.text
    assert 'href="/sign-in" target="_blank"' in answer.text
    address = f"{cockpit_of(work, chef)}/sections/bench"
    assert "benches&lt;" not in page(browser, cockpit_of(work, chef)), "nothing was stored"
    assert browser.post(address, data=form_in(answer)).status_code == 303
    assert "seen &#34;both&#34; &lt;b&gt;benches" in page(browser, cockpit_of(work, chef))


def test_facts_are_saved_on_the_one_sheet(work: Kitchen, chef: str, browser: FlaskClient) -> None:
    shown = page(browser, cockpit_of(work, chef))
    part = re.search(r'id="part-facts".*?</section>', shown, re.DOTALL)
    assert part is not None
    data = {"form_key": hidden(part[0], "form_key"), "f-food-handlers_value": "12"}
    saved = browser.post(f"{cockpit_of(work, chef)}/sections/facts", data=data)
    assert saved.status_code == 303
    sheet = open_sheet(work.acting(), work.engagement, "facts")
    assert [(row.item, row.value) for row in work.log(sheet)] == [("food-handlers", "12")]
    assert work.log(chef) == []


def test_a_viewer_sees_the_interview_and_can_change_nothing(installed: Installed) -> None:
    add_kitchen(installed, answered=False, team=("consultant", "viewer"))
    work = Kitchen(installed)
    chef = work.begin("chef")
    viewer = installed.browser("viewer")
    text = page(viewer, cockpit_of(work, chef))
    assert "您的权限只能查看" in text
    assert text.count('<fieldset class="part-fields" disabled>') == text.count(
        'class="part-fields"'
    )
    assert "保存这一部分" not in text
    assert viewer.post(f"{cockpit_of(work, chef)}/conclude").status_code == 403


def test_what_the_answers_say_is_a_page_of_its_own_and_a_part_for_scripts(
    work: Kitchen, chef: str, browser: FlaskClient
) -> None:
    here = f"{cockpit_of(work, chef)}/so-far"
    whole = page(browser, here)
    assert "<!doctype html>" in whole
    part = browser.get(here, headers={"HX-Request": "true"}).text
    assert "<!doctype" not in part
    assert "接着最该问的" in part
    assert f'href="{cockpit_of(work, chef)}#q-' in part


def test_scores_begin_with_a_sentence_and_say_how_much_they_rest_on(
    work: Kitchen, chef: str, browser: FlaskClient
) -> None:
    here = f"{cockpit_of(work, chef)}/so-far"
    assert "还没有得分" in page(browser, here)
    assert "<table" not in page(browser, here)
    work.save(work.begin("manager"), "plan-in-use", 2, evidence="E2")
    some = page(browser, here)
    assert "还没有得分" not in some
    assert "<table" in some
    assert "目前3个维度里有1个有分" in some


def test_the_cockpit_asks_the_same_few_questions_of_the_database(
    work: Kitchen, chef: str, browser: FlaskClient
) -> None:
    page(browser, cockpit_of(work, chef))

    def statements() -> int:
        with counted(work.installed.database) as asked:
            page(browser, cockpit_of(work, chef))
        return len(asked)

    first = statements()
    for number in range(3):
        work.save(chef, ITEM, number, number)
    assert statements() <= first + 1 <= 12


# -- what people wrote is never run -------------------------------------------------------------


@pytest.mark.parametrize("words", HOSTILE)
def test_markup_in_answers_labels_and_photos_is_shown_as_typed(
    work: Kitchen, browser: FlaskClient, words: str
) -> None:
    response = work.begin("chef", words)
    sheet = work.begin("manager", words)
    work.save(response, ITEM, 2, note=words, evidence="E1")
    work.save(response, "worst-shift", words)
    work.save(sheet, ITEM, 0, note=words)
    pages = [
        page(browser, board_of(work)),
        page(browser, cockpit_of(work, response)),
        page(browser, f"{cockpit_of(work, response)}/history/{ITEM}"),
        page(browser, f"{cockpit_of(work, response)}/label"),
        page(browser, f"/engagements/{work.engagement}/adjudication/{ITEM}"),
    ]
    for text in pages:
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert ">49<" not in text
        assert words in unescape(text)


# -- photos -------------------------------------------------------------------------------------


def photo_bytes() -> bytes:
    store = io.BytesIO()
    Image.new("RGB", (30, 20), "#1d4e6f").save(store, "PNG")
    return store.getvalue()


def test_a_photo_is_added_without_scripts_and_sent_so_that_nothing_runs(
    work: Kitchen, chef: str, browser: FlaskClient
) -> None:
    here = f"{cockpit_of(work, chef)}/photos/{ITEM}"
    assert "还没有照片" in page(browser, here)
    files = {"photo": (io.BytesIO(photo_bytes()), '../"x\r\nX-Evil: 1.png')}
    assert browser.post(here, data=files).status_code == 303
    address = re.search(
        rf"/engagements/{work.engagement}/photos/[0-9a-f]{{16}}", page(browser, here)
    )
    assert address is not None
    sent = browser.get(address[0])
    assert sent.status_code == 200
    assert sent.mimetype == "image/jpeg"
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Content-Security-Policy"].startswith("sandbox")
    assert sent.headers["Content-Disposition"].startswith("attachment;")
    assert "X-Evil" not in sent.headers
    assert "no-store" in sent.headers["Cache-Control"]
    sent.close()
    assert browser.post(f"{address[0]}/removal").status_code == 303
    assert browser.get(address[0]).status_code == 404


@pytest.mark.parametrize(
    "data", [b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"GIF89a", b""]
)
def test_what_is_no_picture_is_refused_with_words(
    work: Kitchen, chef: str, browser: FlaskClient, data: bytes
) -> None:
    here = f"{cockpit_of(work, chef)}/photos/{ITEM}"
    refused = browser.post(here, data={"photo": (io.BytesIO(data), "a.png")})
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text
    by_script = browser.post(
        here, data={"photo": (io.BytesIO(data), "a.png")}, headers={"Accept": "application/json"}
    )
    assert (by_script.status_code, list(by_script.json["fields"])) == (422, ["photo"])  # type: ignore[index]  # it is an object


def test_a_photo_may_be_larger_than_a_form_and_not_endless(
    work: Kitchen, chef: str, browser: FlaskClient
) -> None:
    def send(size: int) -> int:
        file = FileStorage(io.BytesIO(photo_bytes().ljust(size, b"\0")), "a.png")
        boundary, data = encode_multipart({"photo": file})
        kind = f"multipart/form-data; boundary={boundary}"
        here = f"{cockpit_of(work, chef)}/photos/{ITEM}"
        return browser.post(here, data=data, content_type=kind).status_code

    assert send(2_000_000) in (303, 422)
    assert send(14_000_000) == 413
    elsewhere = browser.post(board_of(work), data={"role": "chef", "label": "x" * 2_000_000})
    assert elsewhere.status_code == 413


# -- ruling -------------------------------------------------------------------------------------


def case_of(work: Kitchen) -> str:
    return f"/engagements/{work.engagement}/adjudication/{ITEM}"


def test_a_ruling_is_made_seen_and_withdrawn(installed: Installed) -> None:
    work = kitchen(installed, answered=True)
    browser = installed.browser("consultant")
    shown = page(browser, case_of(work))
    keys = {"base": hidden(shown, "base"), "form_key": hidden(shown, "form_key")}
    ruling = {**keys, f"{NAME}_value": "2", f"{NAME}_evidence": "E2", f"{NAME}_note": ""}
    refused = browser.post(case_of(work), data=ruling)
    assert refused.status_code == 422
    assert "请写明裁定的理由" in refused.text
    assert re.search(rf'id="{NAME}-2" value="2"[^>]* checked', refused.text)
    ruling[f"{NAME}_note"] = "看过三天的记录"
    assert browser.post(case_of(work), data=ruling).status_code == 303
    settled = page(browser, case_of(work))
    assert "看过三天的记录" in settled
    assert "现在的裁定是" in settled
    late = browser.post(case_of(work), data={**ruling, f"{NAME}_value": "1", "form_key": "x" * 20})
    assert late.status_code == 409
    assert "同一题有两个裁定" in late.text
    assert hidden(late.text, "base") == "1"
    back = {"base": "1", "form_key": "w" * 20, "reason": "看错了"}
    assert browser.post(f"{case_of(work)}/withdrawal", data=back).status_code == 303
    sheet = docket(work.acting(), work.engagement).sheet
    assert sheet is not None
    record = page(browser, f"{cockpit_of(work, sheet)}/history/{ITEM}")
    assert re.search(r"<b>已撤回</b>.*理由：看错了", record)
    assert "看过三天的记录" in record
    assert "没有回答" not in record


def test_the_front_line_of_few_is_not_told(installed: Installed) -> None:
    work = kitchen(installed, answered=True)
    text = page(installed.browser("consultant"), case_of(work))
    assert "一线答的人不足3位" in text
    assert "Cook" not in text


def test_a_question_without_disagreement_or_that_is_none_is_not_found(
    installed: Installed,
) -> None:
    work = kitchen(installed, answered=True)
    browser = installed.browser("consultant")
    for question in ("worst-shift", "no-such", "..%2f..%2fetc%2fpasswd", "probe-calibrated"):
        path = f"/engagements/{work.engagement}/adjudication/{question}"
        assert browser.get(path).status_code == 404


# -- both languages -----------------------------------------------------------------------------


def test_every_page_is_english_where_english_is_read(installed: Installed) -> None:
    work = kitchen(installed, answered=True)
    for who in ("consultant", "colleague"):
        choose_locale(work.acting(who), "en")
    browser = installed.browser("consultant")
    first = interview_board(work.acting(), work.engagement).interviews[0].id
    empty = work.begin("cook", "late")
    names = {person.name for person in installed.first.people.values()} | {installed.first.name}
    for path in (
        board_of(work),
        cockpit_of(work, first),
        cockpit_of(work, empty),
        f"{cockpit_of(work, first)}/so-far",
        f"{cockpit_of(work, first)}/history/{ITEM}",
        f"{cockpit_of(work, first)}/photos/{ITEM}",
        f"{cockpit_of(work, first)}/label",
        f"/engagements/{work.engagement}/adjudication",
        case_of(work),
    ):
        text = page(browser, path)
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, "")
        text = text.replace("诊脉", "").replace("中文", "").replace("首次诊断", "")
        assert not HAN.findall(text), (path, HAN.search(text))
