"""What a provider may send: loaded as a list, kept in versions, and in force with the next file."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from intake import layouts, providers
from intake.errors import TermsRefused
from tests.harness.callers import Town
from tests.harness.commands import haihe
from tests.harness.provider_files import AT, counts, load, penalty, write

HEADER = ",".join(providers.COLUMNS)


def _list(*lines: str) -> bytes:
    return "\n".join((HEADER, *lines)).encode("utf-8-sig")


async def _load(town: Town, *lines: str) -> tuple[int, int, int]:
    async with town.house.database.writing() as unit:
        loaded = await providers.load(unit, providers.read(_list(*lines)), at=AT)
    return loaded.added, loaded.changed, loaded.unchanged


async def test_what_is_not_a_providers_own_is_rejected_from_the_next_file_on(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", layouts.PENALTY, [penalty()])
    only = "SCJG,国家机关,行政许可、诚实守信相关荣誉,全市,张三,022-12990001"
    assert await _load(town, only) == (0, 1, 0)
    assert await _load(town, only) == (0, 0, 1)
    result = await load(town.house, path)
    assert (counts(result), set(result.findings)) == ((0, 0, 0, 1), {"NOT_BY_THIS_PROVIDER"})
    assert await _load(town, "SCJG,国家机关,行政处罚,全市,张三,022-12990001") == (0, 1, 0)
    assert counts(await load(town.house, path)) == (1, 0, 0, 0)
    assert await town.count("SELECT count(*) FROM provider_terms WHERE responsible = '张三'") == 2


async def test_a_row_of_another_district_is_rejected(town: Town, tmp_path: Path) -> None:
    await _load(town, "SCJG,国家机关,行政处罚,129901、129902,张三,022-12990001")
    of = "处罚机关统一社会信用代码"
    rows = [penalty("1", **{of: "129902"}), penalty("2", **{of: "129903"}), penalty("3")]
    result = await load(town.house, write(tmp_path / "a.csv", layouts.PENALTY, rows))
    assert counts(result) == (1, 0, 0, 2)
    assert {"DISTRICT_NOT_OURS", "DISTRICT_MISSING"} <= set(result.findings)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_provider_of_whom_nothing_is_said_may_send_nothing(town: Town, tmp_path: Path) -> None:
    async with town.house.database.writing() as unit:
        await unit.run(text("DELETE FROM provider_terms"))
    result = await load(town.house, write(tmp_path / "a.csv", layouts.PENALTY, [penalty()]))
    assert (counts(result), set(result.findings)) == ((0, 0, 0, 1), {"NOT_BY_THIS_PROVIDER"})


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_lateness_is_told_and_rejects_nothing(town: Town, tmp_path: Path) -> None:
    """The calendar's own working days are counted: what was decided yesterday is never late."""
    yesterday = f"{AT - timedelta(days=1):%Y/%m/%d}"
    rows = [penalty("旧"), penalty("新", 处罚决定日期=yesterday, 公示截止期="")]
    result = await load(town.house, write(tmp_path / "a.csv", layouts.PENALTY, rows))
    assert (counts(result), result.findings["LATE"], result.warned) == ((2, 0, 0, 0), 1, 1)


_REFUSED = {
    "another header": (b"a,b\n", "表头应为"),
    "no text": (b"\xff\xfe\x00", "不是 UTF-8"),
    "one cell short": (_list("SCJG,国家机关,行政处罚,全市,张三"), "第2行：列数"),
    "a fifth kind": (_list("SCJG,企业,行政处罚,全市,张三,1"), "第2行：“单位性质”"),
    "no such information": (_list("SCJG,国家机关,天气,全市,张三,1"), "第2行：没有“天气”"),
    "no such district": (_list("SCJG,国家机关,行政处罚,滨河区,张三,1"), "第2行：“行政区划代码”"),
    "no district at all": (_list("SCJG,国家机关,行政处罚,,张三,1"), "第2行：“行政区划代码”"),
    "nobody answers for it": (_list("SCJG,国家机关,行政处罚,全市,,1"), "第2行：“责任人”"),
    "one provider twice": (_list(*["SCJG,国家机关,行政处罚,全市,张三,1"] * 2), "多次"),
    "nobody's code": (_list("SCJG,国家机关,行政处罚,全市,李四,1", "NOBODY,国家机关,行政处罚,全市,张三,1"), "NOBODY"),
    "another kind than registered": (_list("SCJG,群团组织,行政处罚,全市,张三,1"), "单位性质与登记的不一致"),
}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_list_with_one_wrong_line_changes_nothing(town: Town) -> None:
    before = await town.count("SELECT count(*) FROM provider_terms")
    for data, reason in _REFUSED.values():
        with pytest.raises(TermsRefused, match=reason):
            async with town.house.database.writing() as unit:
                await providers.load(unit, providers.read(data), at=AT)
    assert await town.count("SELECT count(*) FROM provider_terms") == before


async def test_a_list_is_loaded_by_its_command_or_refused_whole(town: Town, tmp_path: Path) -> None:
    path, terms = tmp_path / "providers.csv", "SELECT count(*) FROM provider_terms"
    before = await town.count(terms)
    good = "SCJG,国家机关,行政许可,全市,张三,022-12990001"
    path.write_bytes(_list(good, "NOBODY,国家机关,行政许可,全市,李四,022-12990002"))
    refused = await haihe(town.house, "providers", "import", str(path))
    assert (refused.exit_code, "没有代码为 NOBODY 的信息提供单位" in refused.output) == (1, True), refused.output
    assert await town.count(terms) == before
    path.write_bytes(_list(good))
    for told in ("新增 0，更新 1，未变 0", "新增 0，更新 0，未变 1"):
        done = await haihe(town.house, "providers", "import", str(path))
        assert (done.exit_code, told in done.output) == (0, True), done.output
    assert await town.count(terms) == before + 1
