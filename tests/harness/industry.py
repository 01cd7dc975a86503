"""A department's model that has been reviewed, and runs of it, as they are stored."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from api import personas
from core.ids import new_id
from oversight.industry import scorecards, writing
from oversight.industry.scorecards import Value
from oversight.industry.tables import industry_model, industry_result, industry_run, industry_sheet
from tests.harness.callers import Town

CARD: dict[str, Any] = {
    "name": "商贸企业行业信用评价",
    "instrument": "《海津市商贸行业信用评价办法（示例）》",
    "indicators": [
        {
            "code": "GRADE",
            "label": "公共信用综合评价",
            "description": "综合评价等级",
            "source": "EVALUATION",
            "weight": "0.6",
            "missing": "40",
            "bins": [
                {"value": grade, "points": points, "reason": f"GRADE_{grade}"}
                for grade, points in zip("ABCD", ("100", "80", "40", "0"), strict=True)
            ],
        },
        {
            "code": "STORES",
            "label": "门店",
            "description": "门店数量",
            "source": "OWN_NUMBER",
            "weight": "0.4",
            "missing": "0",
            "bins": [{"points": "0", "reason": "FEW"}, {"start": "10", "points": "250", "reason": "MANY"}],
        },
    ],
    "classes": [{"code": "C"}, {"code": "B", "start": "40"}, {"code": "A", "start": "80"}],
}
_MODEL = "model { id version }"


async def reviewed(town: Town, code: str = "SM-01", key: str = "model", **changed: Any) -> str:
    """A version that one officer wrote and another let stand; its id."""
    given = {"code": code, "scorecard": {**CARD, **changed}, "idempotencyKey": key}
    made = (await town.act("industry-1", "industryModelDraft", given, _MODEL))["model"]
    handed = {"modelId": made["id"], "expectedVersion": made["version"]}
    made = (await town.act("industry-1", "industryModelSubmit", handed, _MODEL))["model"]
    word = {"modelId": made["id"], "expectedVersion": made["version"], "stands": True, "reason": "依据充分"}
    return str((await town.act("industry-2", "industryModelReview", word, _MODEL))["model"]["id"])


async def ran(
    town: Town,
    model_id: str,
    values: Mapping[str, Mapping[str, Value]],
    *,
    at: datetime,
    kind: str = "RUN",
    state: str = "DONE",
    counts: Mapping[str, int | None] | None = None,
) -> dict[str, str]:
    """A run over subjects with these values, as everything stood then; each one's result by its subject."""
    async with town.house.database.writing() as unit:
        party_id = await personas.party_of(unit, "industry-1")
        model = await unit.first(industry_model.select().where(industry_model.c.id == model_id))
        assert model is not None
        sheet_id, run_id, results = new_id("ish"), new_id("irn"), {}
        sheet = {"id": sheet_id, "party_id": party_id, "model_id": model_id, "number": sheet_id, "sha256": "0" * 64}
        read = {"whole": True, "state": "TAKEN", "taken": len(values), "rejected": 0, "uploaded_by": "x"}
        await unit.run(industry_sheet.insert().values(**sheet, **read, uploaded_at=at, read_at=at))
        run = {"id": run_id, "number": f"HY{run_id[-12:]}", "kind": kind, "party_id": party_id, "model_id": model_id}
        over = {"population": len(values), "done": len(values) if state == "DONE" else 0, "passed_over": 0}
        run |= {"sha256": model.sha256, "instrument": "示例", "sheet_id": sheet_id, "as_of": at, "asked_by": "x"}
        ended = {"asked_at": at, "state": state, "finished_at": at if state == "DONE" else None}
        await unit.run(
            industry_run.insert().values(**run, **over, **ended, counts={"": dict(counts or {})}, digest="0" * 64)
        )
        card = writing.read(model.content)
        for subject_id, known in values.items():
            found, results[subject_id] = scorecards.outcome(card, known), new_id("irs")
            factors = [
                {
                    "indicator": f.indicator,
                    "reason": f.reason,
                    "contribution": _whole(f.contribution),
                    "contested": False,
                }
                for f in found.factors
            ]
            made = {"grade": found.grade, "points": _whole(found.points), "barred": found.barred, "factors": factors}
            new = {"id": results[subject_id], "run_id": run_id, "subject_id": subject_id, "marks": [], "version": 1}
            await unit.run(industry_result.insert().values(**new, **made))
    return results


def _whole(points: Decimal) -> int:
    return int(points * 10_000)
