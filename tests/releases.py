"""Another release of a model: its content with something changed, under a digest of its own."""

from collections.abc import Callable
from dataclasses import replace

from app.domain.definitions.questionnaire import Question
from app.domain.definitions.rule import Rule
from app.domain.model import MaturityModel, ModelContent, compile_model

Change = Callable[[ModelContent], ModelContent]


def release(model: MaturityModel, *changes: Change, digest: str = "another") -> MaturityModel:
    """Return the model with its content changed in order."""
    content = model.content
    for change in changes:
        content = change(content)
    return compile_model(content, digest)


def with_question(name: str, change: Callable[[Question], Question | None]) -> Change:
    """Return a change of one question; None drops it."""

    def changed(content: ModelContent) -> ModelContent:
        sections = []
        for section in content.sections:
            kept = []
            for question in section.questions:
                made = change(question) if question.id == name else question
                if made is not None:
                    kept.append(made)
            sections.append(replace(section, questions=tuple(kept)))
        forms = tuple(
            replace(
                form,
                questions=tuple(
                    q
                    for q in form.questions
                    if any(q == one.id for section in sections for one in section.questions)
                ),
            )
            for form in content.forms
        )
        return replace(content, sections=tuple(sections), forms=forms)

    return changed


def with_rule(name: str, change: Callable[[Rule], Rule | None]) -> Change:
    """Return a change of one rule; None retires it."""

    def changed(content: ModelContent) -> ModelContent:
        made = [change(rule) if rule.id == name else rule for rule in content.rules]
        return replace(content, rules=tuple(rule for rule in made if rule is not None))

    return changed
