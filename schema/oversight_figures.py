"""What a supervisor reads of an area's period: each figure is counted when a document asks for it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal

import strawberry

from audit.counts import Health
from audit.lens import BasisKind
from core.moments import day_of
from core.principal import Channel
from core.statements import Row
from grants.scope import Purpose
from incentives.kinds import Sector
from intake.quality import Share
from objections.kinds import StopCause
from oversight.duty.availability import NO_CHANNEL
from oversight.supervision import wording
from oversight.supervision.counting import Counted
from parties import directory
from schema.context import Info
from schema.provider import QualityShare

_OF_CITY = "Null for a district: it has none of its own."


@strawberry.input(description="A year, one of its quarters, or one of its months. It has ended, or is this month.")
class PeriodInput:
    """Which whole period of the city."""

    year: int
    quarter: int | None = None
    month: int | None = None


@strawberry.type(description="Stops of objections' clocks (Art. 12(4)) that began, by cause.")
class StopFigures:
    """One cause."""

    cause: StopCause
    count: int


@strawberry.type(
    description="Objections (Art. 12). `open` at the period's end; `late` of those answered in it and those open at "
    "its end, by what is known now; `medianDays` are calendar days from receipt to telling, of those answered."
)
class ObjectionFigures:
    """A period's objections."""

    filed: int
    answered: int
    withdrawn: int
    open: int
    late: int
    upheld: int = strawberry.field(description="Answered with something put right.")
    median_days: Decimal | None
    stops: list[StopFigures] = strawberry.field(description="Every cause.")


@strawberry.type(description="Looks on one basis for one purpose.")
class LookFigures:
    """A line of looks."""

    basis: BasisKind
    purpose: str
    purpose_text: str = strawberry.field(description="The purpose in Chinese.")
    answered: int
    refused: int = strawberry.field(description="Attempts that were shown nothing.")


@strawberry.type(description="Grants of one purpose: how many steps of each kind there were.")
class GrantFigures:
    """A line of grants."""

    purpose: Purpose
    asked: int = strawberry.field(description="By recipients.")
    given: int
    rejected: int
    revoked: int
    relinquished: int = strawberry.field(description="Handed back by recipients.")


@strawberry.type(description="How well a provider reports (Art. 5): 上报率, 合规率, 及时率, summed over the months.")
class ProviderFigures:
    """A provider's line."""

    provider_id: strawberry.ID
    name: str
    reporting: QualityShare
    compliance: QualityShare
    timeliness: QualityShare


@strawberry.type(
    description="Offers of one sector (Art. 11): published, redeemed, and undone. Redemptions, not people."
)
class OfferFigures:
    """A sector's line."""

    sector: Sector
    published: int
    redeemed: int
    undone: int


@strawberry.type(
    description="Sharing out (Art. 5): asked for, begun, refused, ended by somebody or by their last day, and in force "
    "at the period's end."
)
class ShareFigures:
    """A period's shares."""

    asked: int
    begun: int
    refused: int
    ended: int
    in_force: int


@strawberry.type(description="How a channel fared (Art. 13): operations answered, and failed by our fault.")
class ChannelFigures:
    """A channel's line."""

    channel: Channel | None = strawberry.field(description="Null: whoever was not signed in.")
    answered: int
    faults: int


@strawberry.type(
    description="The access log as it stands: looks in the sealed tree, when it was sealed last, commits that wait to "
    "be; `gaps` are leaves and tiles of the sealed tree that are not there."
)
class LogFigures:
    """The log's health."""

    sealed: int
    sealed_at: datetime | None
    waiting: int
    gaps: int

    @classmethod
    def of(cls, health: Health) -> "LogFigures":
        """As it is counted."""
        return cls(sealed=health.sealed, sealed_at=health.sealed_at, waiting=health.waiting, gaps=health.gaps)


