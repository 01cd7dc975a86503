"""A state organ's mandates: entered by two people of the institution, ended by one, and held against each look.

Absent, another's and unknown answer alike; how one's own mandate stands is the organ's to know.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, or_, select

from audit.lens import Audience, BasisKind, Lens
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable, VersionChanged
from core.ids import new_id
from core.moments import day_of, rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row, Statement
from grants import statute
from grants.errors import MandateEnded, NotGranted, WrongState
from grants.scope import AgencyMandateState, RecordCategory, StatutoryPurpose
from grants.statute import Ask
from grants.tables import agency_mandate
from parties import directory
from parties.errors import SecondPerson
from parties.kinds import PartyKind

_LONGEST_INSTRUMENT, _LONGEST_ARTICLE, _LONGEST_PURPOSE = 200, 60, 60
_NEWEST = Order(agency_mandate.c.proposed_at, agency_mandate.c.id, write=rfc3339, read=datetime.fromisoformat)
_OWN = Statement(
    select(agency_mandate).where(
        agency_mandate.c.id == bindparam("id"), agency_mandate.c.party_id == bindparam("party_id")
    )
)


@dataclass(frozen=True)
class Proposal:
    """What a mandate says: for which organ and purpose, by which instrument and article, which kinds, and how long."""

    party_id: str
    purpose: StatutoryPurpose
    purpose_text: str | None
    instrument: str
    article: str
    categories: Collection[RecordCategory]
    valid_from: date | None
    valid_until: date | None

    def faults(self, today: date) -> list[Detail]:
        """Every rule it breaks."""
        begins, ends, said = self.valid_from or today, self.valid_until, self.purpose_text
        is_other = self.purpose is StatutoryPurpose.OTHER
        rules = (
            ("instrument", "LENGTH", f"1..{_LONGEST_INSTRUMENT}", not _fits(self.instrument, _LONGEST_INSTRUMENT)),
            ("article", "LENGTH", f"1..{_LONGEST_ARTICLE}", not _fits(self.article, _LONGEST_ARTICLE)),
            ("purposeText", "TEXT_OF_OTHER", None, (said is not None) != is_other),
            (
                "purposeText",
                "LENGTH",
                f"1..{_LONGEST_PURPOSE}",
                said is not None and not _fits(said, _LONGEST_PURPOSE),
            ),
            ("categories", "EMPTY", None, not self.categories),
            ("validUntil", "PAST", None, ends is not None and ends < max(begins, today)),
        )
        return [Detail((path,), code, limit) for path, code, limit, broken in rules if broken]


async def propose(unit: WriteUnit, proposal: Proposal, *, by: str, at: datetime) -> str:
    """A mandate that waits for another person; its id. Raises `Invalid`, and `NotAvailable` for what is no organ."""
    broken = proposal.faults(day_of(at))
    if broken:
        raise Invalid(*broken)
    party = await directory.find(unit, proposal.party_id)
    if party is None or party.kind != PartyKind.STATE_ORGAN.value:
        raise NotAvailable()
    made = new_id("agm")
    row = {
        "id": made,
        "party_id": proposal.party_id,
        "purpose": proposal.purpose.value,
        "purpose_text": proposal.purpose_text.strip() if proposal.purpose_text else None,
        "instrument": proposal.instrument.strip(),
        "article": proposal.article.strip(),
        "categories": sorted({category.value for category in proposal.categories}),
        "valid_from": proposal.valid_from or day_of(at),
        "valid_until": proposal.valid_until,
        "proposed_by": by,
        "proposed_at": at,
        "version": 1,
    }
    await unit.run(agency_mandate.insert(), row)
    return made


async def approve(unit: WriteUnit, mandate_id: str, *, expected: int, by: str, at: datetime) -> None:
    """A second person agrees. Raises `NotAvailable`, `WrongState`, `VersionChanged`, `SecondPerson` for the first."""
    m = agency_mandate.c
    waits = agency_mandate.update().where(
        m.id == mandate_id,
        m.version == expected,
        m.approved_at.is_(None),
        m.ended_at.is_(None),
        m.proposed_by != by,
        or_(m.valid_until.is_(None), m.valid_until >= day_of(at)),
    )
    if await unit.run(waits.values(approved_by=by, approved_at=at, version=m.version + 1)) == 1:
        return
    row = await find(unit, mandate_id)
    if statute.state_of(row, at=at) is not AgencyMandateState.PROPOSED:
        raise WrongState()
    raise SecondPerson() if row.proposed_by == by else VersionChanged()


async def end(unit: WriteUnit, mandate_id: str, *, by: str, at: datetime) -> bool:
    """From now on nobody looks under it; False when it was ended before. Raises `NotAvailable`."""
    m = agency_mandate.c
    ended = agency_mandate.update().where(m.id == mandate_id, m.ended_at.is_(None))
    if await unit.run(ended.values(ended_by=by, ended_at=at, version=m.version + 1)) == 1:
        return True
    await find(unit, mandate_id)
    return False


async def admit(unit: Unit, ask: Ask, party_id: str, categories: Collection[str], *, at: datetime) -> Row:
    """The organ's mandate, which covers what is asked now.

    Raises `NotAvailable` for anything but one's own, `MandateEnded` for one's own that does not hold, `NotGranted`.
    """
    row = await own(unit, ask.mandate_id, party_id)
    if row is None:
        raise NotAvailable()
    if statute.state_of(row, at=at) is not AgencyMandateState.IN_FORCE:
        raise MandateEnded()
    lacking = statute.missing(row, ask, categories)
    if lacking:
        raise NotGranted(*lacking)
    return row


async def own(unit: Unit, mandate_id: str, party_id: str) -> Row | None:
    """An organ's own mandate, however it stands, or None."""
    return await unit.first(_OWN, {"id": mandate_id, "party_id": party_id})


def lens_of(mandate: Row, subject_id: str) -> Lens:
    """How the organ sees a subject under its mandate."""
    kinds = frozenset(mandate.categories)
    return Lens(Audience.ORGAN, BasisKind.STATUTE, subject_id, categories=kinds, grant_id=mandate.id)


async def find(unit: Unit, mandate_id: str) -> Row:
    """Any organ's mandate, for the institution's desk; raises `NotAvailable`."""
    row = await unit.first(select(agency_mandate).where(agency_mandate.c.id == mandate_id))
    if row is None:
        raise NotAvailable()
    return row


async def in_force(unit: Unit, party_id: str, *, at: datetime) -> Sequence[Row]:
    """What an organ may look under now, newest first."""
    rows = await unit.all(
        select(agency_mandate)
        .where(agency_mandate.c.party_id == party_id, agency_mandate.c.ended_at.is_(None))
        .order_by(agency_mandate.c.proposed_at.desc(), agency_mandate.c.id)
    )
    return [row for row in rows if statute.state_of(row, at=at) is AgencyMandateState.IN_FORCE]


async def page(unit: Unit, request: PageRequest, *, party_id: str | None) -> Page[Row]:
    """Every organ's mandates, or one's, newest first."""
    query = select(agency_mandate)
    if party_id is not None:
        query = query.where(agency_mandate.c.party_id == party_id)
    return await _NEWEST.read_page(unit, query, request)


async def by_ids(unit: Unit, ids: Collection[str]) -> Mapping[str, Row]:
    """What looks rested on, by id: for the sentence that is told of them."""
    if not ids:
        return {}
    rows = await unit.all(select(agency_mandate).where(agency_mandate.c.id.in_(list(ids))))
    return {row.id: row for row in rows}


def _fits(text: str, most: int) -> bool:
    return 1 <= len(text.strip()) <= most and text.strip().isprintable()
