"""Organisations by the hundred, a department's model of them, and what it must come to, counted the plain way."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import text

from api.clock import now
from core.database import metadata
from core.identity import IdentityType
from core.moments import day_of
from credit import subjects
from credit.kinds import SubjectKind
from oversight.industry.columns import WHOSE
from oversight.industry.running import SETTLES, Runner
from oversight.industry.taking import SheetReader
from tests.harness import organs
from tests.harness.callers import Town
from tests.harness.intake_rows import organisation

MODEL = "model { id state sha256 version simulationId liveAt retiredAt }"
SHEET = "sheet { id state refused refusedOf taken rejected number } replayed"
RUN = "run { id number kind state population done passedOver digest asOf } replayed"
_GRADES = [
    {"value": g, "points": p, "reason": f"GRADE_{g}"} for g, p in zip("ABCD", ("100", "80", "40", "0"), strict=True)
]
_POINTS = {"A": 100, "B": 80, "C": 40, "D": 0, None: 30}
CARD: Mapping[str, Any] = {
    "name": "商贸企业行业信用评价",
    "instrument": "《海津市商贸行业信用评价办法（示例）》",
    "indicators": [
        {
            "code": "GRADE",
            "label": "公共信用综合评价",
            "description": "综合评价等级",
            "source": "EVALUATION",
            "weight": "0.5",
            "missing": "30",
            "bins": _GRADES,
        },
        {
            "code": "PENALTIES",
            "label": "行政处罚",
            "description": "三年内行政管理类失信信息",
            "source": "RECORD_FACT",
            "category": "ADMINISTRATIVE",
            "nature": "ADVERSE",
            "years": 3,
            "weight": "0.25",
            "missing": "0",
            "bins": [{"points": "100", "reason": "NONE"}, {"start": "1", "points": "20", "reason": "SOME"}],
        },
        {
            "code": "STORES",
            "label": "门店",
            "description": "门店数量",
            "source": "OWN_NUMBER",
            "weight": "0.15",
            "missing": "10",
            "bins": [{"points": "0", "reason": "FEW"}, {"start": "10", "points": "200.5", "reason": "MANY"}],
        },
        {
            "code": "LEVEL",
            "label": "等级",
            "description": "行业等级",
            "source": "OWN_CODE",
            "weight": "0.1",
            "missing": "0",
            "bins": [
                {"value": "甲", "points": "100", "reason": "FIRST"},
                {"value": "乙", "points": "50", "reason": "SECOND"},
            ],
        },
    ],
    "classes": [{"code": "C"}, {"code": "B", "start": "40"}, {"code": "A", "start": "65"}],
}


def subject_of(number: int) -> str:
    """The id of an organisation."""
    return f"sub_org{number:07d}"


def grade_of(number: int) -> str | None:
    """Its public evaluation."""
    return ("A", "B", "C", "D", None)[number % 5]


def penalties_of(number: int) -> int:
    """How many adverse records of three years it has; each third has an older one besides."""
    return (0, 0, 1, 2)[number % 4]


def stores_of(number: int) -> str:
    """The department's number."""
    return ("", "3", "10", "250.5")[number // 5 % 4]


def level_of(number: int) -> str:
    """The department's code."""
    return ("甲", "乙", "")[number // 20 % 3]


def expected(number: int) -> tuple[str, int, bool]:
    """The class, the points in ten-thousandths, and whether D bars the top."""
    stores, level = stores_of(number), level_of(number)
    points = 5000 * _POINTS[grade_of(number)] + 2500 * (20 if penalties_of(number) else 100)
    points += 1500 * 10 if not stores else (15 * 20050) if float(stores) >= 10 else 0
    points += 1000 * {"甲": 100, "乙": 50, "": 0}[level]
    grade = "A" if points >= 650_000 else "B" if points >= 400_000 else "C"
    barred = grade == "A" and grade_of(number) == "D"
    return ("B" if barred else grade), points, barred


async def settle(town: Town, many: int, *, at: datetime) -> None:
    """So many organisations, with what is recorded of them by an instant."""
    tables = metadata.tables
    vault, today = town.house.vault, day_of(at)
    async with town.house.database.writing() as unit:
        await unit.add(tables["subject"], (_subject(vault, number, at) for number in range(many)))
        await unit.add(tables["record"], (row for number in range(many) for row in _records(number, at, today)))
        await unit.add(
            tables["evaluation"], (_evaluation(number, at, today) for number in range(many) if grade_of(number))
        )


def csv_of(numbers: Sequence[int]) -> bytes:
    """The department's sheet of these."""
    rows = [f"{WHOSE},STORES,LEVEL"]
    rows += [f"{organisation(number)},{stores_of(number)},{level_of(number)}" for number in numbers]
    return "\n".join(rows).encode()


async def reviewed(town: Town, code: str = "SM-01", **card: Any) -> dict[str, Any]:
    """A version that a second person has let stand."""
    given = {"code": code, "scorecard": {**CARD, **card}, "idempotencyKey": f"draft {code} {sorted(card)}"}
    model = (await town.act("industry-1", "industryModelDraft", given, MODEL + " replayed"))["model"]
    model = (await does(town, "industry-1", "industryModelSubmit", model))["model"]
    word = {"stands": True, "reason": "依据充分"}
    found: dict[str, Any] = (await does(town, "industry-2", "industryModelReview", model, **word))["model"]
    return found


async def does(town: Town, by: str, act: str, model: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """An act on a version as it was read."""
    return await town.act(by, act, {"modelId": model["id"], "expectedVersion": model["version"], **more}, MODEL)


async def brought(
    town: Town, model: Mapping[str, Any], data: bytes, number: str = "2026-11", *, whole: bool = True
) -> dict[str, Any]:
    """A sheet, uploaded and named: the payload or the refusal."""
    upload = (await organs.upload(town, data, by="industry-1")).json()
    given = {"modelId": model["id"], "number": number, "uploadId": upload["id"], "whole": whole}
    return await town.act("industry-1", "industrySheetUpload", given, SHEET)


async def read(town: Town) -> None:
    """Read what waits, as the duty does."""
    reader = SheetReader(town.house.database, town.house.blobs, invented=True)
    while await reader.run_once(now()) == 0.0:
        pass


async def taken(town: Town, model: Mapping[str, Any], many: int, number: str = "2026-11") -> str:
    """The id of a sheet of so many organisations that was read."""
    sheet = await brought(town, model, csv_of(range(many)), number)
    await read(town)
    return str(sheet["sheet"]["id"])


async def asked(
    town: Town, act: str, model: Mapping[str, Any], sheet_id: str, *, as_of: datetime | None = None, key: str = "k"
) -> dict[str, Any]:
    """A simulation or a run that was asked for: the payload or the refusal."""
    given = {"modelId": model["id"], "sheetId": sheet_id, "idempotencyKey": key}
    given |= {"asOf": as_of.isoformat()} if as_of else {}
    return await town.act("industry-2", act, given, RUN)


async def carried(town: Town, *, stretches: int | None = None) -> None:
    """Carry out what was asked for, as the duty does a minute later; only so many stretches, or all."""
    runner, at = Runner(town.house.database), now() + SETTLES + timedelta(seconds=1)
    while (stretches is None or stretches > 0) and await runner.run_once(at) == 0.0:
        stretches = None if stretches is None else stretches - 1


async def analysed(town: Town) -> None:
    """Let the planner know what was entered: nobody does it by itself in the tests' cluster, as PostgreSQL's own
    autovacuum does elsewhere."""
    if town.house.database.dialect.name == "postgresql":
        async with town.house.database.writing() as unit:
            await unit.run(text("ANALYZE"))


async def live(town: Town, many: int) -> tuple[dict[str, Any], str]:
    """A live version, and its sheet of so many organisations."""
    model = await reviewed(town)
    sheet_id = await taken(town, model, many)
    await analysed(town)
    await asked(town, "industrySimulate", model, sheet_id)
    await carried(town)
    found = await does(town, "industry-2", "industryModelGoLive", model)
    return found["model"], sheet_id


async def results(town: Town, run_id: str) -> list[tuple[Any, ...]]:
    """Every result of a run but for its id, in order."""
    table = metadata.tables["industry_result"]
    async with town.house.database.reading() as unit:
        rows = await unit.all(table.select().where(table.c.run_id == run_id).order_by(table.c.subject_id))
    return [(row.subject_id, row.grade, row.points, row.barred, row.factors) for row in rows]


def classes(many: int) -> Counter[str]:
    """How many have which class."""
    return Counter(expected(number)[0] for number in range(many))


def _subject(vault: Any, number: int, at: datetime) -> dict[str, Any]:
    code, kind = organisation(number), SubjectKind.LEGAL_PERSON
    named = {"number": code, "name": f"海津第{number}商贸有限公司"}
    row = subjects.sealed(vault, subject_id=subject_of(number), kind=kind, type_=IdentityType.USCC, **named)
    return {**row, "created_at": at}


def _records(number: int, at: datetime, today: date) -> list[dict[str, Any]]:
    days = [today - timedelta(days=30 + 100 * place) for place in range(penalties_of(number))]
    days += [today - timedelta(days=1500)] if number % 3 == 0 else []
    return [_record(number, place, day, at) for place, day in enumerate(days)]


def _record(number: int, place: int, day: date, at: datetime) -> dict[str, Any]:
    return {
        "id": f"rec_org{number:07d}_{place}",
        "version": 1,
        "subject_id": subject_of(number),
        "kind": "PENALTY",
        "catalogue": "2026-1",
        "category": "ADMINISTRATIVE",
        "nature": "ADVERSE",
        "title": "行政处罚",
        "document_number": f"{number}-{place}",
        "authority": "海津示例局",
        "occurred_on": day,
        "sorted_on": day,
        "publicity": "PUBLIC",
        "status": "CURRENT",
        "source_id": "src_industry",
        "source_name": "海津示例局",
        "source_kind": "STATE_ORGAN",
        "items": {},
        "marks": [],
        "content_hash": f"{number}-{place}",
        "recorded_at": at,
    }


def _evaluation(number: int, at: datetime, today: date) -> dict[str, Any]:
    return {
        "subject_id": subject_of(number),
        "version": 1,
        "grade": grade_of(number),
        "basis": "依据",
        "assessed_on": today - timedelta(days=20),
        "valid_until": today + timedelta(days=300),
        "source_id": "src_industry",
        "source_name": "海津示例中心",
        "marks": [],
        "recorded_at": at,
    }


def earlier(minutes: int) -> datetime:
    """An instant that has settled."""
    return datetime.now(UTC) - timedelta(minutes=minutes)
