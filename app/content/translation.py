"""Reads a model in another language: ``i18n/<language>.yaml`` laid over the content.

The file holds texts only, keyed by the content's own ids, so that ids, conditions and numbers are
written once. Every text in the base language's script must be there, and nothing else.
"""

import hashlib
import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from app.content.loader import load_model
from app.content.problems import ContentError, Problem
from app.content.strict_yaml import Positions, parse
from app.content.translatable import (
    CollectionShape,
    ListShape,
    MappingShape,
    RecordShape,
    Shape,
    TextPath,
    TextShape,
    record_shape,
)
from app.domain.model import MaturityModel, ModelContent, slots
from app.domain.vocabulary import ModelVocabulary

FOLDER: Final = "i18n"
HAN: Final = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
"""Chinese characters and full-width punctuation."""

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?\Z")


def languages_in(folder: Path) -> tuple[str, ...]:
    """Return the languages a model folder has translations for, as their files are named."""
    return tuple(sorted(path.stem for path in (folder / FOLDER).glob("*.yaml")))


def load_translated(folder: Path, language: str) -> MaturityModel:
    """Read the model in ``folder`` in ``language``, its own or one of ``languages_in``.

    Raises ``ContentError`` with every mistake of the content, else of the translation.
    """
    model = load_model(folder)
    return model if language == model.content.language else translate(model, folder, language)


def translate(model: MaturityModel, folder: Path, language: str) -> MaturityModel:
    """Return ``model`` with the texts of its translation; raises ``ContentError`` if it has gaps.

    The digest covers the translation too; the base content stays at hand as ``model.base``.
    """
    name = f"{FOLDER}/{language}.yaml"
    data = (folder / name).read_bytes()
    merge = _Merge(name, data, is_chinese(model.content.language), is_chinese(language))
    merge.head(model.content, language)
    content = merge.record(
        record_shape(ModelContent), model.content, parse(data, name), (), _NO_NAMES
    )
    if merge.problems:
        raise ContentError(merge.problems)
    localised = replace(content, language=language)
    digest = hashlib.sha256(model.digest.encode() + b"\0" + name.encode() + b"\0" + data)
    return replace(
        model,
        content=localised,
        digest=digest.hexdigest(),
        vocabulary=ModelVocabulary(localised),
        base=model.content,
    )


def is_chinese(language: str) -> bool:
    """Return whether a language is written in Chinese characters."""
    return language.partition("-")[0] == "zh"


_NO_NAMES: Final[Mapping[str, str]] = {}


