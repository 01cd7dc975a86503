"""A large invented population, written straight into PostgreSQL with COPY: the import is not what is measured here."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg

from api.demo import people
from api.settings import DEMONSTRATION_ISSUER
from core.identity import IdentityType
from core.vault import Vault
from credit import subjects

RECORDS_EACH, GRANTS_EACH, CALLERS = 10, 3, 1000
_TODAY = date(2026, 11, 23)
_AT = datetime(2026, 11, 1, tzinfo=UTC)
_ITEMS = json.dumps(
    {"licence.document_name": "决定书", "licence.type": "普通", "licence.certificate_name": "健康证明"},
    ensure_ascii=False,
)


async def fill(url: str, vault: Vault, citizens: int) -> None:
    """`citizens` people with ten records, a score and three grants each; the first thousand can sign in."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        bank = await connection.fetchval("SELECT id FROM party WHERE code = 'BANK1'")
        notice = await connection.fetchval("SELECT hash FROM consent_notice LIMIT 1")
        source = await connection.fetchval("SELECT id FROM party WHERE code = 'SCJG'")
        await _copy(connection, "subject", (_subject(vault, n) for n in range(citizens)))
        await _copy(connection, "record", (_record(n, k, source) for n in range(citizens) for k in range(RECORDS_EACH)))
        await _copy(connection, "score", (_score(n, notice) for n in range(citizens)))
        grants = (_grant(n, k, bank, notice) for n in range(citizens) for k in range(GRANTS_EACH))
        await _copy(connection, "consent_grant", grants)
        links = (
            {"issuer": DEMONSTRATION_ISSUER, "name": caller(n), "subject_id": _id("sub", n), "staff_id": None}
            for n in range(min(citizens, CALLERS))
        )
        await _copy(connection, "identity_link", links)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


def caller(number: int) -> str:
    """The name under which the number-th person signs in."""
    return f"bench-{number}"


async def _copy(connection: Any, table: str, rows: Iterator[dict[str, Any]]) -> None:
    first = next(rows)
    columns = list(first)

    def records() -> Iterator[tuple[Any, ...]]:
        yield tuple(first.values())
        for row in rows:
            yield tuple(row.values())

    await connection.copy_records_to_table(table, records=records(), columns=columns)


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
        "marks": '["2026-11-12T08:00:00Z"]' if part == 0 and number % 10 == 0 else "[]",
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
        "factors": "[]",
        "marks": "[]",
        "notice_hash": notice,
        "opened_at": _AT,
    }


def _grant(number: int, part: int, bank: str, notice: str) -> dict[str, Any]:
    return {
        "id": _id("grt", number, part),
        "version": 1,
        "status": "ACTIVE" if part else "REVOKED",
        "subject_id": _id("sub", number),
        "recipient_id": bank,
        "purpose": "FINANCING",
        "stages": '["PRE_LOAN"]',
        "categories": '["ADMINISTRATIVE"]',
        "includes_evaluation": False,
        "valid_from": _AT,
        "valid_until": _AT + timedelta(days=300),
        "retention_days": 180,
        "notice_hash": notice,
        "created_at": _AT + timedelta(hours=part),
    }
