"""The checks beside the store, the file and its form, by their decision table; what is rejected changes nothing."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
import xlsxwriter
import yaml

from api.demo import people
from credit import models
from intake import layouts
from intake.findings import CHECKS, Severity
from intake.layouts import LayoutName
from tests.harness import asking, everything
from tests.harness.callers import Town
from tests.harness.city import SEED
from tests.harness.intake_rows import LAYOUT, person
from tests.harness.provider_files import COMPANY, TODAY, load, penalty

_TABLE = yaml.safe_load(Path(__file__).with_name("store.yaml").read_text("utf-8"))
_LINES = [(section, line) for section, lines in _TABLE.items() for line in lines]
_COMPANY = {"name": COMPANY, "number": people.organisation(3, SEED).number}
_NOBODY = {"name": "某人", "number": people.citizen(9_999, SEED, TODAY).number}
_YOUNG = {"name": "马小明", "number": person(date(TODAY.year - 17, TODAY.month, 1) - timedelta(days=1))}
_TODAYS = {"处罚决定日期": f"{TODAY:%Y/%m/%d}", "公示截止期": f"{TODAY.year + 1}/{TODAY:%m}/01"}
_OWNER, _NUMBER = "citizen-2", "一号"
_DESK = "{ intakeReview { rows { edges { node { id } } } } }"
# What is kept of every file, whatever becomes of its rows; and of a row that a person is to look at.
_KEPT = everything.TRACES | {"intake_batch", "row_set_aside"}


async def _who(town: Town, name: str) -> Mapping[str, str]:
    told = {"nobody": _NOBODY, "company": _COMPANY, "shop": _COMPANY, "seventeen": _YOUNG}
    return told[name] if name in told else await asking.identity(town, name)


async def _row(town: Town, line: Mapping[str, Any]) -> tuple[LayoutName, dict[str, Any]]:
    """The layout and the row that a line means."""
    who = await _who(town, line.get("who", _OWNER))
    named = {layouts.IDENTITY_TYPE: "身份证", layouts.IDENTITY_NUMBER: who["number"]}
    if "act" in line:
        row = {
            "操作": line["act"],
            "信息类别": "行政处罚",
            "文书号": _NUMBER,
            layouts.SUBJECT_NAME: who["name"],
            **named,
        }
        if "to" in line:
            right = await _who(town, line["to"])
            type_ = "统一社会信用代码" if line["to"] == "company" else "身份证"
            row |= {"改归主体名称": right["name"], "改归证件类型": type_, "改归证件号码": right["number"]}
        return LayoutName.AMENDMENT, row | line.get("change", {})
    layout = LayoutName(line.get("layout", "penalty"))
    if layout is LayoutName.PENALTY:
        shop = {layouts.KIND: "个体工商户", layouts.USCC: who["number"], layouts.IDENTITY_NUMBER: ""}
        row = penalty(_NUMBER, **{layouts.NAME: who["name"], **named}, **_TODAYS)
        row |= shop if line.get("who") == "shop" else {}
    else:
        row = {layouts.KIND: "", "主体类别": "自然人", layouts.SUBJECT_NAME: who["name"], **named}
        row |= {"海河分": "700", "模型版本": models.in_force(TODAY).version, "计算时间": "2026-01-01T00:00:00Z"}
    return layout, row | line.get("change", {})


def _written(headers: Sequence[str], row: Mapping[str, Any], line: Mapping[str, Any]) -> bytes:
    """A file of that row, in the form that the line says."""
    cells = [row.get(header, "") for header in headers]
    if line.get("form") == "jsonl":
        good = dict.fromkeys(headers, "")
        whole = good | {key: value for key, value in row.items() if key in headers or key in line["change"]}
        return b"\n".join(orjson.dumps(one) for one in (good, whole))
    if line.get("form") == "xlsx":
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, headers)
            sheet.write_row(1, 0, cells)
        return out.getvalue()
    text = io.StringIO()
    rows = [[*cells, *["多"] * line.get("more", 0)]] * line.get("times", 1)
    csv.writer(text).writerows([headers, *rows])
    return text.getvalue().encode()


async def _send(town: Town, folder: Path, line: Mapping[str, Any]) -> list[str]:
    layout, row = await _row(town, line)
    path = folder / "sent"
    path.write_bytes(_written(LAYOUT[layout].headers, row, line))
    result = await load(town.house, path, line.get("provider", "SCJG"), now=lambda: datetime.now(UTC))
    return list(result.findings)


async def _decide(town: Town, decision: str) -> None:
    for edge in (await town.data("approver-1", _DESK))["intakeReview"]["rows"]["edges"]:
        said = {"rowId": edge["node"]["id"], "decision": decision, "reason": "已核实"}
        assert (await town.act("approver-1", "rowSetAsideDecide", said, "replayed"))["replayed"] is False


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("section", "line"), _LINES, ids=[line["case"] for _, line in _LINES])
async def test_table(town: Town, tmp_path: Path, section: str, line: dict[str, Any]) -> None:
    for earlier in line.get("after", ()):
        assert await _send(town, tmp_path, earlier) == []
    if "decided" in line:
        await _send(town, tmp_path, line)
        await _decide(town, line["decided"])
    before = await everything.stored(town, but=_KEPT)
    assert await _send(town, tmp_path, line) == line["finds"]
    rejected = any(CHECKS[code].severity is not Severity.WARNED for code in line["finds"])
    assert not rejected or await everything.stored(town, but=_KEPT) == before
