"""The shape of every content item: an immutable, keyword-only dataclass that refuses unknown keys.

Content authors write YAML; the loader in ``app.content`` validates it straight into these classes,
so a class here *is* the schema of its file. The marker ``__pydantic_config__`` is a plain mapping:
the domain itself imports nothing beyond the standard library.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final, TypeAlias, TypeVar, dataclass_transform

Number: TypeAlias = Decimal | int
"""A number as an author wrote it, exact. Arithmetic goes through ``fractions.Fraction``."""


class Translatable:
    """Marks a text that a reader sees, so that a translation must give it."""


TRANSLATABLE: Final = Translatable()

Text: TypeAlias = Annotated[str, TRANSLATABLE]
"""A text for readers, in the language of the model. Ids, codes and expressions are plain ``str``.

A field of this type (also ``tuple[Text, ...]`` and ``Mapping[str, Text]``) is translated by the
files in a model's folder ``i18n``; see ``app.content.translation``.
"""

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def record(cls: type[_T]) -> type[_T]:
    """Make ``cls`` a frozen, keyword-only dataclass whose YAML form is checked strictly."""
    cls.__pydantic_config__ = {"extra": "forbid", "strict": True}  # type: ignore[attr-defined] # read by the loader's validator; a mapping keeps the domain free of imports
    return dataclass(frozen=True, kw_only=True)(cls)
