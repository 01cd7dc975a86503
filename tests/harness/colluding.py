"""Merchants who lay together all that they read and are answered, beside one person who takes what they offer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from api import personas
from api.settings import DEMONSTRATION_ISSUER
from core.moments import day_of
from credit import models
from credit.tables import score
from incentives import stores
from incentives.statistics import Publisher
from notices import changes
from parties import admission, links
from parties.kinds import Post
from parties.links import Owner
from parties.tables import identity_link, party
from tests.harness import offering
from tests.harness.callers import Town
from tests.harness.desks import everything
from tests.harness.figures import PEOPLE, this_month

PERSON = "citizen-2"
TIERS = 5
_PUBLIC = """{ offers(first: 100) { edges { node { id version status title requirement terms remaining perPerson
  takenByStore worksOffline partner { id name } stores { id name } } } } }"""
_FILES = """{ partner { offers(first: 100) { edges { node { id version status remaining } } }
  redemptions(first: 100) { edges { node { number customer } } } } }"""
_VIEWER = "{ viewer { name changesCursor party { id name } } }"
_CHECKED = """offerTitle benefitText orderNumberNeeded orderAmountNeeded mostYuan deferredUntil redemption { id number
  offerTitle benefitText customer } replayed"""
_RECEIPT = "redemption { id number offerTitle benefitText customer store redeemedAt reversed reversibleUntil } replayed"
# What is drawn or is an instant. Replaced by which of its kind it is, in the order in which they come, over all texts:
# whether two are the same is kept. Of an instant nothing is kept: no two runs have the same.
_DRAWN = re.compile(
    r"(?P<instant>\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.]*(?:Z|[+-]\d\d:\d\d)?)"
    r"|(?P<id>\b[a-z]{3}_[0-9A-Za-z]{12,})|(?P<number>\b\d{18}\b)|(?P<name>\b[a-z2-7]{24}\b)"
    r"|(?P<sealed>\b[0-9A-Za-z_-]{30,})"
)


@dataclass
class Merchant:
    """One of them: who signs in for it, where, and its offer for each tier."""

    number: int
    party_id: str
    store_id: str
    offers: list[str] = field(default_factory=list)

    @property
    def manager(self) -> str:
        """Its manager's sign-in."""
        return f"colluder-{self.number}"

    @property
    def till(self) -> str:
        """Its till's sign-in."""
        return f"colluder-till-{self.number}"


async def founded(town: Town, many: int) -> list[Merchant]:
    """So many merchants, each with an offer for every tier that can be taken."""
    made = [await _founded(town, number) for number in range(many)]
    sign_in(town, made)
    for one in made:
        for tier in range(1, TIERS + 1):
            said = await _terms(town, one, tier)
            drafted = await town.act(one.manager, "offerDraft", {**said, "idempotencyKey": f"{tier}"}, offering.OFFER)
            one.offers.append(drafted["offer"]["id"])
            await _approved(town, one, one.offers[-1])
    return made


async def _founded(town: Town, number: int) -> Merchant:
    async with town.house.database.writing() as unit:
        like = (await unit.all(party.select().where(party.c.code == "PARTNER2")))[0]._asdict()
        party_id = f"pty_colluder{number:012}"
        await unit.run(party.insert().values({**like, "id": party_id, "code": f"COLLUDER{number}", "name": "合谋"}))
        place = {"name": "店", "district": "东港区", "address": "东港区示例路1号"}
        made = Merchant(number, party_id, await stores.open_(unit, party_id, **place))
        for name, post, at in ((made.manager, Post.MANAGER, None), (made.till, Post.TILL, made.store_id)):
            staff = await admission.employ(unit, party_id, label=name, post=post, store_id=at)
            await links.link(unit, issuer=DEMONSTRATION_ISSUER, name=name, owner=Owner(staff_id=staff))
    return made


def sign_in(town: Town, merchants: Sequence[Merchant]) -> None:
    """Their tokens, in this town."""
    for one in merchants:
        for name, like in ((one.manager, "partner-1"), (one.till, "till-1")):
            persona, audience = personas.PERSONAS[like], town.house.settings.audience
            signed = personas.sign(
                town.house.rings, persona, name, one.party_id, audience=audience, at=datetime.now(UTC)
            )
            town._tokens[name, None] = signed


async def _terms(town: Town, one: Merchant, tier: int, **changed: Any) -> dict[str, Any]:
    said = {"condition": {"tier": tier}, "storeIds": [one.store_id], "stock": 50, **changed}
    return await offering.terms(town, title=f"{one.number}号第{tier}档", **said)


async def _approved(town: Town, one: Merchant, offer_id: str) -> None:
    for who, what in ((one.manager, "submit"), ("approver-1", "approve")):
        assert "offer" in await offering.act(town, who, what, offer_id)


