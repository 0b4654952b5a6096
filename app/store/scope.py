"""The wall between tenants, in the query layer.

Every session works for one scope: a tenant's id, ``INSTALLATION`` (the few questions asked before
anybody is known: who is this e-mail address, whose token is this, which job is next), or nothing.
A query on a tenant's table without a scope raises. With a tenant's scope every ORM query, update
and delete gets ``tenant_id = scope`` added for every entity in it, and every row written is
checked. Statements that name tables instead of mapped classes go past that, so they are refused.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeVar, cast

from sqlalchemy import bindparam, event
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.visitors import ExternallyTraversible

from app.store.errors import ScopeError
from app.store.types import Id

INSTALLATION: Final = "*"
"""The scope of questions over all tenants; no tenant's id can be this."""


class TenantScoped:
    """A row that belongs to a consultancy."""

    tenant_id: Mapped[str] = mapped_column(Id(), primary_key=True, sort_order=-2)


Row = TypeVar("Row", bound=TenantScoped)
Statement = TypeVar("Statement", bound=Executable)


class ScopedSession(Session):
    """A session for one scope and one transaction."""

    @property
    def scope(self) -> str | None:
        """The tenant at work, ``INSTALLATION``, or None."""
        found: str | None = self.info["scope"]
        return found

    @property
    def tenant(self) -> str:
        """The tenant at work; raises ``ScopeError`` where there is none."""
        scope = self.scope
        if scope is None or scope == INSTALLATION:
            raise ScopeError("this needs a tenant")
        return scope

    def find(self, row: type[Row], *key: Any) -> Row | None:
        """Return the tenant's row with this key (without the tenant), or None."""
        return self.get(row, (self.tenant, *key))


_WALLED: Final = "zhenmai_walled"
_TENANT: Final = bindparam("zhenmai_tenant", type_=Id())
_WALL: Final = with_loader_criteria(
    TenantScoped,
    lambda cls: cls.tenant_id == _TENANT,
    include_aliases=True,
    propagate_to_loaders=False,
)


def walled(statement: Statement) -> Statement:
    """Return a statement with the wall built in, for one that is put together once and asked often.

    Only saves time: any other statement gets the wall when it is asked.
    """
    return statement.options(_WALL).execution_options(**{_WALLED: True})


def _is_tenants(table: Any) -> bool:
    return "tenant_id" in getattr(table, "columns", ())


@event.listens_for(ScopedSession, "do_orm_execute")
def _fence_query(state: ORMExecuteState) -> None:
    scope = state.session.info["scope"]
    if scope == INSTALLATION or state.is_column_load or state.is_relationship_load:
        return
    if not state.is_orm_statement:
        raise ScopeError("a statement on bare tables passes the tenant's wall; use mapped classes")
    if scope is None:
        # Every statement can be walked; only its type does not say so.
        for element in visitors.iterate(cast(ExternallyTraversible, state.statement)):
            if element.__visit_name__ == "table" and _is_tenants(element):
                raise ScopeError(f"a query on {element} needs a tenant")
        return
    if state.is_insert:
        _fence_insert(state, scope)
        return
    given = state.parameters or {}
    if not isinstance(given, Mapping):
        raise ScopeError("many rows by their keys pass the tenant's wall; change them one by one")
    if not state.execution_options.get(_WALLED):
        state.statement = state.statement.options(_WALL)
    state.parameters = {**given, _TENANT.key: scope}


def _fence_insert(state: ORMExecuteState, scope: str) -> None:
    mapper = state.bind_mapper
    if mapper is None or not issubclass(mapper.class_, TenantScoped):
        return
    given = state.parameters or {}
    rows = [given] if isinstance(given, Mapping) else given
    if any(row.get("tenant_id") != scope for row in rows):
        raise ScopeError(f"a row of {mapper.class_.__name__} for another tenant")


@event.listens_for(ScopedSession, "before_flush")
def _fence_rows(session: Session, _context: Any, _instances: Any) -> None:
    scope = session.info["scope"]
    if not session.info["writes"] and (session.new or session.dirty or session.deleted):
        raise ScopeError("this transaction only reads")
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, TenantScoped):
            continue
        if scope is None:
            raise ScopeError(f"a row of {type(row).__name__} needs a tenant")
        # The type says a tenant is always there; before the first flush it may not be yet.
        if vars(row).get("tenant_id") is None and scope != INSTALLATION:
            row.tenant_id = scope
        elif scope not in (INSTALLATION, row.tenant_id):
            raise ScopeError(f"a row of {type(row).__name__} belongs to another tenant")
