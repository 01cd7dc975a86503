"""Rows as providers send them: three encodings, bad rows beside good ones, corrections, the same file twice."""

import asyncio
import csv
from pathlib import Path

import pytest
from sqlalchemy import text

from api.demo import people
from api.house import House
from credit import repair
from intake import layouts
from tests.harness.callers import Town
from tests.harness.city import CITIZENS, SEED
from tests.harness.provider_files import AT, TODAY, counts, load, penalty, write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_a_file_in_each_encoding(house: House, tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "a.csv", layouts.PENALTY, [penalty(f"{encoding}{n}号") for n in range(3)], encoding)
    assert counts(await load(house, path)) == (3, 0, 0, 0)


async def test_the_same_file_twice_changes_nothing_and_a_correction_is_the_next_version(
    town: Town, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", layouts.PENALTY, [penalty()])
    assert counts(await load(town.house, path)) == (1, 0, 0, 0)
    assert counts(await load(town.house, path)) == (0, 0, 1, 0)
    write(path, layouts.PENALTY, [penalty(处罚内容="罚款1000元")])
    assert counts(await load(town.house, path)) == (0, 1, 0, 0)
    number = "WHERE r.document_number = '海津罚〔2026〕1号'"
    assert await town.count(f"SELECT r.version FROM record r {number}") == 2
    kept = f"SELECT count(*) FROM record_version v JOIN record r ON r.id = v.record_id {number}"
    assert await town.count(kept) == 1


async def test_a_correction_does_not_bring_back_what_was_repaired(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", layouts.PENALTY, [penalty()])
    await load(town.house, path)
    async with town.house.database.writing() as unit:
        row = await unit.first(text("SELECT id FROM record WHERE document_number = '海津罚〔2026〕1号'"))
        assert row is not None
        await repair.report_repaired(unit, row.id, at=AT)
    write(path, layouts.PENALTY, [penalty(备注="更正")])
    assert counts(await load(town.house, path)) == (0, 1, 0, 0)
    still = "SELECT count(*) FROM record WHERE document_number = '海津罚〔2026〕1号' AND status = 'REPAIRED'"
    assert await town.count(still) == 1


async def test_document_numbers_are_kept_as_written(town: Town, tmp_path: Path) -> None:
    rows = [penalty("120110202601150011"), penalty("120110202601160011")]
    assert counts(await load(town.house, write(tmp_path / "a.csv", layouts.PENALTY, rows))) == (2, 0, 0, 0)


async def test_two_loads_of_one_file_at_once_are_one(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", layouts.PENALTY, [penalty(f"{n}号") for n in range(60)])
    results = await asyncio.gather(*(load(town.house, path) for _ in range(4)))
    assert sum(result.added for result in results) == 60
    assert sum(result.unchanged for result in results) == 180


async def test_a_row_that_repeats_its_key_in_one_file_is_a_correction(town: Town, tmp_path: Path) -> None:
    rows = [penalty(), penalty(), penalty(处罚内容="罚款1000元")]
    result = await load(town.house, write(tmp_path / "a.csv", layouts.PENALTY, rows))
    assert counts(result) == (1, 1, 1, 0)


async def test_a_third_persons_number_is_sealed_or_masked_and_never_an_item(town: Town, tmp_path: Path) -> None:
    company, third = people.organisation(3, SEED), people.citizen(31, SEED, TODAY).number
    row = penalty(
        行政相对人类别="法人及非法人组织",
        行政相对人名称="海津示例餐饮管理有限公司",
        证件号码="",
        证件类型="",
        **{layouts.USCC: company.number, layouts.REPRESENTATIVE: "甲", layouts.REPRESENTATIVE_NUMBER: third},
    )
    assert counts(await load(town.house, write(tmp_path / "a.csv", layouts.PENALTY, [row]))) == (1, 0, 0, 0)
    assert await town.count("SELECT count(*) FROM third_person") == 1
    answer = await town.ask("company-1-legal", "{ me { records { edges { node { title items { code value } } } } } }")
    assert third not in answer.response.text
    assert people.citizen(30, SEED, TODAY).number not in answer.response.text
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
        assert people.citizen(index, SEED, TODAY).number.encode() not in raw
    assert "林海生".encode() not in raw


_REJECTED: dict[str, tuple[dict[str, str], str]] = {
    "no name": ({layouts.NAME: ""}, "“行政相对人名称”不能为空"),
    "another name": ({layouts.NAME: "某人"}, "名称与证件号码不一致"),
    "nobody": ({layouts.IDENTITY_NUMBER: people.citizen(9_999, SEED, TODAY).number}, "信用主体未登记"),
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
    rows = [penalty("前"), penalty("坏", **changed), penalty("后")]
    result = await load(town.house, write(tmp_path / "a.csv", layouts.PENALTY, rows))
    assert counts(result) == (2, 0, 0, 1)
    assert result.rejected_path is not None
    with result.rejected_path.open(encoding="utf-8-sig", newline="") as file:
        rejected = list(csv.DictReader(file))
    assert [(row[layouts.LINE], row[layouts.REASON]) for row in rejected] == [("3", reason)]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "when", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:00-08:00", "2199-01-01T00:00:00Z", "昨天"]
)
async def test_a_score_is_of_this_century_and_not_of_the_future(town: Town, tmp_path: Path, when: str) -> None:
    someone = people.citizen(30, SEED, TODAY)
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
    assert counts(await load(town.house, write(tmp_path / "a.csv", layouts.SCORE, [row]), "HUB")) == (0, 0, 0, 1)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_an_organisations_penalty_without_an_end_is_not_published(town: Town, tmp_path: Path) -> None:
    company = {layouts.KIND: "法人", layouts.NAME: "海津示例餐饮管理有限公司", layouts.IDENTITY_NUMBER: ""}
    company |= {layouts.USCC: people.organisation(3, SEED).number, layouts.IDENTITY_TYPE: ""}
    company |= {layouts.REPRESENTATIVE_TYPE: "护照", layouts.REPRESENTATIVE_NUMBER: "E12345678"}
    rows = [penalty("无期", **company, 公示截止期=""), penalty("有期", **company)]
    assert counts(await load(town.house, write(tmp_path / "a.csv", layouts.PENALTY, rows))) == (2, 0, 0, 0)
    document = """{ published(query: {name: "海津示例餐饮管理有限公司"}) { objections { filedAt }
      records { edges { node { documentNumber objections { filedAt } } } } } }"""
    edges = (await town.data(None, document))["published"]["records"]["edges"]
    shown = {edge["node"]["documentNumber"] for edge in edges}
    assert "有期" in shown
    assert "无期" not in shown


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_child_is_never_stored(town: Town, tmp_path: Path) -> None:
    from stdnum.cn import ric

    number = f"129901{TODAY.year - 15}0101001"
    row = {
        "主体类别": "自然人",
        "证件类型": "身份证",
        "证件号码": number + ric.calc_check_digit(f"{number}?"),
        "主体名称": "小明",
    }
    before = await town.count("SELECT count(*) FROM subject")
    result = await load(town.house, write(tmp_path / "a.csv", layouts.SUBJECT, [row]), "HUB")
    assert counts(result) == (0, 0, 0, 1)
    assert await town.count("SELECT count(*) FROM subject") == before
