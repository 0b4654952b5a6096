"""The program's settings, read once from the environment; every mistake is told at the start."""

import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parents[1]
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SHORTEST_KEY = 32


class Settings(BaseSettings):
    """Settings by the name of their variable: ``ZHENMAI_QUESTIONNAIRES`` and so on."""

    model_config = SettingsConfigDict(env_prefix="ZHENMAI_", frozen=True, extra="ignore")

    questionnaires: Path = PROJECT / "questionnaires"
    """Folder of the maturity models."""
    data: Path = PROJECT / "var" / "data"
    """Folder of everything the installation keeps: database, files, key."""
    database: str = ""
    """SQLAlchemy address of the database; empty is an SQLite file in ``data``."""
    sqlite_journal: Literal["auto", "wal", "truncate"] = "auto"
    """``auto`` takes write-ahead logging where this SQLite is safe with it."""
    port: int = Field(default=8000, ge=1, le=65535)
    """Port of ``serve`` on 127.0.0.1; ``PORT`` is taken too."""
    base_url: str = ""
    """Address people use, for links in mail and QR codes; empty is 127.0.0.1 and the port."""
    proxies: int = Field(default=0, ge=0, le=5)
    """How many reverse proxies stand in front and set ``X-Forwarded-*``; 0 believes none."""
    secret_key: str = ""
    """Key of signatures and derived links; empty is made once and kept in ``data``."""
    old_secret_keys: tuple[str, ...] = ()
    """Former keys whose sessions are still taken, after a change of key."""
    mail: Literal["console", "file", "smtp"] = "console"
    """Where outgoing mail goes; ``file`` is a folder in ``data``."""
    mail_from: str = "zhenmai@localhost"
    smtp_host: str = "localhost"
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: str = ""
    render_seconds: int = Field(default=240, ge=10, le=3600)
    """Longest time one report may take to render."""
    render_megabytes: int = Field(default=1500, ge=200, le=16000)
    """Most memory one report may take to render."""

    @model_validator(mode="before")
    @classmethod
    def _take_port(cls, given: dict[str, object]) -> dict[str, object]:
        if "port" not in given and os.environ.get("PORT"):
            return {**given, "port": os.environ["PORT"]}
        return given

    @model_validator(mode="after")
    def _check(self) -> Self:
        parts = urlsplit(self.address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("ZHENMAI_BASE_URL must begin with https:// or http://")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError(
                "ZHENMAI_BASE_URL: plain http is for this machine alone (127.0.0.1, localhost)"
            )
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("ZHENMAI_BASE_URL is scheme and host alone, without a path")
        if self.secret_key and len(self.secret_key) < SHORTEST_KEY:
            raise ValueError(f"ZHENMAI_SECRET_KEY needs {SHORTEST_KEY} characters or more")
        if os.environ.get("FLASK_DEBUG", "").lower() in ("1", "true", "yes") and (
            parts.hostname not in LOOPBACK
        ):
            raise ValueError("FLASK_DEBUG shows the program's inside; not on a public address")
        return self

    @property
    def address(self) -> str:
        """The address people use, without a slash at the end."""
        return (self.base_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def is_https(self) -> bool:
        """Whether people come over https, so that cookies may insist on it."""
        return self.address.startswith("https://")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts a request may name."""
        host = urlsplit(self.address).hostname or ""
        return tuple(sorted(LOOPBACK)) if host in LOOPBACK else (host,)

    @property
    def database_url(self) -> str:
        """SQLAlchemy's address of the database."""
        return self.database or f"sqlite:///{self.data / 'zhenmai.sqlite3'}"

    @cached_property
    def key(self) -> str:
        """The secret key: as set, or made at the first use and kept for the owner's eyes only."""
        if self.secret_key:
            return self.secret_key
        path = self.data / "secret-key"
        if not path.exists():
            self.data.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f".secret-key.{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48))
            try:
                # A second process that starts at the same time keeps the first one's key.
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text()
