"""Frozen releases of maturity models.

An engagement is bound to the bytes its model had when it began: the files are kept in the
database by their digest, so a later edit of ``questionnaires/`` never changes what a running
engagement asks or an issued report says.
"""

import hashlib
import io
import os
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from app.content.loader import load_model
from app.content.translation import languages_in, translate
from app.domain.model import MaturityModel
from app.services.casework.assessing import known_models
from app.services.errors import NotFoundError
from app.settings import Settings
from app.store.database import Database
from app.store.releases import find_release, keep_release

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The time every archived file carries, so that the same files are the same bytes."""
_LEFT_OUT: Final = frozenset({"examples"})


@dataclass(frozen=True, slots=True)
class FrozenModel:
    """A model as it is now, ready to be kept."""

    digest: str
    model: str
    version: str
    archive: bytes


@lru_cache(maxsize=8)
def frozen(folder: Path) -> FrozenModel:
    """Return a model folder as an archive of its files with the digest of names and bytes.

    Read once per process: an edited model is taken at the next start. Raises ``ContentError``.
    """
    model = load_model(folder)
    digest, store = hashlib.sha256(), io.BytesIO()
    with zipfile.ZipFile(store, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*.yaml")):
            name = path.relative_to(folder)
            if name.parts[0] in _LEFT_OUT:
                continue
            data = path.read_bytes()
            digest.update(hashlib.sha256(name.as_posix().encode()).digest())
            digest.update(hashlib.sha256(data).digest())
            archive.writestr(zipfile.ZipInfo(name.as_posix(), _EPOCH), data)
    return FrozenModel(
        digest.hexdigest(), model.content.id, model.content.version, store.getvalue()
    )


def offered_models(settings: Settings) -> tuple[FrozenModel, ...]:
    """Return the models a new engagement can be begun with."""
    folder = settings.questionnaires
    return tuple(frozen(folder / name) for name in known_models(folder))


def keep_model(database: Database, settings: Settings, model: str, now: datetime) -> str:
    """Freeze a model by its id and return the digest of the release."""
    if model not in known_models(settings.questionnaires):
        raise NotFoundError
    found = frozen(settings.questionnaires / model)
    with database.writing(None) as session:
        keep_release(session, found.digest, found.model, found.version, found.archive, now)
    return found.digest


def model_of(
    database: Database, settings: Settings, digest: str, locale: str | None = None
) -> MaturityModel:
    """Return the model of a release in a language, its own where there is no translation."""
    folder = release_folder(database, settings, digest)
    return _loaded(folder, locale if locale in _translations(folder) else None)


def languages_of(database: Database, settings: Settings, digest: str) -> tuple[str, ...]:
    """Return the languages of a release, its own first."""
    folder = release_folder(database, settings, digest)
    return (_loaded(folder, None).content.language, *_translations(folder))


@lru_cache(maxsize=32)
def _translations(folder: Path) -> tuple[str, ...]:
    return languages_in(folder)


@lru_cache(maxsize=32)
def _loaded(folder: Path, locale: str | None) -> MaturityModel:
    if locale is None:
        return load_model(folder)
    return translate(_loaded(folder, None), folder, locale)


def release_folder(database: Database, settings: Settings, digest: str) -> Path:
    """Return the folder a release is unpacked in; unpacked whole or not at all.

    Raises ``NotFoundError``.
    """
    folder = settings.data / "releases" / digest
    if folder.is_dir():
        return folder
    with database.reading(None) as session:
        release = find_release(session, digest)
    if release is None:
        raise NotFoundError
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{digest[:12]}-", dir=folder.parent))
    try:
        with zipfile.ZipFile(io.BytesIO(release.archive)) as archive:
            # Our own archive, made by ``frozen``; its names are relative by construction.
            archive.extractall(draft)
        try:
            os.replace(draft, folder)  # noqa: PTH105  Path.replace cannot say a folder may exist
        except OSError:
            # Another process was faster; its copy is the same.
            if not folder.is_dir():
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder
