"""A relay over a test's town, and a party's server beside it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.relaying import relay_of
from core.installation import Kind
from notices.relay import Relay
from tests.harness.callers import Town
from tests.harness.receiver import Receiver

_FEED = """query($after: String, $first: Int!) { recipient { events(first: $first, after: $after) {
  edges { cursor node { id kind at about delivery { way state attempts lastError endedAt } } }
  pageInfo { hasNextPage endCursor } } } }"""
_WEBHOOK = "{ recipient { webhook { id version url state failures pausedAt previousSecretUntil } } }"


class Desk:
    """A relay whose clock the test moves, and what a recipient does about its events."""

    def __init__(self, town: Town, relay: Relay) -> None:
        self.town = town
        self.relay = relay
        self.at = datetime.now(UTC) + timedelta(seconds=30)

    async def drain(self, later: float = 0.0) -> float:
        """Run until nothing is due; seconds until there may be more."""
        self.at += timedelta(seconds=later)
        while (rest := await self.relay.run_once(self.at)) == 0.0:
            pass
        return rest

    async def set(self, url: str, key: str, persona: str = "bank-1", **given: Any) -> dict[str, Any]:
        """Set a webhook; the payload or refusal."""
        selection = "webhook { id version url state failures pausedAt previousSecretUntil } secret replayed"
        return await self.town.act(persona, "webhookSet", {"url": url, "idempotencyKey": key, **given}, selection)

    async def webhook(self, persona: str = "bank-1") -> dict[str, Any]:
        """The webhook as its party sees it."""
        found: dict[str, Any] = (await self.town.data(persona, _WEBHOOK))["recipient"]["webhook"]
        return found

    async def events(self, persona: str = "bank-1", after: str | None = None, first: int = 100) -> list[dict[str, Any]]:
        """The whole feed after a cursor, page by page; each event with its cursor."""
        found: list[dict[str, Any]] = []
        while True:
            answer = await self.town.data(persona, _FEED, {"after": after, "first": first})
            page = answer["recipient"]["events"]
            found += [{**edge["node"], "cursor": edge["cursor"]} for edge in page["edges"]]
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]

    async def happen(self, count: int, tag: str = "g") -> list[str]:
        """Grants to the bank: so many events. The grants' ids."""
        made = [await self.town.grant("citizen-1", key=f"{tag}-{n}") for n in range(count)]
        return [grant["grant"]["id"] for grant in made]


@pytest.fixture
async def desk(town: Town) -> AsyncIterator[Desk]:
    """A desk whose earlier events are numbered and told."""
    relay, hooks = relay_of(town.house, Kind.DEMONSTRATION, jitter=lambda: 0.0)
    found = Desk(town, relay)
    await found.drain()
    yield found
    await hooks.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A party's server."""
    async with Receiver() as found:
        yield found
