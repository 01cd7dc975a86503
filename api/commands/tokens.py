"""`haihe token`: a demonstration token, and nothing else on standard output."""

import click

from api import clock, personas
from api.app import House
from api.settings import DEMONSTRATION_ISSUER, Settings
from core import installation
from core.database import Unit
from core.installation import Kind, WrongKind
from parties import lookup


async def show(settings: Settings, persona: str, acting_for: str | None) -> None:
    """Print a persona's token; raises `ValueError` for nobody's name and `WrongKind` on a real database."""
    if persona not in personas.PERSONAS:
        raise ValueError(f"no persona {persona!r}; there are: {', '.join(personas.PERSONAS)}")
    house = House(settings)
    try:
        async with house.database.reading() as unit:
            if await installation.kind_of(unit) is not Kind.DEMONSTRATION:
                raise WrongKind("personas exist in a demonstration database only")
            party_id, mandate_id = await personas.party_of(unit, persona), None
            if acting_for is not None and acting_for in personas.PERSONAS:
                party_id, mandate_id = None, await _mandate(unit, persona, acting_for)
            elif acting_for is not None:
                party_id = await lookup.find(unit, acting_for)
                if party_id is None:
                    raise ValueError(f"no organisation and no persona {acting_for!r}")
    finally:
        await house.database.close()
    at = clock.now()
    click.echo(personas.mint(house.rings, persona, party_id, audience=settings.audience, at=at, mandate=mandate_id))


async def _mandate(unit: Unit, persona: str, ward: str) -> str:
    found = await lookup.mandate_for(unit, issuer=DEMONSTRATION_ISSUER, name=persona, ward=ward)
    if found is None:
        raise ValueError(f"{persona} holds no mandate for {ward}")
    return found
