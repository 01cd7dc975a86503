"""Files as providers send them: three encodings, bad rows beside good ones, the same file twice."""

import asyncio
import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from api.app import House
from api.demo import people
from core.moments import day_of
from credit import repair
from intake import layouts
from intake.errors import FileRefused
from intake.layouts import Layout
from intake.loading import BATCH, Loader, Result
from tests.harness.callers import Town
from tests.harness.city import CITIZENS, SEED

_AT = datetime.now(UTC)
_TODAY = day_of(_AT)
_COMPANY = "海津示例餐饮管理有限公司"


def _someone(index: int = 20) -> people.Someone:
    return people.citizen(index, SEED, _TODAY)


def _penalty(number: str = "海津罚〔2026〕1号", **changed: str) -> dict[str, str]:
    who = _someone()
    return {
        layouts.NAME: who.name,
        layouts.KIND: "自然人",
        layouts.IDENTITY_TYPE: "身份证",
        layouts.IDENTITY_NUMBER: who.number,
        "行政处罚决定书文号": number,
        "违法行为类型": "示例",
        "违法事实": f"与{people.citizen(30, SEED, _TODAY).number}同行",
        "处罚类别": "罚款",
        "处罚内容": "罚款2000元",
        "罚款金额（万元）": "0.2000",
        "处罚决定日期": "2026/01/05",
        "公示截止期": "2027-01-05",
        "处罚机关": "海津市市场监督管理委员会",
        **changed,
    }


