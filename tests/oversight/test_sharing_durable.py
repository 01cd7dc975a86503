"""A share's feed waits for an organ that was away, loses nothing whoever is killed, and tells nothing of others."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import bindparam, text

from core.database import Instant
from core.moments import start_of
from notices import changes
from oversight.sharing import feeding, reading
from oversight.sharing.feeding import Feeder
from oversight.sharing.tables import share_event, share_feed, share_reached
from tests.harness import sharing
from tests.harness.callers import Town
from tests.harness.everything import stored
from tests.harness.killing import Step, dies_of_its_duties
from tests.harness.scale import scaled

_DAY = timedelta(days=1)


async def _mine(town: Town, count: int = 2) -> list[Any]:
    """Records of adults, each in the share's scope."""
    adults = "s.kind = 'NATURAL_PERSON' AND s.adult_from <= CURRENT_DATE AND r.category = 'ADMINISTRATIVE'"
    found = await sharing.records(town, where=adults, count=count)
    assert len(found) == count
    await sharing.move(town, found, "129901")
    return found


async def _cursor(town: Town, share_id: str, after: str | None = None) -> str:
    return str((await sharing.read(town, share_id, after=after))["data"]["shared"]["cursor"])


async def _ids(town: Town, share_id: str, after: str | None) -> list[str]:
    read = (await sharing.read(town, share_id, after=after))["data"]["shared"]
    assert not read["more"]
    return [one["id"] for one in read["changes"]]


async def _told_on(town: Town, rows: list[Any], day: date) -> None:
    """They changed, and stood in feeds, on a day."""
    at = start_of(day) + timedelta(hours=15)
    async with town.house.database.writing() as unit:
        await sharing.tell(unit, rows)
        await unit.run(text("UPDATE change SET at = :a WHERE position IS NULL").bindparams(bindparam("a", at, Instant)))
    await sharing.feed(town, at=at)


async def _night(town: Town, day: date) -> None:
    """What the duties forget on a day."""
    at = start_of(day) + timedelta(hours=3)
    async with town.house.database.writing() as unit:
        await changes.prune(unit, at=at, read=await feeding.reached(unit))
        await feeding.sweep(unit, at=at)


@pytest.mark.parametrize(
    ("left", "back"),
    [
        (date(2026, 2, 6), date(2026, 2, 9)),  # a weekend
        (date(2026, 2, 13), date(2026, 2, 24)),  # 春节: from Friday's evening until the eleventh day
        (date(2026, 9, 30), date(2026, 10, 9)),
    ],
    ids=["weekend", "spring festival", "national day"],
)
async def test_an_organ_that_reads_on_working_days_only_loses_nothing(town: Town, left: date, back: date) -> None:
    mine = await _mine(town, (back - left).days)
    share_id = await sharing.agreed(town)
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE change SET at = :a").bindparams(bindparam("a", start_of(left) - _DAY, Instant)))
    await _told_on(town, mine[:1], left)
    cursor = await _cursor(town, share_id)
    for away, row in enumerate(mine[1:], start=1):
        await _told_on(town, [row], left + away * _DAY)
        await _night(town, left + away * _DAY)
    await _night(town, back)
    assert await town.count("SELECT count(*) FROM change WHERE kind = 'RECORD'") <= 3, "the changes are gone by then"
    assert await _ids(town, share_id, cursor) == [row.id for row in mine[1:]]


