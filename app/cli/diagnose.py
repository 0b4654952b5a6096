"""``flask diagnose``: a file of answers in, a report and its data out."""

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.content.problems import ContentError
from app.reporting.rendering import RenderError
from app.services.casework.assessing import UnknownLocaleError, assess_file
from app.services.casework.issuing import FILES, issue_files
from app.services.casework.printing import require_printable
from app.services.casework.summarising import summary_lines

WRONG_ANSWERS = 2
STEPS = {
    "read": "读取答卷",
    "score": "计算得分与关口",
    "rules": "判定规则",
    "plan": "排SOP、编制与路线图",
    "json": "写出数据",
    "pages": "拼出页面",
    "fonts": "准备字体",
    "layout": "排版",
    "drawing": "写出PDF",
}


def questionnaires() -> Path:
    """Return the folder of the maturity models."""
    folder: Path = current_app.config["SETTINGS"].questionnaires
    return folder


def _progress() -> Callable[[str], None]:
    """Return a progress line on a terminal; nothing where the output goes to a file."""
    if not sys.stderr.isatty():
        return lambda _step: None
    total = len(STEPS)
    order = list(STEPS)

    def show(step: str) -> None:
        place = order.index(step) + 1
        bar = "█" * place + "░" * (total - place)
        click.echo(f"\r\033[K{bar} {STEPS[step]}…", err=True, nl=False)
        if place == total:
            click.echo("\r\033[K", err=True, nl=False)

    return show


def _formats(_context: click.Context, _option: click.Parameter, value: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    unknown = [name for name in wanted if name not in FILES]
    if unknown or not wanted:
        raise click.BadParameter(f"可选的格式：{', '.join(FILES)}（用逗号分开）。")
    return wanted


def _day(_context: click.Context, _option: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("日期写成2026-11-21这样。") from None


@click.command("diagnose")
@click.argument("answers", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="结果写到这个文件夹。",
)
@click.option("--locale", help="报告的语言，如zh-Hans、en；默认是模型本身的语言。")
@click.option("--as-of", callback=_day, help="诊断日期，默认取答卷里的访谈日期，再默认今天。")
@click.option("--only", callback=_formats, default="json,pdf", help="只写哪些格式。")
@with_appcontext
def diagnose_command(
    answers: Path, out: Path, locale: str | None, as_of: date | None, only: tuple[str, ...]
) -> None:
    """把一份答卷变成诊断、SOP与编制计划。"""
    progress = _progress()
    today = datetime.now(UTC).astimezone().date()
    try:
        assessed = assess_file(answers, questionnaires(), as_of, today, progress, locale)
        if "pdf" in only:
            require_printable(answers.read_bytes(), answers.name)
    except ContentError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        click.echo(f"共{len(error.problems)}处要改，没有写出任何文件。", err=True)
        sys.exit(WRONG_ANSWERS)
    except UnknownLocaleError as error:
        known = f"这个模型可选的语言：{'、'.join(error.known)}。"
        raise click.BadParameter(known, param_hint="--locale") from None
    try:
        files = issue_files(assessed, out, only, progress)
    except OSError as error:
        raise click.ClickException(f"写不进{out}：{error.strerror}。") from None
    except RenderError as error:
        raise click.ClickException(str(error)) from None
    for line in summary_lines(assessed):
        click.echo(line)
    for issued in files:
        pages = f"，{issued.pages}页" if issued.pages else ""
        click.echo(f"{issued.path}（{issued.size / 1024:,.0f} KB{pages}）")
