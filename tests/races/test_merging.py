"""Two subjects turn out to be one while one of them is written to, read, filed, asked for and merged the other way."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

import credit.joining
import credit.records
import credit.score
import incentives.claims
from tests.harness import asking, merging
from tests.harness.callers import Town
from tests.harness.merging import SECOND, Pair
from tests.harness.provider_files import counts, load, penalty, write
from tests.harness.scale import scaled

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
_ME = "{ me { id records(first: 100) { edges { node { documentNumber objections { filedAt } } } } } }"
_GRANTED = """query($q: GrantedQueryInput!) { granted(query: $q) { objections { filedAt }
  records(first: 100) { edges { node { documentNumber objections { filedAt } } } } } }"""


class _Gate:
    """Stands before or in a function, at its first call, until it is opened."""

    def __init__(self, patch: pytest.MonkeyPatch, module: Any, name: str) -> None:
        self.reached, self.opened = asyncio.Event(), asyncio.Event()
        real: Callable[..., Awaitable[Any]] = getattr(module, name)

        async def held(*given: Any, **named: Any) -> Any:
            if not self.reached.is_set():
                self.reached.set()
                await self.opened.wait()
            return await real(*given, **named)

        patch.setattr(module, name, held)


def _documents(found: dict[str, Any]) -> set[str]:
    return {edge["node"]["documentNumber"] for edge in found["records"]["edges"]}


async def _two(town: Town, folder: Path) -> tuple[Pair, set[str], set[str]]:
    """Each with a record of its own; the documents of each."""
    who = await merging.pair(town, folder)
    for index, number in enumerate((who.kept_number, who.absorbed_number)):
        assert counts(await merging.fined(town, folder, who, number, f"合并{index}")) == (1, 0, 0, 0)
    own, theirs = [_documents((await town.data(persona, _ME))["me"]) for persona in ("citizen-1", SECOND)]
    assert theirs == {"合并1"}
    return who, own, theirs


async def test_a_look_that_began_before_is_answered_as_of_after(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its subject has been read, its records not yet: they have moved, and an empty record would be a wrong one."""
    who, own, theirs = await _two(town, tmp_path)
    gate = _Gate(monkeypatch, credit.records, "page")
    looking = asyncio.create_task(town.data(SECOND, _ME))
    await gate.reached.wait()
    await merging.merge(town, tmp_path, who)
    gate.opened.set()
    me = (await looking)["me"]
    assert (me["id"], _documents(me)) == (who.kept, own | theirs)


