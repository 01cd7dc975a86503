"""A look in the making: through which lens, why, and what it showed. The log and the group writer write it down."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import orjson
from sqlalchemy import ColumnElement

from audit.lens import Lens
from audit.tables import access
from core.ids import new_id
from core.principal import Channel

LONGEST_CLIENT = 60


def looks_at(lens: Lens) -> ColumnElement[bool]:
    """The rows of the log that are looks at the lens's subject, under every id that it has there."""
    c = access.c.subject_id
    return c.in_(lens.looked_at) if lens.absorbed else c == lens.subject_id


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


NOTHING = Shape.of(())


@dataclass
class Look:
    """One look: the resolvers add what they show, the operation has it written at its end.

    `refused` is the code of the refusal when it was only an attempt; an attempt at nobody has no lens. `officer_id` is
    the staff member, or the person who acts for the subject; `client` the program they use; `document` the hash of what
    was asked. `grant_id` and its version are the authority: a grant, or for a case of its own a state organ's mandate.
    `withholding_id` keeps the look from the trail until that order ends.
    """

    lens: Lens | None
    basis: str
    shape: Shape
    purpose: str
    channel: Channel
    actor_party_id: str | None = None
    actor_name: str | None = None
    officer_id: str | None = None
    operator: str | None = None
    client: str | None = None
    stage: str | None = None
    grant_id: str | None = None
    grant_version: int | None = None
    document: str | None = None
    case_number: str | None = None
    withholding_id: str | None = None
    refused: str | None = None
    # The row's id, however often it is sent.
    id: str = field(default_factory=lambda: new_id("acc"))
    record_count: int = 0
    categories: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)

    def show(self, category: str) -> None:
        """One record of this category goes out."""
        self.record_count += 1
        self.categories.add(category)

    def row(self, at: datetime) -> dict[str, object]:
        """The look as a row of `access`."""
        return {
            "id": self.id,
            "at": at,
            "subject_id": self.lens.subject_id if self.lens else None,
            "basis": self.basis,
            "actor_party_id": self.actor_party_id,
            "actor_name": self.actor_name,
            "officer_id": self.officer_id,
            "operator": self.operator,
            "client": self.client,
            "channel": self.channel.value,
            "purpose": self.purpose,
            "stage": self.stage,
            "grant_id": self.grant_id,
            "grant_version": self.grant_version,
            "document": self.document,
            "case_number": self.case_number,
            "withholding_id": self.withholding_id,
            "shape_id": self.shape.id,
            "categories": sorted(self.categories),
            "codes": sorted(self.codes),
            "record_count": self.record_count,
            "refused": self.refused,
        }
