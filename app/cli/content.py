"""``flask content``: checks and shows the content of models."""

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from app.cli.diagnose import questionnaires
from app.content.problems import ContentError
from app.services.casework.assessing import locales_of, model_in, translated_in
from app.services.casework.checking import check_models
from app.services.casework.describing import describe_model

WRONG_CONTENT = 1

content_commands = AppGroup("content", help="检查与查看模型内容。")


@content_commands.command("check")
@click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@with_appcontext
def check_command(folder: Path | None) -> None:
    """一次说清所有内容错误；不给文件夹就检查全部模型。"""
    folders = [folder] if folder else None
    outcome = check_models(questionnaires(), folders)
    for line in outcome.checked:
        click.echo(line)
    for problem in outcome.problems:
        click.echo(str(problem), err=True)
    if outcome.problems:
        click.echo(f"共{len(outcome.problems)}处要改。", err=True)
        sys.exit(WRONG_CONTENT)


@content_commands.command("show")
@click.argument("model")
@click.option("--format", "form", type=click.Choice(["json"]), default="json", help="输出格式。")
@with_appcontext
def show_command(model: str, form: str) -> None:
    """把一个模型的全部内容作为数据打印出来。"""
    folder = questionnaires() / model
    if not (folder / "model.yaml").is_file():
        raise click.BadParameter(f"没有名为「{model}」的模型。", param_hint="MODEL")
    try:
        loaded = model_in(folder)
        translations = [translated_in(folder, locale) for locale in locales_of(folder)[1:]]
    except ContentError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        sys.exit(WRONG_CONTENT)
    assert form == "json"  # noqa: S101  the only choice the option offers
    click.echo(json.dumps(describe_model(loaded, translations), ensure_ascii=False, indent=2))
