"""Checks of contradictions: they name what exists, and read only what people said and gave."""

import re
from collections.abc import Iterator
from typing import Final

from app.content.references import Index, Mistake, unknown_ids
from app.domain.definitions.contradiction import Contradiction
from app.domain.expression import BARE_NAME, ExpressionError, Reference, parse
from app.domain.model import ContentPath, ModelContent
from app.domain.vocabulary import MEASURES, ModelVocabulary

FROM_FACTS: Final = frozenset(
    {"load_ratio", "capacity", "ltv", "cac", "ltv_cac", "roi", "payback_months"}
    | {"growth_rate", "gmv_per_user", "private_share"}
)
"""Computed numbers that rest on facts, so that a claim can be held against them."""

_RATED: Final = frozenset({"level", "confidence"})
_KNOWN: Final = re.compile(r"\bknown\s*\(")


def contradiction_mistakes(content: ModelContent, index: Index) -> Iterator[Mistake]:
    """Yield path and message of every mistake in the contradictions.

    A contradiction lowers the confidence of areas, so a condition that reads a confidence, or a
    rating that goes with one, would turn round in a circle.
    """
    vocabulary = ModelVocabulary(content)
    rating = content.rating
    if content.contradictions and not 0 < rating.contradiction_discount < 1:
        yield ("rating",), "写了矛盾，就要写contradiction_discount，大于0、小于1。"
    if not 0 <= rating.contradiction_floor <= 1:
        yield ("rating", "contradiction_floor"), "contradiction_floor在0到1之间。"
    for place, item in enumerate(content.contradictions):
        path: ContentPath = ("contradictions", place)
        yield from unknown_ids((*path, "areas"), item.areas, index.areas, "领域")
        yield from unknown_ids((*path, "roles"), item.roles, index.roles, "角色")
        if not item.areas or not item.roles or not item.says:
            yield path, "areas、roles、says都要写：降低哪些领域的可信度、问谁、哪几个数。"
        examples = item.examples
        if not (examples.fires and examples.stays_quiet and examples.undecided):
            yield (*path, "examples"), "每对矛盾要有成立、不成立、判不出的例子，各至少一个。"
        yield from _condition(item, vocabulary, index, (*path, "when"))


def _condition(
    item: Contradiction, vocabulary: ModelVocabulary, index: Index, path: ContentPath
) -> Iterator[Mistake]:
    try:
        references = parse(item.when, vocabulary).references
    except ExpressionError:
        return  # told where all expressions are compiled
    if _KNOWN.search(item.when):
        yield path, "矛盾要两边都有答复才成立，条件里不能用known()。"
    read = {_subject(reference, vocabulary) for reference in references}
    if len(read) < 2:
        yield path, "矛盾是一个说法对一个数，条件里至少要读两样东西。"
    for reference in references:
        if _is_rating(reference, _subject(reference, vocabulary), index):
            yield (
                path,
                f"矛盾只能读答复和信息项，不能读「{reference}」："
                "它带着可信度，而矛盾正要去改可信度。",
            )


def _subject(reference: Reference, vocabulary: ModelVocabulary) -> str:
    return (vocabulary.canonical(reference) or reference.arguments)[0]


def _is_rating(reference: Reference, subject: str, index: Index) -> bool:
    """Return whether a reference reads a rating of the scorecard instead of what was given."""
    if reference.function == BARE_NAME:
        return subject in MEASURES and subject not in FROM_FACTS
    of_structure = subject in index.areas or subject in index.dimensions
    return reference.function in _RATED or (reference.function == "score" and of_structure)
