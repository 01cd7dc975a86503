"""Merchants' offers over the API: written, submitted, approved, and what tests need to know of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from api import personas
from api.settings import DEMONSTRATION_ISSUER
from core.moments import rfc3339
from parties import links
from parties.links import Owner
from tests.harness.callers import Town

OFFER = "offer { id version status } replayed"
STRANGER = "partner-2"
# One instant for all: an offer that is changed keeps its time.
_NOW = datetime.now(UTC).replace(microsecond=0)
_STORES = "{ partner { stores { id name } } }"
_VERSION = "number title requirement tiersReached benefit { kind percent capYuan } stock note stores { id }"
_FILE = f"""query($i: ID!) {{ LENS {{ offer(id: $i) {{ offer {{ id version status title }} review takesTwo changed
  standing {{ {_VERSION} }} proposed {{ {_VERSION} }} TAKEN
  steps {{ edges {{ node {{ version act side number reasons }} }} }} }} }} }}"""


async def stores(town: Town, persona: str = "partner-1") -> list[str]:
    """A merchant's stores."""
    found = await town.data(persona, _STORES)
    return [one["id"] for one in found["partner"]["stores"]]


async def opened(town: Town, name: str) -> str:
    """A new store of the first merchant; its id."""
    given = {"name": name, "district": "东港区", "address": "东港区示例路9号", "idempotencyKey": name.encode().hex()}
    made = await town.act("partner-1", "storeOpen", given, "store { id name } replayed")
    return str(made["store"]["id"])


async def terms(town: Town, **changed: Any) -> dict[str, Any]:
    """Everything that an offer says."""
    return {
        "title": "满百减二十",
        "sector": "SHOPPING",
        "benefit": {"kind": "DISCOUNT", "text": "单笔满100元享八折", "percent": "20"},
        "terms": "不与其他优惠同时使用。",
        "startsAt": rfc3339(_NOW - timedelta(days=1)),
        "endsAt": rfc3339(_NOW + timedelta(days=30)),
        "perPerson": 2,
        "stock": 10,
        "storeIds": await stores(town),
        **changed,
    }


async def drafted(town: Town, key: str, **changed: Any) -> str:
    """A draft; its id."""
    made = await town.act("partner-1", "offerDraft", {**await terms(town, **changed), "idempotencyKey": key}, OFFER)
    return str(made["offer"]["id"])


async def act(town: Town, persona: str, what: str, offer_id: str, **given: Any) -> dict[str, Any]:
    """An act on the offer as it is read now; its payload or refusal."""
    if "expectedVersion" not in given:
        given["expectedVersion"] = await town.count("SELECT version FROM offer WHERE id = :o", o=offer_id)
    return await town.act(persona, f"offer{what.capitalize()}", {"offerId": offer_id, **given}, OFFER)


async def revised(town: Town, offer_id: str, **changed: Any) -> dict[str, Any]:
    """Another version; the payload or refusal."""
    return await act(town, "partner-1", "revise", offer_id, **await terms(town, **changed))


async def approved(town: Town, offer_id: str, by: str = "approver-1") -> dict[str, Any]:
    """Submit what was drafted, and approve it; the second payload or refusal."""
    await act(town, "partner-1", "submit", offer_id)
    return await act(town, by, "approve", offer_id)


async def live(town: Town, key: str, **changed: Any) -> str:
    """An offer that can be taken; its id."""
    offer_id = await drafted(town, key, **changed)
    made = await approved(town, offer_id)
    assert made["offer"]["status"] == "LIVE", made
    return offer_id


async def file(town: Town, offer_id: str, persona: str = "partner-1") -> dict[str, Any]:
    """The offer at its merchant's or its approver's desk."""
    lens = "approvals" if persona.startswith("approver") else "partner"
    taken = "stock { total left committed }" if lens == "approvals" else ""
    found = await town.data(persona, _FILE.replace("LENS", lens).replace("TAKEN", taken), {"i": offer_id})
    return dict(found[lens]["offer"])


async def stock(town: Town, offer_id: str) -> dict[str, int]:
    """How many there are, are left and are taken, as its approver reads it."""
    return dict((await file(town, offer_id, "approver-1"))["stock"])


async def stranger(town: Town) -> None:
    """From now on the persona STRANGER is the manager of another merchant."""
    async with town.house.database.writing() as unit:
        from parties.tables import party, staff

        of = party.select().where(party.c.code == "PARTNER2")
        other = (await unit.all(of))[0]
        manager = (await unit.all(staff.select().where(staff.c.party_id == other.id)))[0]
        await links.link(unit, issuer=DEMONSTRATION_ISSUER, name=STRANGER, owner=Owner(staff_id=manager.id))
    token = personas.sign(
        town.house.rings,
        personas.PERSONAS["partner-1"],
        STRANGER,
        other.id,
        audience=town.house.settings.audience,
        at=datetime.now(UTC),
    )
    town._tokens[STRANGER, None] = token
