"""One diagnosis as one text: what it comes to, and nothing that may differ between two runs.

``python -m tests.integration.fingerprint ANSWERS.yaml`` prints the digest of that text, so that a
test can compare processes whose hash seeds differ.
"""

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path

from app.content.answers import read_assessment
from app.content.loader import load_model
from app.domain.diagnosis import Diagnosis, diagnose
from app.domain.model import MaturityModel
from app.domain.world import World

AS_OF = date(2026, 11, 21)
MODEL = Path(__file__).resolve().parents[2] / "questionnaires" / "private-domain"


def plain(value: object) -> object:
    """Return a value as lists and texts in the order it stands in; sets, having none, sorted."""
    if isinstance(value, MaturityModel):
        return value.digest
    if isinstance(value, World):
        return plain(value.assessment)  # the rest of it is computed from this and the model
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *(plain(getattr(value, f.name)) for f in fields(value))]
    if isinstance(value, Mapping):
        return [[str(key), plain(entry)] for key, entry in value.items()]
    if isinstance(value, frozenset | set):
        return sorted(str(entry) for entry in value)
    if isinstance(value, tuple | list):
        return [plain(entry) for entry in value]
    return str(value)


def text_of(diagnosis: Diagnosis) -> str:
    """Return the whole diagnosis as one text."""
    return json.dumps(plain(diagnosis), ensure_ascii=False)


def main(path: Path) -> None:
    """Print the digest of the diagnosis of one answers file."""
    model = load_model(MODEL)
    answers = read_assessment(path.read_bytes(), path.name, model)
    text = text_of(diagnose(model, answers, AS_OF))
    sys.stdout.write(hashlib.sha256(text.encode()).hexdigest() + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
