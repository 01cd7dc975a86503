"""`haihe token`: a demonstration token, and nothing else on standard output."""

from pathlib import Path

import click
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from api import clock, dpop, personas
from api.house import House
from api.settings import DEMONSTRATION_ISSUER, Settings
from core import installation
from core.database import Unit
from core.installation import Kind, WrongKind
from parties import lookup


async def show(settings: Settings, persona: str, acting_for: str | None, key: Path | None) -> None:
    """Print a persona's token, bound to a key (PEM, P-256) if there is one; raises `ValueError` for nobody's name or
    another kind of key, and `WrongKind` on a real database."""
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
    click.echo(
        personas.mint(
            house.rings,
            persona,
            party_id,
            audience=settings.audience,
            at=clock.now(),
            mandate=mandate_id,
            bound_to=None if key is None else _thumbprint(key),
        )
    )


def _thumbprint(path: Path) -> str:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError(f"{path} is no P-256 key")
    return dpop.thumbprint(ECAlgorithm.to_jwk(key.public_key(), as_dict=True))


async def _mandate(unit: Unit, persona: str, ward: str) -> str:
    found = await lookup.mandate_for(unit, issuer=DEMONSTRATION_ISSUER, name=persona, ward=ward)
    if found is None:
        raise ValueError(f"{persona} holds no mandate for {ward}")
    return found
