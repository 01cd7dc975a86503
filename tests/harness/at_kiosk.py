"""A kiosk: a registered device with a key of its own, what its reader states, and visits."""

import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from sqlalchemy import select

from api.demo import card_reader
from core.identity import IdentityType, parse
from core.moments import day_of, rfc3339
from grants.tables import kiosk_visit
from parties import clients
from tests.harness import at_counter, organs
from tests.harness.callers import Answered, Town

VISIT = "visit { id number document over looksLeft until latest prints { id reportNumber outcome } } replayed"
PRINT = "printout { id reportNumber code data outcome } replayed"
TRAIL = """query($q: KioskTrailQueryInput!) { kioskTrail(query: $q) { visitNumber
  accessHistory(first: 5) { edges { node { summary basis } } } } }"""
MADE_UP = "ksk_00000000000000000000"


class Kiosk:
    """A device, as its page acts."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.client_id = self.key_id = self.id = self._token = ""

    async def register(self, label: str = "自助终端2号", *, key: str = "kiosk") -> "Kiosk":
        """Registered by an approver, who gives it its key."""
        given = {"label": label, "scopes": ["KIOSK_SERVE"], "idempotencyKey": key}
        made = await self.town.act("approver-1", "clientRegister", given, "client { id staffId }")
        self.client_id, self.id = made["client"]["id"], made["client"]["staffId"]
        await self.add_key(key)
        return self

    async def add_key(self, key: str = "kiosk") -> None:
        """A key, by which it is known from now on."""
        whole = ECAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        until = rfc3339(datetime.now(UTC) + timedelta(days=30))
        jwk = {name: whole[name] for name in ("kty", "crv", "x", "y")}
        given = {"clientId": self.client_id, "kid": "k1", "jwk": jwk, "validUntil": until, "idempotencyKey": key}
        made = await self.town.act("approver-1", "clientKeyAdd", given, "client { keys { id } }")
        self.key_id = made["client"]["keys"][0]["id"]

    async def token(self) -> str:
        """What it is given for what it signs."""
        pem = self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        now = int(time.time())
        said = {"iss": self.client_id, "sub": self.client_id, "aud": clients.ISSUER, "jti": uuid.uuid4().hex}
        signed = jwt.encode({**said, "iat": now, "exp": now + 60}, pem, "ES256", {"kid": "k1"})
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": signed,
        }
        return str((await self.town.http.post("/oauth/token", data=form)).json()["access_token"])

    async def ask(self, document: str, variables: Mapping[str, Any] | None = None) -> Answered:
        """Send one operation as this device."""
        self._token = self._token or await self.token()
        return await self.town.ask(None, document, variables, headers={"Authorization": f"Bearer {self._token}"})

    async def act(self, mutation: str, input_: Mapping[str, Any], selection: str) -> dict[str, Any]:
        """One mutation's payload or refusal."""
        kind = mutation[0].upper() + mutation[1:]
        document = (
            f"mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ __typename "
            f"... on {kind}Payload {{ {selection} }} ... on Refusal {{ code details {{ path code }} retryAt }} }} }}"
        )
        answer = await self.ask(document, {"input": dict(input_)})
        assert "errors" not in answer, answer
        return dict(answer["data"][mutation])

    def stated(self, who: Mapping[str, str], *, at: datetime | None = None, **changed: Any) -> str:
        """What the reader beside it states of a document."""
        at = at or datetime.now(UTC)
        number = parse(IdentityType(who["type"]), who["number"], today=day_of(at))
        return card_reader.stated(number, who["name"], **{"device": self.id, "at": at, **changed})

    async def begin(self, who: Mapping[str, str], key: str, **changed: Any) -> dict[str, Any]:
        """Lay a document down; the payload or refusal."""
        return await self.begin_with(self.stated(who, **changed), key)

    async def begin_with(self, statement: str, key: str) -> dict[str, Any]:
        """Send a statement; the payload or refusal."""
        return await self.act("kioskVisitBegin", {"statement": statement, "idempotencyKey": key}, VISIT)

    async def visiting(self, persona: str, key: str) -> str:
        """A visit of a persona that must be one; its id."""
        made = await self.begin(organs.identity(persona), key)
        assert made["__typename"] == "KioskVisitBeginPayload", made
        return str(made["visit"]["id"])

    async def report(self, visit_id: str, key: str, **more: Any) -> dict[str, Any]:
        """Have a report issued; the payload or refusal."""
        return await self.act("kioskPrintBegin", {"visitId": visit_id, "idempotencyKey": key, **more}, PRINT)

    async def trail(self, visit_id: str) -> Answered:
        """Ask who looked."""
        return await self.ask(TRAIL, {"q": {"visitId": visit_id}})

    async def stay(self, visit_id: str) -> dict[str, Any]:
        """Need more time."""
        return await self.act("kioskVisitStay", {"visitId": visit_id}, VISIT)

    async def end(self, visit_id: str) -> dict[str, Any]:
        """Be done."""
        return await self.act("kioskVisitEnd", {"visitId": visit_id}, VISIT)


async def moved(town: Town, visit_id: str, *, minutes: int) -> None:
    """So many minutes have passed in one visit."""
    v, by = kiosk_visit.c, timedelta(minutes=minutes)
    async with town.house.database.writing() as unit:
        row = await unit.first(select(v.begun_at, v.until, v.latest).where(v.id == visit_id))
        assert row is not None
        earlier = {"begun_at": row.begun_at - by, "until": row.until - by, "latest": row.latest - by}
        await unit.run(kiosk_visit.update().where(v.id == visit_id).values(**earlier))


company = at_counter.company
