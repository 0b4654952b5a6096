"""The ids of a model's collections, and the sentence for a reference that leads nowhere."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from app.domain.model import ContentPath, ModelContent

Mistake = tuple[ContentPath, str]


class Index:
    """The ids of every collection."""

    def __init__(self, content: ModelContent) -> None:
        areas = [area for dimension in content.dimensions for area in dimension.areas]
        self.areas = {area.id for area in areas}
        self.dimensions = {dimension.id for dimension in content.dimensions}
        self.lenses = {lens.id for lens in content.lenses}
        self.roles = {role.id for role in content.roles}
        self.channels = {channel.id for channel in content.channels}
        self.questions = {q.id for section in content.sections for q in section.questions}
        self.facts = {fact.id for fact in content.facts}
        self.parts = {part.id for fact in content.facts for part in fact.parts}
        self.pulse = {item.id for item in content.pulse}
        self.sops = {sop.id for sop in content.sops}
        self.kpis = {kpi.id for kpi in content.kpis}
        self.benchmarks = {benchmark.id for benchmark in content.benchmarks}
        self.archetypes = {archetype.id for archetype in content.archetypes}
        ladder = content.stage_model
        self.stages = {stage.id for stage in ladder.stages} if ladder else set()
        staffing = content.staffing
        self.posts = {post.id for post in staffing.posts} if staffing else set()


def unknown_ids(
    path: ContentPath, ids: Iterable[str], known: set[str], what: str
) -> Iterator[Mistake]:
    """Refuse every id of a list that is not ``known``; ``what`` names the kind of thing."""
    for place, name in enumerate(ids):
        yield from unknown_id((*path, place), name, known, what)


def unknown_id(
    path: ContentPath, name: str | None, known: set[str], what: str
) -> Iterator[Mistake]:
    """Refuse an id that is not ``known``, with the nearest one that is."""
    if name is not None and name not in known:
        near = get_close_matches(name, sorted(known), 1, 0.6)
        hint = f"，是不是「{near[0]}」" if near else ""
        yield path, f"没有名为「{name}」的{what}{hint}。"


def repeated(path: ContentPath, names: Sequence[str | None], attribute: str) -> Iterator[Mistake]:
    """Refuse every name of a list that stood in it before."""
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name is None:
            continue
        if name in seen:
            yield (*path, place, attribute), f"{attribute}「{name}」重复了。"
        seen.add(name)
