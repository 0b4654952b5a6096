"""The bell that wakes workers: a queue of words in an SQLite file of its own.

The queue promises little: huey hands each word out at most once, and what a killed worker held is
lost. So a word carries no work. The rows of the database say what is to be done; a lost word
costs the time until the next sweep, a word too many finds nothing to do.
"""

import json
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from huey import SqliteHuey
from huey.api import TaskWrapper
from huey.registry import Message
from huey.serializer import Serializer

_NAME: Final = "zhenmai"
_TASK: Final = "work"
# Write-ahead logging is not safe with several writers in every SQLite that we run on, and a few
# words an hour do not need it.
_JOURNAL: Final = "truncate"

_log: Final = logging.getLogger(__name__)


class _Json(Serializer):  # type: ignore[misc]  # huey ships no types
    """Tasks as JSON: whoever can write the file must not be able to run code (pickles would)."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(data._asdict()).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(**json.loads(data))


def _nobody_listens(word: str) -> None:
    raise LookupError(f"no worker was told what to do with {word!r}")


class Queue:
    """The queue in one file, shared by the web processes that wake and the workers that listen."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.huey = SqliteHuey(
            _NAME,
            filename=str(file),
            journal_mode=_JOURNAL,
            results=False,
            serializer=_Json(),
        )
        self._answer: Callable[[str], None] = _nobody_listens
        self._task = TaskWrapper(self.huey, self._hear, name=_TASK)

    def on_word(self, answer: Callable[[str], None]) -> None:
        """Say what this process's workers do with a word."""
        self._answer = answer

    def _hear(self, word: str) -> None:
        self._answer(word)

    def wake(self, word: str) -> None:
        """Ask a worker to look after ``word``; call it after the row is committed.

        Never fails: what could not be queued is found by the next sweep.
        """
        try:
            self._task(word)
        except (sqlite3.Error, OSError) as error:
            _log.warning("could not wake a worker (%s); the next sweep will", error)

    def waiting(self) -> frozenset[str]:
        """Return the words that no worker has taken yet."""
        tasks = map(self.huey.deserialize_task, self.huey.storage.enqueued_items())
        return frozenset(task.args[0] for task in tasks)

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        self.huey.storage.close()
