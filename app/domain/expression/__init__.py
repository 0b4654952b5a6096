"""The condition and formula language of authors: small, readable, exact, three-valued.

``stores >= 10 and level(replication) <= 2`` is parsed once against a vocabulary and compiled to
closures; an unanswered input is UNKNOWN, neither true nor false. The modules in reading order:
``terms`` (values, kinds, references, limits), ``lexis`` (words), ``syntax`` (tree), ``parser``,
``evaluation``, ``trace`` and ``tracing`` (explanation and flips), ``condition`` (the public face).
"""

from app.domain.expression.condition import Expression, parse
from app.domain.expression.terms import (
    BARE_NAME,
    MAX_DEPTH,
    MAX_NODES,
    MAX_SOURCE,
    REFERENCE_FUNCTIONS,
    UNKNOWN,
    VALUE_FUNCTIONS,
    ExpressionError,
    Kind,
    Reading,
    Reference,
    Resolver,
    Unknown,
    Value,
    Vocabulary,
)
from app.domain.expression.trace import Atom, AtomShape, Flip, Threshold, Trace

__all__ = [
    "BARE_NAME",
    "MAX_DEPTH",
    "MAX_NODES",
    "MAX_SOURCE",
    "REFERENCE_FUNCTIONS",
    "UNKNOWN",
    "VALUE_FUNCTIONS",
    "Atom",
    "AtomShape",
    "Expression",
    "ExpressionError",
    "Flip",
    "Kind",
    "Reading",
    "Reference",
    "Resolver",
    "Threshold",
    "Trace",
    "Unknown",
    "Value",
    "Vocabulary",
    "parse",
]
