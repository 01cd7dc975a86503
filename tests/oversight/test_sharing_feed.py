"""What an organ reads under a share (Art. 5): changes by position, inside its scope, each a look that folds."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from core.moments import day_of
from oversight.sharing.tables import share
from tests.harness import sharing
from tests.harness.callers import Town
from tests.harness.everything import stored
from tests.harness.scale import scaled

_TRAIL = """query($e: Boolean!) { me { accessHistory(first: 50, eachEvent: $e) { edges { node {
  basis summary times actor { name } } } } } }"""


async def _trail(town: Town, *, each: bool = False) -> list[dict[str, Any]]:
    edges = (await town.data("citizen-4", _TRAIL, {"e": each}))["me"]["accessHistory"]["edges"]
    return [edge["node"] for edge in edges if edge["node"]["basis"] == "SHARE"]


async def test_what_changes_is_read_with_its_mark_and_its_subject_reads_one_line_a_month(town: Town) -> None:
    mine = await sharing.of(town, "citizen-4")
    await sharing.move(town, mine, "129901")
    await sharing.change(town, mine)
    share_id = await sharing.agreed(town)
    begun = (await sharing.read(town, share_id))["data"]["shared"]
    assert (begun["changes"], begun["more"]) == ([], False), "what was before is not handed over"
    await sharing.change(town, [*mine, *mine])
    read = (await sharing.read(town, share_id, after=begun["cursor"]))["data"]["shared"]
    assert sorted(one["id"] for one in read["changes"]) == [row.id for row in mine], "each once, as it is now"
    assert any(one["record"]["objections"] for one in read["changes"]), "the mark goes with the value"
    assert {one["record"]["category"] for one in read["changes"]} == {"ADMINISTRATIVE"}
    assert (await sharing.read(town, share_id, after=read["cursor"]))["data"]["shared"]["changes"] == []
    await sharing.change(town, mine[:1])
    await sharing.read(town, share_id, after=read["cursor"])
    (line,) = await _trail(town)
    assert line["times"] == len(mine) + 1
    assert "依据经两人审核的信息共享（编号GX" in line["summary"]
    assert line["summary"].endswith(f"读取了您有变化的行政管理信息{len(mine) + 1}条次。")
    assert line["summary"].startswith(line["actor"]["name"])
    assert len(await _trail(town, each=True)) == len(mine) + 1


async def test_what_is_shown_no_more_is_an_id_alone_and_no_look(town: Town) -> None:
    share_id = await sharing.agreed(town)
    mine = await sharing.of(town, "citizen-4")
    await sharing.move(town, mine, "129901")
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE record SET status = 'WITHDRAWN' WHERE id = :i"), {"i": mine[0].id})
    await sharing.change(town, mine[:1])
    read = (await sharing.read(town, share_id))["data"]["shared"]
    assert read["changes"] == [{"id": mine[0].id, "subject": None, "record": None, "objections": []}]
    assert await _trail(town) == []


async def test_nothing_of_a_minors_is_read_not_even_an_id(town: Town) -> None:
    share_id = await sharing.agreed(town)
    mine = await sharing.of(town, "citizen-4")
    await sharing.move(town, mine, "129901")
    async with town.house.database.writing() as unit:
        born = text("UPDATE subject SET adult_from = '2999-01-01' WHERE id = :i")
        await unit.run(born, {"i": mine[0].subject_id})
    await sharing.change(town, mine)
    assert (await sharing.read(town, share_id))["data"]["shared"]["changes"] == []


async def test_nothing_is_read_of_an_ended_an_unreviewed_and_anothers_share(town: Town) -> None:
    mine = await sharing.of(town, "citizen-4")
    await sharing.move(town, mine, "129901")
    share_id, other = await sharing.agreed(town), await sharing.agreed(town, key="k2")
    await sharing.change(town, mine)
    async with town.house.database.writing() as unit:
        await unit.run(share.update().where(share.c.id == other).values(party_id="pty_another"))
    await town.act("approver-1", "shareEnd", {"shareId": share_id}, "replayed")
    before = await stored(town)
    assert (await sharing.read(town, share_id)).code == "SHARE_STATE"
    absent, none = await sharing.read(town, other), await sharing.read(town, "shr_none")
    assert absent.response.content == none.response.content
    assert absent.code == "NOT_AVAILABLE"
    assert await stored(town) == before
    third = await sharing.agreed(town, key="k3")
    async with town.house.database.writing() as unit:
        over = day_of(datetime.now(UTC)) - timedelta(days=1)
        await unit.run(share.update().where(share.c.id == third).values(valid_until=over))
    await sharing.change(town, mine)
    assert (await sharing.read(town, third)).code == "SHARE_STATE", "whether or not anybody ended it"
    assert await _trail(town) == []


async def test_a_cursor_is_its_shares_own(town: Town) -> None:
    mine = await sharing.of(town, "citizen-4")
    await sharing.move(town, mine, "129901")
    share_id, other = await sharing.agreed(town), await sharing.agreed(town, key="k2")
    await sharing.change(town, mine)
    cursor = (await sharing.read(town, share_id))["data"]["shared"]["cursor"]
    assert (await sharing.read(town, other, after=cursor)).code == "BAD_CURSOR"
    assert (await sharing.read(town, share_id, first=101)).code == "PAGE_SIZE"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_document_without_the_mark_or_from_who_is_no_organ_reads_nothing(town: Town) -> None:
    share_id = await sharing.agreed(town)
    before = await stored(town)
    unmarked = f'{{ shared(query: {{shareId: "{share_id}"}}) {{ changes {{ record {{ title }} }} }} }}'
    assert (await town.ask("agency-1", unmarked)).code == "MARK_REQUIRED"
    for persona in ("approver-1", "handler-1", "citizen-1", "supervisor-1"):
        assert (await sharing.read(town, share_id, by=persona)).status == 403
    for persona in ("bank-1", "provider-1"):
        assert (await sharing.read(town, share_id, by=persona)).get("data") is None
    assert await stored(town) == before


async def test_random_changes_and_pages_equal_a_replay(town: Town) -> None:
    chance = Random(5)
    share_id = await sharing.agreed(town)
    rows = await sharing.records(town, where="s.kind = 'NATURAL_PERSON'", count=40)
    rows += await sharing.records(town, where="s.kind = 'LEGAL_PERSON'", count=10)
    for row in rows:
        await sharing.move(town, [row], chance.choice(("129901", "129901", "129902", None)))
    adults = "s.kind = 'NATURAL_PERSON' AND s.adult_from <= CURRENT_DATE"
    within = f"{adults} AND r.category = 'ADMINISTRATIVE' AND r.district = '129901'"
    inside = {row.id for row in await sharing.records(town, where=within)}
    assert inside
    cursor: str | None = None
    for _ in range(scaled(4, 60)):
        told = [chance.choice(rows) for _ in range(chance.randrange(30))]
        await sharing.change(town, told)
        # Each that lies inside, by its last change; the oldest first.
        due = [id_ for id_ in reversed(dict.fromkeys(row.id for row in reversed(told))) if id_ in inside]
        more, read = True, []
        while more:
            answer = (await sharing.read(town, share_id, first=chance.randrange(1, 6), after=cursor))["data"]["shared"]
            read += [one["id"] for one in answer["changes"]]
            cursor, more = answer["cursor"], answer["more"]
        assert read == due
