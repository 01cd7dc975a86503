"""What a resolver has at hand: who calls, when, the unit of work, and what the document reaches."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

import strawberry
from graphql import GraphQLInputType, ValueNode, VariableNode
from graphql.execution.values import VariableValues
from graphql.utilities import coerce_input_literal

from audit.lens import Audience, BasisKind, Lens
from audit.looks import LONGEST_CLIENT, Look
from core.blobs import Blobs
from core.cursors import Sealer
from core.database import Unit, WriteUnit
from core.errors import NotAvailable
from core.paging import PageRequest
from grants.card_reading import CardReader
from incentives.shelf import Shelf
from parties.callers import Caller
from schema.documents import Operation, Reach

Key = TypeVar("Key")
Value = TypeVar("Value")


class NeedsTransaction(Exception):
    """A query turned out to change something: it is begun again in a transaction. Nothing was shown or changed yet."""


class Overtaken(Exception):
    """What was read by two statements of one operation changed between them: it is begun again. Nothing was shown."""


@dataclass(frozen=True)
class Foreseen:
    """A grant as it will be, for a look that is only previewed: its row, and its notice where it has none yet."""

    row: Any
    notice: Any


@dataclass(frozen=True)
class Question:
    """What a recipient would ask: the document's text, its variables, and as whom."""

    document: str
    variables: Mapping[str, Any]
    caller: Caller


# Follows the changes that the caller may hear of: the answer is a stream that has begun. Raises `BadCall`.
Follow = Callable[["Context", str | None], Awaitable[AsyncGenerator[Any, None]]]
# Answers a question as the recipient would be answered now: the bytes of the body.
Preview = Callable[["Context", Question, Foreseen], Awaitable[bytes]]


@dataclass
class Context:
    """One operation's surroundings. `looks` is what will be logged before the answer leaves.

    With `foreseen`, this is a preview: nothing is taken, and its looks are thrown away.
    """

    caller: Caller
    at: datetime
    unit: Unit
    blobs: Blobs
    shelf: Shelf[Any]
    operation: Operation
    variables: VariableValues
    language: str
    preview: Preview
    foreseen: Foreseen | None = None
    # What reads documents at this installation's kiosks, if anything does.
    reader: CardReader | None = None
    has_previewed: bool = False
    # How the caller follows what changes from a cursor on; only a subscription has it.
    follow: Follow | None = None
    # Its place among others that do the same; None for whoever acts alone.
    seat: Any = None
    looks: list[Look] = field(default_factory=list)

    @property
    def writing(self) -> WriteUnit:
        """The unit of a mutation, or of a look that spends a use; raises `NeedsTransaction` in a reading unit."""
        if not isinstance(self.unit, WriteUnit):
            raise NeedsTransaction
        return self.unit

    def reach(self, info: "Info") -> Reach:
        """What the document reaches through the root field that is being resolved."""
        return self.operation.reaches[_root(info)]

    def own(self) -> Lens:
        """The caller's lens on the subject they act for (Art. 7); raises `NotAvailable` when they are no subject."""
        if self.caller.subject_id is None:
            raise NotAvailable()
        return Lens(Audience.SUBJECT, BasisKind.SELF, self.caller.subject_id)

    def party(self) -> str:
        """The party whose staff calls; raises `NotAvailable` for anybody else."""
        if self.caller.party_id is None or self.caller.staff_id is None:
            raise NotAvailable()
        return self.caller.party_id

    def look(
        self,
        info: "Info",
        lens: Lens,
        *,
        purpose: str,
        stage: str | None = None,
        operator: str | None = None,
        grant_version: int | None = None,
        case_number: str | None = None,
        withholding_id: str | None = None,
    ) -> Look:
        """Begin a look through the root field being resolved. It is logged with the operation, whatever it shows."""
        if lens.basis is None:
            raise ValueError("a look without a basis")
        party = None if lens.audience is Audience.SUBJECT else self.caller
        look = Look(
            lens=lens,
            basis=lens.basis.value,
            shape=self.operation.shape(_root(info), self.variables.coerced),
            purpose=purpose,
            channel=self.caller.principal.channel,
            actor_party_id=party.party_id if party else None,
            actor_name=party.party_name if party else None,
            officer_id=self.caller.officer_id,
            operator=operator,
            client=self.caller.principal.client[:LONGEST_CLIENT],
            stage=stage,
            grant_id=lens.grant_id,
            grant_version=grant_version,
            document=self.operation.document,
            case_number=case_number,
            withholding_id=withholding_id,
        )
        self.looks.append(look)
        return look

    def page(
        self, field_name: str, first: int, after: str | None, *bound: object, holder: str | None = None
    ) -> PageRequest:
        """A page request whose cursors hold for this field, these filters and this caller only, or for whoever the
        `holder` is."""
        return PageRequest(first, after, self.sealer(field_name, *bound, holder=holder))

    def sealer(self, field_name: str, *bound: object, holder: str | None = None) -> Sealer:
        """Makes and reads such cursors."""
        owner = self.caller.principal.key if holder is None else holder
        return Sealer(self.unit.vault, field_name, bound, owner)

    def categories_asked(self, info: "Info") -> frozenset[str]:
        """The record categories that the document and its variables name in filters, before anything is read."""
        asked: set[str] = set()
        for node, type_ in self.reach(info).filters:
            value = value_of(node, type_, self.variables)
            categories = value.get("categories") if isinstance(value, dict) else None
            asked |= {getattr(category, "value", category) for category in categories or ()}
        return frozenset(asked)


def _root(info: "Info") -> str:
    path = info.path
    while path.prev is not None:
        path = path.prev
    return str(path.key)


def value_of(node: ValueNode, type_: GraphQLInputType, variables: VariableValues) -> Any:
    """What an argument's node says, by literal or by variable."""
    if isinstance(node, VariableNode):
        return variables.coerced.get(node.name.value)
    return coerce_input_literal(node, type_, variables)


Info = strawberry.Info[Context, None]


class Batch(Generic[Key, Value]):
    """Rows that many siblings need, read in one statement when the first of them asks."""

    def __init__(
        self, keys: Collection[Key], load: Callable[[Collection[Key]], Awaitable[Mapping[Key, Value]]]
    ) -> None:
        self._keys = keys
        self._load = load
        self._found: Mapping[Key, Value] | None = None

    async def get(self, key: Key) -> Value | None:
        """The value of one of the keys, or None."""
        if self._found is None:
            self._found = await self._load(self._keys)
        return self._found.get(key)
