"""Reads one model folder: YAML files → ``ModelContent`` → checked, compiled ``MaturityModel``."""

import hashlib
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import SchemaValidator

from app.content.checks import reference_mistakes
from app.content.expression_wording import explain_expression
from app.content.problems import ContentError, Problem
from app.content.strict_yaml import Positions, parse
from app.content.wording import explain, is_unknown_key
from app.domain.expression import ExpressionError
from app.domain.model import ContentPath, Formula, MaturityModel, ModelContent, compile_model
from app.domain.vocabulary import identifier

ROOT_FILES: Final = (
    "model.yaml",
    "roles.yaml",
    "facts.yaml",
    "contradictions.yaml",
    "forms.yaml",
    "kpis.yaml",
    "stages.yaml",
    "staffing.yaml",
    "roadmap.yaml",
    "coaching.yaml",
    "limits.yaml",
    "benchmarks.yaml",
    "economics.yaml",
    "method.yaml",
    "glossary.yaml",
)
"""Each is a mapping whose keys are fields of ``ModelContent``; only ``model.yaml`` must exist."""

LONE_ITEMS: Final = frozenset(
    {"rules", "sops", "kpis", "post_cards", "limits", "benchmarks", "assumptions", "cases"}
    | {"frameworks", "glossary", "fact_checks", "contradictions"}
)
"""Collections whose items can be left out while the rest is checked."""

