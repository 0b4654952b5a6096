"""The public face of the language: ``parse`` a source once, then evaluate or trace it often."""

from __future__ import annotations

from app.domain.expression.evaluation import compiled
from app.domain.expression.parser import read
from app.domain.expression.syntax import Node
from app.domain.expression.terms import (
    ExpressionError,
    Kind,
    Reference,
    Resolver,
    Value,
    Vocabulary,
)
from app.domain.expression.trace import AtomShape, Trace
from app.domain.expression.tracing import Tracing


class Expression:
    """A parsed, checked and compiled expression; immutable, equal by its tree, picklable.

    Made by ``parse``. ``references`` and ``atoms`` are each unique, in order of appearance.
    """

    __slots__ = ("_root", "_run", "_trace", "atoms", "kind", "references", "source")

    source: str
    kind: Kind
    references: tuple[Reference, ...]
    atoms: tuple[AtomShape, ...]

    def __init__(self, source: str, root: Node) -> None:
        tracing = Tracing(root)
        self.source = source
        self.kind = root.kind
        self.references = root.references
        self.atoms = tracing.atoms()
        self._root = root
        self._run = compiled(root)
        self._trace = tracing.run

    def evaluate(self, resolver: Resolver) -> Value:
        """Return the value, stopping as soon as it is decided.

        A condition gives True, False or UNKNOWN; a formula a Fraction or UNKNOWN. Raises
        ``ExpressionError`` if the resolver gives a value of another kind than the vocabulary said.
        """
        return self._run(resolver.resolve)

    def trace(self, resolver: Resolver) -> Trace:
        """Return the same value with every part that led to it; raises as ``evaluate`` does."""
        return self._trace(resolver.resolve)

    def __reduce__(self) -> tuple[type[Expression], tuple[str, Node]]:
        # Closures cannot be pickled; they are compiled again from the tree.
        return Expression, (self.source, self._root)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and self._root == other._root

    def __hash__(self) -> int:
        return hash(self._root)

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"


def parse(source: str, vocabulary: Vocabulary, *, expects: Kind | None = None) -> Expression:
    """Return the compiled expression of ``source``.

    ``expects`` is the kind the caller can use (a rule's condition: ``Kind.FLAG``). Raises
    ``ExpressionError`` with the 0-based column for anything outside the language, unknown names,
    mixed kinds and sizes beyond ``MAX_SOURCE``, ``MAX_DEPTH`` and ``MAX_NODES``.
    """
    root = read(source, vocabulary)
    if expects is not None and root.kind is not expects:
        raise ExpressionError(
            f"{expects.phrase} is expected here, but '{root.text}' is {root.kind.phrase}",
            root.offset,
        )
    return Expression(source, root)