async def stand(town: Town, value: int | None) -> None:
    """The person's score is this one from now on; None: closed."""
    async with town.house.database.writing() as unit:
        mine = select(identity_link.c.subject_id).where(identity_link.c.name == PERSON).scalar_subquery()
        if value is None:
            gone = dict.fromkeys(("value", "tier", "model_version", "computed_at", "factors", "changes_on"))
            values: dict[str, Any] = {"status": "CLOSED", **gone}
        else:
            values = {"value": value, "tier": models.in_force(day_of(datetime.now(UTC))).band_of(value).tier}
        assert await unit.run(score.update().where(score.c.subject_id == mine).values(values)) == 1


class Watch:
    """All that the merchants read and are answered in one town."""

    def __init__(self, town: Town, merchants: Sequence[Merchant]) -> None:
        self._town, self._merchants = town, merchants
        self._told: list[str] = []
        # Of what the person tries of the offers, as (merchant, tier), who has got what.
        self.taken: set[tuple[int, int]] = set()

    async def spy(self, *, tries: bool, shows: bool) -> str:
        """What is learnt, drawn things replaced. The person tries every offer, and shows the codes they get, or not."""
        await self._glance()
        for turn in ("before", "after"):
            if tries:
                await self._try(turn, shows=shows)
            await self._glance()
            if turn == "before":
                await self._change()
        await self._read()
        lot = Publisher(self._town.house.database, Random(1))
        ends = this_month().ends
        while await lot.run_once(ends + timedelta(days=1)) == 0.0:
            pass
        for one in self._merchants:
            self._told.append(str(await self._town.data(one.manager, PEOPLE, {"m": this_month().text})))
        return _plain("\n".join(self._told))

    async def _say(self, who: str, what: str, given: dict[str, Any], selection: str) -> dict[str, Any]:
        answer = await self._town.act(who, what, given, selection)
        self._told.append(str(answer))
        return answer

    async def _try(self, turn: str, *, shows: bool) -> None:
        for one in self._merchants:
            for place, offer_id in enumerate(one.offers):
                for again in range(2 if turn == "before" else 1):  # two: a stock of one is too small for them
                    made = await self._town.claim(PERSON, offer_id, key=f"{turn} {one.number} {place} {again}")
                if "claim" in made:
                    self.taken.add((one.number, place + 1))
                    if shows:
                        await self._show(one, made["claim"]["codes"][0]["digits"], f"{turn} {place}")

    async def _show(self, one: Merchant, digits: str, key: str) -> None:
        if key == "before 0":  # at another merchant's till, which may be wrong so often and no oftener
            other = self._merchants[one.number - 1]
            await self._say(other.till, "claimCheck", {"code": digits}, _CHECKED)
        await self._say(one.till, "claimCheck", {"code": digits}, _CHECKED)
        given = {"code": digits, "idempotencyKey": key}
        used = await self._say(one.till, "claimRedeem", given, _RECEIPT)
        undo = {"redemptionId": used["redemption"]["id"], "reason": "点错", "idempotencyKey": key}
        await self._say(one.till, "redemptionReverse", undo, _RECEIPT)
        await self._say(one.till, "claimRedeem", {**given, "idempotencyKey": f"{key} again"}, _RECEIPT)

    async def _change(self) -> None:
        """Every kind of edit; a stock that is too small for whoever has taken one is asked for too."""
        for one in self._merchants:
            for place in (0, 2, 4):
                offer_id = one.offers[place]
                for what, given in (("revise", await _terms(self._town, one, place + 1, stock=1)), ("submit", {})):
                    await self._act(one, what, offer_id, **given)
                # One tier higher, and once more for each person.
                said = await _terms(self._town, one, min(place + 2, TIERS), stock=60, perPerson=3)
                await self._act(one, "revise", offer_id, **said)
                await _approved(self._town, one, offer_id)
            for what in ("pause", "resume"):
                await self._act(one, what, one.offers[0])
            await self._act(one, "end", one.offers[-1])
            for digits in ("0" * 18, "123456789012345678"):
                await self._say(one.till, "claimCheck", {"code": digits}, _CHECKED)

    async def _act(self, one: Merchant, what: str, offer_id: str, **given: Any) -> None:
        self._told.append(str(await offering.act(self._town, one.manager, what, offer_id, **given)))

    async def _glance(self) -> None:
        """What can be looked at all the time, and moves with what happens."""
        async with self._town.house.database.writing() as unit:
            while await changes.number(unit):
                pass
        self._told += [str(await self._town.data(None, _PUBLIC)), str(await self._town.data("colluder-0", _VIEWER))]
        for one in self._merchants:
            self._told.append(str(await self._town.data(one.manager, _FILES)))

    async def _read(self) -> None:
        for one in self._merchants:
            self._told.append(await everything(self._town, one.manager))
        self._told.append(await everything(self._town, self._merchants[0].till))


def _plain(text: str) -> str:
    """The text with what is drawn replaced."""
    seen: dict[str, str] = {}

    def replace(found: re.Match[str]) -> str:
        kind, drawn = found.lastgroup or "", found[0]
        if kind == "instant":
            return "(instant)"
        return seen.setdefault(drawn, f"({kind} {len(seen)} of {len(drawn)})")

    return _DRAWN.sub(replace, text)
