"""What can go wrong with the database, apart from what was asked of it."""


class StoreError(Exception):
    """The store refused or failed."""


class ScopeError(StoreError):
    """A query or a row does not belong to the tenant at work: a mistake in the program."""


class BusyError(StoreError):
    """The database could not be written in time; nothing was stored, trying again is safe."""


class FullError(StoreError):
    """The disk is full; nothing was stored."""


class TakenError(StoreError):
    """A row with the same unique value exists already; ``name`` is the violated constraint."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class UnsafeSqliteError(StoreError):
    """This SQLite cannot keep what was promised with the settings asked for."""


class StrangeTablesError(StoreError):
    """The tables are of a version that no migration here begins from; nothing was changed."""
