"""Two rounds in words: scores side by side, findings that came and went, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from app.domain.finding_changes import FindingChange
from app.domain.model import MaturityModel
from app.domain.rediagnosis import Rediagnosis, ScoreChange
from app.domain.rescoring import LeftOut
from app.reporting.charts import RadarAxis, Theme, Words, radar
from app.reporting.wording import Wording
from app.services.coaching.rounds import Comparison
from app.web.coaching.figures import FigureWords
from app.web.presenting import say

OUTCOMES: Final = {
    "closed": ("done", "已解决"),
    "open": ("failed", "还在"),
    "new": ("part", "新出现"),
    "undecided": ("unknown", "这次判不了"),
    "rejected": ("stopped", "这次被否决"),
    "retired": ("stopped", "模型里已没有"),
}
BECAUSE: Final = {
    "practice": "做法变了",
    "rules": "题目或规则变了，旧答案今天也会这样判",
    "first-assessed": "上一轮没有评到",
    "decision": "上一轮被顾问否决",
}
_LEFT: Final = {"question": "题", "fact": "企业信息", "role": "角色", "rule": "发现"}


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One score of both rounds. ``practice`` and ``rules`` are the parts of the change in words."""

    title: str
    before: str
    after: str
    total: str
    practice: str
    rules: str
    change: str
    note: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding of either round."""

    code: str
    title: str
    state: str
    word: str
    because: str


@dataclass(frozen=True, slots=True)
class CourseRow:
    """One KPI between the rounds: its first and last actual, and its course."""

    title: str
    first: str
    last: str
    planned: str
    drawing: Markup


class ChangeWords:
    """Says a comparison in the reader's language."""

    def __init__(self, found: Comparison, locale: str) -> None:
        self.found: Rediagnosis = found.found
        self.comparison = found
        self.model: MaturityModel = found.model
        self.wording = Wording(found.model, locale)
        self.figures = FigureWords(found.model, locale)

    def index(self) -> ScoreRow:
        """Return the whole, in index points."""
        return self._row(say("指数"), self.found.overall, 1)

    def level(self) -> tuple[str, str]:
        """Return what is said of the level before, and the level now."""
        before, after = self.found.overall.before.level, self.found.overall.after.level
        return _since(self.wording.level(before), self.wording.level(after))

    def stage(self) -> tuple[str, str]:
        """Return what is said of the stage before, and the stage now."""
        stage = self.found.stage
        return _since(self._stage(stage.before), self._stage(stage.after))

    def _stage(self, name: str | None) -> str:
        ladder = self.model.content.stage_model
        stages = {one.id: one.title for one in ladder.stages} if ladder is not None else {}
        return stages.get(name or "", say("未定"))

    def dimensions(self) -> tuple[ScoreRow, ...]:
        """Return the dimensions, in the order of the new model."""
        titles = self._titles("dimensions")
        return tuple(self._row(titles.get(one.id, one.id), one, 1) for one in self.found.dimensions)

    def areas(self) -> tuple[ScoreRow, ...]:
        """Return the areas, those that moved most by practice first."""
        titles = self._titles("areas")
        ordered = sorted(self.found.areas, key=_moved, reverse=True)
        return tuple(self._row(titles.get(one.id, one.id), one, 1) for one in ordered)

    def _titles(self, kind: str) -> dict[str, str]:
        old = getattr(self.found.before.model, kind)
        return {name: one.title for name, one in {**old, **getattr(self.model, kind)}.items()}

    def _row(self, title: str, change: ScoreChange, places: int) -> ScoreRow:
        notes = []
        if change.presence == "before":
            notes.append(say("新模型里没有"))
        elif change.presence == "after":
            notes.append(say("新模型才有"))
        elif not change.is_split and change.total is not None:
            notes.append(say("题目全换了，分不出是做法变了还是题目变了"))
        if change.unasked:
            share = self.wording.percent(100 * change.unasked)
            notes.append(say("其中{share}的分量上一轮没问过", share=share))
        total = change.total
        return ScoreRow(
            title=title,
            before=self._score(change.before.score, places),
            after=self._score(change.after.score, places),
            total=self.wording.signed(total, places),
            practice=self.wording.signed(change.by_practice, places),
            rules=self.wording.signed(change.by_rules, places),
            change="" if not total else "better" if total > 0 else "worse",
            note=say("；").join(notes),
        )

    def _score(self, value: Fraction | None, places: int) -> str:
        return say("未评") if value is None else self.wording.number(value, places)

    def radar(self) -> Markup:
        """Return both rounds on one radar; empty where there are too few dimensions."""
        titles = self._titles("dimensions")
        axes = [
            RadarAxis(titles.get(one.id, one.id), one.after.score, previous=one.before.score)
            for one in self.found.dimensions
        ]
        if not 3 <= len(axes) <= 10:
            return Markup("")
        return radar(
            axes,
            title=say("两轮并排"),
            desc=say("实线是这一轮，点线是上一轮；各维度的分数见下表。"),
            low=0,
            theme=Theme(),
            words=Words.translated(say),
            width=440,
        )

    def findings(self) -> tuple[FindingRow, ...]:
        """Return the findings of both rounds: closed first, as that is what was worked for."""
        order = list(OUTCOMES)
        ordered = sorted(self.found.findings, key=lambda one: order.index(one.outcome))
        return tuple(self._finding(one) for one in ordered)

    def _finding(self, change: FindingChange) -> FindingRow:
        state, word = OUTCOMES[change.outcome]
        finding = change.after or change.before
        return FindingRow(
            code=change.rule.code,
            title=finding.title if finding is not None else change.rule.finding,
            state=state,
            word=say(word),
            because=say(BECAUSE[change.because]) if change.because is not None else "",
        )

    def counts(self) -> dict[str, int]:
        """Return how many findings had each outcome."""
        return {name: sum(one.outcome == name for one in self.found.findings) for name in OUTCOMES}

    def left_out(self) -> tuple[str, ...]:
        """Return what of the old answers the new release could not read."""
        return tuple(self._left(self.comparison.left_out))

    def _left(self, items: Iterable[LeftOut]) -> Iterator[str]:
        for item in items:
            kind = say(_LEFT[item.kind])
            why = say("已取消") if item.why == "gone" else say("选项变了")
            yield f"{kind} {item.id}{say('：')}{why}"

    def courses(self) -> tuple[CourseRow, ...]:
        """Return the KPIs measured between the rounds."""
        rows = []
        for course in self.comparison.courses:
            kpi = course.line.kpi
            known = [point for point in course.points if point.actual is not None]
            rows.append(
                CourseRow(
                    title=kpi.title,
                    first=self.figures.value(kpi, known[0].actual if known else None),
                    last=self.figures.value(kpi, known[-1].actual if known else None),
                    planned=self.figures.value(kpi, known[-1].planned if known else None),
                    drawing=self.figures.spark(kpi, course.points),
                )
            )
        return tuple(rows)


def _since(before: str, after: str) -> tuple[str, str]:
    return say("和上一轮一样") if before == after else say("上一轮{before}", before=before), after


def _moved(change: ScoreChange) -> Fraction:
    found = change.by_practice if change.by_practice is not None else change.total
    return abs(found) if found is not None else Fraction(-1)
