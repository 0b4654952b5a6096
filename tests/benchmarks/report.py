"""``./run bench report``: the PDF of case 1 against bare WeasyPrint and against Chromium."""

import json
import multiprocessing
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from app.content.answers import read_assessment
from app.content.loader import load_model
from app.domain.diagnosis import diagnose
from app.reporting.context.source import Source
from app.services.casework.assessing import Assessed
from app.services.casework.issuing import compose_page, edition_of, render_report, report_of
from tests.benchmarks.rounds import ratio, report, seconds

FOLDER = Path("questionnaires/private-domain")
CASE = FOLDER / "examples" / "case-1-mother-baby.yaml"
AS_OF = date(2026, 11, 21)
CHROMIUM = shutil.which("chromium-headless-shell")
SYSTEM_FONTS = "html, svg { font-family: 'Noto Sans CJK SC', 'DejaVu Sans' }"
GROWTH_RENDERS = 50


def assessed_case() -> Assessed:
    """Return case 1, diagnosed."""
    model = load_model(FOLDER)
    case = read_assessment(CASE.read_bytes(), CASE.name, model)
    return Assessed(diagnose(model, case, AS_OF), "0" * 64)


def warm(assessed: Assessed) -> tuple[int, int]:
    """Request to finished PDF against bare ``HTML(string).write_pdf()`` of the very same page."""
    definition = report_of(assessed)
    source = Source.of(assessed.diagnosis, edition_of(assessed, definition))
    page = compose_page(source, definition)

    def bare() -> None:
        fonts = FontConfiguration()
        sheets = [CSS(string=text, font_config=fonts) for text in (page.style, SYSTEM_FONTS)]
        HTML(string=page.html).write_pdf(
            stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1"
        )

    rendered = render_report(assessed)
    measured = ratio(lambda: render_report(assessed), bare, rounds=5)
    report(
        "warm: context + page + PDF/UA-1 ÷ bare WeasyPrint of the same HTML", measured, 0.95, 0.6
    )
    if CHROMIUM is None:
        print("warm and cold against Chromium: not measured, it is not installed")
    return len(rendered.data), rendered.pages


def print_with_chromium(page: Path, out: Path) -> None:
    """Print a page to PDF with a cold Chromium."""
    assert CHROMIUM is not None
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                "--no-first-run", "--disable-background-networking", "--disable-sync",
                "--disable-component-update", f"--user-data-dir={profile}",
                "--no-pdf-header-footer", f"--print-to-pdf={out}", page.as_uri(),
            ],
            check=True,
            capture_output=True,
        )  # fmt: skip


def cold(assessed: Assessed) -> None:
    """A whole process from answers to PDF against a cold Chromium printing the page."""
    if CHROMIUM is None:
        return
    definition = report_of(assessed)
    source = Source.of(assessed.diagnosis, edition_of(assessed, definition))
    page = compose_page(source, definition)
    with tempfile.TemporaryDirectory() as folder:
        html = Path(folder) / "page.html"
        style = f"<style>{page.style}{SYSTEM_FONTS}</style>"
        html.write_text(page.html.replace("</head>", style + "</head>"), encoding="utf-8")

        def ours() -> None:
            command = [sys.executable, "-m", "flask", "--app", "wsgi", "diagnose", str(CASE)]
            subprocess.run([*command, "--out", folder], check=True, capture_output=True)

        measured = ratio(ours, lambda: print_with_chromium(html, Path(folder) / "c.pdf"), rounds=5)
        report("cold process: answers → PDF + JSON ÷ cold Chromium printing it", measured, 2.2, 1.2)


def _render_many(count: int) -> tuple[float, list[int]]:
    assessed = assessed_case()
    peaks = []
    start = time.perf_counter()
    for _ in range(count):
        render_report(assessed)
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return time.perf_counter() - start, peaks


def memory(size: int, pages: int) -> None:
    """Size per page; a worker's peak; its growth over many renders."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        _, peaks = pool.submit(_render_many, GROWTH_RENDERS).result()
    early = statistics.median(peaks[:3])
    print(
        f"size {size / 1024:.0f} KB, {pages} pages, {size / 1024 / pages:.1f} KB a page"
        f"  must ≤ 25, dream ≤ 18\n"
        f"worker peak {peaks[-1] / 1024:.0f} MiB  must ≤ 220, dream ≤ 150\n"
        f"growth over {GROWTH_RENDERS} renders {100 * (peaks[-1] / early - 1):.1f} %"
        f"  must ≤ 10, dream ≤ 3"
    )


def throughput() -> None:
    """Two workers against one."""
    each = 4
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, context) as pool:
        list(pool.map(_render_many, [1, 1]))
        pairs = []
        for _ in range(3):
            alone = seconds(lambda: pool.submit(_render_many, 2 * each).result())
            both = seconds(lambda: list(pool.map(_render_many, [each, each])))
            pairs.append(alone / both)
    pairs.sort()
    print(f"throughput of 2 workers ÷ 1: {pairs[1]:.2f} [{pairs[0]:.2f}–{pairs[2]:.2f}]"
          "  must ≥ 1.8, dream ≥ 1.95")  # fmt: skip


def main() -> None:
    """Measure and print."""
    assessed = assessed_case()
    size, pages = warm(assessed)
    print("re-issue after one edited finding ÷ full render: 1.0 (nothing is kept between renders)")
    cold(assessed)
    memory(size, pages)
    throughput()
    print(json.dumps({"pages": pages, "bytes": size}))


if __name__ == "__main__":
    main()
