"""Reports as people meet them in a browser: issued, watched, downloaded, previewed, or not."""

import re
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.services.accounts.profiles import choose_locale
from app.services.files import file_store
from app.services.reports.files import file_name
from app.services.reports.register import request_report
from app.store.rows import AuditEvent, Consultancy, Job, Report, ReportFile
from tests.installations import NOW
from tests.kitchens import ENGAGEMENT, LOCALE, add_kitchen, draw_quickly, rename_client, work
from tests.people import Installed
from tests.workspace import counted

HAN = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
NAMES = set("诊脉中文衡石咨询首次诊断")
"""Chinese that stands on English pages too: the product, the language switch, what people typed."""
BOARD = f"/engagements/{ENGAGEMENT}/reports"
FORM = {"locale": LOCALE, "note": "after the audit"}


@pytest.fixture
def kitchen(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> str:
    """An engagement whose reports are drawn at once, as a few bytes."""
    draw_quickly(monkeypatch)
    return add_kitchen(installed, team=("consultant", "viewer"))


def page(browser: FlaskClient, path: str = BOARD) -> str:
    response = browser.get(path)
    assert response.status_code == 200, path
    return response.text


def issued(installed: Installed) -> str:
    """Issue a version and have it drawn; return its id."""
    acting = installed.acting("consultant")
    report = request_report(acting, ENGAGEMENT, LOCALE).report
    work(acting)
    return report


def files_in(installed: Installed) -> list[str]:
    with installed.acting().reading() as session:
        return sorted(session.scalars(select(ReportFile.format)).all())


def test_from_the_form_to_the_file(installed: Installed, kitchen: str) -> None:
    browser = installed.browser("consultant")
    assert "还没有出过报告" in page(browser)
    answer = browser.post(BOARD, data=FORM)
    assert (answer.status_code, answer.location) == (303, BOARD)
    waiting = page(browser)
    assert "正在生成第1版" in waiting
    assert "可以离开这一页，做好以后在这里下载" in waiting
    assert "排队中，马上开始" in waiting
    # Asking once more would come to the same version: the form says so before anybody does.
    assert "和第1版相比什么都没有变" in waiting
    assert "出第2版" in waiting
    # Asked for again by the page while it is drawn, and by a link where no script runs.
    assert f'hx-get="{BOARD}/progress?issuing=1" hx-trigger="every 1500ms"' in waiting
    assert f'<a href="{BOARD}" id="reload-' in waiting
    work(installed.acting("consultant"))
    fragment = page(browser, f"{BOARD}/progress")
    assert "hx-get" not in fragment
    assert "已完成，可以下载" in fragment
    done = page(browser)
    assert "hx-get" not in done
    (report,) = set(re.findall(rf"{BOARD}/([0-9a-f]{{16}})/pdf", done))
    assert "after the audit" in done
    assert "和第1版相比什么都没有变" in done
    file = browser.get(f"{BOARD}/{report}/pdf", buffered=True)
    assert file.status_code == 200
    assert file.data.startswith(b"%PDF ")
    shelf = page(browser, "/reports")
    assert "ZM-2026-0001" in shelf
    assert f'href="{BOARD}/{report}/pdf" download' in shelf


def test_a_file_comes_as_an_attachment_that_no_browser_runs(
    installed: Installed, kitchen: str
) -> None:
    name = 'Röst & "Küche"../fdp.exe 示例厨房' + "長" * 50
    rename_client(installed.acting(), kitchen, name)
    report = issued(installed)
    for form, kind, ending in (
        ("pdf", "application/pdf", "pdf"),
        ("json", "application/json", "json"),
        ("answers", "application/yaml", "yaml"),
    ):
        file = installed.browser("viewer").get(f"{BOARD}/{report}/{form}", buffered=True)
        assert file.status_code == 200
        assert file.mimetype == kind
        assert file.headers["X-Content-Type-Options"] == "nosniff"
        assert file.headers["Cache-Control"] == "private, no-store"
        assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        disposition = file.headers["Content-Disposition"]
        plain, quoted = re.fullmatch(
            r'attachment; filename="?([^";]+)"?; filename\*=UTF-8\'\'(\S+)', disposition
        ).groups()  # type: ignore[union-attr]  # else the test fails here
        assert plain == f"ZM-2026-0001-v1.{ending}"
        shown = unquote(quoted)
        assert shown.startswith("Röst & Küche")
        assert shown.endswith(f" ZM-2026-0001 v1.{ending}")
        assert "示例厨房" in shown
        assert len(shown) < 100
        assert not re.search(r'["/\\]', shown)
    with installed.acting().reading() as session:
        details = session.scalars(
            select(AuditEvent.detail)
            .where(AuditEvent.action == "report.downloaded")
            .order_by(AuditEvent.number)
        ).all()
    assert [detail["format"] for detail in details] == ["pdf", "json", "answers"]


@pytest.mark.parametrize(
    ("client", "shown"),
    [
        ("../../etc/passwd", "etc passwd"),
        ("a\x00b\r\nSet-Cookie: x=1", "abSet-Cookie x=1"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ('"; filename=evil.exe; x="', "; filename=evil.exe; x="),
        ("...", ""),
        ("長" * 300, "長" * 60),
    ],
)
def test_a_file_is_named_after_a_client_of_any_name(client: str, shown: str) -> None:
    name = file_name(client, "ZM-2026-0001", 2, "pdf")
    assert name == f"{shown} ZM-2026-0001 v2.pdf".strip()


def test_files_of_others_are_not_found_and_told_like_missing_ones(
    installed: Installed, kitchen: str
) -> None:
    report = issued(installed)
    add_kitchen(installed, engagement="f" * 16, team=("colleague",))
    add_kitchen(installed, tenant=installed.second, engagement="d" * 16)
    missing = installed.browser("consultant").get(f"{BOARD}/{'0' * 16}/pdf")
    assert missing.status_code == 404
    for browser, path in (
        (installed.browser("colleague"), f"{BOARD}/{report}/pdf"),
        (installed.browser("colleague"), f"/engagements/{'f' * 16}/reports/{report}/pdf"),
        (installed.browser("owner", installed.second), f"{BOARD}/{report}/pdf"),
        (installed.browser("owner", installed.second), BOARD),
        (
            installed.browser("owner", installed.second),
            f"/engagements/{'d' * 16}/reports/{report}/answers",
        ),
        (installed.browser("owner"), f"/engagements/{'f' * 16}/reports/{report}/pdf"),
        (installed.browser("consultant"), f"{BOARD}/{report}/docx"),
        (installed.browser("consultant"), f"{BOARD}/{report}/..%2f..%2fsecret-key"),
        (installed.browser("consultant"), f"{BOARD}/preview/section?section=..%2Fcover"),
        (installed.browser("consultant"), f"{BOARD}/preview/section?locale=fr"),
    ):
        assert browser.get(path).status_code == 404, path
    for who, tenant, status in (
        ("colleague", installed.first, 404),
        ("owner", installed.second, 404),
        ("viewer", installed.first, 403),
    ):
        browser = installed.browser(who, tenant)
        for path in ("", f"/{report}/retry", f"/{report}/cancel", f"/{report}/check"):
            assert browser.post(f"{BOARD}{path}", data={}).status_code == status, (who, path)
    assert "示例" not in installed.browser("owner", installed.second).get("/reports").text
    assert report not in installed.browser("colleague").get("/reports").text
    with installed.acting().reading() as session:
        assert session.scalars(select(Report.version)).all() == [1]
        assert session.scalars(select(Job.state)).all() == ["done"]


def test_a_lost_file_is_told_and_comes_back(installed: Installed, kitchen: str) -> None:
    report = issued(installed)
    with installed.acting().reading() as session:
        digest = session.scalars(select(ReportFile.digest).where(ReportFile.format == "pdf")).one()
    file_store(installed.settings).path(digest).unlink()
    browser = installed.browser("consultant")
    lost = browser.get(f"{BOARD}/{report}/pdf", buffered=True)
    assert lost.status_code == 409
    assert "重新生成并核对" in lost.text
    assert browser.post(f"{BOARD}/{report}/check").status_code == 303
    assert "与原件核对" in page(browser)
    work(installed.acting("consultant"))
    assert "与原件逐字节一致" in page(browser)
    assert browser.get(f"{BOARD}/{report}/pdf", buffered=True).status_code == 200


def test_the_page_says_why_no_report_can_be_issued(installed: Installed) -> None:
    add_kitchen(installed, answered=False)
    browser = installed.browser("consultant")
    shown = page(browser)
    assert "现在还不能出报告" in shown
    assert "还没有任何答案" in shown
    assert "issue-form" not in shown
    answer = browser.post(BOARD, data=FORM)
    assert answer.status_code == 422
    assert "现在还不能出报告" in answer.text
    assert files_in(installed) == []


def test_what_a_client_typed_is_shown_as_typed(installed: Installed, kitchen: str) -> None:
    hostile = "<script>alert(1)</script>{{7*7}}"
    rename_client(installed.acting(), kitchen, f"{hostile}\ue000")
    browser = installed.browser("consultant")
    shown = page(browser)
    assert "<script>alert" not in shown
    assert "U+E000" in shown
    rename_client(installed.acting(), kitchen, hostile)
    browser.post(BOARD, data={**FORM, "note": hostile})
    for path in (BOARD, "/reports", f"{BOARD}/preview/section?section=cover"):
        shown = page(browser, path)
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in shown
        assert "<script>alert" not in shown


def test_fields_that_are_not_on_the_page_are_refused(installed: Installed, kitchen: str) -> None:
    browser = installed.browser("consultant")
    for extra in ({"version": "9"}, {"tenant_id": "x"}, {"state": "done"}):
        assert browser.post(BOARD, data={**FORM, **extra}).status_code == 422
    assert browser.post(BOARD, data={**FORM, "locale": "fr"}).status_code == 422
    assert browser.post(BOARD, data={**FORM, "note": "x" * 600}).status_code == 422
    with installed.acting().reading() as session:
        assert session.scalars(select(Job)).all() == []


def test_a_failed_version_says_why_and_can_be_tried_again(
    installed: Installed, kitchen: str
) -> None:
    browser = installed.browser("consultant")
    browser.post(BOARD, data=FORM)
    with installed.acting().writing() as session:
        job = session.scalars(select(Job)).one()
        job.state, job.message = (
            "failed",
            "报告超过了页数上限，已停止。请删减过长的备注和文字回答后重新出报告。",
        )
        report = job.subject
    shown = page(browser)
    assert "报告超过了页数上限" in shown
    assert f"{BOARD}/{report}/retry" in shown
    assert browser.post(f"{BOARD}/{report}/retry").status_code == 303
    assert "排队中" in page(browser)
    assert browser.post(f"{BOARD}/{report}/cancel").status_code == 303
    # The number is free again, and the button that stood there meanwhile says so.
    part = page(browser, f"{BOARD}/progress?issuing=1")
    assert '<span id="issue-label" hx-swap-oob="innerHTML">出第1版</span>' in part
    assert "issue-label" not in page(browser, f"{BOARD}/progress")
    shown = page(browser)
    assert "不再出这一版，不会留下文件" in shown
    assert "已取消" in shown
    assert browser.post(f"{BOARD}/{report}/cancel").status_code == 303
    assert "没有可取消的任务" in page(browser)


def test_progress_tells_place_step_and_page(installed: Installed, kitchen: str) -> None:
    browser = installed.browser("consultant")
    add_kitchen(installed, engagement="f" * 16)
    request_report(installed.acting(), "f" * 16, LOCALE)
    browser.post(BOARD, data=FORM)
    assert "排队中，前面还有1个任务" in page(browser, f"{BOARD}/progress")
    with installed.acting().writing() as session:
        job = session.scalars(select(Job).order_by(Job.created_at.desc())).first()
        assert job is not None
        job.state, job.step, job.page = "running", "layout", 7
    shown = page(browser, f"{BOARD}/progress")
    assert "排版，第7页" in shown
    assert "第8步，共11步" in shown
    with installed.acting().writing() as session:
        job = session.scalars(select(Job).order_by(Job.created_at.desc())).first()
        assert job is not None
        job.cancelled_at = NOW
    assert "正在取消…" in page(browser, f"{BOARD}/progress")


def test_a_preview_is_a_page_of_its_own_in_which_nothing_runs(
    installed: Installed, kitchen: str
) -> None:
    browser = installed.browser("viewer")
    holder = browser.get(f"{BOARD}/preview?section=scores&locale={LOCALE}")
    assert holder.status_code == 200
    assert "frame-src 'self'" in holder.headers["Content-Security-Policy"]
    assert "unsafe" not in holder.headers["Content-Security-Policy"]
    (address,) = re.findall(r'<iframe[^>]* src="([^"]+)"', holder.text.replace("\n", " "))
    assert 'sandbox="allow-same-origin"' in holder.text
    section = browser.get(address.replace("&amp;", "&"))
    policy = section.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-same-origin; default-src 'none'; style-src 'self'")
    assert "script" not in policy
    assert " style=" not in section.text
    assert "<script" not in section.text
    assert "预览，还没有出具" in section.text
    assert re.search(r'rel="prev">.*rel="next">', holder.text, re.DOTALL)
    first = browser.get(f"{BOARD}/preview").text
    assert 'rel="prev"' not in first
    assert 'rel="next"' in first
    (sheet,) = re.findall(r'href="([^"]+style\.css[^"]+)"', section.text)
    style = browser.get(sheet.replace("&amp;", "&"))
    assert style.mimetype == "text/css"
    for name in re.findall(r'<col class="([^"]+)">', section.text):
        assert f"col.{name} {{" in style.text
    assert browser.get(f"{BOARD}/preview/style.css?locale={LOCALE}&widths=1}}x").status_code == 404
    with installed.acting().reading() as session:
        assert session.scalars(select(Report)).all() == []


def test_every_section_can_be_previewed(installed: Installed, kitchen: str) -> None:
    browser = installed.browser("consultant")
    with installed.acting().writing() as session:
        session.get_one(Consultancy, installed.first.id).brand_logo = "0" * 64
    sections = re.findall(r'<option value="([a-z-]+)"', page(browser))
    assert len(sections) > 10
    for section in sections:
        shown = page(browser, f"{BOARD}/preview/section?section={section}&locale={LOCALE}")
        assert ("在现在的诊断里没有内容" in shown) or f'<section class="{section}"' in shown
        assert " style=" not in shown


def test_the_pages_are_in_english_for_who_reads_english(installed: Installed, kitchen: str) -> None:
    acting = installed.acting("consultant")
    choose_locale(acting, "en")
    browser = installed.browser("consultant")
    rename_client(installed.acting(), kitchen, "Riverside")
    with installed.acting().writing() as session:
        session.get_one(Consultancy, installed.first.id).name = "Bench & Co"
    paths = [BOARD, "/reports", f"{BOARD}/preview", f"{BOARD}/preview/section?section=scores"]
    texts = [page(browser, path) for path in paths]
    browser.post(BOARD, data=FORM)
    texts.append(page(browser))
    work(installed.acting("consultant"))
    texts.append(page(browser))
    for text in texts:
        visible = re.sub(r"<[^>]+>", " ", text)
        assert not set(HAN.findall(visible)) - NAMES, visible


def test_the_board_asks_the_database_a_fixed_number_of_questions(
    installed: Installed, kitchen: str
) -> None:
    browser = installed.browser("consultant")
    issued(installed)
    page(browser)
    with counted(installed.database) as few:
        page(browser)
    for number in range(3):
        rename_client(installed.acting(), kitchen, f"Riverside {number}")
        issued(installed)
    page(browser)
    with counted(installed.database) as many:
        page(browser)
    assert len(many) == len(few)
