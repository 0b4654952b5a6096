"""The program's settings, read once from the environment; every mistake is told at the start."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parents[1]


class Settings(BaseSettings):
    """Settings by the name of their variable: ``ZHENMAI_QUESTIONNAIRES`` and so on."""

    model_config = SettingsConfigDict(env_prefix="ZHENMAI_", frozen=True, extra="ignore")

    questionnaires: Path = PROJECT / "questionnaires"
    """Folder of the maturity models."""
