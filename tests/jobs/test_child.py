"""Work in a child process: what comes back, what is stopped, and that nothing is left over."""

import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.jobs import child
from app.jobs.child import run_in_child
from app.jobs.errors import (
    CancelledError,
    ChildCrashedError,
    ChildMemoryError,
    ChildRefusedError,
    ChildSizeError,
    ChildTimeoutError,
)
from app.jobs.limits import MEGABYTE, Limits
from tests.jobs import errands
from tests.jobs.processes import children_of, eventually, guards_of, is_alive, marked

ROOT = Path(__file__).resolve().parents[2]
BRIEF = Limits(wall_seconds=1)


@pytest.fixture
def without_namespaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_PROGRAM", "tests.jobs.without_namespaces")


@pytest.fixture(autouse=True)
def scratch_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Every test leaves neither a file nor a process."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    yield tmp_path
    assert list(tmp_path.glob("zhenmai-*")) == []
    assert guards_of(os.getpid()) == []


# --- what comes back ------------------------------------------------------------------------------


def test_the_result_of_the_function_comes_back() -> None:
    assert run_in_child(errands.shout, b"abc", Limits()) == b"ABC"


def test_an_argument_may_be_any_object_that_can_be_pickled() -> None:
    got = run_in_child(errands.describe, {"门店": 300, "名": ("甲",)}, Limits())
    assert got.decode() == "[('名', ('甲',)), ('门店', 300)]"


def test_progress_arrives_in_order() -> None:
    told: list[tuple[str, int | None]] = []
    run_in_child(errands.count, 200, Limits(), lambda *step: told.append(step))
    assert told == [("start", None), *(("page", number) for number in range(200))]


def test_what_the_work_prints_does_not_disturb_the_result() -> None:
    assert run_in_child(errands.print_much, b"quiet", Limits()) == b"quiet"


def test_a_large_argument_and_a_large_result_pass_through() -> None:
    argument = b"abc" * (5 * MEGABYTE)
    assert run_in_child(errands.shout, argument, Limits()) == argument.upper()


def test_the_child_can_ask_for_fonts() -> None:
    assert b"Noto" in run_in_child(errands.match_font, b"", Limits())


def test_a_function_that_no_child_could_import_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot import"):
        run_in_child(lambda _argument, _reporter: b"", b"", Limits())


# --- errors ---------------------------------------------------------------------------------------


def test_a_refusal_carries_the_functions_own_words() -> None:
    with pytest.raises(ChildRefusedError, match=r"^第3页有缺字：𠀀$"):
        run_in_child(errands.refuse, "第3页有缺字：𠀀", Limits())


def test_an_unforeseen_exception_becomes_a_text_with_its_traceback() -> None:
    with pytest.raises(ChildCrashedError) as caught:
        run_in_child(errands.break_down, b"", Limits())
    assert "KeyError: 'no such chapter'" in caught.value.detail
    assert "no such chapter" not in str(caught.value)


def test_a_crash_in_foreign_code_is_told_with_the_last_words() -> None:
    with pytest.raises(ChildCrashedError) as caught:
        run_in_child(errands.fall_over, b"", Limits())
    assert caught.value.exit_code == -signal.SIGSEGV
    assert "these were its last words" in caught.value.detail
    assert "Segmentation fault" in caught.value.detail


def test_a_child_that_leaves_without_a_word_is_a_crash() -> None:
    with pytest.raises(ChildCrashedError) as caught:
        run_in_child(errands.quit_early, b"", Limits())
    assert caught.value.exit_code == 7


def test_a_function_that_returns_no_bytes_is_a_crash() -> None:
    with pytest.raises(ChildCrashedError) as caught:
        run_in_child(errands.return_a_text, b"", Limits())
    assert "returned str, not bytes" in caught.value.detail


@pytest.mark.parametrize(
    "words",
    [b"Z\0\0\0\0", b"P\xff\xff\xff\xff", b"R\xff\xff\xff\xff", b"L\0\0\0\3sky"],
    ids=["unknown kind", "endless progress", "endless result", "unknown limit"],
)
def test_a_child_that_speaks_another_language_is_killed(words: bytes) -> None:
    with pytest.raises(ChildCrashedError, match="broke down") as caught:
        run_in_child(errands.babble, words, Limits())
    assert "protocol" in caught.value.detail