@dataclass(slots=True)
class _Merge:
    """Lays one translation over the content and keeps every mistake with its place.

    ``names`` that are handed down are a SOP's slots: what the client fills in, by its base name.
    """

    file: str
    data: bytes
    from_chinese: bool
    to_chinese: bool
    problems: list[Problem] = field(default_factory=list)
    _positions: Positions | None = None

    def head(self, content: ModelContent, language: str) -> None:
        """Refuse a file whose name is no language, or the content's own."""
        if not _LANGUAGE.match(language):
            self._file_wrong("文件名应是语言的代码，如en.yaml、fr.yaml。")
        if language == content.language:
            self._file_wrong(f"{language}是内容本身的语言，不用译文。")

    def record(
        self, shape: RecordShape, value: Any, entry: Any, path: TextPath, names: Mapping[str, str]
    ) -> Any:
        """Return a record with its texts translated."""
        if not isinstance(entry, dict):
            return self._no_mapping(shape, value, entry, path)
        own = {item.name for item in fields(value)}
        for key in entry:
            if key not in shape.fields:
                told = (
                    f"「{key}」不是要译的文字，请删去。"
                    if key in own
                    else _unknown(key, shape.fields)
                )
                self._wrong((*path, str(key)), told, at_key=True)
        names = _slot_names(value, entry) or names
        return replace(
            value,
            **{
                name: self._value(inner, held, entry.get(name), (*path, name), names)
                for name, inner in shape.fields.items()
                if (held := getattr(value, name)) is not None
            },
        )

    def _value(
        self, shape: Shape, value: Any, entry: Any, path: TextPath, names: Mapping[str, str]
    ) -> Any:
        match shape:
            case TextShape():
                return self._text(value, entry, path, names)
            case RecordShape():
                return self.record(shape, value, entry, path, names)
            case ListShape():
                return self._list(shape, value, entry, path, names)
            case CollectionShape():
                known = [item.id for item in value]
                entries = self._entries(shape, value, entry, path, known)
                if entries is None:
                    return value
                return tuple(
                    self._value(shape.item, item, entries.get(item.id), (*path, item.id), names)
                    for item in value
                )
            case MappingShape():
                entries = self._entries(shape, value, entry, path, list(value))
                if entries is None:
                    return value
                return {
                    key: self._value(shape.item, item, entries.get(key), (*path, key), names)
                    for key, item in value.items()
                }
        raise TypeError(f"no such shape: {shape}")

    def _entries(
        self, shape: Shape, value: Any, entry: Any, path: TextPath, known: list[str]
    ) -> Mapping[Hashable, Any] | None:
        """Return the entries of a collection or mapping; None where there is nothing to merge."""
        if not isinstance(entry, dict):
            self._no_mapping(shape, value, entry, path)
            return None
        for key in entry:
            if key not in known:
                self._wrong((*path, key), _unknown(key, known), at_key=True)
        return entry

    def _list(
        self, shape: ListShape, value: Any, entry: Any, path: TextPath, names: Mapping[str, str]
    ) -> Any:
        if entry is None:
            self._missing(shape, value, path)
            return value
        if not isinstance(entry, tuple):
            self._wrong(path, f"这里应是一个列表，共{len(value)}项。")
            return value
        if len(entry) != len(value):
            self._wrong(path, f"应有{len(value)}项，现在{len(entry)}项；次序与原文相同。")
            return value
        pairs = enumerate(zip(value, entry, strict=True))
        return tuple(
            self._value(shape.item, item, given, (*path, place), names)
            for place, (item, given) in pairs
        )

    def _text(self, value: str, entry: Any, path: TextPath, names: Mapping[str, str]) -> str:
        if entry is None:
            self._missing(TextShape(), value, path)
            return value
        if not isinstance(entry, str) or not entry.strip():
            self._wrong(path, "应是文字；数字样的文字请加引号。")
            return value
        if not value:
            self._wrong(path, "原文这里是空的，请删去译文。", at_key=True)
        if self.from_chinese and not self.to_chinese and (left := HAN.search(entry)):
            self._wrong(path, f"译文里还有中文或全角标点「{left[0]}」。")
        wanted = {names.get(slot, slot) for slot in slots(value)}
        given = set(slots(entry))
        if wanted != given:
            self._wrong(path, _slots_differ(wanted, given))
        return entry

    def _no_mapping(self, shape: Shape, value: Any, entry: Any, path: TextPath) -> Any:
        if entry is None:
            self._missing(shape, value, path)
        else:
            self._wrong(path, "这里应是「键: 值」的映射。")
        return value

    def _missing(self, shape: Shape, value: Any, path: TextPath) -> None:
        """Tell once what a part without translation lacks, however many texts it holds."""
        texts = [text for _, text in shape.texts(value, path) if self._needs(text)]
        if texts:
            more = f"等{len(texts)}处" if len(texts) > 1 else ""
            self._wrong(path, f"缺译文：「{texts[0][:20]}」{more}。")

    def _needs(self, text: str) -> bool:
        """Return whether a text reads differently in another language: 100% does not."""
        return bool(HAN.search(text)) if self.from_chinese else True

    def _wrong(self, path: tuple[Hashable, ...], message: str, *, at_key: bool = False) -> None:
        if self._positions is None:
            self._positions = Positions(self.data)
        place = self._positions
        line, column = place.of_key(path[:-1], path[-1]) if at_key else place.of(path)
        subject = ".".join(str(step) for step in path)
        self.problems.append(Problem(self.file, line, column, subject, message))

    def _file_wrong(self, message: str) -> None:
        self.problems.append(Problem(self.file, 0, 0, "", message))


def _unknown(key: Hashable, known: Iterable[str]) -> str:
    near = get_close_matches(str(key), sorted(known), 1, 0.6)
    hint = f"，是不是「{near[0]}」" if near else ""
    return f"内容里没有「{key}」{hint}；多出来的译文请删去。"


def _slot_names(value: Any, entry: Mapping[Hashable, Any]) -> dict[str, str]:
    """Return the translated name of each slot that a record lists, by its base name."""
    own, given = getattr(value, "slots", ()), entry.get("slots")
    if not isinstance(given, tuple) or len(given) != len(own):
        return {}
    return {name: str(word) for name, word in zip(own, given, strict=True)}


def _slots_differ(wanted: set[str], given: set[str]) -> str:
    parts = (
        ("缺", sorted(wanted - given)),
        ("多", sorted(given - wanted)),
    )
    told = "，".join(
        word + "、".join("{" + slot + "}" for slot in slots_) for word, slots_ in parts if slots_
    )
    return f"花括号里的内容应与原文一致：{told}。"
