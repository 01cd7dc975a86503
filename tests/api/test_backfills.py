"""Which columns each backfill makes again, and when nothing needs an older key any more."""

from datetime import UTC, datetime, timedelta

import pytest

from api.backfills import BACKFILLS, SEALED, is_done
from api.house import House
from core import keys
from core.keys import Purpose
from tests.harness.commands import haihe

_YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def _change(house: House, purpose: Purpose, *, at: datetime = _YESTERDAY) -> None:
    path = house.settings.key_file
    keys.promote(path, purpose, keys.publish(path, purpose, at=at).kid, at=at)
    house.keys.look()


def test_values_are_every_sealed_column_and_hashes_those_that_have_one() -> None:
    assert set(BACKFILLS) == {"data", "lookup"}
    assert BACKFILLS["data"].columns == SEALED
    found = {sealed.column.name for sealed in BACKFILLS["lookup"].columns}
    assert found == {"identity_sealed", "name_sealed", "code_sealed"}
    assert (BACKFILLS["data"].hashes, BACKFILLS["lookup"].hashes) == (False, True)


@pytest.mark.parametrize("name", ["data", "lookup"])
async def test_a_changed_key_leaves_work_and_the_command_does_it_once(own: House, name: str) -> None:
    wanted = BACKFILLS[name]
    _change(own, wanted.purpose)
    assert not await is_done(own.database, own.rings, wanted)
    ran = await haihe(own, "backfill", name)
    assert ran.exit_code == 0, ran.output
    assert f"{name}: done for key {own.rings.active(wanted.purpose).kid}" in ran.output
    assert await is_done(own.database, own.rings, wanted)
    assert (await haihe(own, "backfill", name)).exit_code == 0


async def test_a_key_of_this_moment_is_waited_for(own: House) -> None:
    _change(own, Purpose.DATA, at=datetime.now(UTC))
    refused = await haihe(own, "backfill", "data")
    assert (refused.exit_code, "changed a moment ago" in refused.output) == (1, True)
    assert not await is_done(own.database, own.rings, BACKFILLS["data"])


async def test_a_key_that_values_need_is_not_dropped(own: House) -> None:
    _change(own, Purpose.DATA)
    old = next(key.kid for key in own.rings.all(Purpose.DATA).values() if key.state == "retired")
    refused = await haihe(own, "keys", "drop", "data", old)
    assert (refused.exit_code, "run `haihe backfill data`" in refused.output) == (1, True)
    await haihe(own, "backfill", "data")
    assert (await haihe(own, "keys", "drop", "data", old)).exit_code == 0
    assert old not in keys.load(own.settings.key_file).all(Purpose.DATA)
