"""Spending proofs of possession (RFC 9449): each is good for one request, whatever came of that.

One conditional INSERT decides, in the commit that writes down what the request did: a proof that was shown before, or
is being shown at this moment by somebody else, adds no row. A request's own row, sent once more because its commit was
not heard of, is found again by its `showing`.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import bindparam, delete, select

from core.database import WriteUnit
from core.principal import Proof
from core.statements import Statement, Values, inserting
from parties.errors import ProofSpent
from parties.tables import spent_proof

AT_ONCE = 5000
# A request that arrived in time is done before this is over, and processes' clocks differ by less.
_DONE = timedelta(minutes=1)
_c = spent_proof.c


async def spend(unit: WriteUnit, proof: Proof | None) -> None:
    """Spend the proof that came with a request, if one did, in the request's transaction; raises `ProofSpent`.

    The last thing that a transaction does: whoever shows the same proof meanwhile waits for a commit, and not for work.
    """
    if proof is not None and not await unit.all(statement(unit.dialect, 1), values([proof])):
        raise ProofSpent()


@cache
def statement(database: str, count: int) -> Statement:
    """Spends so many proofs on the database of a name, and returns the showings that spent theirs."""
    rows = [
        {column.name: bindparam(f"{column.name}_{n}", type_=column.type) for column in spent_proof.columns}
        for n in range(count)
    ]
    insert = inserting(database, spent_proof).values(rows)
    own = insert.on_conflict_do_update(
        index_elements=[_c.name],
        set_={"showing": insert.excluded.showing},
        where=_c.showing == insert.excluded.showing,
    )
    return Statement(own.returning(_c.showing))


def values(proofs: Collection[Proof]) -> Values:
    """What `statement` takes for these proofs, of different names; in one order, so that nobody waits in a circle."""
    ordered = sorted(proofs, key=lambda proof: proof.name)
    return {
        f"{column.name}_{n}": getattr(proof, column.name)
        for n, proof in enumerate(ordered)
        for column in spent_proof.columns
    }


async def prune(unit: WriteUnit, *, at: datetime) -> int:
    """Forget proofs that nobody can spend any more; how many, at most `AT_ONCE`."""
    old = select(_c.name).where(_c.until < at - _DONE).order_by(_c.until).limit(AT_ONCE)
    return await unit.run(delete(spent_proof).where(_c.name.in_(old)))
