"""A department's own indicators as a sheet (Art. 9): what is taken, what is refused row by row or whole, and once."""

from typing import Any

import orjson
import pytest

from core import sheets
from core.database import metadata
from oversight.industry import taking
from oversight.industry.columns import WHOSE
from tests.harness import industries, organs
from tests.harness.callers import Town
from tests.harness.industries import brought, csv_of, level_of, stores_of
from tests.harness.intake_rows import organisation

_SHEET = """query($id: ID!) { industry { sheet(id: $id) { state refused refusedOf taken rejected uploader { label }
  rejects { edges { node { number code indicator } } } } } }"""
_HEAD = f"{WHOSE},STORES,LEVEL"


async def _sheet(town: Town, sheet_id: str) -> Any:
    found = (await town.data("industry-2", _SHEET, {"id": sheet_id}))["industry"]["sheet"]
    found["rejects"] = [tuple(one["node"].values()) for one in found["rejects"]["edges"]]
    return found


async def _read(town: Town, data: bytes, number: str = "S-1", *, whole: bool = False) -> Any:
    model = getattr(town, "_model", None) or await industries.reviewed(town)
    town._model = model  # type: ignore[attr-defined]  # one for all sheets of a test
    sheet = await brought(town, model, data, number, whole=whole)
    await industries.read(town)
    return await _sheet(town, sheet["sheet"]["id"])


async def _values(town: Town) -> int:
    return await town.count("SELECT count(*) FROM industry_value")


async def test_each_row_has_its_outcome_and_the_others_are_taken(town: Town) -> None:
    await industries.settle(town, 3, at=industries.earlier(60))
    rows = [
        _HEAD,
        f"{organisation(0)},12.5,甲",
        f"{organisation(1)[:-1]}?,1,甲",  # no code
        f"{organisation(1)},many,甲",
        f"{organisation(1)},1,丙",
        f"{organisation(2)},,",
        f"{organisation(0)},3,乙",  # again
        f"{organisation(9999)},3,乙",  # not here
        f"{organisation(1)},3",  # a cell is missing
        "911200001032101234,3,乙",  # real
    ]
    found = await _read(town, "\r\n".join(rows).encode("gb18030"))
    assert (found["state"], found["taken"], found["rejected"]) == ("TAKEN", 2, 7)
    assert found["rejects"][:6] == [
        (3, "CODE_INVALID", None),
        (4, "VALUE_NOT_A_NUMBER", "STORES"),
        (5, "VALUE_UNKNOWN", "LEVEL"),
        (7, "CODE_TWICE", None),
        (8, "NOT_EVALUATED", None),
        (9, "COLUMN_NAMES", None),
    ]
    assert found["rejects"][6][1] in ("CODE_REAL", "CODE_INVALID")
    assert await _values(town) == 2
    # The file is gone, and what was said is sealed.
    assert await town.count("SELECT count(*) FROM industry_sheet WHERE blob_id IS NOT NULL") == 0
    async with town.house.database.reading() as unit:
        sealed = [row.values_sealed for row in await unit.all(metadata.tables["industry_value"].select())]
    assert not any(b"12.5" in one or "甲".encode() in one for one in sealed)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_whole_sheet_is_taken_or_refused_as_one(town: Town) -> None:
    await industries.settle(town, 2, at=industries.earlier(60))
    bad = f"{_HEAD}\n{organisation(0)},1,甲\n{organisation(1)},x,甲\n".encode()
    found = await _read(town, bad, whole=True)
    assert (found["state"], found["refused"], found["taken"], found["rejected"]) == ("REFUSED", "ROWS_REJECTED", 0, 1)
    assert found["rejects"] == [(3, "VALUE_NOT_A_NUMBER", "STORES")]
    assert await _values(town) == 0


