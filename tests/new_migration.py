"""Writes a migration from the tables as the migrations leave them to the rows as they are declared.

``python -m tests.new_migration "what it is for"``; read it before it is committed: that a column
was given another name, or has to be filled, no program can know.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from app.store.database import Database
from app.store.migrating import FOLDER, migrate, write_revision


def main() -> None:
    """Write the migration that the first argument names."""
    if len(sys.argv) != 2:
        raise SystemExit('say what it is for: python -m tests.new_migration "words"')
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'migrated.sqlite3'}")
        migrate(database)
        write_revision(database, sys.argv[1])
        database.dispose()
    versions = FOLDER / "versions"
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", versions], check=True)


if __name__ == "__main__":
    main()
