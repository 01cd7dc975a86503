"""Stored documents in the database: kept by client and version, marked when they are asked for, retired when not."""

from datetime import UTC, date, datetime, timedelta

from api.house import House
from core.moments import day_of
from parties import documents

_AT = datetime(2026, 3, 1, 4, tzinfo=UTC)
_LONG = timedelta(days=180)


async def _live(house: House, client: str) -> set[tuple[str, str]]:
    async with house.database.reading() as unit:
        return {(row.version, row.name) for row in await documents.live(unit) if row.client == client}


async def _put(house: House, client: str, version: str, *names: str, days: int = 0) -> None:
    async with house.database.writing() as unit:
        await documents.put(unit, client, version, dict.fromkeys(names, "#"), at=_AT + timedelta(days=days))


async def _retire(house: House, days: int) -> int:
    async with house.database.writing() as unit:
        return await documents.retire(unit, unused=_LONG, at=_AT + timedelta(days=days))


async def test_what_nobody_asks_for_retires_unless_the_newest_version_names_it(house: House) -> None:
    await _retire(house, 10_000)  # the city's own, so that counts are ours
    await _put(house, "a", "1", "old", "kept", "shared")
    await _put(house, "a", "2", "shared", "new", days=1)
    await _put(house, "b", "1", "old")
    async with house.database.writing() as unit:
        await documents.use(unit, [("a", "kept")], on=day_of(_AT + timedelta(days=100)))
        await documents.use(unit, [("a", "kept")], on=date(2026, 3, 1))
    assert await _retire(house, 180) == 0
    assert await _retire(house, 181) == 1, "unused for longer than that, and no other client's"
    everything = {("1", "kept"), ("1", "shared"), ("2", "shared"), ("2", "new")}
    assert await _live(house, "a") == everything
    assert await _live(house, "b") == {("1", "old")}, "the only version is the newest"
    async with house.database.reading() as unit:
        assert await documents.find(unit, ["a"], "old") is None
        assert (await documents.find(unit, ["a", "b"], "old")).client == "b"  # type: ignore[union-attr]
        assert not await documents.is_registered(unit, "a", "1", 3)
        assert await documents.is_registered(unit, "a", "2", 2)
    assert await _retire(house, 281) == 1, "its use bought it a hundred days"

    await _put(house, "a", "1", "old", days=300)
    assert await _retire(house, 301) == 0
    assert await _live(house, "a") == {("1", "old"), ("1", "shared"), ("2", "shared"), ("2", "new")}
