"""What new work is begun with: the newest release of the model the installation offers."""

from pathlib import Path

from app.domain.model import MaturityModel
from app.services.casework.assessing import known_models, locales_of, model_in, translated_in
from app.services.errors import NotFoundError
from app.settings import Settings


def newest_model(settings: Settings, locale: str) -> MaturityModel:
    """Return the model as its files are now, in a language, its own where there is no other.

    Raises ``NotFoundError`` where the installation offers none.
    """
    folder = _folder(settings)
    spoken = locales_of(folder)
    return translated_in(folder, locale) if locale in spoken[1:] else model_in(folder)


def newest_languages(settings: Settings) -> tuple[str, ...]:
    """Return the languages a report under the newest release can be in, its own first."""
    return locales_of(_folder(settings))


def _folder(settings: Settings) -> Path:
    offered = known_models(settings.questionnaires)
    if not offered:
        raise NotFoundError
    return settings.questionnaires / offered[0]
