"""./run: its verbs, what it installs, what it says when it may not, the locks it writes."""

import os
import re
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOBODY = 65534


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "run", *arguments], capture_output=True, check=False, cwd=cwd, encoding="utf-8"
    )


class Machine:
    """A copy of the script on a machine where only some packages are there."""

    def __init__(self, folder: Path, *installed: str) -> None:
        self.folder = folder
        for name in ("run", "apt-packages.txt", "apt-packages-dev.txt"):
            shutil.copy(ROOT / name, folder)
        known = " ".join(f"installed:{name}" for name in installed)
        self.stub("dpkg-query", f'printf "%s " {known}; exit 1')
        self.stub("apt-get", 'echo "apt-get $*"; [[ $1 == update ]]')  # the installation fails

    def stub(self, name: str, body: str) -> None:
        path = self.folder / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/bash\n{body}\n")
        path.chmod(0o755)

    def without_python(self) -> None:
        """Leave it one that is too old, which stops the set-up after the system packages."""
        for name in ("python3", "python3.11", "python3.12", "python3.13"):
            self.stub(name, '[[ $1 == --version ]] && echo "Python 3.9.2"; exit 1')
        (self.folder / "requirements.lock").touch()

    def setup(self, *kind: str, as_nobody: bool) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/bash", self.folder / "run", "setup", *kind],
            capture_output=True,
            check=False,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            env={"PATH": f"{self.folder}/bin:/usr/bin:/bin"},
            user=NOBODY if as_nobody and os.geteuid() == 0 else None,
        )


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that another user can read, which pytest's own is not."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


def wanted_packages(name: str = "apt-packages.txt") -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_help_tells_every_verb() -> None:
    answer = run("help")
    assert answer.returncode == 0
    for verb in ("setup", "demo", "test", "check", "lock", "bench", "flask", "help"):
        assert re.search(rf"^\./run {verb}\b", answer.stdout, re.MULTILINE), verb


def test_no_verb_at_all_gets_the_help() -> None:
    assert run().stdout == run("help").stdout


def test_an_unknown_verb_is_refused_with_the_help() -> None:
    answer = run("demolish")
    assert answer.returncode == 2
    assert "demolish" in answer.stderr
    assert "./run demo " in answer.stderr


def test_the_script_works_from_another_folder(tmp_path: Path) -> None:
    assert run("help", cwd=tmp_path).returncode == 0


def test_a_benchmark_that_does_not_exist_is_refused_by_name() -> None:
    answer = run("bench", "nonsense")
    assert answer.returncode == 1
    assert "nonsense" in answer.stderr


def test_only_missing_system_packages_are_installed(folder: Path) -> None:
    here, *missing = wanted_packages()
    machine = Machine(folder, here)
    machine.stub("sudo", 'exec "$@"')
    answer = machine.setup(as_nobody=False)
    assert "apt-get update" in answer.stdout
    assert f"apt-get install -y --no-install-recommends {' '.join(missing)}\n" in answer.stdout


def test_the_tests_own_system_packages_are_installed_for_a_developer_only(folder: Path) -> None:
    machine = Machine(folder, *wanted_packages())
    machine.stub("sudo", 'exec "$@"')
    only_for_tests = " ".join(wanted_packages("apt-packages-dev.txt"))
    install = "apt-get install -y --no-install-recommends"
    assert f"{install} {only_for_tests}\n" in machine.setup("dev", as_nobody=False).stdout
    machine.without_python()
    assert install not in machine.setup(as_nobody=False).stdout


def test_an_unknown_kind_of_setup_is_refused_by_name(folder: Path) -> None:
    answer = Machine(folder).setup("everything", as_nobody=False)
    assert answer.returncode == 1
    assert "everything" in answer.stderr


def test_a_failed_installation_stops_the_setup(folder: Path) -> None:
    machine = Machine(folder)
    machine.stub("sudo", 'exec "$@"')
    answer = machine.setup(as_nobody=False)
    assert answer.returncode != 0
    assert "Ready" not in answer.stdout


def test_without_root_the_one_command_to_run_is_told(folder: Path) -> None:
    machine = Machine(folder, "fontconfig")
    machine.stub("sudo", "exit 1")
    answer = machine.setup(as_nobody=True)
    missing = [name for name in wanted_packages() if name != "fontconfig"]
    assert answer.returncode == 1
    assert f"apt-get install -y --no-install-recommends {' '.join(missing)}\n" in answer.stderr
    assert answer.stdout == ""


def test_an_old_python_is_told_what_is_needed(folder: Path) -> None:
    machine = Machine(folder, *wanted_packages())
    machine.without_python()
    answer = machine.setup(as_nobody=False)
    assert answer.returncode == 1
    assert "3.11 or later" in answer.stderr
    assert "Python 3.9.2" in answer.stderr


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_the_locks_name_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert re.findall(r"://|file:|^-.*", text, re.MULTILINE) == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_a_hash(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", "")
    for line in text.splitlines():
        assert "==" in line
        assert "--hash=sha256:" in line


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = locked("requirements.lock")
    development = locked("requirements-dev.lock")
    assert {name_of(wish) for wish in project["project"]["dependencies"]} <= runtime.keys()
    assert {name_of(wish) for wish in project["dependency-groups"]["dev"]} <= development.keys()
    assert runtime.items() <= development.items()


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=~! ]", requirement, maxsplit=1)[0]


def locked(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))