LIST_FOLDERS: Final = {"rules": "rules"}
ITEM_FOLDERS: Final = {"sections": "sections", "sops": "sops"}


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where an item of the merged content came from: its file and its path inside that file."""

    file: str
    path: tuple[Hashable, ...]


@dataclass(slots=True)
class _Sources:
    """The files of one folder, merged into one mapping, with the origin of every part."""

    folder: Path
    merged: dict[str, Any] = field(default_factory=dict)
    origins: dict[tuple[Hashable, ...], _Origin] = field(default_factory=dict)
    bytes_of: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)
    _positions: dict[str, Positions] = field(default_factory=dict)

    def read(self, path: Path) -> Any:
        """Parse one file and remember its bytes; a mistake is kept and None returned."""
        name = path.relative_to(self.folder).as_posix()
        self.bytes_of[name] = path.read_bytes()
        try:
            return parse(self.bytes_of[name], name)
        except ContentError as error:
            self.problems.extend(error.problems)
            return None

    def refuse(self, name: str, message: str, path: tuple[Hashable, ...] = ()) -> None:
        """Keep a mistake found in file ``name``."""
        line, column = self._locate(name, path)
        self.problems.append(Problem(name, line, column, "", message))

    def _locate(
        self, name: str, path: tuple[Hashable, ...], at_key: bool = False
    ) -> tuple[int, int]:
        if name not in self._positions:
            self._positions[name] = Positions(self.bytes_of[name])
        positions = self._positions[name]
        return positions.of_key(path[:-1], path[-1]) if at_key else positions.of(path)

    def place(self, path: tuple[Hashable, ...], *, at_key: bool = False) -> tuple[str, int, int]:
        """Return file, line and column of a value (or its key) in the merged content."""
        for length in range(min(len(path), 2), 0, -1):
            origin = self.origins.get(path[:length])
            if origin is not None:
                inner = (*origin.path, *path[length:])
                line, column = self._locate(origin.file, inner, at_key)
                return origin.file, line, column
        return "model.yaml", 0, 0

    def has_id(self, key: str, place: Any) -> bool:
        """Return whether an item says its id, so that echoes of its absence can be told."""
        item = self.merged[key][place]
        return isinstance(item, dict) and isinstance(item.get("id"), str)

    def drop(self, wrong: Collection[tuple[str, Hashable]]) -> None:
        """Leave out items of the merged content, given by collection and place."""
        for key in {key for key, _ in wrong}:
            whole = self.origins.get((key,))
            kept: list[Any] = []
            for place, item in enumerate(self.merged[key]):
                origin = self.origins.pop((key, place), None)
                if (key, place) in wrong:
                    self.dropped.update(_names_in(item))
                    continue
                if origin is None and whole is not None:
                    origin = _Origin(whole.file, (*whole.path, place))
                if origin is not None:
                    self.origins[key, len(kept)] = origin
                kept.append(item)
            self.merged[key] = tuple(kept)

    def speaks_of_dropped(self, text: str) -> bool:
        """Return whether a mistake may only be the echo of an item left out."""
        return any(name in text for name in self.dropped)

    def subject(self, path: tuple[Hashable, ...]) -> str:
        """Return the innermost ``id`` on the way to ``path``."""
        node: Any = self.merged
        found = ""
        for step in path:
            try:
                node = node[step]
            except (KeyError, IndexError, TypeError):
                break
            if isinstance(node, dict) and isinstance(node.get("id"), str):
                found = str(node.get("code", "")) + (" " if node.get("code") else "") + node["id"]
        return found


def _names_in(item: Any) -> Iterator[str]:
    """Yield the ids inside an item, also as conditions spell them."""
    if isinstance(item, dict):
        for key, value in item.items():
            if key == "id" and isinstance(value, str):
                yield from (value, identifier(value))
            else:
                yield from _names_in(value)
    elif isinstance(item, tuple):
        for value in item:
            yield from _names_in(value)


@cache
def strict_validator(record: type) -> SchemaValidator:
    """Return the validator that turns strict YAML values into a content class."""
    return SchemaValidator(_open_to_mappings(TypeAdapter(record).core_schema))


def _open_to_mappings(schema: Any) -> Any:
    """Let mappings stand for dataclasses while every field inside stays strict.

    Strict dataclasses take instances only; what an author writes is a mapping.
    """
    if isinstance(schema, dict):
        opened = {key: _open_to_mappings(value) for key, value in schema.items()}
        return opened | {"strict": False} if schema.get("type") == "dataclass" else opened
    if isinstance(schema, list):
        return [_open_to_mappings(item) for item in schema]
    return schema


def load_model(folder: Path) -> MaturityModel:
    """Read, check and compile the model in ``folder``.

    Raises ``ContentError`` with every mistake found, each with file, line, column and id.
    """
    sources = _read_folder(folder)
    content = _validate(sources)
    problems = list(sources.problems)

    def refuse(formula: Formula, error: ExpressionError) -> None:
        if not sources.speaks_of_dropped(formula.source):
            problems.append(_expression_problem(sources, formula, error))

    model = compile_model(content, _digest(sources), refuse)
    problems += [
        _problem(sources, path, text)
        for path, text in reference_mistakes(content)
        if not sources.speaks_of_dropped(text)
    ]
    if problems:
        raise ContentError(problems)
    return model


def place_in_folder(folder: Path, path: ContentPath, message: str) -> Problem:
    """Return a mistake found later at a path of the content of ``folder``, with its place."""
    return _problem(_read_folder(folder), path, message)


def _read_folder(folder: Path) -> _Sources:
    sources = _Sources(folder)
    if not (folder / "model.yaml").is_file():
        raise ContentError(
            [Problem(str(folder), 0, 0, "", "缺少model.yaml，这里不是一个模型文件夹。")]
        )
    for path in sorted(folder.glob("*.yaml")):
        if path.name not in ROOT_FILES:
            known = "、".join(ROOT_FILES)
            sources.bytes_of[path.name] = path.read_bytes()
            sources.problems.append(
                Problem(path.name, 0, 0, "", f"不认识这个文件；模型文件夹的顶层可以有：{known}。")
            )
            continue
        _merge_root(sources, path)
    for name, key in ITEM_FOLDERS.items():
        _merge_items(sources, key, sorted((folder / name).glob("*.yaml")), whole_file=True)
    for name, key in LIST_FOLDERS.items():
        _merge_items(sources, key, sorted((folder / name).glob("*.yaml")), whole_file=False)
    return sources


def _merge_root(sources: _Sources, path: Path) -> None:
    data = sources.read(path)
    if data is None:
        return
    if not isinstance(data, dict):
        sources.refuse(path.name, "顶层应是「键: 值」的映射。")
        return
    for key, value in data.items():
        if key in sources.merged:
            other = sources.origins[(key,)].file
            sources.refuse(path.name, f"「{key}」已经写在{other}里。", (key,))
        sources.merged[key] = value
        sources.origins[(key,)] = _Origin(path.name, (key,))


def _merge_items(sources: _Sources, key: str, paths: Iterable[Path], *, whole_file: bool) -> None:
    merged: list[Any] = []
    for path in paths:
        data = sources.read(path)
        if data is None:
            continue
        name = path.relative_to(sources.folder).as_posix()
        if whole_file:
            sources.origins[(key, len(merged))] = _Origin(name, ())
            merged.append(data)
        elif isinstance(data, tuple):
            for index, item in enumerate(data):
                sources.origins[(key, len(merged))] = _Origin(name, (index,))
                merged.append(item)
        else:
            sources.refuse(name, "这里应是一个列表，每项以「- id:」开头。")
    if merged:
        sources.merged[key] = tuple(merged)


def _validate(sources: _Sources) -> ModelContent:
    """Return the content; items that are wrong in themselves are told and left out.

    So one reading tells the mistakes inside items and those between the others. Where too much is
    missing for that (a file that is no YAML, a wrong part of the structure), all that is known so
    far is raised.
    """
    validator = strict_validator(ModelContent)
    unreadable = bool(sources.problems)
    try:
        content: ModelContent = validator.validate_python(sources.merged)
    except ValidationError as error:
        details = error.errors(include_url=False)
        for detail in details:
            path = tuple(detail["loc"])
            if len(path) > 1 or not unreadable:  # a key may be missing with its unreadable file
                sources.problems.append(
                    _problem(sources, path, explain(detail), at_key=is_unknown_key(detail))
                )
        wrong = {(str(path[0]), path[1]) for detail in details if len(path := detail["loc"]) > 1}
        lone = all(len(detail["loc"]) > 1 for detail in details)
        named = all(key in LONE_ITEMS and sources.has_id(key, place) for key, place in wrong)
        if unreadable or not lone or not named:
            raise ContentError(sources.problems) from None
        sources.drop(wrong)
        return validator.validate_python(sources.merged)  # type: ignore[no-any-return]  # ModelContent, as above
    if unreadable:
        raise ContentError(sources.problems)
    return content


def _problem(
    sources: _Sources, path: tuple[Hashable, ...], message: str, *, at_key: bool = False
) -> Problem:
    # A union member's name in the path ("decimal", "int") is pydantic's, not the author's.
    while path and path[-1] in ("decimal", "int"):
        path = path[:-1]
    file, line, column = sources.place(path, at_key=at_key)
    where = ".".join(str(step) for step in path if not isinstance(step, int))
    return Problem(file, line, column, sources.subject(path) or where, message)


def _expression_problem(sources: _Sources, formula: Formula, error: ExpressionError) -> Problem:
    file, line, column = sources.place(formula.path)
    lines = sources.bytes_of[file].decode("utf-8-sig").splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    start = text.find(formula.source, max(column - 1, 0))
    if start >= 0:
        column = start + 1 + error.offset
    subject = sources.subject(formula.path)
    return Problem(
        file, line, column, subject, f"表达式「{formula.source}」：{explain_expression(error)}。"
    )


def _digest(sources: _Sources) -> str:
    total = hashlib.sha256()
    for name in sorted(sources.bytes_of):
        total.update(name.encode() + b"\0" + sources.bytes_of[name] + b"\0")
    return total.hexdigest()
