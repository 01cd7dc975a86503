"""Every act on an offer, from every standing, by everybody who could try it, over the API: what happens, and what does
not. What should happen is read out of `lives.yaml`. One offer is put into each standing in turn.
"""

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import text

from incentives.tables import TERMS, offer, offer_step, offer_store, offer_version, stock
from tests.harness import offering
from tests.harness.callers import Answered, Town
from tests.harness.offering import OFFER, STRANGER

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_LIVES: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("lives.yaml").read_text("utf-8"))
_ACTS: Mapping[str, Any] = _LIVES["acts"]
_PARTNERS = {"partner-1", STRANGER}
_APPROVERS = {"approver-1", "approver-2"}
_ACTORS = ("partner-1", STRANGER, "till-1", "approver-1", "approver-2", "officer-1", "citizen-2")
# What by itself comes to be so is not stored: these days make it so.
_STORED = {"SCHEDULED": ("LIVE", 1), "OVER": ("LIVE", -9), "DROPPED": ("ENDED", -1)}


def _expected(standing: str, act: str, actor: str) -> str:
    by = _ACTS[act]["by"]
    if actor not in (_PARTNERS if by == "PARTNER" else _APPROVERS):
        return "FORBIDDEN"
    if actor == STRANGER:
        return "NOT_AVAILABLE"
    return str(_ACTS[act]["starts"].get(standing, "WRONG_STATE"))


class _Lives:
    """One offer, put into a standing and tried upon."""

    def __init__(self, town: Town, offer_id: str, terms: dict[str, Any]) -> None:
        self._town, self._offer_id, self._terms = town, offer_id, terms

    async def put(self, standing: str) -> None:
        """Into a standing, its latest version a fresh one that nobody has had a hand in."""
        shown, _, review = standing.partition("+")
        unpublished = shown in ("DRAFT", "IN_REVIEW", "RETURNED")
        status, begins = ("DRAFT", -1) if unpublished else _STORED.get(shown, (shown, -1))
        now = datetime.now(UTC)
        async with self._town.house.database.writing() as unit:
            row = (await unit.all(offer.select().where(offer.c.id == self._offer_id)))[0]
            terms = {name: getattr(row, name) for name in TERMS}
            terms |= {"starts_at": now + timedelta(days=begins), "ends_at": now + timedelta(days=begins + 5)}
            stands = None if unpublished or shown == "DROPPED" else row.latest + 1
            latest = row.latest + 1 + bool(review)
            for number in range(row.latest + 1, latest + 1):
                written = {"offer_id": row.id, "number": number, "drafted_at": now, **terms}
                written["ends_at"] = now + timedelta(days=30)  # what is proposed is not over
                await unit.run(offer_version.insert().values(written))
                store = {"offer_id": row.id, "number": number, "store_id": self._terms["storeIds"][0]}
                await unit.run(offer_store.insert().values(store))
            await unit.run(
                offer.update().values(
                    status=status,
                    review=shown if unpublished else review or None,
                    standing=stands,
                    latest=latest,
                    submitted_at=now,
                    **terms,
                ).where(offer.c.id == row.id)
            )  # fmt: skip
            await unit.run(stock.update().values(standing=stands if status == "LIVE" else None))

    async def stored(self) -> tuple[Any, ...]:
        """Everything that an act could change."""
        async with self._town.house.database.reading() as unit:
            row = (await unit.all(offer.select().where(offer.c.id == self._offer_id)))[0]
            kept = (await unit.all(stock.select().where(stock.c.offer_id == self._offer_id)))[0]
            steps = await unit.all(offer_step.select().where(offer_step.c.offer_id == self._offer_id))
            written = await unit.all(offer_version.select().where(offer_version.c.offer_id == self._offer_id))
        return (tuple(row), tuple(kept), len(steps), len(written))

    async def attempt(self, actor: str, act: str, expected: int) -> Answered:
        """One act, whatever becomes of it."""
        given = {"offerId": self._offer_id, "expectedVersion": expected}
        given |= self._terms if act == "REVISE" else {"reasons": "已核对"}
        name, input_ = (
            act.capitalize(),
            {"APPROVE": "Decide", "RETURN": "Decide", "REVISE": "Revise"}.get(act, "Change"),
        )
        document = (
            f"mutation($i: Offer{input_}Input!) {{ offer{name}(input: $i) {{ "
            f"... on Offer{name}Payload {{ {OFFER} }} ... on Refusal {{ code }} }} }}"
        )
        return await self._town.ask(actor, document, {"i": given})

    async def standing(self) -> str:
        """How it stands now, as its merchant reads it."""
        read = await offering.file(self._town, self._offer_id)
        pending = read["review"] if read["standing"] else None
        return f"{read['offer']['status']}{'+' + pending if pending else ''}"


async def test_every_act_from_every_standing_by_everybody(town: Town) -> None:
    await offering.stranger(town)
    terms = await offering.terms(town, note="已核对")
    offer_id = await offering.drafted(town, "lives")
    lives = _Lives(town, offer_id, terms)
    at = None
    for standing, act, actor in itertools.product(_LIVES["standings"], _ACTS, _ACTORS):
        if at != standing:
            await lives.put(standing)
            at, before = standing, await lives.stored()
        version = before[0][1]
        answer = await lives.attempt(actor, act, version)
        wanted, case = _expected(standing, act, actor), (standing, act, actor, answer)
        if "errors" in answer:
            assert answer.code == wanted == "FORBIDDEN", case
        elif "code" in answer["data"][f"offer{act.capitalize()}"]:
            assert answer["data"][f"offer{act.capitalize()}"]["code"] == wanted, case
        else:
            made = answer["data"][f"offer{act.capitalize()}"]
            assert (made["offer"]["version"], made["replayed"]) == (version + 1, False), case
            assert await lives.standing() == wanted, case
            after = await lives.stored()
            assert after[2] == before[2] + 1, case
            again = await lives.attempt(actor, act, version)
            assert again["data"][f"offer{act.capitalize()}"] == {**made, "replayed": True}, case
            assert await lives.stored() == after, case
            stale = await lives.attempt(actor, act, version - 1)
            assert stale["data"][f"offer{act.capitalize()}"]["code"] == "VERSION_CHANGED", case
            at = None
            continue
        assert await lives.stored() == before, case


async def test_what_was_written_and_done_is_never_changed(town: Town) -> None:
    await offering.live(town, "kept")
    for table in ("offer_version", "offer_step"):
        for act in (f"UPDATE {table} SET number = number + 1", f"DELETE FROM {table}"):
            with pytest.raises(Exception, match="only ever added to"):
                async with town.house.database.writing() as unit:
                    await unit.run(text(act))
