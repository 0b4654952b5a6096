"""Checks model folders: everything the loader checks, the rules' own examples, the translations."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.content.examples import example_mistakes
from app.content.loader import load_model, place_in_folder
from app.content.problems import ContentError, Problem
from app.content.translation import languages_in, translate


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """One line per model that is in order, and every mistake of the others."""

    checked: tuple[str, ...]
    problems: tuple[Problem, ...]


def check_models(questionnaires: Path, folders: Sequence[Path] | None = None) -> CheckOutcome:
    """Check the given model folders, or all in ``questionnaires``."""
    if folders is None:
        folders = sorted(path.parent for path in questionnaires.glob("*/model.yaml"))
    checked: list[str] = []
    problems: list[Problem] = []
    for folder in folders:
        try:
            model = load_model(folder)
        except ContentError as error:
            problems.extend(error.problems)
            continue
        mistakes = [
            place_in_folder(folder, path, message) for path, message in example_mistakes(model)
        ]
        languages = languages_in(folder)
        for language in languages:
            try:
                translate(model, folder, language)
            except ContentError as error:
                mistakes.extend(error.problems)
        problems.extend(mistakes)
        if not mistakes:
            content = model.content
            checked.append(
                f"{content.id} {content.version}：{len(model.areas)}个领域、"
                f"{len(model.questions)}道题、{len(content.facts)}项信息、"
                f"{len(content.rules)}条规则、{len(content.contradictions)}对矛盾、"
                f"{len(content.sops)}个SOP、"
                f"{len(content.kpis)}个指标{_translations(languages)}，全部通过。"
            )
    return CheckOutcome(tuple(checked), tuple(problems))


def _translations(languages: Sequence[str]) -> str:
    return f"、译文{'、'.join(languages)}" if languages else ""
