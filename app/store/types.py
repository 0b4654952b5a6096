"""Column types that mean the same in SQLite and PostgreSQL."""

import json
import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, String, Text, TypeDecorator

ID_LENGTH = 16


def new_id() -> str:
    """Return a fresh id: 80 random bits in 16 characters, safe in addresses and file names."""
    return secrets.token_hex(ID_LENGTH // 2)


def Id() -> String:  # noqa: N802  reads like the type it makes
    """Return the type of ids and references to them."""
    return String(ID_LENGTH)


class Moment(TypeDecorator[datetime]):
    """An instant: always aware, always UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time; SQLite keeps the UTC wall time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A JSON document kept as text in one fixed spelling; nobody queries inside it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> str | None:
        """Write the document with sorted keys, so that equal documents are equal text."""
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Any:
        """Read the document."""
        return None if value is None else json.loads(value)
