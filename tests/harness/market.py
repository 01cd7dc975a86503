"""One offer with a budget, and everything that can be done to it by the domain's own acts, at any instant."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select, text

from audit.lens import Audience, BasisKind, Lens
from core.database import WriteUnit
from core.errors import Refused
from credit.kinds import SubjectKind
from grants import consent
from grants.scope import NoticeKind
from incentives import (
    approving,
    claims,
    closing,
    codes,
    drafting,
    finishing,
    issuing,
    publishing,
    redemption,
    reversal,
    uploading,
)
from incentives.conditions import EVERYBODY
from incentives.eligibility import Standing
from incentives.finishing import Desk
from incentives.kinds import BenefitKind, Sector
from incentives.moving import Doing
from incentives.redemption import Sale, Till
from incentives.tables import claim, offer
from incentives.terms import Benefit, Terms
from incentives.uploading import Accepted
from tests.harness import offering
from tests.harness.callers import Town

LONG = timedelta(days=5)
OFF = Benefit(BenefitKind.DISCOUNT, "八折，最高减30元", percent=Decimal(20), cap_yuan=Decimal(30))
# As dear as the discount at its most.
NO_DEPOSIT = Benefit(BenefitKind.DEPOSIT_FREE, "免收押金30元", cap_yuan=Decimal(30), days=1)
_STANDING = Standing(SubjectKind.NATURAL_PERSON, tier=5)
_NOTICE = consent.compose(NoticeKind.CLAIM).hash
_BOOKS = """
SELECT count(*) FROM budget b WHERE
  held_cents <> (SELECT coalesce(sum(held_cents), 0) FROM claim c WHERE offer_id = b.offer_id
                 AND (b.place = '' OR held_store_id = b.place)
                 AND (status = 'CLAIMED' OR EXISTS (SELECT 1 FROM redemption r JOIN deferral d ON d.redemption_id = r.id
                      WHERE r.claim_id = c.id AND r.cycle = c.reversals + 1 AND d.ended_at IS NULL)))
  OR spent_cents <> (SELECT coalesce(sum(CAST(round(r.benefit_amount_yuan * 100) AS BIGINT)), 0) FROM redemption r
                     JOIN claim c ON c.id = r.claim_id LEFT JOIN reversal v ON v.redemption_id = r.id
                     WHERE c.offer_id = b.offer_id AND v.redemption_id IS NULL AND c.held_cents IS NOT NULL
                     AND (b.place = '' OR c.held_store_id = b.place))
  OR total_cents <> (SELECT sum(total_cents) FROM budget_line l WHERE l.offer_id = b.offer_id AND l.place = b.place)
  OR held_cents <> (SELECT sum(held_cents) FROM budget_line l WHERE l.offer_id = b.offer_id AND l.place = b.place)
  OR spent_cents <> (SELECT sum(spent_cents) FROM budget_line l WHERE l.offer_id = b.offer_id AND l.place = b.place)
  OR held_cents + spent_cents > total_cents OR held_cents < 0 OR spent_cents < 0
