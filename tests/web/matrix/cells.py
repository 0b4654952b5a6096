"""The matrix itself: every rule of the URL map × method × person × whose ids the address names.

Nothing here lists routes. What a route is worth comes from the application; what its parameters
mean from the registry.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from app.web.policies import Right, right_of
from tests.web.matrix.principals import Door, Principal
from tests.web.matrix.registry import (
    ASKED,
    REFERENCES,
    SENT,
    UNUSUAL,
    VALUES,
    Owned,
    Place,
    Secret,
    Sent,
    Word,
)
from tests.web.matrix.world import World

SAFE: Final = ("GET", "HEAD")
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
NOBODY: Final = "0123456789abcdef"
"""An id that no row has."""
_ID: Final = re.compile(r"[0-9a-f]{16}")
NO_WORD: Final = "no-such-word"
NO_NUMBER: Final = "987654321"
CHANGED: Final = frozenset({200, 204, 303})
KINDS: Final = ("own", "not mine", "foreign", "missing")


@dataclass(frozen=True)
class Cell:
    """One request to send, and what it must be answered.

    ``kind`` says whose ids the address names; ``statuses`` what is right; ``twin`` the kind that
    this one must not be told from (the same request with ids nobody has).
    """

    endpoint: str
    rule: str
    method: str
    principal: Principal
    kind: str
    path: str
    sent: Sent
    statuses: frozenset[int]
    right: Right
    door: Door
    ids: frozenset[str] = frozenset()
    twin: str = ""
    opened: frozenset[str] = frozenset()
    """The engagements a secret in the address opens to whoever has it."""

    @property
    def name(self) -> str:
        """What a failure is told by."""
        return f"{self.method} {self.rule} [{self.kind}] as {self.principal.name}"


def unregistered(app: Flask) -> list[str]:
    """Return what the registry lacks, said so that one knows what to add."""
    lacks = [
        f"{rule.endpoint} ({rule.rule}): <{name}> has no value; add '{name}' or "
        f"'{rule.endpoint}:{name}' to VALUES in tests/web/matrix/registry.py"
        for rule in app.url_map.iter_rules()
        for name in sorted(rule.arguments)
        if _value(rule, name) is None
    ]
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    named = {*SENT, *ASKED, *REFERENCES, *(key[0] for key in UNUSUAL)}
    named |= {name.partition(":")[0] for name in VALUES if ":" in name}
    return lacks + [
        f"{endpoint}: there is no such route; take it out of tests/web/matrix/registry.py"
        for endpoint in sorted(named - known)
    ]


def cells(world: World, principal: Principal) -> Iterator[Cell]:
    """Return every cell of one person."""
    for rule in sorted(world.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        yield from cells_of(world, rule, principal)


def cells_of(world: World, rule: Rule, principal: Principal) -> Iterator[Cell]:
    """Return every cell of one rule and person."""
    right = right_of(world.app, rule.endpoint)
    assert right is not None, f"{rule.endpoint} has no policy"
    if not is_registered(rule):
        return
    door = principal.doors[right]
    for method in METHODS:
        if method in (rule.methods or ()) and (method != "HEAD" or principal.thorough):
            yield from _listed(world, rule, method, principal, right, door)


def is_registered(rule: Rule) -> bool:
    """Tell whether every parameter has a value; where one has not, ``unregistered`` says so."""
    return all(_value(rule, name) is not None for name in rule.arguments)


def unlisted(world: World, rule: Rule, principal: Principal) -> Iterator[Cell]:
    """Return a request for every method no rule of this address takes."""
    path = _path(world, rule, _values(world, rule, principal, "own"))
    taken = world.app.url_map.bind("127.0.0.1:8000").allowed_methods(path)
    for method in METHODS:
        if method not in taken:
            yield Cell(
                rule.endpoint, rule.rule, method, principal, "own", path, Sent(), frozenset({405}),
                Right.PUBLIC, Door.OPEN,
            )  # fmt: skip


# -- one route ---------------------------------------------------------------------------------


def _listed(
    world: World, rule: Rule, method: str, principal: Principal, right: Right, door: Door
) -> Iterator[Cell]:
    kinds = _kinds(rule) if door is Door.OPEN or principal.thorough else ("own",)
    for kind in kinds:
        if kind in principal.untried and _is_in_work(rule):
            continue
        values = _values(world, rule, principal, kind)
        sent = _sent(world, rule, method, principal, kind)
        statuses = _statuses(world, rule, method, principal, kind, door)
        yield Cell(
            endpoint=rule.endpoint,
            rule=rule.rule,
            method=method,
            principal=principal,
            kind=kind,
            path=_path(world, rule, values),
            sent=sent,
            statuses=statuses,
            right=right,
            door=door,
            ids=frozenset(filter(_ID.fullmatch, values.values())),
            opened=_opened(rule, principal),
            twin=_twin(kind) if door is not Door.OPEN or statuses == {404} else "",
        )
    if door is Door.OPEN and "not mine" not in principal.untried:
        yield from _referring(world, rule, method, principal, right)


def _twin(kind: str) -> str:
    """Return the kind nobody may tell this one from."""
    outer, _, inner = kind.rpartition("/")
    what, _, name = inner.partition(":")
    if what == "dead":
        return "missing"
    if what not in ("foreign", "not mine"):
        return ""
    return f"{outer}/missing:{name}" if outer else "missing"


def _kinds(rule: Rule) -> Iterator[str]:
    """Return whose ids to put into an address: all of one owner, then one of another among own."""
    values = {name: _value(rule, name) for name in rule.arguments}
    owned = {name: value for name, value in values.items() if isinstance(value, Owned)}
    yield "own"
    levels = {value.level for value in owned.values()}
    if owned:
        if levels & {"work", "person"}:
            yield "not mine"
        yield from ("foreign", "missing")
    for name, value in values.items():
        if isinstance(value, Secret):
            yield "missing"
            yield from (f"own/dead:{state}" for state in value.dead)
        elif isinstance(value, Word) and value.closed:
            yield f"own/no word:{name}"
    if len(owned) > 1:
        for name in sorted(owned.keys() - {"engagement"}):
            yield f"own/missing:{name}"
            yield f"own/foreign:{name}"
            if owned[name].level != "house":
                yield f"own/not mine:{name}"


def _statuses(
    world: World, rule: Rule, method: str, principal: Principal, kind: str, door: Door
) -> frozenset[int]:
    at_the_door = {
        Door.SIGN_IN: frozenset({303, 401}),
        Door.SECOND_FACTOR: frozenset({303, 401}),
        Door.FORBIDDEN: frozenset({403}),
        Door.NO_PAGE: frozenset({404}),
        # Where no self-check has the address, nobody is led anywhere.
        Door.BEGIN: frozenset({404}) if "/no word:slug" in kind else frozenset({303}),
        Door.PORTAL: frozenset({303, 401}),
    }
    if door is not Door.OPEN:
        return at_the_door[door]
    if kind == "own" and _sees(rule, principal, principal.work):
        return _through(rule, method, principal)
    if kind == "not mine" and _sees(rule, principal, _beside(principal.work)):
        return _through(rule, method, principal)
    return frozenset({404})


def _through(rule: Rule, method: str, principal: Principal) -> frozenset[int]:
    asked = (rule.endpoint, "GET" if method == "HEAD" else method)
    unusual = UNUSUAL.get((*asked, principal.name), UNUSUAL.get(asked))
    if unusual is not None:
        return unusual.statuses
    return frozenset({200}) if method in SAFE else CHANGED


def _beside(work: str) -> str:
    return "other" if work == "mine" else "mine"


def _sees(rule: Rule, principal: Principal, work: str) -> bool:
    """Tell whether a person may see the rows an address names in one of their engagements."""
    levels = {
        value.level for name in rule.arguments if isinstance(value := _value(rule, name), Owned)
    }
    if "work" in levels:
        return work in principal.works
    return work == principal.work or "person" not in levels


def _opened(rule: Rule, principal: Principal) -> frozenset[str]:
    secret = any(isinstance(_value(rule, name), Secret) for name in rule.arguments)
    return frozenset({principal.work}) if secret else frozenset()


def _is_in_work(rule: Rule) -> bool:
    values = [_value(rule, name) for name in rule.arguments]
    return any(isinstance(value, Owned) and value.level == "work" for value in values)


def _value(rule: Rule, name: str) -> Owned | Word | Secret | None:
    return VALUES.get(f"{rule.endpoint}:{name}", VALUES.get(name))


def place(world: World, principal: Principal, kind: str) -> Place:
    """Return where the ids of a kind are taken from."""
    house = world.houses[principal.house]
    work = principal.work
    if kind == "not mine":
        other = _beside(work)
        stranger = "owner" if principal.person != "owner" else "consultant"
        return Place(world, house, house.works[other], stranger)
    if kind == "foreign":
        foreign = world.houses["b" if principal.house == "a" else "a"]
        return Place(world, foreign, foreign.works[work], principal.person)
    return Place(world, house, house.works[work], principal.person)


def _values(world: World, rule: Rule, principal: Principal, kind: str) -> Mapping[str, str]:
    return {name: _valued(world, rule, principal, kind, name) for name in sorted(rule.arguments)}


def _valued(world: World, rule: Rule, principal: Principal, kind: str, name: str) -> str:
    value = _value(rule, name)
    assert value is not None, f"{rule.endpoint}: no value for {name}"
    outer, _, inner = kind.rpartition("/")
    what, _, which = inner.partition(":")
    at_home = place(world, principal, "own")
    if outer and isinstance(value, Secret) and what == "dead":
        return value.dead[which](at_home)
    if outer and which != name:
        return value.find(at_home)
    if isinstance(value, Word):
        return _strange(rule, name) if what == "no word" else value.find(at_home)
    if what == "missing":
        return NOBODY if isinstance(value, Owned) else f"zm_{NOBODY}"
    return value.find(place(world, principal, what))


def _strange(rule: Rule, name: str) -> str:
    """Return a word that means nothing, in the shape routing lets through."""
    number = isinstance(rule._converters[name], IntegerConverter)
    return NO_NUMBER if number else NO_WORD


def _path(world: World, rule: Rule, values: Mapping[str, str]) -> str:
    adapter = world.app.url_map.bind("127.0.0.1:8000")
    typed = {
        name: int(value) if isinstance(rule._converters[name], IntegerConverter) else value
        for name, value in values.items()
    }
    return adapter.build(rule.endpoint, typed, method=_any_method(rule))


def _any_method(rule: Rule) -> str:
    methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    return methods[0] if methods else "GET"


def _sent(world: World, rule: Rule, method: str, principal: Principal, kind: str) -> Sent:
    # A change that would work: with the words of the rows the address names, where they exist.
    source = "own" if "/" in kind or kind == "missing" else kind
    at = place(world, principal, source)
    query = ASKED[rule.endpoint](at) if rule.endpoint in ASKED else {}
    if method in SAFE:
        return Sent(query=query)
    found = SENT[rule.endpoint](at) if rule.endpoint in SENT else Sent(form={})
    return replace(found, query={**query, **found.query})


def _referring(
    world: World, rule: Rule, method: str, principal: Principal, right: Right
) -> Iterator[Cell]:
    """Return requests to one's own address with the id of something else in form or query."""
    if not _sees(rule, principal, principal.work):
        return
    path = _path(world, rule, _values(world, rule, principal, "own"))
    for field_name, value in REFERENCES.get(rule.endpoint, {}).items():
        if method in SAFE and not field_name.startswith("?"):
            continue
        for kind in ("not mine", "foreign", "missing"):
            if kind == "not mine" and value.level == "house":
                continue
            there = NOBODY if kind == "missing" else value.find(place(world, principal, kind))
            sent = _naming(_sent(world, rule, method, principal, "own"), field_name, there)
            yield Cell(
                endpoint=rule.endpoint,
                rule=rule.rule,
                method=method,
                principal=principal,
                kind=f"own, {field_name} {kind}",
                path=path,
                sent=sent,
                statuses=_through(rule, method, principal) | {400, 404, 422},
                right=right,
                door=Door.OPEN,
                ids=frozenset({there}),
                twin="" if _harmless(kind, principal) else f"own, {field_name} missing",
            )


def _harmless(kind: str, principal: Principal) -> bool:
    return kind == "missing" or (kind == "not mine" and "other" in principal.works)


def _naming(sent: Sent, field_name: str, value: str) -> Sent:
    if field_name.startswith("?"):
        return replace(sent, query={**sent.query, field_name[1:]: value})
    if sent.json is not None:
        return replace(sent, json={**sent.json, field_name: value})
    fields: dict[str, Any] = {**(sent.form or {}), field_name: value}
    return replace(sent, form=fields)
