"""What all tables share."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKeyConstraint, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.store.scope import TenantScoped
from app.store.types import Id, Json, Moment, new_id


class Base(DeclarativeBase):
    """All tables; constraints are named, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads it from the class
        datetime: Moment,
        date: Date,
        dict[str, Any]: Json,
        list[Any]: Json,
        str: String(200),
    }


class TenantRow(TenantScoped, Base):
    """A row of a consultancy with an id of its own."""

    __abstract__ = True

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id, sort_order=-1)


def owned_by(table: str, column: str | None = None) -> ForeignKeyConstraint:
    """Return the reference to a row of the same tenant: another tenant's cannot be stored."""
    return ForeignKeyConstraint(
        ["tenant_id", column or f"{table}_id"],
        [f"{table}.tenant_id", f"{table}.id"],
        ondelete="CASCADE",
    )


def of_consultancy() -> ForeignKeyConstraint:
    """Return the reference of a tenant's row to its consultancy."""
    return ForeignKeyConstraint(["tenant_id"], ["consultancy.id"], ondelete="CASCADE")