"""


@dataclass
class Market:
    """The offer, its merchant and stores, and who may decide. Each act is a transaction: what was said of it."""

    town: Town
    party_id: str
    stores: list[str]
    begun: datetime
    offer_id: str = ""
    orders: int = 0
    benefit: Benefit = OFF
    # Whether it is used at tills without a network.
    offline: bool = False
    # What happens once between the next act and its commit.
    meanwhile: Callable[[], Awaitable[None]] | None = None

    @classmethod
    async def open(
        cls,
        town: Town,
        budget_yuan: int | None,
        *,
        stock: int = 100,
        split: bool = False,
        benefit: Benefit = OFF,
        offline: bool = False,
    ) -> "Market":
        """A fresh offer: 20 percent off, at most 30 yuan, or another benefit."""
        desk = await town.data("partner-1", "{ partner { party { id } stores { id } } }")
        stores = sorted(store["id"] for store in desk["partner"]["stores"])
        if len(stores) == 1:
            stores = sorted([*stores, await offering.opened(town, "分店")])
        made = cls(
            town,
            desk["partner"]["party"]["id"],
            stores,
            datetime.now(UTC).replace(microsecond=0),
            benefit=benefit,
            offline=offline,
        )
        said = made.terms(budget_yuan, stock=stock, split=split, at=made.begun)
        async with town.house.database.writing() as unit:
            given = {"author": "stf_author", "approvers": ["stf_approver"], "at": made.begun}
            made.offer_id = await publishing.publish(unit, made.party_id, said, **given)
        return made

    def terms(
        self,
        budget_yuan: int | None,
        *,
        stock: int = 100,
        split: bool = False,
        combines: list[str] | None = None,
        at: datetime,
    ) -> Terms:
        """What it says: with each store's half of the money, when it is split."""
        whole = None if budget_yuan is None else Decimal(budget_yuan)
        return Terms(
            "八折",
            Sector.SHOPPING,
            self.benefit,
            EVERYBODY,
            "详见门店。",
            at - timedelta(minutes=1),
            at + LONG,
            100,
            None,
            stock,
            self.stores,
            whole,
            dict.fromkeys(self.stores, whole / 2) if split and whole is not None else {},
            combines,
            self.offline,
        )

    async def claim(self, person: str, at: datetime, store_id: str | None = None) -> str:
        """A claim's id, or why there is none."""

        async def do(unit: WriteUnit) -> str:
            given = {"standing": _STANDING, "notice_hash": _NOTICE, "store_id": store_id, "at": at}
            return await claims.create(unit, _lens(person), self.offer_id, **given)

        return await self.did(do)

    async def cancel(self, claim_id: str, at: datetime) -> str:
        """Give it back."""

        async def do(unit: WriteUnit) -> str:
            row = (await unit.all(select(claim).where(claim.c.id == claim_id)))[0]
            await claims.cancel(unit, _lens(row.subject_id), claim_id, expected_version=row.version, at=at)
            return "DONE"

        return await self.did(do)

    async def void(self, person: str, at: datetime) -> str:
        """Consent ends."""

        async def do(unit: WriteUnit) -> str:
            await claims.void_all(unit, _lens(person), at=at)
            return "DONE"

        return await self.did(do)

    async def redeem(
        self, claim_id: str, yuan: int, at: datetime, *, store_id: str | None = None, order: str | None = None
    ) -> str:
        """Use it for an order of so much: its receipt's id, or why not."""
        self.orders += 1
        sale = Sale(order or f"D{self.orders:06d}", Decimal(yuan))

        async def do(unit: WriteUnit) -> str:
            row = (await unit.all(select(claim).where(claim.c.id == claim_id)))[0]
            code = codes.codes(unit.vault.code_key, handle=row.handle, first=1, at=at)[0].digits
            made = await redemption.redeem(unit, self.till(store_id or row.held_store_id), code, sale, at=at)
            return made.id if made.is_fresh else "SHOWN_AGAIN"

        return await self.did(do)

    async def issue(self, claim_id: str, at: datetime, *, store_id: str | None = None) -> str:
        """A code for a till without a network: its text, or why there is none."""

        async def do(unit: WriteUnit) -> str:
            row = (await unit.all(select(claim).where(claim.c.id == claim_id)))[0]
            given = {"expected_version": row.version, "at": at}
            await issuing.issue(unit, _lens(row.subject_id), claim_id, store_id or self.stores[0], **given)
            out = (await unit.all(select(claim).where(claim.c.id == claim_id)))[0]
            return issuing.text_of(unit.vault, out, at=at) or "NO_TEXT"

        return await self.did(do)

    async def bring(
        self,
        code: str,
        at: datetime,
        *,
        taken_at: datetime,
        name: str,
        store_id: str | None = None,
        by: str = "stf_till",
    ) -> str:
        """What became of a code that a till took, for an order of 99 yuan."""

        async def do(unit: WriteUnit) -> str:
            till = Till(self.party_id, store_id or self.stores[0], by)
            brought = Accepted(code, name.ljust(16, "-"), taken_at, Sale("D-OFF", Decimal(99)))
            made = await uploading.upload(unit, till, issuing.signers(unit.vault), brought, at=at)
            return made.outcome.value if made.is_fresh else f"{made.outcome.value} AGAIN"

        return await self.did(do)

    async def look(self, claim_id: str, at: datetime, *, store_id: str | None = None) -> str:
        """Whether its rotating code is good there, or why not."""

        async def do(unit: WriteUnit) -> str:
            row = (await unit.all(select(claim).where(claim.c.id == claim_id)))[0]
            code = codes.codes(unit.vault.code_key, handle=row.handle, first=1, at=at)[0].digits
            await redemption.check(unit, self.till(store_id), code, at=at)
            return "GOOD"

        return await self.did(do)

    async def reverse(self, receipt_id: str, at: datetime, *, store_id: str | None = None) -> str:
        """Undo it."""

        async def do(unit: WriteUnit) -> str:
            await reversal.reverse(unit, self.till(store_id), receipt_id, "点错", at=at)
            return "DONE"

        return await self.did(do)

    async def finish(self, receipt_id: str, at: datetime, *, store_id: str | None = None) -> str:
        """The second step."""

        async def do(unit: WriteUnit) -> str:
            desk = Desk(self.party_id, store_id or self.stores[0], "stf_till")
            return "DONE" if await finishing.finish(unit, desk, receipt_id, at=at) else "REPLAYED"

        return await self.did(do)

    async def close(self, store_id: str, at: datetime) -> str:
        """A store of it is closed."""

        async def do(unit: WriteUnit) -> str:
            closed = await closing.close(unit, self.party_id, store_id, by="stf_author", at=at)
            return "DONE" if closed else "REPLAYED"

        return await self.did(do)

    async def edit(self, terms: Terms, at: datetime) -> str:
        """Another version, written, submitted and approved."""

        async def do(unit: WriteUnit) -> str:
            row = (await unit.all(select(offer).where(offer.c.id == self.offer_id)))[0]
            by = [Doing("stf_author", row.version + step, None, at) for step in range(2)]
            await drafting.revise(unit, self.party_id, self.offer_id, terms, by[0])
            await drafting.submit(unit, self.party_id, self.offer_id, by[1])
            await approving.approve(unit, self.offer_id, Doing("stf_approver", row.version + 2, None, at))
            return "DONE"

        return await self.did(do)

    async def did(self, do: Callable[[WriteUnit], Awaitable[str]]) -> str:
        """In a transaction of its own; a refusal's code."""
        try:
            async with self.town.house.database.writing() as unit:
                said, meanwhile = await do(unit), self.meanwhile
                if meanwhile is not None:
                    self.meanwhile = None
                    await meanwhile()
                return said
        except Refused as refused:
            return refused.code

    def till(self, store_id: str | None) -> Till:
        """A till of the store, or of the first one."""
        return Till(self.party_id, store_id or self.stores[0], "stf_till")

    async def is_in_order(self) -> bool:
        """Whether every budget's columns are the sums of its lines, of what claims hold, and of what receipts say."""
        return await self.town.count(_BOOKS) == 0

    async def budget(self, place: str = "") -> Mapping[str, int]:
        """A budget's columns."""
        async with self.town.house.database.reading() as unit:
            query = text("SELECT * FROM budget WHERE offer_id = :o AND place = :p")
            row = await unit.first(query, {"o": self.offer_id, "p": place})
        assert row is not None
        return {name: getattr(row, f"{name}_cents") for name in ("total", "held", "spent")}


def _lens(subject_id: str) -> Lens:
    return Lens(Audience.SUBJECT, BasisKind.SELF, subject_id)
