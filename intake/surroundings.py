"""What a provider's rows are read against today, read once for a load."""

from datetime import datetime, timedelta

from core import calendar
from core.database import Unit
from core.moments import day_of
from credit import catalogue
from intake import checks, providers
from intake.drafts import Surroundings
from parties.kinds import ProviderKind

# The longest rest ever announced was nine days: a term of so many working days has begun within these.
_REST = 31


async def of(unit: Unit, party_id: str, kind: ProviderKind, *, invented: bool, at: datetime) -> Surroundings:
    """The day, the catalogue in force, what the provider may send, and from when on a decision is in time."""
    today = day_of(at)
    found = catalogue.in_force(today)
    terms = {entry.days_to_report for entry in found.entries.values() if entry.days_to_report} if found else set()
    longest = 3 * max(terms, default=0) + _REST
    known = await calendar.known(unit, today - timedelta(days=longest), today + timedelta(days=longest))
    return Surroundings(
        today=today,
        invented=invented,
        catalogue=found,
        sender=await providers.sender(unit, party_id, kind),
        late_before={term: checks.on_time_from(term, known, today=today) for term in terms},
    )
