"""Under what name a merchant knows a customer: its own, whatever it asks, and through a change of keys."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.house import House
from core import keys
from core.keys import Purpose
from incentives import codes
from incentives.pseudonyms import pseudonym
from incentives.tables import claim, offer, redemption, store
from schema.audiences import Lens
from schema.policy import ENTRIES
from tests.harness import offering
from tests.harness.callers import Town, inhabited
from tests.harness.desks import everything

_PEOPLE = ("citizen-2", "citizen-3")


def test_a_name_is_one_persons_at_one_merchant_under_one_key() -> None:
    names = {
        pseudonym(key, party, person): (key, party, person)
        for key in (b"k" * 32, b"l" * 32)
        for party in ("pty_a", "pty_b", "pty_as")
        for person in ("ub_x", "sub_x", "b_x")
    }
    assert len(names) == 18
    assert all(re.fullmatch("[a-z2-7]{24}", name) for name in names)


async def _customers(town: Town, persona: str) -> list[str]:
    found = await town.data(persona, "{ partner { redemptions(first: 100) { edges { node { customer } } } } }")
    return [edge["node"]["customer"] for edge in found["partner"]["redemptions"]["edges"]]


async def _both_merchants_served(town: Town) -> None:
    """The same two people at both merchants; the second one's receipts are made as its till would make them."""
    for number, person in enumerate(_PEOPLE):
        await town.redeem(await town.code(person, key=f"c{number}"), key=f"r{number}")
    async with town.house.database.writing() as unit:
        mine = (await unit.all(redemption.select()))[0].party_id
        theirs = (await unit.all(store.select().where(store.c.party_id != mine)))[0]
        offered = (await unit.all(offer.select().where(offer.c.party_id == theirs.party_id)))[0]
        for row in await unit.all(claim.select().where(claim.c.status == "REDEEMED")):
            again = {**row._asdict(), "id": f"x{row.id}"[:40], "offer_id": offered.id, "handle": codes.new_handle()}
            await unit.run(claim.insert().values(again))
            receipt = (await unit.all(redemption.select().where(redemption.c.claim_id == row.id)))[0]
            name = pseudonym(unit.vault.pseudonym_key, theirs.party_id, row.subject_id)
            new = {"id": f"x{receipt.id}"[:40], "number": f"9{receipt.number[1:]}", "claim_id": again["id"]}
            new |= {"party_id": theirs.party_id, "store_id": theirs.id, "customer": name}
            await unit.run(redemption.insert().values({**receipt._asdict(), **new}))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_two_merchants_who_lay_everything_side_by_side_find_nobody_in_both(town: Town) -> None:
    await offering.stranger(town)
    await _both_merchants_served(town)
    mine, theirs = await _customers(town, "partner-1"), await _customers(town, offering.STRANGER)
    assert (len(set(mine)), len(set(theirs))) == (2, 2)
    assert not set(mine) & set(theirs)
    told = {persona: await everything(town, persona) for persona in ("partner-1", offering.STRANGER)}
    async with town.house.database.reading() as unit:
        claims = await unit.all(claim.select())
        receipts = await unit.all(redemption.select())
    inner = {row.subject_id for row in claims} | {row.id for row in claims} | {row.handle for row in claims}
    for persona, text in told.items():
        assert all(name in text for name in (mine if persona == "partner-1" else theirs))
        assert not [one for one in inner if one in text]
    # Whatever looks like an id and stands in both is nobody's: a merchant's own things are its own.
    words = [set(re.findall(r"\b[0-9A-Za-z_-]{15,}\b", text)) for text in told.values()]
    of_receipts = {row.id for row in receipts} | {row.number for row in receipts} | {row.customer for row in receipts}
    assert not words[0] & words[1] & of_receipts
    assert not {word for word in words[0] & words[1] if re.match("(sub|clm|rdm|sbj|per)_", word)}


def test_of_a_customer_a_merchant_reads_one_field() -> None:
    """What is said of a person under these lenses has this name, so that a second one would be seen here."""
    named = {
        coordinate
        for coordinate, entry in ENTRIES.items()
        if {Lens.PARTNER, Lens.TILL} & entry.lenses
        and re.search(r"customer|subject|person|claimId|holder|buyer|user", coordinate.split(".")[1], re.IGNORECASE)
    }
    assert {name for name in named if "perPerson" not in name} == {"Redemption.customer"}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_names_outlive_a_change_of_keys_and_the_old_key(own: House) -> None:
    async with inhabited(own) as town:
        await town.redeem(await town.code("citizen-2", key="c1"), key="r1")
        await town.redeem(await town.code("citizen-2", key="c2"), key="r2")
        (before, same) = await _customers(town, "partner-1")
        assert before == same
        path: Path = own.settings.key_file
        old = keys.load(path).active(Purpose.PSEUDONYM).kid
        keys.promote(path, Purpose.PSEUDONYM, keys.publish(path, Purpose.PSEUDONYM, at=_AT).kid, at=_AT)
        keys.drop(path, Purpose.PSEUDONYM, old)
        own.keys.look()
        await town.redeem(await town.code("citizen-2", key="c3"), key="r3")
        await town.redeem(await town.code("citizen-2", key="c4"), key="r4")
        after = await _customers(town, "partner-1")
        assert after[2:] == [before, before]
        assert after[0] == after[1] != before


_AT = datetime.now(UTC) - timedelta(days=1)