def _write(path: Path, layout: Layout, rows: list[dict[str, str]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(layout.headers)
        writer.writerows([[row.get(header, "") for header in layout.headers] for row in rows])
    return path


async def _load(house: House, path: Path, provider: str = "SCJG") -> Result:
    loader = await Loader.of(house.database, provider, invented=True)
    return await loader.load(loader.inspect(path, at=_AT), at=_AT, progress=lambda _: None)


def _counts(result: Result) -> tuple[int, int, int, int]:
    return result.added, result.changed, result.unchanged, result.rejected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_a_file_in_each_encoding(house: House, tmp_path: Path, encoding: str) -> None:
    path = _write(tmp_path / "a.csv", layouts.PENALTY, [_penalty(f"{encoding}{n}号") for n in range(3)], encoding)
    assert _counts(await _load(house, path)) == (3, 0, 0, 0)


async def test_the_same_file_twice_changes_nothing_and_a_correction_is_the_next_version(
    town: Town, tmp_path: Path
) -> None:
    path = _write(tmp_path / "a.csv", layouts.PENALTY, [_penalty()])
    assert _counts(await _load(town.house, path)) == (1, 0, 0, 0)
    assert _counts(await _load(town.house, path)) == (0, 0, 1, 0)
    _write(path, layouts.PENALTY, [_penalty(处罚内容="罚款1000元")])
    assert _counts(await _load(town.house, path)) == (0, 1, 0, 0)
    versions = "SELECT version FROM record WHERE document_number = '海津罚〔2026〕1号'"
    assert await town.count(versions) == 2
    assert await town.count("SELECT count(*) FROM record_version") == 1


async def test_a_correction_does_not_bring_back_what_was_repaired(town: Town, tmp_path: Path) -> None:
    path = _write(tmp_path / "a.csv", layouts.PENALTY, [_penalty()])
    await _load(town.house, path)
    async with town.house.database.writing() as unit:
        row = await unit.first(text("SELECT id FROM record WHERE document_number = '海津罚〔2026〕1号'"))
        assert row is not None
        await repair.report_repaired(unit, row.id)
    _write(path, layouts.PENALTY, [_penalty(备注="更正")])
    assert _counts(await _load(town.house, path)) == (0, 1, 0, 0)
    still = "SELECT count(*) FROM record WHERE document_number = '海津罚〔2026〕1号' AND status = 'REPAIRED'"
    assert await town.count(still) == 1


async def test_document_numbers_are_kept_as_written(town: Town, tmp_path: Path) -> None:
    rows = [_penalty("120110202601150011"), _penalty("120110202601160011")]
    assert _counts(await _load(town.house, _write(tmp_path / "a.csv", layouts.PENALTY, rows))) == (2, 0, 0, 0)


async def test_two_loads_of_one_file_at_once_are_one(town: Town, tmp_path: Path) -> None:
    path = _write(tmp_path / "a.csv", layouts.PENALTY, [_penalty(f"{n}号") for n in range(60)])
    results = await asyncio.gather(*(_load(town.house, path) for _ in range(4)))
    assert sum(result.added for result in results) == 60
    assert sum(result.unchanged for result in results) == 180


async def test_a_row_that_repeats_its_key_in_one_file_is_a_correction(town: Town, tmp_path: Path) -> None:
    rows = [_penalty(), _penalty(), _penalty(处罚内容="罚款1000元")]
    result = await _load(town.house, _write(tmp_path / "a.csv", layouts.PENALTY, rows))
    assert _counts(result) == (1, 1, 1, 0)


async def test_a_third_persons_number_is_sealed_or_masked_and_never_an_item(town: Town, tmp_path: Path) -> None:
    company, third = people.organisation(3, SEED), people.citizen(31, SEED, _TODAY).number
    row = _penalty(
        行政相对人类别="法人及非法人组织",
        行政相对人名称="海津示例餐饮管理有限公司",
        证件号码="",
        证件类型="",
        **{layouts.USCC: company.number, layouts.REPRESENTATIVE: "甲", layouts.REPRESENTATIVE_NUMBER: third},
    )
    assert _counts(await _load(town.house, _write(tmp_path / "a.csv", layouts.PENALTY, [row]))) == (1, 0, 0, 0)
    assert await town.count("SELECT count(*) FROM third_person") == 1
    answer = await town.ask("company-1-legal", "{ me { records { edges { node { title items { code value } } } } } }")
    assert third not in answer.response.text
    assert people.citizen(30, SEED, _TODAY).number not in answer.response.text
    assert "**" in answer.response.text
    assert third.encode() not in await _everything(town)


async def _everything(town: Town) -> bytes:
    """Every text the database holds about records."""
    async with town.house.database.reading() as unit:
        rows = await unit.all(text("SELECT record.title, record.items FROM record"))
    return repr(rows).encode()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_identity_numbers_stand_nowhere_in_the_database_file(house: House) -> None:
    path = Path(house.settings.database_url.removeprefix("sqlite+aiosqlite:///"))
    raw = path.read_bytes()
    for index in range(CITIZENS):
        assert people.citizen(index, SEED, _TODAY).number.encode() not in raw
    assert "林海生".encode() not in raw


_REJECTED: dict[str, tuple[dict[str, str], str]] = {
    "no name": ({layouts.NAME: ""}, "“行政相对人名称”不能为空"),
    "another name": ({layouts.NAME: "某人"}, "名称与证件号码不一致"),
    "nobody": ({layouts.IDENTITY_NUMBER: people.citizen(9_999, SEED, _TODAY).number}, "信用主体未登记"),
    "a short number": ({layouts.IDENTITY_NUMBER: "12990119800101"}, "“证件号码”格式不正确"),
    "a wrong check digit": ({layouts.IDENTITY_NUMBER: "129901198001010010"}, "“证件号码”校验位不正确"),
    "no such birthday": ({layouts.IDENTITY_NUMBER: "129901198013010010"}, "“证件号码”中的出生日期不正确"),
    "an unknown kind": (
        {layouts.KIND: "外星人"},
        "“行政相对人类别”只能填写：法人、法人及非法人组织、非法人组织、个体工商户、自然人",
    ),
    "decided tomorrow": ({"处罚决定日期": "2199/01/01"}, "“处罚决定日期”晚于今天"),
    "no such day": ({"处罚决定日期": "2026/02/30"}, "“处罚决定日期”不是有效日期（应为 YYYY/MM/DD）"),
    "published before decided": ({"公示截止期": "2025/01/01"}, "“公示截止期”早于“处罚决定日期”"),
    "an amount in words": ({"罚款金额（万元）": "两千元"}, "“罚款金额（万元）”不是有效金额（万元，最多6位小数）"),
    "a seventh decimal": ({"罚款金额（万元）": "0.0000001"}, "“罚款金额（万元）”不是有效金额（万元，最多6位小数）"),
    "a negative amount": ({"罚款金额（万元）": "-1"}, "“罚款金额（万元）”不是有效金额（万元，最多6位小数）"),
    "an endless text": ({"违法事实": "长" * 2001}, "“违法事实”超过2000个字"),
    "commas for a decimal point": ({"罚款金额（万元）": "0,5"}, "“罚款金额（万元）”不是有效金额（万元，最多6位小数）"),
    "a day without its month": ({"处罚决定日期": "202611"}, "“处罚决定日期”不是有效日期（应为 YYYY/MM/DD）"),
    "two separators": ({"处罚决定日期": "2026-11/02"}, "“处罚决定日期”不是有效日期（应为 YYYY/MM/DD）"),
    "a person as a shop": (
        {
            layouts.KIND: "个体工商户",
            layouts.USCC: people.organisation(3, SEED).number,
            layouts.NAME: "海津示例餐饮管理有限公司",
        },
        "主体类别与登记的不一致",
    ),
    "a person with a company's number": (
        {layouts.IDENTITY_TYPE: "统一社会信用代码"},
        "“证件类型”只能填写：自然人的证件类型",
    ),
    "an invisible character": ({layouts.NAME: "甲\u200b乙"}, "“行政相对人名称”含有控制字符"),
    "a control character": ({"违法事实": "a\x07b"}, "“违法事实”含有控制字符"),
    "no document number": ({"行政处罚决定书文号": " "}, "“行政处罚决定书文号”不能为空"),
}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("_case", _REJECTED)
async def test_a_bad_row_is_written_out_with_line_and_reason_and_holds_nobody_up(
    town: Town, tmp_path: Path, _case: str
) -> None:
    changed, reason = _REJECTED[_case]
    rows = [_penalty("前"), _penalty("坏", **changed), _penalty("后")]
    result = await _load(town.house, _write(tmp_path / "a.csv", layouts.PENALTY, rows))
    assert _counts(result) == (2, 0, 0, 1)
    assert result.rejected_path is not None
    with result.rejected_path.open(encoding="utf-8-sig", newline="") as file:
        rejected = list(csv.DictReader(file))
    assert [(row[layouts.LINE], row[layouts.REASON]) for row in rejected] == [("3", reason)]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_rejected_file_is_corrected_and_sent_again(town: Town, tmp_path: Path) -> None:
    path = _write(tmp_path / "a.csv", layouts.PENALTY, [_penalty("坏", 处罚决定日期="昨天")])
    rejected = (await _load(town.house, path)).rejected_path
    assert rejected is not None
    rejected.write_text(rejected.read_text("utf-8-sig").replace("昨天", "2026/01/05"), "utf-8-sig")
    assert _counts(await _load(town.house, rejected)) == (1, 0, 0, 0)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_row_of_too_many_cells_fails_again_when_sent_again(town: Town, tmp_path: Path) -> None:
    someone = people.citizen(7_000, SEED, _TODAY)
    path = tmp_path / "a.csv"
    path.write_text(f"{','.join(layouts.SUBJECT.headers)}\n自然人,身份证,{someone.number},买买提,艾力\n", "utf-8")
    first = await _load(town.house, path, "HUB")
    assert first.rejected_path is not None
    again = await _load(town.house, first.rejected_path, "HUB")
    assert (_counts(first), _counts(again)) == ((0, 0, 0, 1), (0, 0, 0, 1))
    assert "艾力" in first.rejected_path.read_text("utf-8-sig")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_our_columns_may_stand_anywhere(town: Town, tmp_path: Path) -> None:
    someone = people.citizen(7_001, SEED, _TODAY)
    path = tmp_path / "a.csv"
    header = f"{layouts.LINE},主体名称,{layouts.REASON},主体类别,证件类型,证件号码"
    path.write_text(
        f"{header}\n3,{someone.name},缘由,自然人,身份证,{someone.number}\n9,甲,缘由,自然人,身份证,1\n", "utf-8"
    )
    result = await _load(town.house, path, "HUB")
    assert _counts(result) == (1, 0, 0, 1)
    assert result.rejected_path is not None
    with result.rejected_path.open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["主体名称"] == "甲"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_corrections_that_were_not_sent_yet_are_not_lost(town: Town, tmp_path: Path) -> None:
    path = _write(tmp_path / "a.csv", layouts.PENALTY, [_penalty("坏", 处罚决定日期="昨天")])
    rejected = (await _load(town.house, path)).rejected_path
    assert rejected is not None
    rejected.write_text("更正", "utf-8")
    await _load(town.house, path)
    assert rejected.with_suffix(".csv.previous").read_text("utf-8") == "更正"
    _write(path, layouts.PENALTY, [_penalty("好")])
    await _load(town.house, path)
    assert rejected.exists()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "when", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:00-08:00", "2199-01-01T00:00:00Z", "昨天"]
)
async def test_a_score_is_of_this_century_and_not_of_the_future(town: Town, tmp_path: Path, when: str) -> None:
    someone = people.citizen(30, SEED, _TODAY)
    row = {
        "主体名称": someone.name,
        "证件类型": "身份证",
        "证件号码": someone.number,
        "海河分": "700",
        "模型版本": "m",
        "计算时间": when,
        "开通时间": "2026-01-01T00:00:00Z",
        "告知书哈希": "0" * 64,
    }
    assert _counts(await _load(town.house, _write(tmp_path / "a.csv", layouts.SCORE, [row]), "HUB")) == (0, 0, 0, 1)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_byte_order_mark_in_gb18030_is_passed_over(town: Town, tmp_path: Path) -> None:
    path = _write(tmp_path / "a.csv", layouts.PENALTY, [_penalty()], "gb18030")
    path.write_bytes("\ufeff".encode("gb18030") + path.read_bytes())
    assert _counts(await _load(town.house, path)) == (1, 0, 0, 0)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_an_organisations_penalty_without_an_end_is_not_published(town: Town, tmp_path: Path) -> None:
    company = {layouts.KIND: "法人", layouts.NAME: "海津示例餐饮管理有限公司", layouts.IDENTITY_NUMBER: ""}
    company |= {layouts.USCC: people.organisation(3, SEED).number, layouts.IDENTITY_TYPE: ""}
    company |= {layouts.REPRESENTATIVE_TYPE: "护照", layouts.REPRESENTATIVE_NUMBER: "E12345678"}
    rows = [_penalty("无期", **company, 公示截止期=""), _penalty("有期", **company)]
    assert _counts(await _load(town.house, _write(tmp_path / "a.csv", layouts.PENALTY, rows))) == (2, 0, 0, 0)
    document = (
        '{ published(query: {name: "海津示例餐饮管理有限公司"}) { records { edges { node { documentNumber } } } } }'
    )
    edges = (await town.data(None, document))["published"]["records"]["edges"]
    shown = {edge["node"]["documentNumber"] for edge in edges}
    assert "有期" in shown
    assert "无期" not in shown


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_minor_is_never_stored(town: Town, tmp_path: Path) -> None:
    from stdnum.cn import ric

    number = f"129901{_TODAY.year - 17}0101001"
    row = {
        "主体类别": "自然人",
        "证件类型": "身份证",
        "证件号码": number + str(ric.calc_check_digit(number)),
        "主体名称": "小明",
    }
    before = await town.count("SELECT count(*) FROM subject")
    result = await _load(town.house, _write(tmp_path / "a.csv", layouts.SUBJECT, [row]), "HUB")
    assert _counts(result) == (0, 0, 0, 1)
    assert await town.count("SELECT count(*) FROM subject") == before


def _utf8(text: str) -> bytes:
    return text.encode()


_HEADER = ",".join(layouts.SUBJECT.headers)
_REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "文件为空"),
    "blank lines": (b"\n\n\n", "文件为空"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "不是文本文件"),
    "a workbook": (b"PK\x03\x04\x14\x00\x06\x00", "不是文本文件"),
    "UTF-16": (_HEADER.encode("utf-16"), "不是文本文件"),
    "neither encoding": (_utf8(_HEADER) + b"\n\xff\xff\xff", "编码既不是"),
    "another table": (_utf8("a,b,c\n1,2,3\n"), "表头不是任何一种交换格式"),
    "one column short": (_utf8("主体类别,证件类型,证件号码\n"), "缺少：主体名称"),
    "one column more": (_utf8(_HEADER + ",多余\n"), "多出：多余"),
    "a column twice": (_utf8("主体类别,证件类型,证件号码,证件号码\n"), "表头不是任何一种交换格式"),
    "an open quote": (_utf8(_HEADER + '\n自然人,"身份证,1,甲\n'), "不是有效的 CSV"),
    "an endless field": (_utf8(_HEADER + "\n" + "x" * 1_100_000), "不是有效的 CSV"),
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
        await _load(town.house, path, "HUB")
    assert await town.count("SELECT count(*) FROM intake_batch") == before
    assert not path.with_suffix(".rejected.csv").exists()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_nobodys_provider_loads_nothing(town: Town) -> None:
    for code in ("NOBODY", "BANK1", ""):
        with pytest.raises(FileRefused, match="没有代码为"):
            await Loader.of(town.house.database, code, invented=True)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_columns_in_another_order_and_more_than_a_batch(town: Town, tmp_path: Path) -> None:
    headers = list(reversed(layouts.SUBJECT.headers))
    count = BATCH + 7
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headers)
    for index in range(1000, 1000 + count):
        who = people.citizen(index, SEED, _TODAY)
        row = {"主体类别": "自然人", "证件类型": "身份证", "证件号码": who.number.lower(), "主体名称": who.name}
        writer.writerow([row[header] for header in headers])
    path = tmp_path / "a.csv"
    path.write_text(out.getvalue(), "utf-8")
    assert _counts(await _load(town.house, path, "HUB")) == (count, 0, 0, 0)
    assert _counts(await _load(town.house, path, "HUB")) == (0, 0, count, 0)


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
