"""Which texts of a model a reader sees, found from the types of the content classes.

A translation has the shape of the content: records with an ``id`` are keyed by it, records without
one and plain texts stand in a list of the same length, mappings keep their keys.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from types import NoneType
from typing import Annotated, Any, Protocol, get_args, get_origin, get_type_hints

from app.domain.definitions.record import TRANSLATABLE

TextPath = tuple[str | int, ...]
"""The way to a text: field names, ids, keys, and places in lists."""


class Shape(Protocol):
    """How the texts inside one value are found."""

    def texts(self, value: Any, path: TextPath) -> Iterator[tuple[TextPath, str]]:
        """Yield every text inside ``value`` that is not empty, with its path."""
        ...


@dataclass(frozen=True, slots=True)
class TextShape:
    """One text."""

    def texts(self, value: Any, path: TextPath) -> Iterator[tuple[TextPath, str]]:
        """Yield the text itself."""
        if value:
            yield path, value


@dataclass(frozen=True, slots=True)
class RecordShape:
    """A record: the shapes of those of its fields that hold texts."""

    fields: Mapping[str, Shape]

    def texts(self, value: Any, path: TextPath) -> Iterator[tuple[TextPath, str]]:
        """Yield the texts of the record's fields."""
        for name, shape in self.fields.items():
            held = getattr(value, name)
            if held is not None:
                yield from shape.texts(held, (*path, name))


@dataclass(frozen=True, slots=True)
class ListShape:
    """A list whose items are told apart by their place."""

    item: Shape

    def texts(self, value: Any, path: TextPath) -> Iterator[tuple[TextPath, str]]:
        """Yield the texts of the items."""
        for place, held in enumerate(value):
            yield from self.item.texts(held, (*path, place))


@dataclass(frozen=True, slots=True)
class CollectionShape:
    """A list of records that are told apart by their ``id``."""

    item: Shape

    def texts(self, value: Any, path: TextPath) -> Iterator[tuple[TextPath, str]]:
        """Yield the texts of the records."""
        for held in value:
            yield from self.item.texts(held, (*path, held.id))


@dataclass(frozen=True, slots=True)
class MappingShape:
    """A mapping from fixed keys."""

    item: Shape

    def texts(self, value: Any, path: TextPath) -> Iterator[tuple[TextPath, str]]:
        """Yield the texts of the values."""
        for key, held in value.items():
            yield from self.item.texts(held, (*path, str(key)))


@cache
def record_shape(record: type) -> RecordShape:
    """Return the shape of a content class; its ``fields`` are empty where it holds no text."""
    hints = get_type_hints(record, include_extras=True)
    found = {name: _shape(hints[name]) for name in (field.name for field in fields(record))}
    return RecordShape({name: shape for name, shape in found.items() if shape is not None})


def _shape(hint: Any) -> Shape | None:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return TextShape() if TRANSLATABLE in arguments[1:] else None
    if isinstance(hint, type) and is_dataclass(hint):
        shape = record_shape(hint)
        return shape if shape.fields else None
    if origin is tuple:
        item = _shape(arguments[0])
        if item is None:
            return None
        return CollectionShape(item) if _has_id(arguments[0]) else ListShape(item)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        item = _shape(arguments[1])
        return None if item is None else MappingShape(item)
    # What is left that may hold a text is one that may be missing: ``Text | None``.
    several = [_shape(part) for part in arguments if part is not NoneType]
    return several[0] if len(several) == 1 else None


def _has_id(record: Any) -> bool:
    return is_dataclass(record) and any(field.name == "id" for field in fields(record))