async def test_so_is_a_recipients_by_what_its_grant_covered(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, _, theirs = await _two(town, tmp_path)
    for uses in ({}, {"uses": 5}):  # in a transaction of its own, and in none
        grant = (await town.grant(SECOND, key=f"grant {uses}", **uses))["grant"]["id"]
        query = {"q": {"grantId": grant, "stage": "PRE_LOAN", "operator": "甲"}}
        with monkeypatch.context() as patch:
            gate = _Gate(patch, credit.records, "page")
            looking = asyncio.create_task(town.data("bank-1", _GRANTED, query))
            await gate.reached.wait()
            if not uses:
                await merging.merge(town, tmp_path, who)
            gate.opened.set()
            shown = _documents((await looking)["granted"])
        assert shown == theirs if not uses else shown > theirs


async def test_an_act_that_began_before_is_moved_with_the_rest(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, _, _ = await _two(town, tmp_path)
    gate = _Gate(monkeypatch, credit.score, "open_")
    opening = asyncio.create_task(_open(town))
    await gate.reached.wait()
    merge = asyncio.create_task(merging.merge(town, tmp_path, who))
    await town.done_or_blocked(merge)
    assert not merge.done()
    gate.opened.set()
    assert (await opening)["__typename"] == "ScoreOpenPayload"
    await merge
    assert await _scores(town) == [(who.kept, "OPEN")]


async def test_an_act_that_begins_meanwhile_is_the_ones(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, _, _ = await _two(town, tmp_path)
    gate = _Gate(monkeypatch, credit.joining, "move")
    merge = asyncio.create_task(merging.merge(town, tmp_path, who))
    await gate.reached.wait()
    opening = asyncio.create_task(_open(town))
    identity = {"type": "RESIDENT_ID", "number": who.absorbed_number, "name": who.name}
    asked = asyncio.create_task(asking.ask(town, "meanwhile", subject={"identity": identity}))
    await town.done_or_blocked(opening, asked)
    gate.opened.set()
    await merge
    assert (await opening)["code"] == "SCORE_ALREADY_OPEN"  # the one has one
    assert await _scores(town) == [(who.kept, "OPEN")]
    request = (await asked)["grant"]["id"]
    assert await town.count(
        "SELECT count(*) FROM consent_grant WHERE id = :i AND subject_id = :s", i=request, s=who.kept
    )


async def test_a_claim_is_neither_lost_nor_made_twice(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, _, _ = await _two(town, tmp_path)
    offer = await town.open_offer()
    stock = "SELECT left_over FROM stock WHERE offer_id = :o"
    limit = 2
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE offer SET per_person = :n WHERE id = :o"), {"n": limit, "o": offer})
    before = await town.count(stock, o=offer)
    for n in range(limit):
        await town.claim("citizen-1", offer, key=f"own {n}")
    for n in range(limit - 1):
        await town.claim(SECOND, offer, key=f"theirs {n}")
    gate = _Gate(monkeypatch, incentives.claims, "create")
    claiming = asyncio.create_task(town.claim(SECOND, offer, key="in between"))
    await gate.reached.wait()
    merge = asyncio.create_task(merging.merge(town, tmp_path, who))
    await town.done_or_blocked(merge)
    gate.opened.set()
    assert (await claiming)["__typename"] == "ClaimCreatePayload"
    await merge
    live = "SELECT count(*) FROM claim WHERE offer_id = :o AND subject_id = :s AND status = 'CLAIMED' AND slot <= :n"
    assert await town.count(live, o=offer, s=who.kept, n=limit) == limit
    assert await town.count("SELECT count(*) FROM claim WHERE status = 'VOIDED' AND slot IS NULL") == limit
    assert await town.count(stock, o=offer) == before - limit
    assert (await town.claim(SECOND, offer, key="one more"))["code"] == "PERSON_LIMIT_REACHED"


async def test_files_that_come_meanwhile_are_all_the_ones(town: Town, tmp_path: Path) -> None:
    who, _, _ = await _two(town, tmp_path)
    here = await town.count("SELECT count(*) FROM subject")
    files, each = [], scaled(20, 2000)
    for index, provider in enumerate(("SCJG", "JTYS", "WSJK", "ZJ")):
        numbers = (who.kept_number, who.absorbed_number)
        rows = [penalty(f"同{index}-{n}", 行政相对人名称=who.name, 证件号码=numbers[n % 2]) for n in range(each)]
        files.append((write(tmp_path / f"{provider}.csv", merging.layouts.PENALTY, rows), provider))
    loads = [load(town.house, path, provider, now=merging.now) for path, provider in files]
    results = await asyncio.gather(*loads[:2], merging.send(town, tmp_path, who.row()), *loads[2:])
    assert [result.rejected for result in results] == [0] * 5
    assert await town.count("SELECT count(*) FROM subject") == here
    mine = "SELECT count(*) FROM record WHERE subject_id = :s AND document_number LIKE '同%'"
    assert await town.count(mine, s=who.kept) == each * len(files)


async def test_of_two_merges_at_once_one_is_made(town: Town, tmp_path: Path) -> None:
    """The same twice, and the other way round."""
    who, _, _ = await _two(town, tmp_path)
    other = Pair(who.name, who.absorbed, who.absorbed_number, who.kept, who.kept_number)
    rows = [who.row(), who.row(), other.row(), other.row()]
    folders = [tmp_path / str(n) for n in range(4)]
    for folder in folders:
        folder.mkdir()
    results = await asyncio.gather(
        *(merging.send(town, folder, row) for folder, row in zip(folders, rows, strict=True))
    )
    assert sorted(counts(result) for result in results) == [(0, 0, 0, 1), (0, 0, 0, 1), (0, 0, 1, 0), (0, 1, 0, 0)]
    assert await town.count("SELECT count(*) FROM subject_merge") == 1
    assert await town.count("SELECT count(*) FROM subject WHERE merged_into IS NOT NULL") == 1


async def _open(town: Town) -> dict[str, Any]:
    input_ = {"noticeHash": await town.notice("SCORE_OPEN"), "idempotencyKey": "open"}
    return await town.act(SECOND, "scoreOpen", input_, "replayed")


async def _scores(town: Town) -> list[tuple[str, str]]:
    async with town.house.database.reading() as unit:
        one = text(
            "SELECT subject_id, status FROM score WHERE subject_id IN (SELECT id FROM subject WHERE id IN"
            " (SELECT kept_id FROM subject_merge UNION SELECT absorbed_id FROM subject_merge))"
        )
        return [tuple(row) for row in await unit.all(one)]
