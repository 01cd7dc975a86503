"""The stamp a database gets when it is created: demonstration or real. It never changes (design §5)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, Integer, String, Table, select

from core.database import Instant, Unit, WriteUnit, metadata

installation = Table(
    "installation",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)


class Kind(StrEnum):
    """What the people in this database are."""

    DEMONSTRATION = "demonstration"
    REAL = "real"


class WrongKind(RuntimeError):
    """A demonstration act on a real database, or the other way round."""


async def kind_of(unit: Unit) -> Kind | None:
    """The stamp, or None before there is one."""
    row = await unit.first(select(installation.c.kind))
    return Kind(row.kind) if row else None


async def stamp(unit: WriteUnit, kind: Kind, *, at: datetime) -> None:
    """Stamp a fresh database, or confirm its stamp; raises `WrongKind` when it bears the other."""
    await unit.run(unit.insert(installation).values(id=1, kind=kind.value, created_at=at).on_conflict_do_nothing())
    found = await kind_of(unit)
    if found is not kind:
        raise WrongKind(f"this database is stamped {found}, not {kind}")
