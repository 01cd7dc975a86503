"""`haihe token`: a demonstration token, and nothing else on standard output."""

import click

from api import clock, personas
from api.app import House
from api.settings import Settings
from core import installation
from core.installation import Kind, WrongKind
from parties import lookup


async def show(settings: Settings, persona: str, organisation: str | None) -> None:
    """Print a persona's token; raises `ValueError` for nobody's name and `WrongKind` on a real database."""
    if persona not in personas.PERSONAS:
        raise ValueError(f"no persona {persona!r}; there are: {', '.join(personas.PERSONAS)}")
    house = House(settings)
    try:
        async with house.database.reading() as unit:
            if await installation.kind_of(unit) is not Kind.DEMONSTRATION:
                raise WrongKind("personas exist in a demonstration database only")
            party_id = await personas.party_of(unit, persona)
            if organisation is not None:
                party_id = await lookup.find(unit, organisation)
                if party_id is None:
                    raise ValueError(f"no organisation {organisation!r}")
    finally:
        await house.database.close()
    click.echo(personas.mint(house.rings, persona, party_id, audience=settings.audience, at=clock.now()))
