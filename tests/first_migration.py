"""Writes the first migration anew from the declared tables, until the first release ships it.

``python -m tests.first_migration``
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from app.store.database import Database
from app.store.migrating import FOLDER, write_revision


def main() -> None:
    """Replace the one migration there is."""
    versions = FOLDER / "versions"
    old = sorted(versions.glob("*.py"))
    if len(old) > 1:
        raise SystemExit("there is more than one migration: write a new one instead")
    for path in old:
        path.unlink()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'blank.sqlite3'}")
        write_revision(database, "first tables")
        database.dispose()
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", versions], check=True)


if __name__ == "__main__":
    main()
