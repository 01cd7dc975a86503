"""Writing a look down. It is durable before the answer leaves; if it cannot be written, there is no answer."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import orjson
from sqlalchemy.exc import DBAPIError

from audit.lens import Lens
from audit.tables import access, look_shape
from core.database import Unit
from core.errors import DependencyDown
from core.ids import new_id
from core.principal import Channel


@dataclass(frozen=True)
class Shape:
    """The schema fields that one document reaches through one lens, with an id made from them."""

    id: str
    fields: tuple[str, ...]

    @classmethod
    def of(cls, fields: Iterable[str]) -> "Shape":
        """The shape of these coordinates, in any order."""
        ordered = tuple(sorted(fields))
        return cls(hashlib.sha256(orjson.dumps(ordered)).hexdigest(), ordered)


@dataclass
class Look:
    """One look in the making: the resolvers add what they show, the operation writes it at its end."""

    lens: Lens
    shape: Shape
    purpose: str
    channel: Channel
    actor_party_id: str | None = None
    actor_name: str | None = None
    operator: str | None = None
    stage: str | None = None
    record_count: int = 0
    categories: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)

    def show(self, category: str) -> None:
        """One record of this category goes out."""
        self.record_count += 1
        self.categories.add(category)


class Log:
    """The writer. It remembers which shapes are committed, so that a known document costs one INSERT."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    async def append(self, unit: Unit, looks: Sequence[Look], *, at: datetime) -> None:
        """Write every look of one operation; raises `DependencyDown` when it cannot be written, for whatever reason."""
        if not looks:
            return
        try:
            await self._write(unit, looks, at)
        except DBAPIError as error:
            raise DependencyDown("log") from error

    async def _write(self, unit: Unit, looks: Sequence[Look], at: datetime) -> None:
        fresh = {look.shape.id: look.shape for look in looks if look.shape.id not in self._known}
        if fresh:
            rows = [{"id": shape.id, "fields": list(shape.fields)} for shape in fresh.values()]
            await unit.run(unit.insert(look_shape).on_conflict_do_nothing(), rows)
        await unit.run(access.insert(), [_row(look, at) for look in looks])

    def committed(self, looks: Sequence[Look]) -> None:
        """The looks' unit has committed: their shapes are there for everyone from now on."""
        self._known.update(look.shape.id for look in looks)


def _row(look: Look, at: datetime) -> dict[str, object]:
    if look.lens.basis is None:
        raise ValueError("a look without a basis")
    return {
        "id": new_id("acc"),
        "at": at,
        "subject_id": look.lens.subject_id,
        "basis": look.lens.basis.value,
        "actor_party_id": look.actor_party_id,
        "actor_name": look.actor_name,
        "operator": look.operator,
        "channel": look.channel.value,
        "purpose": look.purpose,
        "stage": look.stage,
        "grant_id": look.lens.grant_id,
        "shape_id": look.shape.id,
        "categories": sorted(look.categories),
        "codes": sorted(look.codes),
        "record_count": look.record_count,
    }
