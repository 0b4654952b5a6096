"""The ``client`` of an answers file: who is diagnosed."""

from collections.abc import Mapping
from typing import Any, Final

from app.content.answers.facts import CITY_TIER, archetype_reader
from app.content.answers.mistakes import Mistakes
from app.content.answers.naming import Names
from app.content.answers.values import Reader, colour, one_of, text
from app.content.strict_yaml import Path
from app.domain.bounds import CONTACT_LIMIT, NAME_LIMIT
from app.domain.model import MaturityModel
from app.domain.response import ClientProfile

_NAME: Final = text(NAME_LIMIT)
_WORDS: Final[Mapping[str, Reader[str]]] = {
    "industry": text(NAME_LIMIT),
    "consultancy": text(NAME_LIMIT),
    "consultant": text(NAME_LIMIT),
    "contact": text(CONTACT_LIMIT),
}


def read_client(path: Path, raw: Any, model: MaturityModel, mistakes: Mistakes) -> ClientProfile:
    """Return the profile; archetype and city tier are None where they are absent or wrong."""
    mapping = mistakes.mapping(path, raw)
    if mapping is None:
        return ClientProfile("")
    ids = {"archetype": archetype_reader(model), "city_tier": _city_tier(model)}
    known = [key for key, reader in ids.items() if reader is not None]
    mistakes.keys(path, mapping, ("name", *known, *_WORDS, "accent"), ("name",))
    chosen = {
        key: mistakes.optional(path, mapping, key, reader, None)
        for key, reader in ids.items()
        if reader is not None
    }
    words = {key: mistakes.optional(path, mapping, key, read, "") for key, read in _WORDS.items()}
    name = mistakes.read((*path, "name"), mapping["name"], _NAME) if "name" in mapping else None
    accent = None
    if "accent" in mapping:
        accent = mistakes.read((*path, "accent"), mapping["accent"], colour)
    return ClientProfile(
        name=name or "",
        archetype=chosen.get("archetype"),
        city_tier=chosen.get("city_tier"),
        accent=accent or "",
        **words,
    )


def _city_tier(model: MaturityModel) -> Reader[str] | None:
    """Return a reader of the tiers the staffing knows, else of the options of the fact."""
    staffing, part = model.content.staffing, model.fact_parts.get(CITY_TIER)
    if staffing is not None:
        tiers = [tier.id for tier in staffing.city_tiers]
    elif part is not None:
        tiers = [choice.id for choice in part.choices]
    else:
        return None
    return one_of(Names.of("城市档", tiers))
