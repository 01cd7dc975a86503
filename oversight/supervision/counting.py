"""The work of an area in a period, as each context counts it (Art. 4). Counts of work are exact.

What has no district is the city's alone, and None of a district: a number that another district moves would tell of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit import counts as audit
from audit.counts import Health, Looks
from core.database import Unit
from grants import counts as grants
from grants.counts import Grants
from incentives import counts as incentives
from incentives.counts import Offers
from intake import counts as intake
from intake.counts import Reporting
from objections import counts as objections
from objections.counts import Objections
from oversight.duty import availability
from oversight.duty.availability import Fared
from oversight.sharing import counts as sharing
from oversight.sharing.counts import Shares
from oversight.supervision.areas import Area
from oversight.supervision.periods import Period


@dataclass(frozen=True)
class Counted:
    """A caller's window: an area and a period. Each of its figures is counted when it is asked for."""

    area: Area
    period: Period

    async def objections(self, unit: Unit) -> Objections:
        """What the area's institutions handled."""
        return await objections.objections(unit, self.period.span, district=self.area.code)

    async def looks(self, unit: Unit) -> Sequence[Looks]:
        """By basis and purpose; of a district, what its institution's staff looked at."""
        return await audit.looks(unit, self.period.span, district=self.area.code)

    async def grants(self, unit: Unit) -> Sequence[Grants] | None:
        """By purpose; None of a district."""
        return await grants.grants(unit, self.period.span) if self.area.is_city else None

    async def providers(self, unit: Unit) -> Sequence[Reporting]:
        """Each provider's quality; of a district, of those that send for it alone."""
        return await intake.providers(unit, self.period.months, district=self.area.code)

    async def offers(self, unit: Unit) -> Sequence[Offers]:
        """By sector; of a district, in its stores."""
        return await incentives.offers(unit, self.period.span, district=self.area.name)

    async def shares(self, unit: Unit) -> Shares:
        """What was shared out; of a district, what is of it alone."""
        return await sharing.shares(unit, self.period.span, district=self.area.code)

    async def channels(self, unit: Unit) -> Mapping[str, Fared] | None:
        """By channel, NONE for who was not signed in; None of a district."""
        return await availability.by_channel(unit, self.period.span) if self.area.is_city else None


async def log_health(unit: Unit, area: Area) -> Health | None:
    """The access log as it stands; None of a district."""
    return await audit.health(unit) if area.is_city else None