@strawberry.type(description="The work of an area in a period, exactly. Work has no people in it.")
class OversightFigures:
    """A period's figures."""

    counted: strawberry.Private[Counted]

    @strawberry.field(description="YYYY, YYYY-Qn or YYYY-MM.")
    def period(self) -> str:
        """As it is written."""
        return self.counted.period.text

    @strawberry.field(name="from", description="The first day.")
    def first_day(self) -> date:
        """The first day."""
        return self.counted.period.first

    @strawberry.field(description="The last day; of a month that goes on, today.")
    def to(self) -> date:
        """The last day that is counted."""
        return day_of(self.counted.period.last)

    @strawberry.field(description="Whether the month goes on.")
    def so_far(self) -> bool:
        """Whether more will come."""
        return self.counted.period.so_far

    @strawberry.field(description="What the area's institutions handled.")
    async def objections(self, info: Info) -> ObjectionFigures:
        """Of Art. 12."""
        found = await self.counted.objections(info.context.unit)
        return ObjectionFigures(
            filed=found.filed,
            answered=found.answered,
            withdrawn=found.withdrawn,
            open=found.open,
            late=found.late,
            upheld=found.upheld,
            median_days=found.median_days,
            stops=[StopFigures(cause=cause, count=found.stops.get(cause, 0)) for cause in StopCause],
        )

    @strawberry.field(description="By basis and purpose; of a district, those that its institution's staff had.")
    async def looks(self, info: Info) -> list[LookFigures]:
        """Of the access log."""
        return [
            LookFigures(
                basis=one.basis,
                purpose=one.purpose,
                purpose_text=wording.purpose(one.purpose),
                answered=one.answered,
                refused=one.refused,
            )
            for one in await self.counted.looks(info.context.unit)
        ]

    @strawberry.field(description=f"By purpose. {_OF_CITY}")
    async def grants(self, info: Info) -> list[GrantFigures] | None:
        """Of Arts. 8 and 10."""
        found = await self.counted.grants(info.context.unit)
        if found is None:
            return None
        return [
            GrantFigures(
                purpose=one.purpose,
                asked=one.asked,
                given=one.given,
                rejected=one.rejected,
                revoked=one.revoked,
                relinquished=one.relinquished,
            )
            for one in found
        ]

    @strawberry.field(description="Every provider; of a district, those that send for it alone.")
    async def providers(self, info: Info) -> list[ProviderFigures]:
        """Of Arts. 2 and 5."""
        unit = info.context.unit
        found = await self.counted.providers(unit)
        cards: Mapping[str, Row] = await directory.cards(unit, [one.provider_id for one in found])
        return [
            ProviderFigures(
                provider_id=strawberry.ID(one.provider_id),
                name=cards[one.provider_id].name,
                reporting=_share(one.reporting),
                compliance=_share(one.compliance),
                timeliness=_share(one.timeliness),
            )
            for one in found
        ]

    @strawberry.field(description="By sector; of a district, in its stores.")
    async def offers(self, info: Info) -> list[OfferFigures]:
        """Of Art. 11."""
        return [
            OfferFigures(sector=one.sector, published=one.published, redeemed=one.redeemed, undone=one.undone)
            for one in await self.counted.offers(info.context.unit)
        ]

    @strawberry.field(description="Of a district, shares that are of no other.")
    async def shares(self, info: Info) -> ShareFigures:
        """Of Art. 5."""
        return ShareFigures(**asdict(await self.counted.shares(info.context.unit)))

    @strawberry.field(description=f"By channel, as far as it was measured. {_OF_CITY}")
    async def channels(self, info: Info) -> list[ChannelFigures] | None:
        """Of Art. 13."""
        found = await self.counted.channels(info.context.unit)
        if found is None:
            return None
        return [
            ChannelFigures(
                channel=None if name == NO_CHANNEL else Channel(name), answered=fared.answered, faults=fared.failed
            )
            for name, fared in found.items()
        ]


def _share(share: Share) -> QualityShare:
    return QualityShare(count=share.count, of=share.of, rate=share.rate)
