"""Staff in every post of an organisation, whose tokens claim every right there is."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import text

from api import personas
from api.house import House
from api.personas import Persona
from api.settings import DEMONSTRATION_ISSUER
from core.principal import Channel, Scope
from parties import admission, links
from parties.kinds import Post
from parties.links import Owner
from tests.harness.callers import Town

# The city's institution, one that becomes a district's, and a merchant.
PLACES: Mapping[str, str] = {"city": "CREDIT", "district": "BHFGW", "elsewhere": "PARTNER1"}
_EVERYTHING = Persona("任何岗位", "haihe-desk", Channel.WEB, tuple(Scope))
_RATES = ("person_per_minute", "client_per_minute", "anonymous_per_minute")


def unhurried(house: House) -> None:
    """Let everybody of an application that is opened over this house ask as often as a test does."""
    house.settings = house.settings.model_copy(update=dict.fromkeys(_RATES, 10**6))


async def everybody(town: Town, place: str) -> dict[Post, str]:
    """A staff member in every post there, and a token of each that claims every right there is."""
    async with town.house.database.writing() as unit:
        row = await unit.first(text("SELECT id FROM party WHERE code = :c"), {"c": PLACES[place]})
        assert row is not None
        if place == "district":
            await unit.run(
                text("UPDATE party SET institution = true, district = '120101' WHERE id = :i"), {"i": row.id}
            )
        for post in Post:
            staff_id = await admission.employ(unit, row.id, label="某岗位", post=post)
            await links.link(unit, issuer=DEMONSTRATION_ISSUER, name=f"any-{post}", owner=Owner(staff_id=staff_id))
    at, rings = datetime.now(UTC), town.house.rings
    sign = personas.sign
    return {post: sign(rings, _EVERYTHING, f"any-{post}", row.id, audience="haihe", at=at) for post in Post}
