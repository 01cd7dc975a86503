"""More people in a copy of the city, who can sign in and have taken nothing yet."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from api import personas
from api.demo import people
from api.house import House
from api.settings import DEMONSTRATION_ISSUER
from core.database import metadata
from core.identity import IdentityType
from credit import subjects

_SEED, _TODAY = 10_007, date(2026, 11, 23)


async def settle(house: House, many: int) -> Mapping[str, str]:
    """So many people; their tokens by the ids of their subjects."""
    at = datetime.now(UTC)
    subject, link = metadata.tables["subject"], metadata.tables["identity_link"]
    rows = [_subject(house, number, at) for number in range(many)]
    links = [
        {"issuer": DEMONSTRATION_ISSUER, "name": row["id"], "subject_id": row["id"], "staff_id": None} for row in rows
    ]
    async with house.database.writing() as unit:
        await unit.add(subject, rows)
        await unit.add(link, links)
    persona = personas.PERSONAS["citizen-1"]
    audience = house.settings.audience
    return {
        str(row["id"]): personas.sign(house.rings, persona, row["id"], None, audience=audience, at=at) for row in rows
    }


def _subject(house: House, number: int, at: datetime) -> dict[str, Any]:
    someone = people.citizen(number + 1_000_000, _SEED, _TODAY)
    row = subjects.sealed(
        house.vault,
        subject_id=f"sub_many{number:06d}",
        kind=someone.kind,
        type_=IdentityType.RESIDENT_ID,
        number=someone.number,
        name=someone.name,
    )
    return {**row, "adult_from": date(2000, 1, 1), "created_at": at}
