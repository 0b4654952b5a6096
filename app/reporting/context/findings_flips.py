"""What would flip a finding, in a sentence: the one question, fact or answer to look at again."""

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Final

from app.domain.change import Change
from app.domain.definitions.questionnaire import Choice, Question
from app.domain.expression import Reference
from app.domain.reversal import Effect, Reversals
from app.domain.rules import Finding
from app.domain.vocabulary import identifier
from app.reporting.clauses import short_title
from app.reporting.conditions import Conditions
from app.reporting.context.source import Source

MOST_NAMED: Final = 3
"""Items of a list named one by one; of more only the number is told."""
FAR_OFF: Final = Fraction(1, 2)
"""A fact that would have to change by more than this share is no slip."""
SIDE_FRONT: Final = "front"


class Flips:
    """Says what would flip the findings of one diagnosis."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._wording = source.wording
        self._say = source.wording.translate
        self._conditions = Conditions(source)
        self._reversals = Reversals(source.diagnosis.basis.world)

    def sentence(self, finding: Finding) -> str:
        """Return the smallest single change that would remove a finding, and what it leaves.

        An answer stands beside a fact, or in its place where the fact would have to be far off:
        nobody miscounts three hundred shops as nine. Where no single change would do, that is said
        with everything that would have to change.
        """
        found = self._reversals.of_finding(finding)
        if found.change is None:
            return self._nothing(finding)
        answer = next((c for c in (found.change, *found.alternatives) if c.kind != "fact"), None)
        change = found.change
        if answer is not None and change.kind == "fact" and change.size > FAR_OFF:
            change = answer
        family = [item.rule for item in finding.collapsed]
        effects, leaves = self._reversals.outcome(change, finding.rule, family)
        text = self._told(change, finding, self._moved(effects))
        if change.kind == "fact":
            text += self._instead(answer, finding)
        text += self._say("。")
        left = [self._source.model.rules[rule].code for rule in leaves]
        if left:
            text += self._say("并入的{rules}仍成立。").format(rules=self._wording.joined(left))
        return text

    def _nothing(self, finding: Finding) -> str:
        changes = self._conditions.cheapest_change(finding.trace)
        if not changes:
            return self._say("没有哪一处单独改了就能推翻。")
        return self._say("没有哪一处单独改了就能推翻；要{changes}。").format(
            changes=self._say("且").join(changes)
        )

    def _instead(self, answer: Change | None, finding: Finding) -> str:
        """Return what people can do beside correcting a fact, which may simply be so."""
        if answer is not None:
            return self._say("；或者{change}").format(change=self._told(answer, finding))
        decisive = [r for atom in finding.trace.decisive() for r in atom.references]
        if not any(self._conditions.achieved(reference) for reference in decisive):
            return ""
        changes = self._conditions.cheapest_change(finding.trace)
        return self._say("；出路是{changes}").format(changes=self._say("且").join(changes))

    def _told(self, change: Change, finding: Finding, moved: Sequence[str] = ()) -> str:
        """Return a change with the evidence it needs and the levels it moves in one bracket."""
        notes = [*self._evidence(change), *moved]
        text = self._changed(change, finding)
        return text + (self._say("（{}）").format(self._say("；").join(notes)) if notes else "")

    def _moved(self, effects: Sequence[Effect]) -> list[str]:
        """Return the levels that a change moves, if the condition reads levels."""
        return [
            self._wording.beside(
                self._conditions.subject(effect.reference),
                f"{self._conditions.shown(effect.reference, effect.before)}→"
                f"{self._conditions.shown(effect.reference, effect.after)}",
            )
            for effect in effects
            if effect.reference.function == "level"
        ]

    def _evidence(self, change: Change) -> list[str]:
        """Return what evidence a change must have to count, where the model asks for any."""
        if change.kind != "question" or not isinstance(change.after, int):
            return []
        caps = self._source.model.content.rating.evidence_caps
        asked = change.after is True or any(change.after >= cap.from_option for cap in caps)
        return [self._say("要有{grade}证据").format(grade=change.evidence)] if asked else []

    def _changed(self, change: Change, finding: Finding) -> str:
        if change.kind == "fact":
            return self._fact(change)
        question = self._source.model.questions[change.name]
        topic = self._say("{code}「{topic}」").format(
            code=question.code, topic=question.short or question.text
        )
        if change.kind == "respondent":
            return self._person(change, question, topic)
        if change.kind == "evidence":
            return self._say("{question}的证据补到{grade}").format(
                question=topic, grade=change.evidence
            )
        if isinstance(change.after, tuple):
            named = self._named(finding, change.name)
            return self._put(topic, self._list(change, question.items, named))
        return self._put(topic, self._answer(change, question))

    def _put(self, thing: str, becomes: str) -> str:
        return self._say("{thing}{becomes}").format(thing=thing, becomes=becomes)

    def _answer(self, change: Change, question: Question) -> str:
        """Return what an answer would have to be: an option, a yes or no, a number."""
        if question.type == "yes-no":
            return self._say("改判为「是」" if change.after is True else "改判为「否」")
        before, after = _number(change.before), _number(change.after)
        if question.type != "choice":
            return self._say("从{before}改为{after}").format(
                before=self._wording.with_unit(self._wording.plain(before), question.unit),
                after=self._wording.with_unit(self._wording.plain(after), question.unit),
            )
        return self._say("从{before}分改判为{after}").format(
            before=self._wording.score(before), after=self._option(question, change.after)
        )

    def _option(self, question: Question, option: object) -> str:
        return self._say("第{}项").format(option) if question.choices else f"L{option}"

    def _list(self, change: Change, items: Sequence[Choice], named: Collection[str]) -> str:
        """Return which items come and go, or how many where they are not the ones asked for."""
        before, after = _items(change.before), _items(change.after)
        come = [item for item in items if item.id in after and item.id not in before]
        gone = [item for item in items if item.id in before and item.id not in after]
        if len(come) + len(gone) > MOST_NAMED or any(i.id not in named for i in (*come, *gone)):
            return self._say("从{before}/{all}项改为{after}项").format(
                before=len(before), after=len(after), all=len(items)
            )
        told = []
        if come:
            told.append(self._say("补上「{items}」").format(items=self._titles(come)))
        if gone:
            told.append(self._say("去掉「{items}」").format(items=self._titles(gone)))
        return self._say("、").join(told)

    def _titles(self, items: Sequence[Choice]) -> str:
        return self._wording.joined([short_title(item.title) for item in items])

    def _person(self, change: Change, question: Question, topic: str) -> str:
        """Return what one person would have answered; the front line's own answer is not shown."""
        person = self._source.diagnosis.assessment.respondents[change.respondent or 0]
        after = self._option(question, change.after)
        if self._source.model.roles[person.role].side == SIDE_FRONT:
            return self._say("一线有一人把{question}改选{after}").format(
                question=topic, after=after
            )
        return self._say("{role}把{question}从{before}改选{after}").format(
            role=self._wording.role(person.role),
            question=topic,
            before=self._option(question, change.before),
            after=after,
        )

    def _fact(self, change: Change) -> str:
        part = self._source.model.fact_parts[change.name]
        if isinstance(change.after, tuple):
            title = short_title(part.title)
            named = [choice.id for choice in part.choices]
            return self._put(title, self._list(change, part.choices, named))
        reference = Reference("name", (identifier(change.name),))
        told = self._say("{fact}从{before}改为{after}")
        if part.type != "number":
            told = self._say("「{fact}」从「{before}」改为「{after}」")
        return told.format(
            fact=self._conditions.subject(reference),
            before=self._conditions.shown(reference, _value(change.before)),
            after=self._conditions.shown(reference, _value(change.after)),
        )

    def _named(self, finding: Finding, question: str) -> set[str]:
        """Return the items of a question that the finding's condition names."""
        model = self._source.model
        ids = [
            model.vocabulary.canonical(reference) or ()
            for reference in model.expression(finding.rule.when).references
        ]
        return {item for found in ids if found[:1] == (question,) for item in found[1:]}


def _number(value: object) -> Fraction | None:
    return Fraction(value) if isinstance(value, int | Fraction) else None


def _value(value: object) -> Fraction | bool | str | None:
    return value if isinstance(value, Fraction | bool | str) else None


def _items(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
