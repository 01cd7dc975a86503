"""A department's industry model in the invented city (Art. 9): written by one, reviewed and set live by another, run
once over the city's companies, through the same functions that anybody's acts go through."""

import csv
import io
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from api.demo import story
from api.demo.files import Plan
from api.settings import DEMONSTRATION_ISSUER
from core import uploads
from core.blobs import Blobs
from core.database import Database, WriteUnit
from core.principal import Principal
from core.uploads import Owner
from credit.kinds import RecordNature, SubjectKind
from grants.scope import RecordCategory
from oversight.industry import columns, live, models, runs, sheets
from oversight.industry.running import Runner
from oversight.industry.runs import Asked, IndustryRunKind
from oversight.industry.scorecards import Bin, Grade, Indicator, IndicatorSource, Scorecard
from oversight.industry.sheets import Brought
from oversight.industry.taking import SheetReader
from parties import callers, lookup

_PARTY, _AUTHOR, _REVIEWER = "SWHY", "industry-1", "industry-2"
_D = Decimal
CARD = Scorecard(
    "商贸企业行业信用评价",
    "《海津市商贸行业信用评价办法（示例）》（海津商规〔2025〕6号）",
    (
        Indicator(
            "GRADE",
            "公共信用综合评价",
            "公共信用综合评价等级",
            IndicatorSource.EVALUATION,
            _D("0.5"),
            _D(60),
            tuple(
                Bin(_D(points), f"GRADE_{grade}", value=grade)
                for grade, points in zip("ABCD", (100, 80, 40, 0), strict=True)
            ),
        ),
        Indicator(
            "PENALTY",
            "行政管理失信信息",
            "近三年行政管理类失信信息的条数",
            IndicatorSource.RECORD_FACT,
            _D("0.3"),
            _D(100),
            (Bin(_D(100), "NONE"), Bin(_D(60), "SOME", start=_D(1)), Bin(_D(0), "OFTEN", start=_D(3))),
            RecordCategory.ADMINISTRATIVE,
            RecordNature.ADVERSE,
            3,
        ),
        Indicator(
            "ON_TIME",
            "按期报送率",
            "本年度行业统计报表按期报送的百分比",
            IndicatorSource.OWN_NUMBER,
            _D("0.2"),
            _D(50),
            (Bin(_D(0), "SELDOM"), Bin(_D(60), "MOSTLY", start=_D(60)), Bin(_D(100), "ALWAYS", start=_D(90))),
        ),
    ),
    (Grade("C", None), Grade("B", _D(70)), Grade("A", _D(80))),
)


@dataclass(frozen=True)
class _Desk:
    """The department, and its two keepers."""

    party_id: str
    author: str
    reviewer: str


async def tell(database: Database, blobs: Blobs, plan: Plan, *, at: datetime) -> None:
    """One version live with one run, asked for within the last hour."""
    hour = at - timedelta(hours=1)
    async with database.writing() as unit:
        desk = await _desk(unit, at)
        model_id = await _reviewed(unit, desk, at - timedelta(days=9))
        sheet_id = await _brought(unit, blobs, desk, model_id, plan, hour)
    reader, runner = SheetReader(database, blobs, invented=True), Runner(database)
    await reader.run_once(at)
    for n, kind in enumerate((IndustryRunKind.SIMULATION, IndustryRunKind.RUN)):
        then = hour + timedelta(minutes=10 * n)
        async with database.writing() as unit:
            if kind is IndustryRunKind.RUN:
                row = await models.find(unit, model_id, party_id=desk.party_id)
                officer, read = desk.reviewer, row.version
                await live.go_live(unit, model_id, party_id=desk.party_id, by=officer, expected=read, at=then)
            asked = Asked(kind, model_id, sheet_id)
            await runs.ask(unit, asked, party_id=desk.party_id, by=desk.author, at=then)
        while await runner.run_once(at) == 0:
            pass


async def _desk(unit: WriteUnit, at: datetime) -> _Desk:
    party_id = await lookup.find(unit, _PARTY) or ""
    staff = []
    for persona in (_AUTHOR, _REVIEWER):
        signed_in = Principal(DEMONSTRATION_ISSUER, persona, "", organisation=party_id)
        staff.append((await callers.identify(unit, signed_in, at=at)).staff_id or "")
    return _Desk(party_id, *staff)


async def _reviewed(unit: WriteUnit, desk: _Desk, at: datetime) -> str:
    party_id = desk.party_id
    model_id = await models.draft(unit, "SM-01", CARD, party_id=party_id, by=desk.author, at=at)
    await models.submit(unit, model_id, party_id=party_id, by=desk.author, expected=1, at=at)
    word = (True, "指标、权重和分箱依据充分，同意。")
    await models.review(unit, model_id, word, party_id=party_id, by=desk.reviewer, expected=2, at=at)
    return model_id


async def _brought(unit: WriteUnit, blobs: Blobs, desk: _Desk, model_id: str, plan: Plan, at: datetime) -> str:
    draft = await blobs.write_whole(_sheet(plan), at=at)
    owner = Owner(party_id=desk.party_id)
    kept = await uploads.keep(unit, blobs, draft, owner=owner, media_type="text/csv", at=at)
    brought = Brought(model_id, "SM-2026-01", kept.id, whole=True)
    sheet_id, _ = await sheets.bring(unit, blobs, brought, party_id=desk.party_id, by=desk.author, at=at)
    return sheet_id


def _sheet(plan: Plan) -> bytes:
    """The city's companies and cooperatives, each with how often it reported in time."""
    text, chance = io.StringIO(), random.Random(f"keeping:{plan.seed}")
    out = csv.writer(text)
    out.writerow([columns.WHOSE, "ON_TIME"])
    for index in range(plan.organisations):
        one = story.organisation(index, plan.seed)
        if one.kind is not SubjectKind.INDIVIDUAL_BUSINESS:
            out.writerow([one.number, chance.choice((40, 75, 85, 92, 96, 100))])
    return text.getvalue().encode()