_HEADERS = (
    ("统一社会信用代码,STORES", "COLUMN_MISSING", "LEVEL"),
    ("统一社会信用代码,STORES,LEVEL,EXTRA", "COLUMN_UNKNOWN", "EXTRA"),
    ("统一社会信用代码,STORES,STORES,LEVEL", "COLUMN_TWICE", "STORES"),
    ("统一社会信用代码,STORES,LEVEL,宗 教信仰", "FORBIDDEN_ATTRIBUTE", "征信业管理条例14：宗教信仰"),
    ("STORES,LEVEL", "COLUMN_MISSING", WHOSE),
)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_header_that_is_not_the_scorecards_refuses_the_sheet(town: Town) -> None:
    await industries.settle(town, 1, at=industries.earlier(60))
    for place, (head, code, of) in enumerate(_HEADERS):
        found = await _read(town, f"{head}\n{organisation(0)},1,甲,x\n".encode(), f"H-{place}")
        assert (found["state"], found["refused"], found["refusedOf"]) == ("REFUSED", code, of)
    for place, data in enumerate(
        (_HEAD.encode(), b"\x00\x01", b"[{}]", b"PK\x03\x04 no zip", b'{"a": ', b"\xff\xfe\xfd")
    ):
        found = await _read(town, data, f"U-{place}")
        assert (found["state"], found["taken"]) == ("REFUSED", 0)
        assert found["refused"] in ("SHEET_UNREADABLE", "SHEET_EMPTY", "COLUMN_UNKNOWN")
    assert await _values(town) == 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_every_form_says_the_same(town: Town) -> None:
    await industries.settle(town, 40, at=industries.earlier(60))
    rows = [(organisation(n), stores_of(n), level_of(n)) for n in range(40)]
    lines = [orjson.dumps({WHOSE: code, "STORES": stores or None, "LEVEL": level}) for code, stores, level in rows]
    book = sheets.write("指标", [(WHOSE, "STORES", "LEVEL"), *rows], widths=[20, 10, 10])
    for number, data in (("csv", csv_of(range(40))), ("jsonl", b"\n".join(lines)), ("xlsx", book)):
        found = await _read(town, data, number, whole=True)
        assert (found["state"], found["taken"], found["refusedOf"]) == ("TAKEN", 40, None)
    values = metadata.tables["industry_value"]
    said: dict[str, set[str]] = {}
    async with town.house.database.reading() as unit:
        for row in await unit.all(values.select()):
            text = unit.vault.open(taking.PLACE, row.id, row.values_sealed)
            said.setdefault(row.subject_id, set()).add(text)
    assert len(said) == 40
    assert all(len(texts) == 1 for texts in said.values())


async def test_the_number_is_the_key(town: Town) -> None:
    await industries.settle(town, 3, at=industries.earlier(60))
    model = await industries.reviewed(town)
    first = await brought(town, model, csv_of(range(3)))
    blobs = await town.count("SELECT count(*) FROM blob")
    again = await brought(town, model, csv_of(range(3)))
    assert (again["sheet"]["id"], again["replayed"]) == (first["sheet"]["id"], True)
    assert await town.count("SELECT count(*) FROM blob") == blobs
    assert (await brought(town, model, csv_of(range(2))))["code"] == "SHEET_NUMBER_USED"
    assert (await brought(town, model, csv_of(range(3)), whole=False))["code"] == "SHEET_NUMBER_USED"
    assert (await brought(town, model, csv_of(range(3)), "a b"))["code"] == "INVALID_INPUT"
    await industries.read(town)
    assert (await brought(town, model, csv_of(range(3))))["sheet"]["state"] == "TAKEN"
    assert await town.count("SELECT count(*) FROM industry_sheet") == 1
    # No more of them wait than the duty can read soon.
    for place in range(5):
        await brought(town, model, csv_of(range(1)), f"W-{place}")
    assert (await brought(town, model, csv_of(range(1)), "W-6"))["code"] == "SHEETS_WAITING"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_bounds(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    await industries.settle(town, 5, at=industries.earlier(60))
    monkeypatch.setattr(taking, "MOST_ROWS", 4)
    found = await _read(town, csv_of(range(5)), "many")
    assert (found["refused"], found["refusedOf"], found["taken"]) == ("TOO_MANY_ROWS", "4", 0)
    monkeypatch.setattr(taking, "MOST_REJECTED", 2)
    bad = "\n".join([_HEAD, *("x,1,甲" for _ in range(3)), f"{organisation(0)},1,甲"]).encode()
    found = await _read(town, bad, "bad")
    assert (found["refused"], found["taken"], found["rejected"], len(found["rejects"])) == (
        "TOO_MANY_REJECTED",
        0,
        3,
        2,
    )
    large = await organs.upload(town, b"x" * (21 * 1024 * 1024), by="industry-1")
    assert large.status_code == 413


class _Killed(BaseException):
    """As a kill, in this process."""


@pytest.mark.parametrize("call", [1, 2, 3])
async def test_a_reader_that_is_killed_is_followed_by_one_that_reads_all(
    town: Town, call: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    await industries.settle(town, 10, at=industries.earlier(60))
    monkeypatch.setattr(taking, "AT_ONCE", 4)
    model = await industries.reviewed(town)
    sheet = await brought(town, model, csv_of(range(10)))
    calls, sealed = 0, taking._waits

    async def deadly(*arguments: Any) -> bool:
        nonlocal calls
        calls += 1
        if calls == call + 1:
            raise _Killed
        return await sealed(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(taking, "_waits", deadly)
        with pytest.raises(_Killed):
            await industries.read(town)
    assert await _values(town) == min(call * 4, 10)
    assert (await _sheet(town, sheet["sheet"]["id"]))["state"] == "WAITING"
    await industries.read(town)
    assert (await _sheet(town, sheet["sheet"]["id"]))["taken"] == await _values(town) == 10
