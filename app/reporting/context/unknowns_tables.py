"""The tables of what is not known: each line says who can tell and what to ask to see."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.definitions.questionnaire import Question
from app.domain.diagnosis import Diagnosis
from app.domain.expression import Reference
from app.domain.scoring import confidence_word
from app.reporting.context.source import Source
from app.reporting.context.unknowns_weight import evidence_of, question_weights

MOST_FIRST: Final = 5
"""How many answers are named as those that would decide most."""

MOST_WEAK: Final = 6
"""How many areas with the weakest evidence are shown even where none of it is called low."""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question without a score.

    ``who`` can answer it, ``ask_to_see`` is the evidence to ask for, ``share`` of the index hangs
    on it, ``waiting`` are the codes of the rules that wait for it, ``said`` tells that people were
    asked and did not know.
    """

    code: str
    text: str
    who: str
    ask_to_see: str
    share: str
    waiting: str
    said: str


@dataclass(frozen=True, slots=True)
class OpenFact:
    """A profile fact nobody gave: which parts, what it is used for, who has it, what to see."""

    code: str
    title: str
    used_for: str
    who: str
    ask_to_see: str
    waiting: str


@dataclass(frozen=True, slots=True)
class OpenRule:
    """A rule that could not be decided: its code, what it would say, what it needs in words."""

    code: str
    finding: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenGate:
    """A line of the exit gate that is not measured: title, threshold, and how to measure it."""

    title: str
    threshold: str
    needs: str


@dataclass(frozen=True, slots=True)
class WeakArea:
    """An area with a score on weak evidence: code, title, score, trust, what to ask to see."""

    code: str
    title: str
    score: str
    trust: str
    ask_to_see: str
    question: str


def _waiting(source: Source) -> dict[str, list[str]]:
    """Return the codes of undecided rules by the id of the question or fact they wait for.

    A rule that waits for an area's level waits for the area's open questions.
    """
    model = source.model
    open_questions = {q.id for q in source.diagnosis.not_assessed.questions}
    waiting: dict[str, list[str]] = {}

    def add(name: str, code: str) -> None:
        codes = waiting.setdefault(name, [])
        if code not in codes:
            codes.append(code)

    for item in source.diagnosis.diagnostics.undecided:
        for reference in item.needs:
            name = (model.vocabulary.canonical(reference) or reference.arguments)[0]
            if name in model.fact_of:
                add(model.fact_of[name].id, item.rule.code)
            for question in _behind(source, name):
                if question.id in open_questions:
                    add(question.id, item.rule.code)
    return waiting


def _behind(source: Source, name: str) -> tuple[Question, ...]:
    """Return the questions a reference to a question, area or dimension reads."""
    model = source.model
    if name in model.questions:
        return (model.questions[name],)
    if name in model.areas:
        return model.questions_of[name]
    if name in model.dimensions:
        areas = model.dimensions[name].areas
        return tuple(question for area in areas for question in model.questions_of[area.id])
    return ()


def open_rules(source: Source) -> tuple[OpenRule, ...]:
    """Return the rules that could not be decided, in code order, with what each needs."""
    return tuple(
        OpenRule(
            item.rule.code,
            item.rule.finding,
            tuple(dict.fromkeys(_need(source, reference) for reference in item.needs)),
        )
        for item in source.diagnosis.diagnostics.undecided
    )


def _need(source: Source, reference: Reference) -> str:
    """Return what must be answered: the question, fact or area as a whole, not one item of it."""
    model, code = source.model, source.wording.code(reference)
    name = (model.vocabulary.canonical(reference) or reference.arguments)[0]
    if name in model.questions:
        title = model.questions[name].short or model.questions[name].text
    elif name in model.fact_of:
        title = model.fact_of[name].title
    else:
        title = source.wording.label(reference)
    return f"{code} {title}" if code else title


def open_contradictions(source: Source) -> str:
    """Say which claims could not be held against a number, and which answers each waits for."""
    say, wording = source.wording.translate, source.wording
    undecided = source.diagnosis.contradictions.undecided
    if not undecided:
        return ""
    named = [
        say("{code}缺{needs}").format(
            code=item.contradiction.code,
            needs=wording.joined(
                list(dict.fromkeys(wording.code(r) or wording.label(r) for r in item.needs))
            ),
        )
        for item in undecided
    ]
    return say("另有{n}对说法与数字无法对照，各缺这些答复：{list}。").format(
        n=len(undecided), list=say("；").join(named)
    )


def first_answers(source: Source) -> str:
    """Say which answers would decide most rules; empty where fewer than two rules wait."""
    model, say, waiting = source.model, source.wording.translate, _waiting(source)
    if len(source.diagnosis.diagnostics.undecided) < 2 or not waiting:
        return ""
    ranked = sorted(waiting.items(), key=lambda entry: -len(entry[1]))[:MOST_FIRST]
    named = []
    for name, codes in ranked:
        if name in model.questions:
            question = model.questions[name]
            title, code = question.short or question.text, question.code
        else:
            title, code = model.facts[name].title, model.facts[name].code
        named.append(say("{}{}（{}条）").format(code, title, len(codes)))
    return say("先问这{}件，牵动的规则最多：{}。").format(len(named), source.wording.joined(named))


