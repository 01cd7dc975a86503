"""更正撤回: what a provider puts right about its own records, once however often it is sent."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.demo import people
from intake import layouts
from tests.harness.asking import identity
from tests.harness.callers import Town
from tests.harness.city import SEED
from tests.harness.monitoring import events, monitored, report
from tests.harness.provider_files import TODAY, counts, load, penalty, write

_WRONG, _RIGHT, _NUMBER = "citizen-2", "citizen-1", "监1号"
_OWN = """query($f: RecordFilter) { me { records(first: 100, filter: $f) { edges { node { id documentNumber status
  withdrawal repair version recordedAt } } } } }"""


def _now() -> datetime:
    return datetime.now(UTC)


async def _row(town: Town, act: str, persona: str = _WRONG, number: str = _NUMBER, **changed: str) -> dict[str, str]:
    who = await identity(town, persona)
    return {
        "操作": act,
        "信息类别": "行政处罚",
        "文书号": number,
        "主体名称": who["name"],
        layouts.IDENTITY_TYPE: "身份证",
        layouts.IDENTITY_NUMBER: who["number"],
        **changed,
    }


async def _right(town: Town, persona: str = _RIGHT) -> dict[str, str]:
    who = await identity(town, persona)
    return {"改归主体名称": who["name"], "改归证件类型": "身份证", "改归证件号码": who["number"]}


async def _send(town: Town, folder: Path, *rows: dict[str, str], provider: str = "SCJG") -> tuple[int, ...]:
    path = write(folder / "amend.csv", layouts.AMENDMENT, list(rows))
    return counts(await load(town.house, path, provider, now=_now))


async def _own(town: Town, persona: str, number: str = _NUMBER, *, ended: bool = True) -> list[dict[str, Any]]:
    found = await town.data(persona, _OWN, {"f": {"includeEnded": ended}})
    nodes = [edge["node"] for edge in found["me"]["records"]["edges"]]
    return [node for node in nodes if node["documentNumber"] == number]


def _reasons(folder: Path) -> list[str]:
    lines = (folder / "amend.rejected.csv").read_text("utf-8-sig").splitlines()[1:]
    return [line.rsplit(",", 1)[1] for line in lines]


async def test_another_persons_record_leaves_one_and_is_the_others_as_new(town: Town, tmp_path: Path) -> None:
    await report(town, tmp_path)
    (before,) = await _own(town, _WRONG)
    row = await _row(town, "改归", **await _right(town))
    assert await _send(town, tmp_path, row) == (0, 1, 0, 0)
    assert await _own(town, _WRONG, ended=False) == []
    (left,) = await _own(town, _WRONG)
    assert (left["id"], left["status"], left["withdrawal"]) == (before["id"], "WITHDRAWN", "NOT_THEIRS")
    (moved,) = await _own(town, _RIGHT, ended=False)
    assert (moved["status"], moved["withdrawal"], moved["version"]) == ("CURRENT", None, 1)
    assert moved["id"] != before["id"]
    assert await _send(town, tmp_path, row, row) == (0, 0, 2, 0)
    # Neither has a way to the other: no answer of the one names the other, or the other's record.
    for persona, other in ((_WRONG, _RIGHT), (_RIGHT, _WRONG)):
        named, theirs = await identity(town, other), {_WRONG: left, _RIGHT: moved}[other]["id"]
        body = (await town.ask(persona, _EVERYTHING)).response.text
        assert named["name"] not in body
        assert theirs not in body


_EVERYTHING = """{ me { records(first: 100, filter: {includeEnded: true}) { edges { node { id title documentNumber
  authority status withdrawal statement source { name } objections { filedAt } items { code label value } } } }
  notices(first: 100) { edges { node { kind message about } } }
  corrections(first: 100) { edges { node { id recordId } } } } }"""


async def test_withdrawn_repaired_and_renumbered_once(town: Town, tmp_path: Path) -> None:
    for number in ("撤1号", "修1号", "错1号"):
        await report(town, tmp_path, number=number)
    rows = [
        await _row(town, "撤回", number="撤1号"),
        await _row(town, "修复", number="修1号"),
        await _row(town, "更正", number="错1号", 更正后文书号="对1号"),
    ]
    assert await _send(town, tmp_path, *rows) == (0, 3, 0, 0)
    (gone,), (repaired,) = await _own(town, _WRONG, "撤1号"), await _own(town, _WRONG, "修1号")
    assert (gone["status"], gone["withdrawal"]) == ("WITHDRAWN", "REVOKED")
    assert (repaired["status"], repaired["repair"]) == ("REPAIRED", "REPAIRED")
    assert await _own(town, _WRONG, "错1号") == []
    (right,) = await _own(town, _WRONG, "对1号")
    assert (right["status"], right["version"]) == ("CURRENT", 2)
    assert await _send(town, tmp_path, *rows) == (0, 0, 3, 0)
    # Sent again under its right number, it is what is here: nothing is new.
    who = await identity(town, _WRONG)
    named = {layouts.NAME: who["name"], layouts.IDENTITY_NUMBER: who["number"]}
    path = write(tmp_path / "again.csv", layouts.PENALTY, [penalty("对1号", **named)])
    assert counts(await load(town.house, path, now=_now)) == (0, 0, 1, 0)


async def test_somebody_elses_record_is_as_absent_as_none(town: Town, tmp_path: Path) -> None:
    await report(town, tmp_path)
    nobody = people.citizen(9_999, SEED, TODAY).number
    before = await _state(town)
    rows = [
        await _row(town, "撤回", number="没有这一号"),
        await _row(town, "撤回", _RIGHT),
        await _row(town, "撤回", **{layouts.IDENTITY_NUMBER: nobody}),
        await _row(town, "撤回", 主体名称="某人"),
    ]
    assert await _send(town, tmp_path, *rows) == (0, 0, 0, 4)
    assert _reasons(tmp_path) == ["没有这条信用记录"] * 4
    assert await _send(town, tmp_path, await _row(town, "撤回"), provider="JTYS") == (0, 0, 0, 1)
    assert _reasons(tmp_path) == ["没有这条信用记录"]
    assert await _state(town) == before


async def _state(town: Town) -> list[int]:
    tables = ("record_version", "correction", "outbox", "record WHERE status = 'CURRENT'")
    return [await town.count(f"SELECT count(*) FROM {table}") for table in tables]


async def test_whoever_monitors_either_hears_of_it(town: Town, tmp_path: Path) -> None:
    loans = {persona: await monitored(town, persona, key=persona) for persona in (_WRONG, _RIGHT)}
    await report(town, tmp_path)
    before = [event["id"] for event in await events(town, "RECORDS_CHANGED")]
    await _send(town, tmp_path, await _row(town, "改归", **await _right(town)))
    told = [event["about"] for event in await events(town, "RECORDS_CHANGED") if event["id"] not in before]
    assert sorted(told) == sorted(loans.values())
