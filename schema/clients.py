"""An organisation's own programs and their keys. Only public keys come in, and none goes out."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from core.database import WriteUnit
from core.principal import Scope
from core.statements import Row
from parties import clients
from parties.clients import NewKey
from schema.acting import act, attempt_of, ensure
from schema.connection import Connection, connect
from schema.context import Batch, Context, Info
from schema.refusals import Refusal
from schema.staffing import check_store


@strawberry.enum(description="Whether a client's key proves it.")
class ClientKeyState(Enum):
    """FROZEN can be lifted by two people; RETIRED is for good."""

    ACTIVE = "ACTIVE"
    FROZEN = "FROZEN"
    RETIRED = "RETIRED"


@strawberry.type(description="A client's public key, by name and term.")
class ClientKey:
    """One key of a client."""

    id: strawberry.ID
    kid: str
    valid_from: datetime
    valid_until: datetime
    state: ClientKeyState

    @classmethod
    def of(cls, row: Row) -> "ClientKey":
        """A key's row."""
        return cls(
            id=strawberry.ID(row.id),
            kid=row.kid,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            state=ClientKeyState(row.state),
        )


@strawberry.type(description="A program that acts for its organisation, as a staff member of its own.")
class Client:
    """A registered client. Its id is its `client_id` at POST /oauth/token."""

    batch: strawberry.Private[Batch[str, list[Row]]]
    id: strawberry.ID
    staff_id: strawberry.ID
    label: str
    scopes: list[Scope]
    store_id: strawberry.ID | None
    registered_at: datetime

    @strawberry.field(description="Its keys, in the order in which they begin.")
    async def keys(self) -> list[ClientKey]:
        """Read once for a page."""
        return [ClientKey.of(row) for row in await self.batch.get(self.id) or ()]

    @classmethod
    def behind(cls, context: Context, rows: Collection[Row]) -> Callable[[Row], "Client"]:
        """How to make clients of these rows."""

        async def load(ids: Collection[str]) -> Mapping[str, list[Row]]:
            return await clients.keys(context.unit, ids)

        batch = Batch([row.id for row in rows], load)
        return lambda row: cls(
            batch=batch,
            id=strawberry.ID(row.id),
            staff_id=strawberry.ID(row.staff_id),
            label=row.label,
            scopes=[Scope(scope) for scope in row.scopes],
            store_id=strawberry.ID(row.store_id) if row.store_id else None,
            registered_at=row.created_at,
        )

    @classmethod
    async def find(cls, context: Context, client_id: str) -> "Client":
        """A client of the caller's own organisation; raises `NotAvailable`."""
        row = await clients.find(context.unit, context.party(), client_id)
        return cls.behind(context, [row])(row)


async def clients_page(context: Context, party_id: str, first: int, after: str | None) -> Connection[Client]:
    """A party's clients."""
    page = await clients.page(context.unit, party_id, context.page("clients", first, after, party_id))
    return connect(page, Client.behind(context, page.items))


@strawberry.input(description="Registers a program of one's own organisation. A till's program names its store.")
class ClientRegisterInput:
    """What the program is called and may try."""

    label: str
    scopes: list[Scope]
    store_id: strawberry.ID | None = None
    idempotency_key: strawberry.ID


@strawberry.type(description="The client, which can ask for tokens once it has a key.")
class ClientRegisterPayload:
    """A registered client."""

    client: Client
    replayed: bool


@strawberry.input(description="A P-256 public key (RFC 7518). There is no place for a private one.")
class PublicKeyInput:
    """The public members of a JWK."""

    kty: str
    crv: str
    x: str
    y: str


@strawberry.input(description="Gives a client a key, for two years at most. Its name is the `kid` of assertions.")
class ClientKeyAddInput:
    """A key and its term; from now on by default."""

    client_id: strawberry.ID
    kid: str
    jwk: PublicKeyInput
    valid_from: datetime | None = None
    valid_until: datetime
    idempotency_key: strawberry.ID


@strawberry.type(description="The client with its new key.")
class ClientKeyAddPayload:
    """An added key."""

    client: Client
    replayed: bool


@strawberry.input(description="Retires a key at once and for good, and the tokens it was shown for.")
class ClientKeyRetireInput:
    """Which key."""

    key_id: strawberry.ID


@strawberry.type(description="The client as it stands now.")
class ClientKeyRetirePayload:
    """A retired key; `replayed` when it was retired before."""

    client: Client
    replayed: bool


ClientRegisterResult = Annotated[ClientRegisterPayload | Refusal, strawberry.union("ClientRegisterResult")]
ClientKeyAddResult = Annotated[ClientKeyAddPayload | Refusal, strawberry.union("ClientKeyAddResult")]
ClientKeyRetireResult = Annotated[ClientKeyRetirePayload | Refusal, strawberry.union("ClientKeyRetireResult")]


@strawberry.type
class ClientActs:
    """What a manager does about programs."""

    @strawberry.mutation(description="Register a program of one's own organisation.")
    async def client_register(self, info: Info, input: ClientRegisterInput) -> ClientRegisterResult:
        """A client without a key."""
        context = info.context
        party_id = context.party()

        async def do(unit: WriteUnit) -> str:
            await check_store(unit, party_id, input.store_id)
            return await clients.register(
                unit, party_id, label=input.label, scopes=input.scopes, store_id=input.store_id, at=context.at
            )

        async def show(client_id: str, replayed: bool) -> ClientRegisterPayload:
            return ClientRegisterPayload(client=await Client.find(context, client_id), replayed=replayed)

        said = {"label": input.label, "scopes": sorted(set(input.scopes)), "store": input.store_id}
        return await act(info, attempt_of(context, "clientRegister", input.idempotency_key, **said), do, show)

    @strawberry.mutation(description="Give one's own client a key.")
    async def client_key_add(self, info: Info, input: ClientKeyAddInput) -> ClientKeyAddResult:
        """Good from the next request on, or from its first instant."""
        context = info.context
        party_id = context.party()
        key = NewKey(input.kid, asdict(input.jwk), input.valid_from or context.at, input.valid_until)

        async def do(unit: WriteUnit) -> str:
            await clients.add_key(unit, party_id, input.client_id, key, at=context.at)
            return input.client_id

        async def show(client_id: str, replayed: bool) -> ClientKeyAddPayload:
            return ClientKeyAddPayload(client=await Client.find(context, client_id), replayed=replayed)

        return await act(info, attempt_of(context, "clientKeyAdd", input.idempotency_key, input=str(input)), do, show)

    @strawberry.mutation(description="Retire a key of one's own client, at once.")
    async def client_key_retire(self, info: Info, input: ClientKeyRetireInput) -> ClientKeyRetireResult:
        """Retiring twice is retiring once."""
        context = info.context
        party_id = context.party()

        async def do(unit: WriteUnit) -> bool:
            return await clients.retire_key(unit, party_id, input.key_id)

        async def show(replayed: bool) -> ClientKeyRetirePayload:
            client_id = await clients.client_of(context.unit, input.key_id)
            return ClientKeyRetirePayload(client=await Client.find(context, client_id), replayed=replayed)

        return await ensure(info, do, show)
