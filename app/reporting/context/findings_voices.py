"""Who said what behind a finding: roles, evidence grades, and what the consultant wrote down.

Nobody is named and no respondent's label is printed. What a front-line role answered is printed
only as a mean over enough people; fewer are counted among "the front line" without their answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.definitions.questionnaire import Question
from app.domain.response import Answer
from app.reporting.clauses import width, without_stop
from app.reporting.context.source import Source

SIDE_FRONT: Final = "front"
LONGEST_QUOTE: Final = 70


@dataclass(frozen=True, slots=True)
class Voice:
    """What stands behind one question.

    ``code`` and ``topic`` name the question, ``said`` who answered what with which evidence, one
    text per role; ``ruling`` is the consultant's decision where views differed; ``note`` what was
    seen or heard, and ``source`` by whom and with which evidence. Empty texts are not printed.
    """

    code: str
    topic: str
    said: tuple[str, ...]
    ruling: str
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class _Said:
    role: str
    answer: Answer


class Voices:
    """Collects voices for one report; a note once printed is not printed again."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._wording = source.wording
        self._say = source.wording.translate
        self._printed: set[str] = set()

    def of(self, questions: Iterable[str], most: int) -> tuple[Voice, ...]:
        """Return the voices behind ``questions``, at most ``most`` of them."""
        voices: list[Voice] = []
        for name in questions:
            if len(voices) == most:
                break
            voice = self._voice(self._source.model.questions[name])
            if voice is not None:
                voices.append(voice)
        return tuple(voices)

    def _voice(self, question: Question) -> Voice | None:
        said = [
            _Said(person.role, answer)
            for person in self._source.diagnosis.assessment.respondents
            if (answer := person.answers.get(question.id)) is not None and answer.value is not None
        ]
        ruling = self._source.diagnosis.assessment.adjudications.get(question.id)
        if not said and ruling is None:
            return None
        # The ruling already says what was seen.
        note, source = ("", "") if ruling else self._note(said)
        return Voice(
            code=question.code,
            topic=question.short or question.text,
            said=tuple(self._roles(question, said)),
            ruling=self._say("顾问裁定（{}）：{}").format(
                ruling.evidence, without_stop(ruling.reason)
            )
            if ruling
            else "",
            note=note,
            source=source,
        )

    def _roles(self, question: Question, said: Sequence[_Said]) -> Iterable[str]:
        """Yield who answered what, roles with the same answer together, the uncounted few last."""
        by_role: dict[str, list[Answer]] = {}
        for item in said:
            by_role.setdefault(item.role, []).append(item.answer)
        together: dict[str, list[str]] = {}
        grades: dict[str, list[Answer]] = {}
        few: list[Answer] = []
        for role in self._source.model.roles:
            answers = by_role.get(role, [])
            if not answers or not self._source.printable(role, len(answers)):
                few += answers
                continue
            what = self._what(question, answers)
            together.setdefault(what, []).append(self._who(role, len(answers)))
            grades.setdefault(what, []).extend(answers)
        for what, who in together.items():
            names = self._wording.joined(who)
            yield self._say("{who}{what}（{grades}）").format(
                who=names, what=what, grades=self._grades(grades[what])
            )
        if few:
            who_few = self._say("一线{}人").format(len(few))
            yield self._say("{}（{}）").format(who_few, self._grades(few))

    def _who(self, role: str, people: int) -> str:
        name = self._wording.role(role)
        return name if people == 1 else self._say("{}{}人").format(name, people)

    def _what(self, question: Question, answers: Sequence[Answer]) -> str:
        """Return what a role answered: one answer as given, several as their mean."""
        values = [answer.value for answer in answers]
        if question.type == "yes-no":
            yes = sum(value is True for value in values)
            if len(values) == 1:
                return self._say("答「是」") if yes else self._say("答「否」")
            return self._say("里{}人答「是」").format(yes)
        if question.type == "multi":
            counts = [len(value) for value in values if isinstance(value, tuple)]
            return self._say("勾了{}/{}项").format(
                self._wording.plain(Fraction(sum(counts), max(len(counts), 1))),
                len(question.items),
            )
        numbers = [
            Fraction(value)
            for value in values
            if isinstance(value, int | Fraction) and not isinstance(value, bool)
        ]
        if not numbers:
            return ""
        mean = sum(numbers, Fraction(0)) / len(numbers)
        if question.type == "choice":
            if len(numbers) == 1:
                chosen = self._say("选第{}项") if question.choices else self._say("选L{}")
                return chosen.format(numbers[0])
            return self._say("平均{}级").format(self._wording.score(mean))
        told = self._say("报{}") if len(numbers) == 1 else self._say("平均{}")
        return told.format(self._wording.with_unit(self._wording.plain(mean), question.unit))

    def _grades(self, answers: Sequence[Answer]) -> str:
        grades = sorted({answer.evidence for answer in answers})
        return grades[0] if len(grades) == 1 else f"{grades[0]}–{grades[-1]}"

    def _note(self, said: Sequence[_Said]) -> tuple[str, str]:
        """Return the best evidenced note not printed yet, with its role and grade."""
        notes = [
            item for item in said if item.answer.note and item.answer.note not in self._printed
        ]
        if not notes:
            return "", ""
        best = max(
            notes,
            key=lambda item: (
                width(item.answer.note) <= LONGEST_QUOTE,
                item.answer.evidence,
                len(item.answer.note),
            ),
        )
        self._printed.add(best.answer.note)
        together = sum(item.role == best.role for item in said)
        front = self._source.model.roles[best.role].side == SIDE_FRONT
        if front and not self._source.printable(best.role, together):
            who = self._say("一线")
        else:
            who = self._wording.role(best.role)
        return best.answer.note, self._say("{}，{}").format(who, best.answer.evidence)