def open_questions(source: Source) -> tuple[OpenQuestion, ...]:
    """Return the questions without a score: those that decide most rules first."""
    diagnosis, say = source.diagnosis, source.wording.translate
    weights, waiting = question_weights(diagnosis), _waiting(source)
    items = sorted(
        diagnosis.not_assessed.questions,
        key=lambda question: (
            -len(waiting.get(question.id, ())),
            -weights.get(question.id, Fraction(0)),
            question.code,
        ),
    )
    result = []
    for question in items:
        asked = _said_unknown(diagnosis, question.id)
        result.append(
            OpenQuestion(
                code=question.code,
                text=question.text,
                who=_who(source, question),
                ask_to_see=question.ask_to_see,
                share=source.wording.percent(weights.get(question.id, Fraction(0)) * 100, 1),
                waiting=_codes(waiting.get(question.id, ())),
                said=say("已问{}人，都答不清楚").format(asked) if asked else "",
            )
        )
    return tuple(result)


def _who(source: Source, question: Question) -> str:
    if question.type == "computed":
        return source.wording.translate("由画像事实推算")
    return source.wording.roles((*question.primary, *question.secondary))


def _codes(codes: Sequence[str]) -> str:
    return " ".join(codes)


def _said_unknown(diagnosis: Diagnosis, question: str) -> int:
    """Count the people who were asked a question and did not know."""
    return sum(
        (answer := person.answers.get(question)) is not None and answer.value is None
        for person in diagnosis.assessment.respondents
    )


def open_facts(source: Source) -> tuple[OpenFact, ...]:
    """Return the facts not given, or not in full, in the order of the profile."""
    facts, waiting = [], _waiting(source)
    known = set(source.diagnosis.assessment.facts)
    client = source.diagnosis.assessment.client
    known |= {"archetype"} if client.archetype else set()
    known |= {"city-tier"} if client.city_tier else set()
    for fact in source.diagnosis.not_assessed.facts:
        missing = [part.title for part in fact.parts if part.id not in known]
        whole = len(missing) == len(fact.parts)
        title = fact.title
        if not whole:
            parts = source.wording.joined(missing)
            title = source.wording.translate("{}：{}").format(fact.title, parts)
        facts.append(
            OpenFact(
                code=fact.code,
                title=title,
                used_for=fact.why,
                who=source.wording.roles(fact.roles),
                ask_to_see=fact.ask_to_see,
                waiting=_codes(waiting.get(fact.id, ())),
            )
        )
    return tuple(facts)


def open_areas(source: Source) -> tuple[str, ...]:
    """Return the areas asked about that could not be rated, each with the weight it lacks."""
    diagnosis, say = source.diagnosis, source.wording.translate
    result = []
    for name in diagnosis.not_assessed.areas:
        area, missing = source.model.areas[name], diagnosis.scorecard.areas[name].missing
        lacks = source.wording.percent(missing * 100)
        result.append(say("{}{}（缺{}）").format(area.code, area.title, lacks))
    return tuple(result)


def open_gates(source: Source) -> tuple[OpenGate, ...]:
    """Return the lines of the present stage's exit gate that nobody has measured."""
    verdict = source.diagnosis.stage
    if verdict is None:
        return ()
    return tuple(
        OpenGate(check.item.title, check.item.threshold, check.item.needs)
        for check in verdict.gates[verdict.verdict]
        if check.passed is None
    )


def weak_areas(source: Source) -> tuple[WeakArea, ...]:
    """Return rated areas with weak evidence, weakest first, each with what to look at.

    All whose confidence is low, and the next weakest up to six that are not called high.
    """
    diagnosis, rating = source.diagnosis, source.model.content.rating
    ranked = sorted(
        (
            (found.trust, name)
            for name, found in diagnosis.scorecard.areas.items()
            if found.score is not None and confidence_word(rating, found.trust) != "high"
        ),
        key=lambda entry: entry[0],
    )
    low = sum(confidence_word(rating, trust) == "low" for trust, _ in ranked)
    rows = []
    for trust, name in ranked[: max(low, MOST_WEAK)]:
        area, question = source.model.areas[name], _weakest_question(source, name)
        if question is None:
            continue
        rows.append(
            WeakArea(
                code=area.code,
                title=area.title,
                score=source.wording.score(diagnosis.scorecard.areas[name].score),
                trust=source.wording.number(trust, 2),
                ask_to_see=question.ask_to_see,
                question=question.code,
            )
        )
    return tuple(rows)


def _weakest_question(source: Source, area: str) -> Question | None:
    """Return the area's question whose missing evidence costs most."""
    diagnosis = source.diagnosis
    asked = [
        question
        for question in source.model.questions_of[area]
        if question.id in diagnosis.questions and evidence_of(diagnosis, question)
    ]
    return max(
        asked,
        key=lambda q: Fraction(q.weight) * (1 - diagnosis.questions[q.id].trust),
        default=None,
    )


def unsure(source: Source) -> str:
    """Say at which questions some did not know although others answered."""
    diagnosis, say = source.diagnosis, source.wording.translate
    named = [
        say("{}（{}人）").format(source.question_code(name), count)
        for name, result in diagnosis.questions.items()
        if (count := _said_unknown(diagnosis, name)) and result.score is not None
    ]
    if not named:
        return ""
    return say("另有{}道题有人答「不清楚」，得分取自其他人的答复：{}。").format(
        len(named), source.wording.joined(named)
    )


def single_sources(source: Source) -> str:
    """Say at how many questions the score rests on one person; empty where at none."""
    diagnosis, say = source.diagnosis, source.wording.translate
    alone = [
        source.question_code(name)
        for name, result in diagnosis.questions.items()
        if result.answers == 1 and result.score is not None and not result.adjudicated
    ]
    people = len(diagnosis.assessment.respondents)
    if not alone or people < 2:
        return ""
    return say("有{}道题只有1人答，没有第二个人印证：{}。").format(len(alone), " ".join(alone))
