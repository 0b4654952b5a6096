"""Files kept under the digest of their content: reports, logos, evidence photos.

A file is written beside its place, made durable, and only then given its name, so whatever can be
opened is whole. It is never changed afterwards. Rows name files by digest; who may see one is a
question of the row, never of the file.
"""

import errno
import fcntl
import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from app.store.errors import FullError

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_LOCK: Final = ".lock"
_DRAFT: Final = ".part"


class BlobStore:
    """One folder of files, shared by all processes of the installation on this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Store the bytes durably and return their SHA-256 in hexadecimal.

        What is there already is not written again, but counts as put just now. Raises
        ``FullError`` for a full disk, ``OSError`` for other failures; then nothing is left of it.
        """
        digest = hashlib.sha256(data).hexdigest()
        try:
            self._put(self.path(digest), data)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise FullError("no room for a file") from error
            raise
        return digest

    def open(self, digest: str) -> BinaryIO:
        """Open a file for reading; raises ``FileNotFoundError``, ``ValueError`` for no digest."""
        return self.path(digest).open("rb")

    def path(self, digest: str) -> Path:
        """Return where a file lies or would lie; raises ``ValueError`` for what is no digest."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"not a digest: {digest[:80]!r}")
        return self._folder / digest[:2] / digest

    def delete_unreferenced(self, referenced: Iterable[str], older_than: datetime) -> int:
        """Delete the files that no row names, and drafts left by a crash; return how many.

        Only what was last put before ``older_than`` (aware) goes: a file is stored before the row
        that names it is committed, so choose a moment that no such transaction can outlast.
        """
        kept = frozenset(referenced)
        before = older_than.timestamp()
        return sum(
            self._delete_if_older(path, before)
            for path in list(self._folder.glob("??/*"))
            if path.name not in kept
        )

    def _put(self, path: Path, data: bytes) -> None:
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make_durable(self._folder)
        with self._lock(fcntl.LOCK_SH):
            try:
                os.utime(path)
            except FileNotFoundError:
                _write(path, data)
        # Also for a file found: whoever wrote it may have died before this.
        _make_durable(path.parent)

    def _delete_if_older(self, path: Path, before: float) -> bool:
        # Alone, so that nobody counts on the file between the look and the deletion.
        with self._lock(fcntl.LOCK_EX), suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                path.unlink()
                return True
        return False

    @contextmanager
    def _lock(self, kind: int) -> Iterator[None]:
        lock = os.open(self._folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, kind)
            yield
        finally:
            os.close(lock)


def _write(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}{_DRAFT}")
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(file, rest) :]
            os.fsync(file)
        finally:
            os.close(file)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _make_durable(folder: Path) -> None:
    """Have the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
