"""Whole files: what is not one, what was rejected and comes back, how large they may be, how the city writes them."""

import csv
import io
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from api.demo import people
from api.house import House
from intake import layouts
from intake.errors import FileRefused
from intake.loading import BATCH, Loader
from tests.harness.callers import Town
from tests.harness.city import SEED
from tests.harness.provider_files import TODAY, counts, load, penalty, write


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_rejected_file_is_corrected_and_sent_again(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", layouts.PENALTY, [penalty("坏", 处罚决定日期="昨天")])
    rejected = (await load(town.house, path)).rejected_path
    assert rejected is not None
    rejected.write_text(rejected.read_text("utf-8-sig").replace("昨天", "2026/01/05"), "utf-8-sig")
    assert counts(await load(town.house, rejected)) == (1, 0, 0, 0)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_row_of_too_many_cells_fails_again_when_sent_again(town: Town, tmp_path: Path) -> None:
    someone = people.citizen(7_000, SEED, TODAY)
    path = tmp_path / "a.csv"
    path.write_text(f"{','.join(layouts.SUBJECT.headers)}\n自然人,身份证,{someone.number},买买提,艾力\n", "utf-8")
    first = await load(town.house, path, "HUB")
    assert first.rejected_path is not None
    again = await load(town.house, first.rejected_path, "HUB")
    assert (counts(first), counts(again)) == ((0, 0, 0, 1), (0, 0, 0, 1))
    assert "艾力" in first.rejected_path.read_text("utf-8-sig")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_our_columns_may_stand_anywhere(town: Town, tmp_path: Path) -> None:
    someone = people.citizen(7_001, SEED, TODAY)
    path = tmp_path / "a.csv"
    header = f"{layouts.LINE},主体名称,{layouts.REASON},主体类别,证件类型,证件号码"
    path.write_text(
        f"{header}\n3,{someone.name},缘由,自然人,身份证,{someone.number}\n9,甲,缘由,自然人,身份证,1\n", "utf-8"
    )
    result = await load(town.house, path, "HUB")
    assert counts(result) == (1, 0, 0, 1)
    assert result.rejected_path is not None
    with result.rejected_path.open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["主体名称"] == "甲"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_corrections_that_were_not_sent_yet_are_not_lost(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", layouts.PENALTY, [penalty("坏", 处罚决定日期="昨天")])
    rejected = (await load(town.house, path)).rejected_path
    assert rejected is not None
    rejected.write_text("更正", "utf-8")
    await load(town.house, path)
    assert rejected.with_suffix(".csv.previous").read_text("utf-8") == "更正"
    write(path, layouts.PENALTY, [penalty("好")])
    await load(town.house, path)
    assert rejected.exists()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_byte_order_mark_in_gb18030_is_passed_over(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", layouts.PENALTY, [penalty()], "gb18030")
    path.write_bytes("\ufeff".encode("gb18030") + path.read_bytes())
    assert counts(await load(town.house, path)) == (1, 0, 0, 0)


def _utf8(text: str) -> bytes:
    return text.encode()


_HEADER = ",".join(layouts.SUBJECT.headers)
_REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "文件为空"),
    "blank lines": (b"\n\n\n", "文件为空"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "不是文本文件"),
    "a workbook's first bytes": (b"PK\x03\x04\x14\x00\x06\x00", "不是有效的 xlsx"),
    "UTF-16": (_HEADER.encode("utf-16"), "不是文本文件"),
    "neither encoding": (_utf8(_HEADER) + b"\n\xff\xff\xff", "编码既不是"),
    "another table": (_utf8("a,b,c\n1,2,3\n"), "表头不是任何一种交换格式"),
    "one column short": (_utf8("主体类别,证件类型,证件号码\n"), "缺少：主体名称"),
    "one column more": (_utf8(_HEADER + ",多余\n"), "多出：多余"),
    "a column twice": (_utf8("主体类别,证件类型,证件号码,证件号码\n"), "表头不是任何一种交换格式"),
    "an open quote": (_utf8(_HEADER + '\n自然人,"身份证,1,甲\n'), "不是有效的 CSV"),
    "an endless field": (_utf8(_HEADER + "\n" + "x" * 70_000), "一行超过65536个字"),
    "a number that could be real": (_utf8(_HEADER + "\n自然人,身份证,110101199003077774,甲\n"), "不是演示号段"),
}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("_case", _REFUSED)
async def test_what_is_not_such_a_file_is_refused_whole(town: Town, tmp_path: Path, _case: str) -> None:
    content, reason = _REFUSED[_case]
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    before = await town.count("SELECT count(*) FROM intake_batch")
    with pytest.raises(FileRefused, match=reason):
        await load(town.house, path, "HUB")
    assert await town.count("SELECT count(*) FROM intake_batch") == before
    assert not path.with_suffix(".rejected.csv").exists()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_nobodys_provider_loads_nothing(town: Town) -> None:
    for code in ("NOBODY", "BANK1", ""):
        with pytest.raises(FileRefused, match="没有代码为"):
            await Loader.of(town.house.database, code, invented=True, beyond=())


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_columns_in_another_order_and_more_than_a_batch(town: Town, tmp_path: Path) -> None:
    headers = list(reversed(layouts.SUBJECT.headers))
    count = BATCH + 7
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headers)
    for index in range(1000, 1000 + count):
        who = people.citizen(index, SEED, TODAY)
        row = {"主体类别": "自然人", "证件类型": "身份证", "证件号码": who.number.lower(), "主体名称": who.name}
        writer.writerow([row[header] for header in headers])
    path = tmp_path / "a.csv"
    path.write_text(out.getvalue(), "utf-8")
    assert counts(await load(town.house, path, "HUB")) == (count, 0, 0, 0)
    assert counts(await load(town.house, path, "HUB")) == (0, 0, count, 0)


def test_the_city_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    from api.demo import files
    from api.demo.files import Plan

    plan = Plan(40, 8, 3, date(2026, 11, 23))
    for name in ("one", "two"):
        files.write(tmp_path / name, plan, lambda _: None)
    one = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    two = {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}
    assert one == two
    assert len(one) > 12


def test_nobody_in_the_city_shares_a_number() -> None:
    numbers = {people.citizen(index, 1, date(2026, 11, 23)).number for index in range(50_000)}
    assert len(numbers) == 50_000


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_memory_does_not_grow_with_the_file(house: House, tmp_path: Path) -> None:
    peaks = []
    for count in (2 * BATCH, 8 * BATCH):
        rows = [
            {"主体类别": "自然人", "证件类型": "身份证", "证件号码": who.number, "主体名称": who.name}
            for who in (people.citizen(20_000 + index, SEED, TODAY) for index in range(count))
        ]
        path = write(tmp_path / "a.csv", layouts.SUBJECT, rows)
        del rows
        tracemalloc.start()
        assert (await load(house, path, "HUB")).rejected == 0
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0], peaks
