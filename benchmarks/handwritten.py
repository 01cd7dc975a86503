"""(a) What one would write by hand for this one screen: Starlette, asyncpg, seven statements, one committed log row."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.house import House
from api.issuers import Issuers, published
from api.settings import DEMONSTRATION_ISSUER
from api.tokens import Verifier
from benchmarks.eligible import FACTS, standing
from core.identity import mask
from core.ids import new_id
from core.moments import day_of, rfc3339
from core.vault import Vault
from credit import models
from incentives import conditions
from incentives.eligibility import Standing, is_eligible

_LINK = "SELECT subject_id FROM identity_link WHERE issuer = $1 AND name = $2"
_SUBJECT = (
    "SELECT id, kind, identity_type, name_sealed, identity_sealed, residence_district"
    " FROM subject LEFT JOIN residence ON subject_id = id WHERE id = $1"
)
_SCORE = "SELECT value, tier, computed_at FROM score WHERE subject_id = $1 AND status = 'OPEN'"
_RECORDS = (
    "SELECT id, category, title, authority, occurred_on, publicity_until, source_name, marks FROM record"
    " WHERE subject_id = $1 AND status = 'CURRENT' ORDER BY sorted_on DESC, id DESC LIMIT 11"
)
_GRANTS = (
    "SELECT id, status, purpose, valid_until, uses_left FROM consent_grant WHERE subject_id = $1"
    " ORDER BY created_at DESC, id DESC LIMIT 11"
)
_OFFERS = (
    "SELECT id, title, sector, benefit_text, ends_at, condition FROM offer WHERE status = 'LIVE' AND starts_at <= $1"
    " AND ends_at > $1 ORDER BY published_at DESC, id DESC LIMIT 11"
)
_LOG = (
    "INSERT INTO access (id, at, subject_id, basis, channel, purpose, shape_id, categories, codes, record_count)"
    " VALUES ($1, $2, $3, 'SELF', $4, 'SELF_QUERY', $5, $6, '[]', $7)"
)
_SHAPE = "INSERT INTO look_shape (id, fields) VALUES ('handwritten', '[]') ON CONFLICT DO NOTHING"


def create(house: House) -> Starlette:
    """The endpoint, on the same tables and with the same token check."""
    issuers = Issuers()
    issuers.trust(DEMONSTRATION_ISSUER, published(house.rings))
    verifier = Verifier(issuers, house.settings.audience)
    vault = Vault(house.rings)
    pools: list[Any] = []

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        url = house.settings.database.replace("+asyncpg", "")
        async with asyncpg.create_pool(url, min_size=16, max_size=16) as pool:
            pools.append(pool)
            await pool.execute(_SHAPE)
            yield

    async def home(request: Request) -> Response:
        at = datetime.now(UTC)
        principal = verifier.principal(request.headers["authorization"].removeprefix("Bearer "), at=at)
        await request.body()
        async with pools[0].acquire() as connection:
            subject_id = await connection.fetchval(_LINK, principal.issuer, principal.name)
            subject = await connection.fetchrow(_SUBJECT, subject_id)
            score = await connection.fetchrow(_SCORE, subject_id)
            facts = await connection.fetchrow(FACTS, subject_id, day_of(at))
            records = (await connection.fetch(_RECORDS, subject_id))[:10]
            grants = (await connection.fetch(_GRANTS, subject_id))[:10]
            offers = (await connection.fetch(_OFFERS, at))[:10]
            categories = orjson.dumps(sorted({row["category"] for row in records})).decode()
            logged = (new_id("acc"), at, subject_id, principal.channel.value, "handwritten", categories, len(records))
            await connection.execute(_LOG, *logged)
        body = {"data": {"me": _me(vault, subject, score, facts, records, grants, offers, at)}}
        return Response(orjson.dumps(body), media_type="application/json", headers={"Cache-Control": "no-store"})

    return Starlette(routes=[Route("/graphql", home, methods=["POST"])], lifespan=lifespan)


def _me(
    vault: Vault, subject: Any, score: Any, facts: Any, records: Any, grants: Any, offers: Any, at: datetime
) -> dict[str, Any]:
    number = vault.open("subject.identity_sealed", subject["id"], subject["identity_sealed"])
    tier = score["tier"] if score else None
    mine = standing(subject, number, tier, facts, day_of(at))
    return {
        "name": vault.open("subject.name_sealed", subject["id"], subject["name_sealed"]),
        "identity": {"masked": mask(number)},
        "score": score
        and {
            "value": score["value"],
            "band": {"name": models.MODELS[-1].band_of(score["value"]).name},
            "computedAt": rfc3339(score["computed_at"]),
        },
        "records": {"edges": [{"node": _record(row)} for row in records]},
        "grants": {"edges": [{"node": _grant(row, at)} for row in grants]},
        "offers": {"edges": [{"node": _offer(row, mine)} for row in offers]},
    }


def _record(row: Any) -> dict[str, Any]:
    return {
        "id": row["id"],
        "category": row["category"],
        "title": row["title"],
        "authority": row["authority"],
        "occurredOn": row["occurred_on"],
        "publicityUntil": row["publicity_until"],
        "source": {"name": row["source_name"]},
        "objections": [{"filedAt": filed} for filed in orjson.loads(row["marks"])],
    }


def _grant(row: Any, at: datetime) -> dict[str, Any]:
    status = row["status"]
    if status == "ACTIVE" and at >= row["valid_until"]:
        status = "EXPIRED"
    elif status == "ACTIVE" and row["uses_left"] == 0:
        status = "EXHAUSTED"
    return {"id": row["id"], "status": status, "purpose": row["purpose"], "validUntil": rfc3339(row["valid_until"])}


def _offer(row: Any, mine: Standing) -> dict[str, Any]:
    return {
        "eligible": is_eligible(conditions.read(row["condition"]), mine),
        "offer": {
            "id": row["id"],
            "title": row["title"],
            "sector": row["sector"],
            "benefitText": row["benefit_text"],
            "endsAt": rfc3339(row["ends_at"]),
        },
    }
