"""``./run bench content``: loading and checking the whole model against PyYAML's own C parse."""

from pathlib import Path

import yaml

from app.content.loader import load_model
from tests.benchmarks.rounds import ratio, report

FOLDER = Path("questionnaires/private-domain")


def main() -> None:
    """Measure and print."""
    files = [
        path.read_bytes()
        for path in sorted(FOLDER.rglob("*.yaml"))
        if path.parent.name != "examples"
    ]
    size = sum(len(data) for data in files)
    print(f"{len(files)} files, {size / 1024:.0f} KB")

    def parse() -> None:
        for data in files:
            yaml.load(data, Loader=yaml.CSafeLoader)

    measured = ratio(lambda: load_model(FOLDER), parse)
    report("load + check + compile ÷ yaml.load(CSafeLoader) of the same files", measured, 4, 2)


if __name__ == "__main__":
    main()
