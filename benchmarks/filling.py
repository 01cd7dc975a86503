"""A large invented population, written straight into the tables: the import is not what is measured here."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice
from typing import Any

import asyncpg
from sqlalchemy import JSON, Table, insert, select

from api.demo import people
from api.house import House
from api.settings import DEMONSTRATION_ISSUER
from core.database import metadata
from core.identity import IdentityType
from core.vault import Vault
from credit import subjects

RECORDS_EACH, GRANTS_EACH, CALLERS = 10, 3, 1000
_TODAY = date(2026, 11, 23)
_AT = datetime(2026, 11, 1, tzinfo=UTC)
_ITEMS = {"licence.document_name": "决定书", "licence.type": "普通", "licence.certificate_name": "健康证明"}
_CHUNK = 5000
Rows = Iterator[dict[str, Any]]


async def fill(house: House, citizens: int, records_each: int = RECORDS_EACH, callers: int = CALLERS) -> None:
    """`citizens` people with so many records, a score and three grants each; the callers among them can sign in."""
    async with house.database.writing() as unit:
        parties = metadata.tables["party"]
        bank, source = [
            (await unit.all(select(parties.c.id).where(parties.c.code == code)))[0].id for code in ("BANK1", "SCJG")
        ]
        notice = (await unit.all(select(metadata.tables["consent_notice"].c.hash)))[0].hash
    rows: dict[str, Rows] = {
        "subject": (_subject(house.vault, n) for n in range(citizens)),
        "record": (_record(n, k, source) for n in range(citizens) for k in range(records_each)),
        "score": (_score(n, notice) for n in range(citizens)),
        "consent_grant": (_grant(n, k, bank, notice) for n in range(citizens) for k in range(GRANTS_EACH)),
        "identity_link": (_link(n, person(n, citizens, callers)) for n in range(callers)),
    }
    write = _copy if house.database.dialect.name == "postgresql" else _insert
    for name, made in rows.items():
        await write(house, metadata.tables[name], made)


async def _insert(house: House, table: Table, rows: Rows) -> None:
    while chunk := list(islice(rows, _CHUNK)):
        async with house.database.writing() as unit:
            await unit.run(insert(table), chunk)


async def _copy(house: House, table: Table, rows: Rows) -> None:
    first = next(rows)
    dumps = [json.dumps if isinstance(table.c[name].type, JSON) else None for name in first]

    def records() -> Iterator[tuple[Any, ...]]:
        for row in chain((first,), rows):
            yield tuple(dump(value) if dump else value for dump, value in zip(dumps, row.values(), strict=True))

    connection = await asyncpg.connect(house.settings.database.replace("+asyncpg", ""))
    try:
        await connection.copy_records_to_table(table.name, records=records(), columns=list(first))
        await connection.execute(f"VACUUM ANALYZE {table.name}")
    finally:
        await connection.close()


def caller(number: int) -> str:
    """The name under which the number-th person signs in."""
    return f"bench-{number}"


def person(caller_number: int, citizens: int, callers: int = CALLERS) -> int:
    """Who that is. The callers lie evenly among all: nobody's rows are warmer than in a real day."""
    return caller_number * citizens // callers


def grant_id(number: int, part: int) -> str:
    """The id of a person's grant."""
    return _id("grt", number, part)


def _id(prefix: str, number: int, part: int = 0) -> str:
    return f"{prefix}_{number:012d}{part:08d}"


def _subject(vault: Vault, number: int) -> dict[str, Any]:
    someone = people.citizen(number + 1_000_000, 1, _TODAY)
    row = subjects.sealed(
        vault,
        subject_id=_id("sub", number),
        kind=someone.kind,
        type_=IdentityType.RESIDENT_ID,
        number=someone.number,
        name=someone.name,
    )
    return {**row, "adult_from": date(2000, 1, 1), "created_at": _AT}


def _link(caller_number: int, number: int) -> dict[str, Any]:
    return {
        "issuer": DEMONSTRATION_ISSUER,
        "name": caller(caller_number),
        "subject_id": _id("sub", number),
        "staff_id": None,
    }


def _record(number: int, part: int, source: str) -> dict[str, Any]:
    day = _TODAY - timedelta(days=37 * part + number % 29)
    return {
        "id": _id("rec", number, part),
        "version": 1,
        "subject_id": _id("sub", number),
        "kind": "licence",
        "category": "ADMINISTRATIVE",
        "nature": "NEUTRAL",
        "title": "行政许可：健康证明",
        "document_number": f"{number}-{part}",
        "authority": "海津市市场监督管理委员会",
        "occurred_on": day,
        "sorted_on": day,
        "publicity": "ON_AUTHORISATION",
        "publicity_until": day + timedelta(days=1825),
        "status": "CURRENT",
        "source_id": source,
        "source_name": "海津市市场监督管理委员会",
        "source_kind": "STATE_ORGAN",
        "items": _ITEMS,
        "marks": ["2026-11-12T08:00:00Z"] if part == 0 and number % 10 == 0 else [],
        "content_hash": "0" * 64,
        "recorded_at": _AT,
    }


def _score(number: int, notice: str) -> dict[str, Any]:
    return {
        "subject_id": _id("sub", number),
        "version": 1,
        "status": "OPEN",
        "value": 560 + number % 300,
        "tier": 2 + (number % 300 >= 90) + (number % 300 >= 190) + (number % 300 >= 290),
        "model_version": "demonstration-1",
        "computed_at": _AT,
        "factors": [],
        "marks": [],
        "notice_hash": notice,
        "opened_at": _AT,
    }


def _grant(number: int, part: int, bank: str, notice: str) -> dict[str, Any]:
    return {
        "id": grant_id(number, part),
        "version": 1,
        "status": "ACTIVE" if part else "REVOKED",
        "subject_id": _id("sub", number),
        "recipient_id": bank,
        "purpose": "FINANCING",
        "stages": ["PRE_LOAN"],
        "categories": ["ADMINISTRATIVE"],
        "includes_evaluation": False,
        "valid_from": _AT,
        "valid_until": _AT + timedelta(days=300),
        "retention_days": 180,
        "notice_hash": notice,
        "created_at": _AT + timedelta(hours=part),
    }