@pytest.mark.parametrize(
    "payload", [b"", b"{", b"[1, 2]", b'["a", true]', b'["a"]', b"[" * 60_000, b"\xff"]
)
def test_progress_of_another_shape_kills_the_child(payload: bytes) -> None:
    with pytest.raises(ChildCrashedError):
        run_in_child(errands.tell_rubbish, payload, Limits())


def test_an_error_of_the_listener_ends_the_child_and_comes_through() -> None:
    def fail(_step: str, _number: int | None) -> None:
        raise LookupError("the lease is gone")

    with pytest.raises(LookupError, match="the lease is gone"):
        run_in_child(errands.tell_pid_and_wait, b"", Limits(), fail)


# --- limits ---------------------------------------------------------------------------------------


def test_a_loop_is_killed_at_the_wall_limit() -> None:
    with pytest.raises(ChildTimeoutError) as caught:
        run_in_child(errands.loop, b"", BRIEF)
    assert caught.value.limit == "wall"


def test_a_loop_is_killed_at_the_limit_of_processor_time() -> None:
    with pytest.raises(ChildTimeoutError) as caught:
        run_in_child(errands.loop, b"", Limits(cpu_seconds=1))
    assert caught.value.limit == "cpu"


def test_a_memory_bomb_is_stopped() -> None:
    with pytest.raises(ChildMemoryError):
        run_in_child(errands.devour_memory, b"", Limits(memory_bytes=200 * MEGABYTE))


def test_a_file_over_its_limit_is_stopped() -> None:
    with pytest.raises(ChildCrashedError) as caught:
        run_in_child(errands.write_a_file, 2 * MEGABYTE, Limits(file_bytes=MEGABYTE))
    assert "File too large" in caught.value.detail


def test_a_result_over_its_limit_is_stopped() -> None:
    with pytest.raises(ChildSizeError) as caught:
        run_in_child(errands.return_bytes, MEGABYTE + 1, Limits(result_bytes=MEGABYTE))
    assert caught.value.limit == "result"
    allowed = run_in_child(errands.return_bytes, MEGABYTE, Limits(result_bytes=MEGABYTE))
    assert len(allowed) == MEGABYTE


def test_too_many_pages_are_stopped() -> None:
    with pytest.raises(ChildSizeError) as caught:
        run_in_child(errands.make_pages, 3, Limits(pages=2))
    assert caught.value.limit == "pages"
    assert run_in_child(errands.make_pages, 2, Limits(pages=2)) == b"a document"


# --- nothing is left ------------------------------------------------------------------------------


def test_cancelled_work_is_killed() -> None:
    told: list[str] = []
    with pytest.raises(CancelledError):
        run_in_child(
            errands.tell_pid_and_wait,
            b"",
            Limits(),
            lambda step, _number: told.append(step),
            lambda: bool(told),
        )


def test_work_cancelled_before_it_began_does_not_run() -> None:
    told: list[str] = []
    with pytest.raises(CancelledError):
        run_in_child(errands.count, 3, Limits(), lambda *step: told.append(step[0]), lambda: True)
    assert told == []


def test_all_descendants_die_with_a_child_that_is_stopped(tmp_path: Path) -> None:
    mark = tmp_path.name
    with pytest.raises(CancelledError):
        run_in_child(
            errands.leave_marked_descendants,
            mark,
            Limits(),
            cancelled=lambda: len(marked(mark)) == 2,
        )
    assert eventually(lambda: marked(mark) == [])


def test_descendants_do_not_outlive_a_child_that_finished(tmp_path: Path) -> None:
    mark = tmp_path.name
    assert run_in_child(errands.leave_descendants_and_return, mark, Limits()) == b"finished"
    assert eventually(lambda: marked(mark) == [])


