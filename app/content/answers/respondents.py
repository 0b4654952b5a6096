"""The ``respondents`` and ``adjudications`` of an answers file."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from app.content.answers.facts import title
from app.content.answers.graded import ANSWER_KEYS, evidence_reader, graded
from app.content.answers.mistakes import Mistakes
from app.content.answers.naming import Names
from app.content.answers.readers import PULSE_READERS, QUESTION_READERS, AnyReader, is_unknown
from app.content.answers.values import text
from app.content.strict_yaml import Path
from app.domain.bounds import LABEL_LIMIT, REASON_LIMIT
from app.domain.definitions.questionnaire import Form, PulseItem, Question, Role
from app.domain.definitions.structure import EvidenceCode
from app.domain.model import MaturityModel
from app.domain.response import Adjudication, Answer, AnswerValue, Respondent

_CUSTOMER: Final = "customer"


@dataclass(frozen=True, slots=True)
class Person:
    """One respondent as read: answers to questions, and to the pulse."""

    role: str
    label: str
    answers: Mapping[str, Answer]
    pulse: Mapping[str, AnswerValue]


class RespondentReader:
    """Reads what people answered, for one model and one form (None: the form is not known)."""

    def __init__(self, model: MaturityModel, form: Form | None, mistakes: Mistakes) -> None:
        self._model = model
        self._form = form
        self._mistakes = mistakes
        self._pulse = {item.id: item for item in model.content.pulse}
        self._roles = Names.coded(
            "角色", [role for role in model.content.roles if role.side != "system"]
        )
        self._questions = Names.coded("题目", model.questions.values())
        self._pulse_names = Names.coded("脉搏题", model.content.pulse)
        self._all = Names.coded("题目", (*model.questions.values(), *model.content.pulse))
        self._evidence = evidence_reader(model)
        self._readers: dict[str, AnyReader] = {}

    # -- people ----------------------------------------------------------------------------

    def people(self, path: Path, raw: Any) -> tuple[Person, ...]:
        """Return every respondent that could be read."""
        if raw is None:
            return ()
        items = self._mistakes.sequence(path, raw, "每位受访者以「- role:」开头")
        found = [self._person((*path, index), item) for index, item in enumerate(items)]
        people = [person for person in found if person is not None]
        self._refuse_equal_labels(path, found)
        return tuple(people)

    def _person(self, path: Path, raw: Any) -> Person | None:
        if self._mistakes.full:
            return None
        mapping = self._mistakes.mapping(path, raw)
        if mapping is None:
            return None
        self._mistakes.keys(path, mapping, ("role", "label", "answers"), ("role", "answers"))
        role = self._role(path, mapping)
        label = self._mistakes.optional(path, mapping, "label", text(LABEL_LIMIT), "")
        at = (*path, "answers")
        given = self._mistakes.mapping(at, mapping["answers"]) if "answers" in mapping else None
        if given is not None and not given:
            self._mistakes.at(at, "这位受访者一题也没有回答，请补上答案或删去这个人。")
        answers: dict[str, Answer] = {}
        pulse: dict[str, AnswerValue] = {}
        seen: dict[str, Hashable] = {}
        for key, value in (given or {}).items():
            if self._mistakes.full:
                break
            if (name := self._questions.find(key)) is not None:
                question = self._model.questions[name]
                if self._first(at, key, name, seen, title(question)):
                    self._answer(at, key, value, question, role, answers)
            elif (name := self._pulse_names.find(key)) is not None:
                item = self._pulse[name]
                if self._first(at, key, name, seen, title(item)):
                    self._pulse_answer(at, key, value, item, role, pulse)
            else:
                self._mistakes.at_key(at, key, self._all.refusal(key))
        return Person(role.id if role else "", label, answers, pulse)

    def _role(self, path: Path, mapping: Mapping[Hashable, Any]) -> Role | None:
        if "role" not in mapping:
            return None
        given = mapping["role"]
        name = self._roles.find(given)
        if name is not None:
            return self._model.roles[name]
        refusal = self._roles.refusal(given)
        if any(given in (role.id, role.code) for role in self._model.content.roles):
            refusal = f"「{given}」是系统，不能作答。可以写：{'、'.join(self._roles.listed)}。"
        self._mistakes.at((*path, "role"), refusal)
        return None

    def _first(
        self, path: Path, key: Hashable, name: str, seen: dict[str, Hashable], subject: str
    ) -> bool:
        """Return whether ``name`` comes up the first time under whichever spelling."""
        if name in seen:
            again = f"与「{seen[name]}」是同一题，答了两次，请删去一处。"
            self._mistakes.at_key(path, key, again, subject)
            return False
        seen[name] = key
        return True

    def _refuse_equal_labels(self, path: Path, people: list[Person | None]) -> None:
        seen = set()
        for index, person in enumerate(people):
            if person is None or not person.label:
                continue
            if (person.role, person.label) in seen:
                message = f"同一角色里已有人用了「{person.label}」，请换一个标签。"
                self._mistakes.at((*path, index, "label"), message)
            seen.add((person.role, person.label))

    # -- answers ---------------------------------------------------------------------------

    def _answer(
        self,
        path: Path,
        key: Hashable,
        raw: Any,
        question: Question,
        role: Role | None,
        answers: dict[str, Answer],
    ) -> None:
        subject = title(question)
        refusal = self._not_asked(question) or _not_of(question, role, self._model)
        if refusal:
            self._mistakes.at_key(path, key, refusal, subject)
            return
        at = (*path, key)
        given = graded(self._mistakes, at, raw, self._evidence, subject, ANSWER_KEYS)
        if given is None:
            return
        evidence = given.evidence or "E0"
        if is_unknown(given.value, question.type):
            answers[question.id] = Answer(None, evidence, given.note, given.quote)
            return
        value = self._mistakes.read(given.path, given.value, self._reader(question), subject)
        if value is not None:
            answers[question.id] = Answer(value, evidence, given.note, given.quote)

    def _reader(self, question: Question) -> AnyReader:
        if question.id not in self._readers:
            make = QUESTION_READERS[question.type]
            self._readers[question.id] = make(question, self._model.content.scale)
        return self._readers[question.id]

    def _not_asked(self, question: Question) -> str:
        """Return why nobody is asked this question, or an empty string."""
        if question.type not in QUESTION_READERS:
            return "这一题由系统按其他数据算出，不用回答，请删去。"
        form = self._form
        if form is None or form.every_question or question.id in form.questions:
            return ""
        asking = [
            other.id
            for other in self._model.content.forms
            if other.every_question or question.id in other.questions
        ]
        return f"问卷「{form.id}」里没有这一题，请删去；有这一题的问卷：{'、'.join(asking)}。"

    def _pulse_answer(
        self,
        path: Path,
        key: Hashable,
        raw: Any,
        item: PulseItem,
        role: Role | None,
        pulse: dict[str, AnswerValue],
    ) -> None:
        subject, form = title(item), self._form
        if role is not None and role.side != _CUSTOMER:
            names = "、".join(self._side(_CUSTOMER))
            message = f"这是客户脉搏题，只由客户（{names}）回答，请删去或改role。"
            self._mistakes.at_key(path, key, message, subject)
        elif form is not None and not (form.every_question or item.id in form.pulse):
            message = f"问卷「{form.id}」不含客户脉搏题，请删去或改form。"
            self._mistakes.at_key(path, key, message, subject)
        elif not is_unknown(raw, item.type):
            reader = PULSE_READERS[item.type](item, self._model.content.scale)
            value = self._mistakes.read((*path, key), raw, reader, subject)
            if value is not None:
                pulse[item.id] = value

    def _side(self, side: str) -> list[str]:
        return [role.id for role in self._model.content.roles if role.side == side]

    # -- adjudications ---------------------------------------------------------------------

    def adjudications(self, path: Path, raw: Any) -> dict[str, Adjudication]:
        """Return the values the consultant set, by question id."""
        mapping = {} if raw is None else self._mistakes.mapping(path, raw) or {}
        found: dict[str, Adjudication] = {}
        seen: dict[str, Hashable] = {}
        for key, value in mapping.items():
            if self._mistakes.full:
                break
            name = self._questions.find(key)
            if name is None:
                self._mistakes.at_key(path, key, self._questions.refusal(key))
                continue
            question = self._model.questions[name]
            if self._first(path, key, name, seen, title(question)):
                adjudication = self._adjudication(path, key, value, question)
                if adjudication is not None:
                    found[name] = adjudication
        return found

    def _adjudication(
        self, path: Path, key: Hashable, raw: Any, question: Question
    ) -> Adjudication | None:
        subject, at = title(question), (*path, key)
        refusal = self._not_asked(question)
        if question.type == "text":
            refusal = "这一题不计分，不用裁定，请删去。"
        if refusal:
            self._mistakes.at_key(path, key, refusal, subject)
            return None
        mapping = self._mistakes.mapping(at, raw, subject)
        if mapping is None:
            return None
        known = ("value", "reason", "evidence")
        self._mistakes.keys(at, mapping, known, ("value", "reason"), subject)
        default: EvidenceCode = "E2"
        evidence = self._mistakes.optional(
            at, mapping, "evidence", self._evidence, default, subject
        )
        reason = value = None
        if "reason" in mapping:
            reader = text(REASON_LIMIT)
            reason = self._mistakes.read((*at, "reason"), mapping["reason"], reader, subject)
        if "value" in mapping:
            reader = self._reader(question)
            value = self._mistakes.read((*at, "value"), mapping["value"], reader, subject)
        if value is None or reason is None:
            return None
        return Adjudication(value, reason, evidence)


def _not_of(question: Question, role: Role | None, model: MaturityModel) -> str:
    """Return why a customer is not asked this question, or an empty string.

    Staff may say what they see of any question; whose answer counts, the question tells.
    """
    asked = (*question.primary, *question.secondary)
    if role is None or role.side != _CUSTOMER or role.id in asked:
        return ""
    codes = "、".join(model.roles[name].code for name in asked)
    return f"客户不答这一题，请删去；答的人是：{codes}。"


def numbered(people: Sequence[Person]) -> tuple[Respondent, ...]:
    """Return those who answered questions; where several share a role, number the unlabelled."""
    answering = [person for person in people if person.answers]
    alike = Counter(person.role for person in answering)
    taken = {(person.role, person.label) for person in answering}
    numbers = {role: _free_numbers(role, taken) for role in alike}
    return tuple(
        Respondent(
            person.role,
            person.label or (next(numbers[person.role]) if alike[person.role] > 1 else ""),
            person.answers,
        )
        for person in answering
    )


def _free_numbers(role: str, taken: Collection[tuple[str, str]]) -> Iterator[str]:
    return (number for number in map(str, count(1)) if (role, number) not in taken)
