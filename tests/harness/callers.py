"""Callers over ASGI: a persona's token, a document, an answer."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.applications import Starlette

from api import personas
from api.app import create_app
from api.house import House
from core.installation import Kind
from core.moments import rfc3339

# Mutations that take another's input.
_TAKES = {
    **dict.fromkeys(("grantPause", "grantResume"), "GrantChange"),
    **dict.fromkeys(("offerSubmit", "offerPause", "offerResume", "offerEnd"), "OfferChange"),
    **dict.fromkeys(("offerApprove", "offerReturn"), "OfferDecide"),
}
# Other tests' databases are in the same cluster.
_BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


class Answered(dict[str, Any]):
    """A body, with the response it came in."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(response.json())
        self.response = response
        self.status = response.status_code

    @property
    def code(self) -> str:
        """The first error's code."""
        return str(self["errors"][0]["extensions"]["code"])


class Town:
    """A running application over a copy of the city, and everybody in it."""

    def __init__(self, house: House, app: Starlette) -> None:
        self.house = house
        self.app = app
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://haihe.test", timeout=60)
        self._tokens: dict[tuple[str, str | None], str] = {}

    async def token(self, persona: str, organisation: str | None = None) -> str:
        """A persona's token, made once."""
        if (persona, organisation) not in self._tokens:
            async with self.house.database.reading() as unit:
                party_id = organisation or await personas.party_of(unit, persona)
            self._tokens[persona, organisation] = personas.mint(
                self.house.rings, persona, party_id, audience=self.house.settings.audience, at=datetime.now(UTC)
            )
        return self._tokens[persona, organisation]

    def forget(self, persona: str) -> None:
        """Their next token is a fresh one: they act for somebody else now."""
        self._tokens.pop((persona, None), None)

    async def ask(
        self,
        persona: str | None,
        document: str,
        variables: Mapping[str, Any] | None = None,
        *,
        organisation: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answered:
        """Send one operation as a persona, or as nobody."""
        given = dict(headers or {})
        if persona is not None:
            given["Authorization"] = f"Bearer {await self.token(persona, organisation)}"
        body = {"query": document, "variables": dict(variables or {})}
        return Answered(await self.http.post("/graphql", json=body, headers=given))

    async def data(self, persona: str | None, document: str, variables: Mapping[str, Any] | None = None) -> Any:
        """The data of an answer that must be one."""
        answer = await self.ask(persona, document, variables)
        assert "errors" not in answer, answer
        return answer["data"]

    async def act(self, persona: str, mutation: str, input_: Mapping[str, Any], selection: str) -> dict[str, Any]:
        """One mutation's payload or refusal."""
        kind = mutation[0].upper() + mutation[1:]
        takes = _TAKES.get(mutation, kind)
        document = (
            f"mutation($input: {takes}Input!) {{ {mutation}(input: $input) {{ __typename "
            f"... on {kind}Payload {{ {selection} }} "
            f"... on Refusal {{ code message details {{ path code limit }} retryAt }} }} }}"
        )
        found = await self.data(persona, document, {"input": dict(input_)})
        return dict(found[mutation])

    # ------------------------------------------------------------------------------------------- what walks need
    async def party(self, name: str) -> str:
        """A party's id by a word of its name."""
        found = await self.data(
            None, "query($s: String) { parties(search: $s) { edges { node { id } } } }", {"s": name}
        )
        return str(found["parties"]["edges"][0]["node"]["id"])

    async def notice(self, kind: str, **terms: Any) -> str:
        """The hash of the notice in force."""
        document = "query($q: ConsentNoticeQueryInput!) { consentNotice(query: $q) { hash } }"
        found = await self.data(None, document, {"q": {"kind": kind, **terms}})
        return str(found["consentNotice"]["hash"])

    async def grant(self, persona: str, *, key: str, recipient: str = "海津示例银行", **terms: Any) -> dict[str, Any]:
        """Issue a grant; its payload or refusal."""
        input_: dict[str, Any] = {
            "recipientId": await self.party(recipient),
            "purpose": "FINANCING",
            "stages": ["PRE_LOAN"],
            "categories": ["ADMINISTRATIVE"],
            "validUntil": rfc3339(datetime.now(UTC) + timedelta(days=30)),
            "idempotencyKey": key,
            **terms,
        }
        notice = {name: input_[name] for name in ("recipientId", "purpose", "categories")}
        if "noticeHash" not in input_:
            input_["noticeHash"] = await self.notice("GRANT", **notice)
        return await self.act(persona, "grantIssue", input_, "grant { id version status } replayed")

    async def open_offer(self) -> str:
        """The offer that is open to everyone."""
        found = await self.data(None, "{ offers(first: 1) { edges { node { id requirement } } } }")
        node = found["offers"]["edges"][0]["node"]
        assert node["requirement"] == "人人可享"
        return str(node["id"])

    async def claim(self, persona: str, offer_id: str, *, key: str) -> dict[str, Any]:
        """Take an offer; the payload or refusal."""
        input_ = {"offerId": offer_id, "noticeHash": await self.notice("CLAIM"), "idempotencyKey": key}
        return await self.act(
            persona, "claimCreate", input_, "claim { id status codes { digits validFrom validUntil } } replayed"
        )

    async def code(self, persona: str, *, key: str) -> str:
        """A fresh claim's code of now."""
        made = await self.claim(persona, await self.open_offer(), key=key)
        return str(made["claim"]["codes"][0]["digits"])

    async def redeem(self, code: str, *, key: str, till: str = "till-1", **sale: Any) -> dict[str, Any]:
        """Redeem a code; the payload or refusal."""
        selection = "redemption { id number offerTitle store orderNumber orderAmountYuan } replayed"
        return await self.act(till, "claimRedeem", {"code": code, "idempotencyKey": key, **sale}, selection)

    async def count(self, statement: str, **values: Any) -> int:
        """A number out of the database itself."""
        from sqlalchemy import text

        async with self.house.database.reading() as unit:
            row = await unit.first(text(statement), values)
        assert row is not None
        return int(row[0])

    async def done_or_blocked(self, *tasks: asyncio.Task[Any]) -> None:
        """Until one of these is done, or as many sessions wait for somebody's lock; on PostgreSQL."""
        async with asyncio.timeout(20):
            while not any(task.done() for task in tasks) and await self.count(_BLOCKED) < len(tasks):
                await asyncio.sleep(0.002)


@asynccontextmanager
async def inhabited(house: House, kind: Kind = Kind.DEMONSTRATION) -> AsyncIterator[Town]:
    """The application over a house, until it is closed with everything it has opened."""
    app = create_app(house, kind)
    async with app.router.lifespan_context(app):
        town = Town(house, app)
        yield town
        await town.http.aclose()