@pytest.mark.parametrize("victim", ["worker", "guard"])
def test_a_child_killed_from_outside_is_a_crash_and_leaves_nothing(victim: str) -> None:
    family: list[int] = []

    def kill(_step: str, _number: int | None) -> None:
        (guard,) = guards_of(os.getpid())
        family.extend([guard, *children_of(guard)])
        os.kill(family[0] if victim == "guard" else family[1], signal.SIGKILL)

    with pytest.raises(ChildCrashedError) as caught:
        run_in_child(errands.tell_pid_and_wait, b"", Limits(), kill)
    assert caught.value.exit_code == -signal.SIGKILL
    assert len(family) == 2
    assert eventually(lambda: not any(map(is_alive, family)))


def _doomed_parent(program: str, mark: str, tmp_path: Path) -> subprocess.Popen[str]:
    script = (
        "from app.jobs import child\n"
        "from app.jobs.limits import Limits\n"
        "from tests.jobs import errands\n"
        f"child._PROGRAM = {program!r}\n"
        f"child.run_in_child(errands.leave_marked_descendants, {mark!r}, Limits(),\n"
        "    lambda step, _number: print(step, flush=True))\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_killing_the_parent_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    mark = tmp_path.name
    with _doomed_parent("app.jobs.inside", mark, tmp_path) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "waiting\n"
        (guard,) = guards_of(parent.pid)
        family = [guard, *children_of(guard), *marked(mark)]
        assert len(set(family)) == 4
        parent.kill()
    assert eventually(lambda: not any(map(is_alive, family)))
    assert eventually(lambda: not list(tmp_path.glob("zhenmai-*")))


# --- seclusion ------------------------------------------------------------------------------------


def test_the_environment_holds_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENMAI_SECRET_KEY", "never to be seen")
    shown = run_in_child(errands.show_environment, b"", Limits()).decode()
    names = {line.partition("=")[0] for line in shown.splitlines()}
    assert "never to be seen" not in shown
    assert names <= {*child._KEPT, "LANG", "LC_CTYPE", "PYTHONUTF8", "TMPDIR"}


def test_the_child_inherits_no_open_file(tmp_path: Path) -> None:
    secret = tmp_path / "database"
    secret.touch()
    with secret.open() as file:
        os.set_inheritable(file.fileno(), True)
        shown = run_in_child(errands.show_descriptors, b"", Limits()).decode()
    assert "pipe:" in shown
    assert "database" not in shown


def test_the_child_has_no_network_or_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        got = run_in_child(errands.connect, server.getsockname()[1], Limits())
    warned = "goes on with a network" in caplog.text
    assert (got, warned) in {(b"no network", False), (b"connected", True)}


@pytest.mark.usefixtures("without_namespaces")
def test_without_namespaces_the_work_goes_on_and_the_log_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, caplog.at_level(logging.WARNING):
        got = run_in_child(errands.connect, server.getsockname()[1], Limits())
    assert got == b"connected"
    assert "work goes on with a network: Operation not permitted" in caplog.text


@pytest.mark.usefixtures("without_namespaces")
def test_without_namespaces_the_limits_hold() -> None:
    with pytest.raises(ChildTimeoutError):
        run_in_child(errands.loop, b"", BRIEF)
    with pytest.raises(ChildTimeoutError):
        run_in_child(errands.loop, b"", Limits(cpu_seconds=1))
    with pytest.raises(ChildMemoryError):
        run_in_child(errands.devour_memory, b"", Limits(memory_bytes=200 * MEGABYTE))


def test_without_namespaces_killing_the_parent_ends_the_group(tmp_path: Path) -> None:
    mark = tmp_path.name
    with _doomed_parent("tests.jobs.without_namespaces", mark, tmp_path) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "waiting\n"
        (guard,) = guards_of(parent.pid)
        (worker,) = children_of(guard)
        group = [guard, worker, *(pid for pid in marked(mark) if os.getpgid(pid) == guard)]
        strays = [pid for pid in marked(mark) if pid not in group]
        assert len(group) == 3
        parent.kill()
    try:
        assert eventually(lambda: not any(map(is_alive, group)))
        assert eventually(lambda: not list(tmp_path.glob("zhenmai-*")))
    finally:
        # What left the group on purpose is out of reach without namespaces.
        for stray in strays:
            os.kill(stray, signal.SIGKILL)
