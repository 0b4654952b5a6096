"""One answers file → one ``Assessment``, or every mistake in it."""

import re
from collections.abc import Collection, Hashable, Mapping
from dataclasses import replace
from typing import Any, Final

from app.content.answers.client import read_client
from app.content.answers.decisions import read_decisions
from app.content.answers.facts import (
    ARCHETYPE,
    CITY_TIER,
    FactReader,
    Facts,
    contradictions,
    numbers,
    title,
)
from app.content.answers.mistakes import Mistakes
from app.content.answers.naming import Names, shown
from app.content.answers.plan import read_plan
from app.content.answers.respondents import Person, RespondentReader, numbered
from app.content.answers.values import iso_date
from app.content.problems import ContentError, Problem
from app.content.strict_yaml import Path, entry, parse
from app.domain.definitions.questionnaire import Form
from app.domain.model import MaturityModel
from app.domain.response import Assessment, ClientProfile

REQUIRED: Final = ("model", "form", "client")
OPTIONAL: Final = ("interviewed_on", "facts", "respondents", "adjudications", "decisions", "plan")

MAX_NODES: Final = 100_000
"""Values in one file: a thousand people with forty answers each."""

_MODEL_ID: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", re.ASCII)
_LONGEST_ID: Final = 60


def model_named(data: bytes, file: str, known: Collection[str] = ()) -> str:
    """Return the model id an answers file names, reading no further than that.

    The id is safe as the name of a folder. Raises ``ContentError`` when the file names no model,
    or, where ``known`` ids are given, none of them.
    """
    names = Names.of("模型", known)
    found = entry(data, file, "model")
    if found is None:
        can_be = f"可以写：{'、'.join(names.listed)}。" if known else ""
        message = f"缺少「model」，请在文件开头写明用哪个模型，如 model: private-domain。{can_be}"
        raise ContentError([Problem(file, 0, 0, "", message)])
    name = found.value
    if known and names.find(name) is None:
        raise ContentError([Problem(file, found.line, found.column, "", names.refusal(name))])
    if not isinstance(name, str) or len(name) > _LONGEST_ID or not _MODEL_ID.fullmatch(name):
        message = f"模型的id由小写字母、数字和连字符组成，写的是{shown(name)}。"
        raise ContentError([Problem(file, found.line, found.column, "", message)])
    return name


def read_assessment(data: bytes, file: str, model: MaturityModel) -> Assessment:
    """Return the assessment in ``data``, complete and consistent with ``model``.

    Raises ``ContentError`` with every mistake of the file: line and column of the value or key,
    the question or fact it concerns, what is wrong and what is permitted. ``file`` is the name
    printed. Violations of strict YAML come alone, since nothing can be read past them.
    """
    content = parse(data, file, MAX_NODES, tell_quoted=True)
    mistakes = Mistakes(data, file)
    mapping = mistakes.mapping((), content)
    if mapping is None:
        mistakes.tell()
    assessment = _Reading(mapping or {}, model, mistakes).assessment()
    mistakes.tell()
    return assessment


class _Reading:
    """The sections of one file, read in order."""

    def __init__(
        self, content: Mapping[Hashable, Any], model: MaturityModel, mistakes: Mistakes
    ) -> None:
        self._content = content
        self._model = model
        self._mistakes = mistakes

    def assessment(self) -> Assessment:
        """Return the assessment; worth something only when no mistake was found."""
        content, mistakes, model = self._content, self._mistakes, self._model
        mistakes.keys((), content, (*REQUIRED, *OPTIONAL), REQUIRED)
        self._check_model()
        form = self._form()
        client = ClientProfile("")
        if "client" in content:
            client = read_client(("client",), content["client"], model, mistakes)
        facts = FactReader(model, mistakes).read(("facts",), content.get("facts"))
        client = self._agreed(client, facts)
        reader = RespondentReader(model, form, mistakes)
        people = reader.people(("respondents",), content.get("respondents"))
        assessment = Assessment(
            form=form.id if form else "",
            client=client,
            facts=facts.values,
            respondents=numbered(people),
            adjudications=reader.adjudications(("adjudications",), content.get("adjudications")),
            pulse=tuple(person.pulse for person in people if person.pulse),
            controls=read_plan(
                ("plan",), content.get("plan"), model, numbers(facts.values, "users"), mistakes
            ),
            interviewed_on=mistakes.optional((), content, "interviewed_on", iso_date, None),
            decisions=read_decisions(("decisions",), content.get("decisions"), model, mistakes),
        )
        if form is not None:
            self._check_facts(assessment, facts.places)
            if not mistakes:
                self._check_not_empty(form, assessment, people)
        return assessment

    def _check_model(self) -> None:
        named, own = self._content.get("model"), self._model.content.id
        if "model" in self._content and named != own:
            self._mistakes.at(("model",), f"应是「{own}」，写的是{shown(named)}。")

    def _form(self) -> Form | None:
        if "form" not in self._content:
            return None
        forms = self._model.forms
        names = Names.of("问卷", forms)
        name = names.find(self._content["form"])
        if name is None:
            self._mistakes.at(("form",), names.refusal(self._content["form"]))
            return None
        return forms[name]

    def _agreed(self, client: ClientProfile, facts: Facts) -> ClientProfile:
        """Return the client with what only the facts say; a disagreement is a mistake."""
        return replace(
            client,
            archetype=self._one(client.archetype, "archetype", ARCHETYPE, facts),
            city_tier=self._one(client.city_tier, "city_tier", CITY_TIER, facts),
        )

    def _one(self, in_client: str | None, key: str, part: str, facts: Facts) -> str | None:
        if part not in facts.values:
            facts.places[part] = ("client", key)
            return in_client
        in_facts = str(facts.values[part].value)
        if in_client not in (None, in_facts):
            message = f"与client里的{key}不一致：那里是「{in_client}」，这里是「{in_facts}」。"
            fact = title(self._model.fact_of[part])
            self._mistakes.at(facts.places[part], message + "请核对后改成一致。", fact)
        return in_facts

    def _check_facts(self, assessment: Assessment, places: Mapping[str, Path]) -> None:
        for part, subject, message in contradictions(self._model, assessment):
            self._mistakes.at(places[part], message, subject)

    def _check_not_empty(
        self, form: Form, assessment: Assessment, people: tuple[Person, ...]
    ) -> None:
        answers = (answer for person in people for answer in person.answers.values())
        answered = any(answer.value is not None for answer in answers)
        if assessment.pulse or answered:
            return
        asks_team = form.every_question or form.questions or form.every_fact or form.facts
        if form.pulse and not asks_team:
            self._mistakes.at((), "还没有一位客户的脉搏回答，请在respondents里补上。")
        elif not assessment.facts:
            self._mistakes.at((), "还没有任何答案或信息，请在facts或respondents里至少填一项。")
