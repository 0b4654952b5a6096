"""What a parent hands to a child it starts: the function's name, its limits, its argument."""

import json
import os
import pickle
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import Any, TypeAlias

from app.jobs.limits import Limits
from app.jobs.reporter import Reporter

Target: TypeAlias = Callable[[Any, Reporter], bytes]
"""A function at the top of a module: it takes its argument and the reporter, returns bytes.

To refuse its argument it raises ``ChildRefusedError`` with words for the caller.
"""


@dataclass(frozen=True, slots=True)
class Order:
    """One piece of work, spelled so that it can be written down."""

    target: str
    """``module:function``."""
    limits: Limits
    scratch: str
    """Folder for temporary files, removed in the end."""
    pickled: bool
    """Whether ``argument`` stands for a Python object rather than for itself."""
    argument: bytes

    @classmethod
    def of(cls, target: Target, argument: Any, limits: Limits, scratch: str) -> "Order":
        """Spell out a call; raises ``ValueError`` for a function nobody can import."""
        pickled = not isinstance(argument, bytes)
        data = pickle.dumps(argument) if pickled else argument
        return cls(_name_of(target), limits, scratch, pickled, data)

    def write(self) -> int:
        """Write the order into nameless memory; return the descriptor, to be closed."""
        head = asdict(self)
        del head["argument"]
        descriptor = os.memfd_create("order")
        with open(descriptor, "wb", closefd=False) as file:
            file.write(json.dumps(head).encode() + b"\n" + self.argument)
        os.lseek(descriptor, 0, os.SEEK_SET)
        return descriptor

    @classmethod
    def read(cls, descriptor: int) -> "Order":
        """Read what ``write`` wrote, and close it."""
        with open(descriptor, "rb") as file:
            head = json.loads(file.readline())
            return cls(**{**head, "limits": Limits(**head["limits"]), "argument": file.read()})

    def carry_out(self, reporter: Reporter) -> bytes:
        """Call the function; lets its errors through."""
        module, _, name = self.target.partition(":")
        target: Target = getattr(import_module(module), name)
        # Pickled by the parent, which is the program itself.
        argument = pickle.loads(self.argument) if self.pickled else self.argument  # noqa: S301
        result = target(argument, reporter)
        if not isinstance(result, bytes):
            raise TypeError(f"{self.target} returned {type(result).__name__}, not bytes")
        return result


def _name_of(target: Target) -> str:
    module: str = target.__module__
    name: str = getattr(target, "__qualname__", "")
    if module == "__main__" or not name.isidentifier():
        raise ValueError(f"a child process cannot import {module}:{name}")
    return f"{module}:{name}"
