"""Erasing: content and salts go for good, the hash stays, and the tree still proves every other look."""

from datetime import UTC, datetime

import pytest

from audit.erasing import erase, erase_expired
from audit.errors import NotSealed
from audit.notes import Checkpoint
from audit.verifying import check_extends, check_receipt, check_together
from tests.harness.callers import Town
from tests.harness.sealing import Mirror, keys_of, seal

_HISTORY = """{ me { accessHistory(includeOwn: true, first: 100) { edges { node { id at
  receipt { position data salt link linkSalt proof } } } } } }"""


async def _history(town: Town) -> list[dict[str, dict[str, str]]]:
    return [edge["node"] for edge in (await town.data("citizen-1", _HISTORY))["me"]["accessHistory"]["edges"]]


async def test_what_is_erased_is_gone_and_the_rest_still_proves(town: Town) -> None:
    for _ in range(4):
        await town.data("citizen-1", "{ me { name } }")
    await seal(town.house)
    kept = Checkpoint.opened(await Mirror(town).note(), keys_of(town.house))
    before = [node for node in await _history(town) if node["receipt"]]
    gone = [str(before[1]["id"]), str(before[0]["id"])]  # the last position is among them
    await seal(town.house)
    last = await town.count("SELECT max(position) FROM log_leaf")
    async with town.house.database.writing() as unit:
        assert await erase(unit, gone) == 2
    assert await town.count("SELECT count(*) FROM log_leaf WHERE secret IS NULL AND access_id IS NULL") == 2
    await town.data("citizen-1", "{ me { name } }")
    await seal(town.house)
    assert await town.count("SELECT count(access_id) FROM log_leaf WHERE position = :p", p=last + 1) == 1
    after = [node for node in await _history(town) if node["receipt"]]
    assert not {str(node["id"]) for node in after} & set(gone)
    checked = [check_receipt(node["receipt"], keys_of(town.house)) for node in after]
    assert len(check_together(checked)) == 1, "the numbers of what was erased are missing, and nothing else"
    mirror = Mirror(town)
    now = Checkpoint.opened(await mirror.note(), keys_of(town.house))
    await mirror.fetch(now.size)
    check_extends(kept, now, mirror.read)
    for node in before:
        check_receipt(node["receipt"], keys_of(town.house))  # who kept a receipt still has it


async def test_positions_go_on_after_the_very_last_look_was_erased(town: Town) -> None:
    await town.data("citizen-1", "{ me { name } }")
    await seal(town.house)
    size = await town.count("SELECT max(position) FROM log_leaf")
    newest = str((await _history(town))[0]["id"])
    async with town.house.database.writing() as unit:
        await erase(unit, [newest])
    await seal(town.house)
    assert await town.count("SELECT max(position) FROM log_leaf") == size + 1


async def test_a_look_that_is_not_sealed_is_not_erased(town: Town) -> None:
    await seal(town.house)
    sealed = next(node for node in await _history(town) if node["receipt"])
    unsealed = next(node for node in await _history(town) if not node["receipt"])
    looks = await town.count("SELECT count(*) FROM access")
    for wanted in ([str(unsealed["id"])], [str(sealed["id"]), "acc_none"]):
        with pytest.raises(NotSealed):
            async with town.house.database.writing() as unit:
                await erase(unit, wanted)
    assert await town.count("SELECT count(*) FROM access") == looks
    assert await town.count("SELECT count(*) FROM log_leaf WHERE secret IS NULL") == 0


async def test_a_look_is_kept_for_ten_years(town: Town) -> None:
    await town.data("citizen-1", "{ me { name } }")
    await seal(town.house)
    now = datetime.now(UTC)
    async with town.house.database.writing() as unit:
        assert await erase_expired(unit, at=now) == 0
        assert await erase_expired(unit, at=now.replace(month=1, day=1, year=now.year + 10)) == 0
    sealed = await town.count("SELECT count(*) FROM log_leaf")
    async with town.house.database.writing() as unit:
        assert await erase_expired(unit, at=datetime(now.year + 11, 2, 28, tzinfo=UTC)) == sealed
        assert await erase_expired(unit, at=datetime(2048, 2, 29, tzinfo=UTC)) == 0
    assert await town.count("SELECT count(*) FROM access") == 0
