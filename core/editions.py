"""The edition of everything that processes keep from the database: one number, raised with every change to it.

What is kept for one edition is exact, not merely young: the number is read in each operation's first statement, and
raised in the same transaction as the change. The row is hot, so it is the last that a transaction takes (design §5).
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, ScalarSelect, Table, select

from core.database import WriteUnit, metadata

edition = Table(
    "edition",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)


def current() -> ScalarSelect[int]:
    """The edition, as a value inside another statement."""
    return select(edition.c.number).scalar_subquery()


async def raise_(unit: WriteUnit) -> None:
    """Whatever was kept is kept for an earlier edition from this commit on."""
    await unit.run(edition.update().values(number=edition.c.number + 1))
