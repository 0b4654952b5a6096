"""Files under their digest: whole or absent, whatever happens while they are written."""

import errno
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.store.blobs import BlobStore
from app.store.errors import FullError
from tests.jobs.processes import eventually

ROOT = Path(__file__).resolve().parents[2]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture
def blobs(folder: Path) -> BlobStore:
    return BlobStore(folder)


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("??/*") if path.is_file())


def age(path: Path, when: datetime = LONG_AGO) -> None:
    os.utime(path, (when.timestamp(), when.timestamp()))


@given(data=st.binary(max_size=300))
def test_what_is_put_is_read_back_under_its_digest(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    blobs = BlobStore(tmp_path_factory.getbasetemp() / "shared-blobs")
    digest = blobs.put(data)
    assert digest == hashlib.sha256(data).hexdigest()
    with blobs.open(digest) as file:
        assert file.read() == data


@given(digest=st.one_of(st.text(max_size=70), st.text(alphabet="0123456789abcdefABCDEF/.\n")))
def test_no_path_is_ever_made_from_what_is_no_digest(digest: str) -> None:
    blobs = BlobStore(Path("/nowhere"))
    for use in (blobs.path, blobs.open):
        with pytest.raises(ValueError, match="not a digest"):
            use(digest)


@pytest.mark.parametrize(
    "digest", ["../" + "a" * 61, "A" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n", "", "a" * 62 + "/."]
)
def test_near_misses_of_a_digest_are_refused(blobs: BlobStore, digest: str) -> None:
    with pytest.raises(ValueError, match="not a digest"):
        blobs.open(digest)


def test_an_unknown_digest_is_not_found(blobs: BlobStore) -> None:
    with pytest.raises(FileNotFoundError):
        blobs.open("0" * 64)


def test_the_same_bytes_are_one_file_that_nobody_else_may_read(
    blobs: BlobStore, folder: Path
) -> None:
    assert blobs.put(b"report") == blobs.put(b"report")
    (file,) = files_in(folder)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file == blobs.path(hashlib.sha256(b"report").hexdigest())


# --- deleting -------------------------------------------------------------------------------------


def test_only_old_files_that_no_row_names_are_deleted(blobs: BlobStore) -> None:
    named, unnamed, fresh = blobs.put(b"named"), blobs.put(b"unnamed"), blobs.put(b"fresh")
    age(blobs.path(named))
    age(blobs.path(unnamed))
    yesterday = datetime.now(UTC) - timedelta(days=1)
    assert blobs.delete_unreferenced([named], yesterday) == 1
    assert blobs.path(named).exists()
    assert blobs.path(fresh).exists()
    assert not blobs.path(unnamed).exists()


def test_an_old_file_that_is_put_again_is_as_good_as_new(blobs: BlobStore) -> None:
    digest = blobs.put(b"logo")
    age(blobs.path(digest))
    blobs.put(b"logo")
    assert blobs.delete_unreferenced([], datetime.now(UTC) - timedelta(days=1)) == 0
    assert blobs.path(digest).exists()


def test_deleting_in_an_empty_installation_deletes_nothing(blobs: BlobStore) -> None:
    assert blobs.delete_unreferenced([], LATER) == 0


# --- faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "expected"),
    [(errno.ENOSPC, FullError), (errno.EDQUOT, FullError), (errno.EIO, OSError)],
)
@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_failing_disk_leaves_nothing_behind(
    blobs: BlobStore,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    number: int,
    expected: type[Exception],
) -> None:
    blobs.put(b"there before")
    before = files_in(folder)

    def fail(*_arguments: object) -> int:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(os, call, fail)
        with pytest.raises(expected):
            blobs.put(b"there before" * 2)
    assert [path for path in files_in(folder) if path not in before] == []
    assert blobs.put(b"there before" * 2)


KILLED_AT = """
import os, signal, sys
from pathlib import Path
from app.store.blobs import BlobStore

folder, size, moment = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
seen = 0

def deadly(call):
    def instead(*arguments, **options):
        global seen
        seen += 1
        if seen == moment:
            if call is write:
                write(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **options)
    return instead

write = os.write
for name in ("mkdir", "open", "write", "fsync", "close", "replace", "utime"):
    setattr(os, name, deadly(getattr(os, name)))
print(BlobStore(folder).put(bytes(size)), flush=True)
"""


@pytest.mark.parametrize("prepared", [False, True], ids=["first file", "file there already"])
def test_a_put_killed_anywhere_leaves_no_half_file(folder: Path, prepared: bool) -> None:
    data = bytes(100_000)
    digest = hashlib.sha256(data).hexdigest()
    moments = 0
    while True:
        moments += 1
        home = folder / str(moments)
        if prepared:
            BlobStore(home).put(data)
        command = [sys.executable, "-c", KILLED_AT, str(home), str(len(data)), str(moments)]
        child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        readable = [path for path in files_in(home) if not path.name.startswith(".")]
        assert [path.read_bytes() for path in readable] in ([], [data])
        if child.returncode == 0:
            assert child.stdout.strip() == digest
            break
        assert child.returncode == -signal.SIGKILL, child.stderr
        blobs = BlobStore(home)
        assert blobs.put(data) == digest
        # What the killed one left goes with the next sweep, and only that.
        drafts = [path for path in files_in(home) if path.name.startswith(".")]
        assert blobs.delete_unreferenced([digest], LATER) == len(drafts)
        assert files_in(home) == [blobs.path(digest)]
    assert moments > (4 if prepared else 9)


def waits_for_a_lock(pid: int) -> bool:
    lines = Path("/proc/locks").read_text().splitlines()
    return any("->" in line and f" {pid} " in line for line in lines)


def test_a_sweep_waits_for_a_put_that_found_the_file(
    blobs: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = blobs.put(b"logo")
    age(blobs.path(digest))
    real_utime: Callable[..., None] = os.utime
    sweeps: list[subprocess.Popen[bytes]] = []
    script = (
        "import sys; from datetime import *; from pathlib import Path;"
        "from app.store.blobs import BlobStore;"
        "before = datetime.now(UTC) - timedelta(days=1);"
        "sys.exit(BlobStore(Path(sys.argv[1])).delete_unreferenced([], before))"
    )

    def utime_while_sweeping(path: Path) -> None:
        sweep = subprocess.Popen(
            [sys.executable, "-c", script, str(blobs.path(digest).parents[1])],
            cwd=ROOT,
        )
        sweeps.append(sweep)
        assert eventually(lambda: sweep.poll() is not None or waits_for_a_lock(sweep.pid))
        real_utime(path)

    monkeypatch.setattr(os, "utime", utime_while_sweeping)
    blobs.put(b"logo")
    with sweeps[0] as sweep:
        assert sweep.wait() == 0
    assert blobs.path(digest).exists()
