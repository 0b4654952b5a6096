"""One ``Assessment`` → its answers file: what an issued report freezes.

Keys are printed codes in the order of the model, people in the order they were asked. Values are
spelt as in the published examples: bare, or on one line with their evidence; words of several lines
stand line by line. The same assessment always gives the same bytes.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any, Final, TypeAlias

from app.content.answers.facts import ARCHETYPE, CITY_TIER
from app.content.answers.naming import Coded, shown
from app.content.answers.reading import read_assessment
from app.content.answers.spelling import (
    InexactNumberError,
    Keyword,
    Value,
    entries,
    may_stand_as_block,
    spelt,
    word,
)
from app.content.problems import ContentError, Problem
from app.domain.bounds import DECIMAL_PLACES
from app.domain.controls import steps_by_code
from app.domain.model import MaturityModel
from app.domain.response import Answer, AnswerValue, Assessment, Respondent

FILE: Final = "answers.yaml"
UNKNOWN: Final = Keyword("unknown")
_CUSTOMER: Final = "customer"
_SECTIONS: Final = {"controls": "plan"}
"""Sections of the file that are named otherwise than the field of the assessment."""

Pairs: TypeAlias = Iterable[tuple[str, Value | None]]
"""What stands in one mapping; None and "" are left out."""


def write_assessment(assessment: Assessment, model: MaturityModel) -> bytes:
    """Return the answers file of an assessment: UTF-8, ``read_assessment`` gives it back exactly.

    That is made sure of before anything is returned. Raises ``ContentError`` with everything a file
    cannot hold: a number without an end in digits (1/3), a respondent without answers, two people
    of one role without labels, what the form does not ask, facts that cannot be true together and
    whatever else reading would refuse.
    """
    writing = _Writing(assessment, model)
    data = "\n".join([*writing.lines(), ""]).encode()
    if writing.problems:
        raise ContentError(writing.problems)
    unlike = _unlike(assessment, read_assessment(data, FILE, model))
    if unlike:
        message = "写成答案文件再读回来，与原来的不一样，没有写出。"
        raise ContentError([Problem(FILE, 0, 0, section, message) for section in unlike])
    return data


def _unlike(one: Assessment, other: Assessment) -> list[str]:
    """Return the sections in which two assessments differ."""
    return [
        _SECTIONS.get(field.name, field.name)
        for field in fields(Assessment)
        if getattr(one, field.name) != getattr(other, field.name)
    ]


class _Writing:
    """The lines of one file, and what cannot be written."""

    def __init__(self, assessment: Assessment, model: MaturityModel) -> None:
        self._assessment = assessment
        self._model = model
        self.problems: list[Problem] = []

    def lines(self) -> Iterator[str]:
        """Yield every line of the file."""
        yield from self._head()
        for section in (
            self._facts(),
            self._respondents(),
            self._adjudications(),
            self._decisions(),
            self._plan(),
        ):
            lines = tuple(section)
            yield from ("", *lines) if lines else ()

    # -- sections --------------------------------------------------------------------------

    def _head(self) -> Iterator[str]:
        given, client = self._assessment, self._assessment.client
        start = (
            ("model", self._model.content.id),
            ("form", given.form),
            ("interviewed_on", given.interviewed_on),
        )
        yield from self._block("", start, "")
        yield "client:"
        about = [(field.name, getattr(client, field.name)) for field in fields(client)]
        archetypes = {item.id: item.code for item in self._model.content.archetypes}
        told = [(key, archetypes.get(v, v) if key == "archetype" else v) for key, v in about]
        yield from self._block("  ", told, "client")
        for part, chosen in ((ARCHETYPE, client.archetype), (CITY_TIER, client.city_tier)):
            if part in given.facts and given.facts[part].value != chosen:
                subject = self._model.fact_of[part].code if part in self._model.fact_of else part
                self._tell(subject, f"与client里的不一致：那里是{shown(chosen)}，请改成一致。")

    def _facts(self) -> Iterator[str]:
        given = self._assessment.facts
        self._all_known(given, self._model.fact_parts, "信息")
        if given:
            yield "facts:"
        for fact in self._model.content.facts:
            parts = [part for part in fact.parts if part.id in given]
            indent, alone = "  ", len(fact.parts) == 1
            if parts and not alone:
                yield f"  {word(fact.code)}:"
                indent = "    "
            for part in parts:
                found = given[part.id]
                value = found.value
                if part.id == ARCHETYPE and isinstance(value, str):
                    codes = {item.id: item.code for item in self._model.content.archetypes}
                    value = codes.get(value, value)
                pairs = (("value", value), ("evidence", found.evidence), ("note", found.note))
                yield from self._entry(indent, fact.code if alone else part.id, pairs, fact.code)

    def _respondents(self) -> Iterator[str]:
        people, customers = self._assessment.respondents, self._assessment.pulse
        if people or customers:
            yield "respondents:"
        alike = Counter(person.role for person in people)
        for place, person in enumerate(people):
            if place:
                yield ""
            yield from self._person(person, alike[person.role])
        if people and customers:
            yield ""
        for answers in customers:
            yield self._customer(answers)

    def _person(self, person: Respondent, alike: int) -> Iterator[str]:
        role = self._named(self._model.roles, person.role, "角色")
        who = f"{role} {person.label}".strip()
        if not person.answers:
            self._tell(who, "这位受访者一题也没有回答，写不进答案文件，请先去掉。")
        if alike > 1 and not person.label:
            self._tell(who, "同一角色有几位受访者，每位都要有各自的标签。")
        self._all_known(person.answers, self._model.questions, "题目")
        yield f"  - role: {word(role)}"
        yield from self._block("    ", (("label", person.label),), who)
        yield "    answers:"
        for name, question in self._model.questions.items():
            if name in person.answers:
                pairs = _answer(person.answers[name])
                yield from self._entry("      ", question.code, pairs, f"{who} {question.code}")

    def _customer(self, answers: Mapping[str, AnswerValue]) -> str:
        """Return one customer of the pulse on one line, as there may be hundreds."""
        items = {item.id: item for item in self._model.content.pulse}
        self._all_known(answers, items, "脉搏题")
        roles = (role for role in self._model.content.roles if role.side == _CUSTOMER)
        role = next(roles, None)
        if role is None or not answers:
            missing = "这位客户一题也没有回答，请先去掉。" if role else "这个模型没有客户这个角色。"
            self._tell("pulse", missing)
        given = [(item.code, answers[name]) for name, item in items.items() if name in answers]
        said = entries((word(code), self._spelt(value, code)) for code, value in given)
        return f"  - {entries([('role', word(role.code if role else '')), ('answers', said)])}"

    def _adjudications(self) -> Iterator[str]:
        given = self._assessment.adjudications
        self._all_known(given, self._model.questions, "题目")
        if given:
            yield "adjudications:"
        for name, question in self._model.questions.items():
            if name in given:
                found = given[name]
                pairs = (
                    ("value", found.value),
                    ("reason", found.reason),
                    ("evidence", found.evidence),
                )
                yield from self._entry("  ", question.code, pairs, question.code)

    def _decisions(self) -> Iterator[str]:
        given = self._assessment.decisions
        self._all_known(given, self._model.rules, "规则")
        if given:
            yield "decisions:"
        for name, rule in self._model.rules.items():
            if name in given:
                found = given[name]
                pairs = tuple((field.name, getattr(found, field.name)) for field in fields(found))
                yield from self._entry("  ", rule.code, pairs, rule.code, whole=True)

    def _plan(self) -> Iterator[str]:
        controls, content = self._assessment.controls, self._model.content
        posts = {post.id: post for post in content.staffing.posts} if content.staffing else {}
        steps = {code: code for code in steps_by_code(self._model)}
        assumed = {item.id: item.id for item in content.assumptions}
        keys = {"cadence": steps, "assumptions": assumed}
        keys["max_hires"] = {name: post.code for name, post in posts.items()}
        lines: list[str] = []
        for field in fields(controls):
            value = getattr(controls, field.name)
            if isinstance(value, Mapping):
                if value:
                    said = self._keyed(value, keys[field.name], field.name)
                    lines.append(f"  {field.name}: {said}")
                continue
            if isinstance(value, tuple):
                value = tuple(self._named(self._model.sops, name, "SOP") for name in value) or None
            lines += self._block("  ", ((field.name, value),), field.name)
        if lines:
            yield "plan:"
            yield from lines

    def _keyed(self, given: Mapping[str, Any], spellings: Mapping[str, str], what: str) -> str:
        self._all_known(given, spellings, what)
        known = [name for name in spellings if name in given]
        return entries((word(spellings[name]), self._spelt(given[name], what)) for name in known)

    # -- lines -----------------------------------------------------------------------------

    def _entry(
        self, indent: str, key: str, pairs: Pairs, subject: str, *, whole: bool = False
    ) -> Iterator[str]:
        """Yield one key with a value, or with a mapping where there is more (or ``whole``)."""
        told = [(name, value) for name, value in pairs if value is not None and value != ""]
        if len(told) == 1 and not whole:
            yield from self._block(indent, ((key, told[0][1]),), subject)
        elif any(isinstance(value, str) and may_stand_as_block(value) for _, value in told):
            yield f"{indent}{word(key)}:"
            yield from self._block(indent + "  ", told, subject)
        else:
            said = entries((name, self._spelt(value, subject)) for name, value in told)
            yield f"{indent}{word(key)}: {said}"

    def _block(self, indent: str, pairs: Pairs, subject: str) -> Iterator[str]:
        """Yield one line per key, or more for words of several lines."""
        for key, value in pairs:
            if value is None or value == "":
                continue
            if isinstance(value, str) and may_stand_as_block(value):
                yield f"{indent}{word(key)}: |-"
                yield from (f"{indent}  {line}" for line in value.split("\n"))
            else:
                yield f"{indent}{word(key)}: {self._spelt(value, subject or key)}"

    def _spelt(self, value: Value, subject: str) -> str:
        try:
            return spelt(value)
        except InexactNumberError:
            places = f"小数最多{DECIMAL_PLACES}位"
            self._tell(subject, f"{value}除不尽，写不成小数（{places}），请先取一个写得出的数。")
            return "0"

    # -- names -----------------------------------------------------------------------------

    def _named(self, known: Mapping[str, Coded], name: str, what: str) -> str:
        self._all_known((name,), known, what)
        return known[name].code if name in known else name

    def _all_known(self, given: Collection[str], known: Collection[str], what: str) -> None:
        for name in given:
            if name not in known:
                self._tell(name, f"这个模型没有名为{shown(name)}的{what}，写不进答案文件。")

    def _tell(self, subject: str, message: str) -> None:
        self.problems.append(Problem(FILE, 0, 0, subject, message))


def _answer(answer: Answer) -> Pairs:
    """Return what is said of an answer; a bare one has the lowest grade, which goes unsaid."""
    bare = answer.evidence == "E0" and not answer.note and not answer.quote
    return (
        ("value", UNKNOWN if answer.value is None else answer.value),
        ("evidence", None if bare else answer.evidence),
        ("note", answer.note),
        ("quote", answer.quote),
    )
