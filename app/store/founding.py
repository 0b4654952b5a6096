"""What an installation keeps about itself, taken once."""

from sqlalchemy import CursorResult, delete

from app.store.rows import Installation
from app.store.scope import ScopedSession


def take_value(session: ScopedSession, key: str, value: str) -> bool:
    """Remove a value; False where it is not this one, or another transaction took it."""
    result = session.execute(
        delete(Installation).where(Installation.key == key, Installation.value == value)
    )
    return isinstance(result, CursorResult) and result.rowcount == 1