async def test_who_comes_too_late_is_told_so_and_begins_with_what_is_kept(town: Town) -> None:
    mine = await _mine(town, 4)
    share_id = await sharing.agreed(town)
    begun = await _cursor(town, share_id)
    today = datetime.now(UTC).date()
    for days, row in ((40, mine[0]), (31, mine[1]), (29, mine[2]), (1, mine[3])):
        await _told_on(town, [row], today - days * _DAY)
    assert len(await _ids(town, share_id, begun)) == 4
    second = (await sharing.read(town, share_id, first=2, after=begun))["data"]["shared"]["cursor"]
    await _night(town, today)
    before = await stored(town)
    refused = await sharing.read(town, share_id, after=begun)
    assert refused.code == "SHARE_FORGOTTEN"
    assert "请不带位置重新读取" in refused["errors"][0]["message"]
    assert await stored(town) == before, "nothing was handed over, nor logged"
    # Who knows all that is gone has missed nothing, and who begins anew gets what is kept and no more.
    assert await _ids(town, share_id, second) == [mine[2].id, mine[3].id]
    assert await _ids(town, share_id, None) == [mine[2].id, mine[3].id]
    # Once everything is gone a fresh beginning is one that stays good.
    await _night(town, today + 31 * _DAY)
    fresh = await _cursor(town, share_id)
    assert await _ids(town, share_id, fresh) == []


async def test_what_lies_outside_moves_no_cursor_and_takes_no_time_to_pass(town: Town) -> None:
    mine = await _mine(town, 3)
    share_id = await sharing.agreed(town)
    await sharing.change(town, mine[:1])
    cursor = await _cursor(town, share_id)
    before = (await sharing.read(town, share_id, after=cursor)).response.content
    others = await sharing.records(town, where="coalesce(r.district, '') <> '129901'", count=300)
    await sharing.change(town, others * 5)
    assert (await sharing.read(town, share_id, after=cursor)).response.content == before, "to the byte"
    # Its next place is the next one, whatever happened beside it.
    await sharing.change(town, [*others, mine[1], *others, mine[2]])
    assert await _ids(town, share_id, cursor) == [mine[1].id, mine[2].id]
    async with town.house.database.reading() as unit:
        places = [row.place for row in await unit.all(share_event.select().order_by(share_event.c.place))]
    assert places == [1, 2, 3]


async def test_what_leaves_the_scope_is_told_as_gone(town: Town) -> None:
    from credit import versions
    from credit.tables import record

    (mine,) = await _mine(town, 1)
    share_id = await sharing.agreed(town)
    async with town.house.database.writing() as unit:
        row = await unit.first(record.select().where(record.c.id == mine.id))
        assert row is not None
        await versions.change(unit, row, {"district": "129902"}, at=datetime.now(UTC))
    await sharing.feed(town)
    read = (await sharing.read(town, share_id))["data"]["shared"]
    assert read["changes"] == [{"id": mine.id, "subject": None, "record": None, "objections": []}]
    # What changes there afterwards is another's.
    async with town.house.database.writing() as unit:
        row = await unit.first(record.select().where(record.c.id == mine.id))
        assert row is not None
        await versions.change(unit, row, {"statement": "说明"}, at=datetime.now(UTC))
    await sharing.feed(town)
    assert await _ids(town, share_id, read["cursor"]) == []


async def test_what_has_left_since_it_was_put_in_is_an_id_alone(town: Town) -> None:
    mine = await _mine(town, 2)
    share_id = await sharing.agreed(town)
    await sharing.change(town, mine)
    await sharing.move(town, mine[:1], "129902")
    read = (await sharing.read(town, share_id))["data"]["shared"]["changes"]
    assert [(one["id"], one["record"] is None, one["subject"] is None) for one in read] == [
        (mine[0].id, True, True),
        (mine[1].id, False, False),
    ]


