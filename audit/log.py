"""Writing looks down. A mutation's are written in its own transaction; those of queries by the group writer.

Either way they are durable before the answer leaves; if they cannot be written, there is no answer (design §2).
"""

from collections.abc import Sequence
from datetime import datetime

from asyncpg import PostgresError
from sqlalchemy.exc import DBAPIError

from audit import appending
from audit.looks import Look, Shape
from audit.tables import look_shape
from core.database import WriteUnit
from core.errors import DependencyDown

MOST_KNOWN = 10_000


class Shapes:
    """Which shapes are known to be committed: a document that was seen before costs one INSERT a look.

    Forgetting one costs an INSERT that changes nothing, so a caller who never asks alike fills no memory.
    """

    def __init__(self) -> None:
        self._known: set[str] = set()

    def fresh(self, looks: Sequence[Look]) -> list[Shape]:
        """The shapes of these looks that are not known to be there, in one order for all: two writers never wait for
        each other's."""
        missing = {look.shape.id: look.shape for look in looks if look.shape.id not in self._known}
        return [missing[id_] for id_ in sorted(missing)]

    def committed(self, looks: Sequence[Look]) -> None:
        """What wrote these looks has committed: their shapes are there for everyone from now on."""
        if len(self._known) + len(looks) > MOST_KNOWN:
            self._known.clear()
        self._known.update(look.shape.id for look in looks)

    def forget(self) -> bool:
        """What was known may be there no longer: the database may have been put back to the day before. Whether
        anything was."""
        known = bool(self._known)
        self._known.clear()
        return known


class Log:
    """Writes looks into the transaction that they belong to."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes

    async def append(self, unit: WriteUnit, looks: Sequence[Look], *, at: datetime) -> None:
        """Write every look of one operation; raises `DependencyDown` when it cannot be written, for whatever reason."""
        await self.append_each(unit, [(look, at) for look in looks])

    async def append_each(self, unit: WriteUnit, dated: Sequence[tuple[Look, datetime]]) -> None:
        """As `append`, for the looks of many operations that commit together, each of its own instant."""
        if not dated:
            return
        fresh = self._shapes.fresh([look for look, _ in dated])
        try:
            if fresh:
                rows = [{"id": shape.id, "fields": list(shape.fields)} for shape in fresh]
                await unit.run(unit.insert(look_shape).on_conflict_do_nothing(), rows)
            await appending.by_unit(unit, dated)
        except (DBAPIError, PostgresError) as error:
            self._shapes.forget()
            raise DependencyDown("log") from error

    def committed(self, looks: Sequence[Look]) -> None:
        """The unit has committed."""
        self._shapes.committed(looks)
