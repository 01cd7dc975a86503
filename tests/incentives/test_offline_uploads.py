"""What becomes of what a till brings (`offline.yaml`), and of what the claim holds meanwhile."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from core.moving import Merger
from incentives import issuing, merging, offline
from incentives.offline import HORIZON
from tests.harness.callers import Town
from tests.harness.market import LONG, Market

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_CASES = yaml.safe_load(Path(__file__).with_name("offline.yaml").read_text("utf-8"))
_HOUR = timedelta(hours=1)


class _Walk:
    """One row's claim, its code, and its last receipt."""

    def __init__(self, market: Market, person: str, claim_id: str) -> None:
        self.market, self.person, self.claim_id, self.code = market, person, claim_id, ""

    async def step(self, words: list[str]) -> str:
        act, hour, *more = words
        acts: dict[str, Callable[[datetime, list[str]], Awaitable[str]]] = {
            "issue": self._issue,
            "bring": self._bring,
            "redeem": self._redeem,
            "look": lambda at, more: self.market.look(self.claim_id, at, store_id=self._store(more)),
            "reverse": lambda at, _: self._reverse(at),
            "cancel": lambda at, _: self.market.cancel(self.claim_id, at),
            "void": lambda at, _: self.market.void(self.person, at),
        }
        return await acts[act](self._at(hour), more)

    def _at(self, hour: str) -> datetime:
        return self.market.begun + float(hour) * _HOUR

    def _store(self, words: list[str]) -> str:
        return self.market.stores[1 if "elsewhere" in words else 0]

    async def _issue(self, at: datetime, more: list[str]) -> str:
        said = await self.market.issue(self.claim_id, at, store_id=self._store(more))
        if len(said) != 132:
            return said
        self.code = said
        return "OUT"

    async def _bring(self, at: datetime, more: list[str]) -> str:
        code = self.code
        if "forged" in more:
            async with self.market.town.house.database.reading() as unit:
                read, key = offline.read(code, issuing.signers(unit.vault)), unit.vault.offline_key
            assert read is not None
            code = offline.sign(read, key.kid, Ed25519PrivateKey.generate())
        if "stolen" in more:
            code = await self._signed_otherwise(more)
        name = f"{self.claim_id}{'-another' if 'another' in more else ''}"
        given: dict[str, Any] = {"taken_at": self._at(more[0]), "name": name, "store_id": self._store(more)}
        return await self.market.bring(code, at, by="stf_2" if "another" in more else "stf_1", **given)

    async def _signed_otherwise(self, more: list[str]) -> str:
        """A code that we never issued, by our own key."""
        async with self.market.town.house.database.reading() as unit:
            read, key = offline.read(self.code, issuing.signers(unit.vault)), unit.vault.offline_key
        private = serialization.load_pem_private_key(key.secret, None)
        assert read is not None
        assert isinstance(private, Ed25519PrivateKey)
        changed = {
            "hour": {"expires_at": read.expires_at - _HOUR},
            "cycle": {"cycle": read.cycle + 1},
            "store": {"store": offline.tag_of_store(self._store(more))},
        }
        return offline.sign(replace(read, **changed[more[-1]]), key.kid, private)

    async def _redeem(self, at: datetime, more: list[str]) -> str:
        said = await self.market.redeem(self.claim_id, 99, at, store_id=self._store(more))
        return "REDEEMED" if said.startswith("rdm_") else said

    async def _reverse(self, at: datetime) -> str:
        query = "SELECT max(id) FROM redemption WHERE claim_id = :c AND id NOT IN (SELECT redemption_id FROM reversal)"
        async with self.market.town.house.database.reading() as unit:
            rows = await unit.all(text(query), {"c": self.claim_id})
        return await self.market.reverse(rows[0][0], at)


async def test_what_is_brought_counts_once_in_time_and_at_its_store(town: Town) -> None:
    market = await Market.open(town, 30_000, stock=500, offline=True)
    wrong = []
    for number, row in enumerate(_CASES):
        person = f"sub_case_{number}"
        walk = _Walk(market, person, await market.claim(person, market.begun))
        for said, expected in row["steps"]:
            got = await walk.step(said.split())
            if got != expected:
                wrong.append(f"{row['case']}: {said} is {got}, and not {expected}")
        if not await market.is_in_order():
            wrong.append(f"{row['case']}: the books")
    assert wrong == []
    twice = "SELECT count(*) FROM (SELECT 1 FROM redemption GROUP BY claim_id, cycle HAVING count(*) > 1) AS t"
    assert await town.count(twice) == 0
    # Whatever was not honoured is written down, and is no redemption.
    assert await town.count("SELECT count(*) FROM offline_upload WHERE outcome = 'LATE'") > 5
    assert await town.count("SELECT count(*) FROM offline_upload WHERE outcome = 'ALREADY'") > 3


@pytest.mark.parametrize("is_out", [False, True])
async def test_stock_and_money_wait_for_a_till_until_it_is_too_late(town: Town, is_out: bool) -> None:
    market = await Market.open(town, 30, stock=1, offline=True)
    claim_id = await market.claim("sub_a", market.begun)
    over = market.begun + LONG
    if is_out:
        assert len(await market.issue(claim_id, over - _HOUR)) == 132
    goes_on = replace(market.terms(30, stock=1, at=market.begun), ends_at=market.begun + 6 * LONG)
    assert await market.edit(goes_on, over - _HOUR) == "DONE"
    settled = over + HORIZON
    second = timedelta(seconds=1)
    assert (await market.claim("sub_b", over - second)) == "SOLD_OUT"
    for at in (over, settled - second):
        said = await market.claim("sub_b", at)
        assert (said == "SOLD_OUT") is is_out, said
        if not is_out:
            await market.cancel(said, at)
    assert (await market.claim("sub_b", settled)).startswith("clm_")
    assert await market.is_in_order()
    assert await market.budget() == {"total": 3000, "held": 3000, "spent": 0}


async def test_two_who_turn_out_to_be_one_lose_nothing_that_is_out(town: Town) -> None:
    market = await Market.open(town, None, offline=True)
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE offer SET per_person = 1 WHERE id = :o"), {"o": market.offer_id})
    first = await market.claim("sub_kept", market.begun)
    out = await market.claim("sub_gone", market.begun + timedelta(minutes=1))
    code = await market.issue(out, market.begun + timedelta(minutes=1))
    async with town.house.database.writing() as unit:
        await merging.move(unit, Merger("mrg_1", "sub_gone", "sub_kept", market.begun + timedelta(minutes=2)), ())
    assert await town.count("SELECT count(*) FROM claim WHERE id = :c AND status = 'VOIDED'", c=first) == 1
    at = market.begun + _HOUR
    assert await market.bring(code, at, taken_at=at, name="merged") == "REDEEMED"