async def test_a_day_hands_over_so_many_and_no_more(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_A_DAY", 3)
    mine = await _mine(town, 5)
    share_id = await sharing.agreed(town)
    await sharing.change(town, mine)
    first = (await sharing.read(town, share_id, first=2))["data"]["shared"]
    assert (len(first["changes"]), first["more"]) == (2, True)
    second = (await sharing.read(town, share_id, first=2, after=first["cursor"]))["data"]["shared"]
    assert ([one["id"] for one in second["changes"]], second["more"]) == ([mine[2].id], True)
    before = await stored(town)
    for after in (second["cursor"], None):
        assert (await sharing.read(town, share_id, after=after)).code == "SHARE_DAY_FULL", "nor by beginning anew"
    assert await stored(town) == before
    async with town.house.database.writing() as unit:
        await unit.run(share_feed.update().values(taken_on=datetime.now(UTC).date() - 3 * _DAY))
    assert await _ids(town, share_id, second["cursor"]) == [mine[3].id, mine[4].id]


async def test_what_was_widened_behind_two_peoples_backs_is_not_read(town: Town) -> None:
    mine = await _mine(town, 1)
    share_id = await sharing.agreed(town)
    await sharing.change(town, mine)
    async with town.house.database.writing() as unit:
        await unit.run(text('UPDATE share SET categories = \'["ADMINISTRATIVE", "REGISTRATION"]\''))
    before = await stored(town)
    assert (await sharing.read(town, share_id)).code == "NOT_RELEASED"
    assert await stored(town) == before


async def test_nothing_is_forgotten_before_it_stands_in_feeds(town: Town) -> None:
    mine = await _mine(town, 2)
    share_id = await sharing.agreed(town)
    await sharing.feed(town)
    cursor = await _cursor(town, share_id)
    async with town.house.database.writing() as unit:
        await sharing.tell(unit, mine)
        await unit.run(
            text("UPDATE change SET at = :a").bindparams(bindparam("a", datetime.now(UTC) - 9 * _DAY, Instant))
        )
    async with town.house.database.writing() as unit:
        await changes.number(unit)
    await _night(town, datetime.now(UTC).date())
    await sharing.feed(town)
    assert await _ids(town, share_id, cursor) == [row.id for row in mine]


async def test_changes_that_went_unread_are_told_and_not_passed_over(town: Town) -> None:
    """An older build, which knows no feeds, forgot them."""
    mine = await _mine(town, 3)
    share_id = await sharing.agreed(town)
    await sharing.change(town, mine[:1])
    cursor = await _cursor(town, share_id)
    async with town.house.database.writing() as unit:
        await sharing.tell(unit, mine)
    async with town.house.database.writing() as unit:
        await changes.number(unit)
        await unit.run(text("DELETE FROM change WHERE position < (SELECT max(position) FROM change)"))
    await sharing.feed(town)
    assert (await sharing.read(town, share_id, after=cursor)).code == "SHARE_FORGOTTEN"
    assert await _ids(town, share_id, None) == [mine[2].id]


async def test_two_that_feed_at_once_put_each_change_in_once(town: Town) -> None:
    mine = await _mine(town, 6)
    await sharing.agreed(town)
    async with town.house.database.writing() as unit:
        await sharing.tell(unit, mine)
    async with town.house.database.writing() as unit:
        await changes.number(unit)
    feeder = Feeder(town.house.database)
    await asyncio.gather(*(feeder.run_once(datetime.now(UTC)) for _ in range(4)))
    assert await town.count("SELECT told FROM share_feed") == len(mine)
    assert await town.count("SELECT count(*) FROM share_event") == len(mine)


async def test_an_ended_shares_list_is_swept(town: Town) -> None:
    mine = await _mine(town, 2)
    share_id = await sharing.agreed(town)
    await sharing.change(town, mine)
    await town.act("agency-1", "shareGiveBack", {"shareId": share_id}, "replayed")
    await _night(town, datetime.now(UTC).date())
    assert await town.count("SELECT count(*) FROM share_event") == 0


# --------------------------------------------------------------------------------------- who is killed, who comes late
_STEPS = ("before oversight.sharing.feeding:_append", "after oversight.sharing.feeding:_append")


@pytest.mark.parametrize("step", _STEPS)
@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_killed_feeder_is_followed_by_one_that_puts_everything_in_once(town: Town, step: str) -> None:
    mine = await _mine(town, 5)
    share_id = await sharing.agreed(town)
    await sharing.feed(town)
    async with town.house.database.writing() as unit:
        await sharing.tell(unit, mine)
    async with town.house.database.writing() as unit:
        await changes.number(unit)
    reached = await town.count("SELECT position FROM share_reached")
    name = town.house.settings.database_url.rsplit("/", 1)[1] + "-doomed"
    assert dies_of_its_duties(town.house.settings, name, step), f"nobody reached {step}"
    assert await town.count("SELECT position FROM share_reached") == reached, "places and position are one commit"
    assert await town.count("SELECT told FROM share_feed") == 0
    await sharing.feed(town)
    assert await _ids(town, share_id, None) == [row.id for row in mine]
    assert await town.count("SELECT told FROM share_feed") == len(mine)


@pytest.mark.parametrize("step", _STEPS)
def test_every_step_of_the_table_exists(step: str) -> None:
    Step.parse(step).find()


async def test_a_feeder_that_breaks_off_half_way_has_done_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = await _mine(town, 5)
    share_id = await sharing.agreed(town)
    await sharing.feed(town)
    async with town.house.database.writing() as unit:
        await sharing.tell(unit, mine)
    async with town.house.database.writing() as unit:
        await changes.number(unit)
    before = await stored(town)
    append = feeding._append

    async def breaks(*arguments: Any) -> None:
        await append(*arguments)
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(feeding, "_append", breaks)
        with pytest.raises(RuntimeError):
            await Feeder(town.house.database).run_once(datetime.now(UTC))
    assert await stored(town) == before
    await sharing.feed(town)
    assert await _ids(town, share_id, None) == [row.id for row in mine]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_change_that_commits_after_a_later_one_is_not_skipped(town: Town) -> None:
    mine = await _mine(town, 2)
    share_id = await sharing.agreed(town)
    await sharing.feed(town)
    async with town.house.database.writing() as slow:
        await sharing.tell(slow, mine[:1])  # has the lower id, and is not committed
        async with town.house.database.writing() as swift:
            await sharing.tell(swift, mine[1:])
        await sharing.feed(town)
        first = (await sharing.read(town, share_id))["data"]["shared"]
        assert [one["id"] for one in first["changes"]] == [mine[1].id]
    await sharing.feed(town)
    assert await _ids(town, share_id, first["cursor"]) == [mine[0].id]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_who_reads_while_many_write_reads_everything_once_at_least(town: Town) -> None:
    """Writers that commit in any order, the duties, and a reader who goes on from where they were."""
    chance = Random(7)
    mine = await _mine(town, scaled(24, 36))  # as many as the city has
    share_id = await sharing.agreed(town)
    writing = True

    async def write(rows: list[Any]) -> None:
        for row in rows:
            async with town.house.database.writing() as unit:
                await sharing.tell(unit, [row])
                await asyncio.sleep(chance.random() / 50)

    async def duties() -> None:
        while writing:
            await sharing.feed(town)

    async def follow() -> set[str]:
        cursor, seen = None, set()
        while True:
            ended = not writing
            if ended:
                await sharing.feed(town)
            answer = (await sharing.read(town, share_id, first=3, after=cursor))["data"]["shared"]
            cursor, seen = answer["cursor"], seen | {one["id"] for one in answer["changes"]}
            if ended and not answer["more"]:
                return seen

    feeding_, reader = asyncio.create_task(duties()), asyncio.create_task(follow())
    await asyncio.gather(*(write(mine[n::6]) for n in range(6)))
    writing = False
    await feeding_
    assert await reader == {row.id for row in mine}
    async with town.house.database.reading() as unit:
        row = await unit.first(share_reached.select())
    assert row is not None
    assert row.position == await town.count("SELECT max(position) FROM change")


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_share_ended_while_it_is_read_is_read_whole_or_not_at_all(town: Town) -> None:
    mine = await _mine(town, 4)
    share_id = await sharing.agreed(town)
    await sharing.change(town, mine)
    ending = town.act("approver-1", "shareEnd", {"shareId": share_id}, "replayed")
    *read, ended = await asyncio.gather(*(sharing.read(town, share_id) for _ in range(6)), ending)
    assert ended["replayed"] is False
    for answer in read:
        whole = answer.get("data") is not None and len(answer["data"]["shared"]["changes"]) == len(mine)
        assert whole or answer.code == "SHARE_STATE"
    assert (await sharing.read(town, share_id)).code == "SHARE_STATE"
