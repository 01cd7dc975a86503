"""What of state organs waits for a second person, as `core.waiting` lists it."""

from typing import Any

from sqlalchemy import Select, or_

from core.moments import day_of
from core.waiting import Second, entry
from grants.scope import AgencyBatchState
from grants.tables import agency_batch, agency_mandate


def mandates(of: Second) -> Select[Any]:
    """Mandates that one person of the institution has entered."""
    c = agency_mandate.c
    listed = entry("MANDATE", c.id, c.instrument, since=c.proposed_at, asked_by=c.proposed_by, party=c.party_id)
    lasts = or_(c.valid_until.is_(None), c.valid_until >= day_of(of.at))
    return listed.where(c.approved_at.is_(None), c.ended_at.is_(None), c.proposed_by != of.staff_id, lasts)


def batches(of: Second) -> Select[Any]:
    """The organ's own batches that one officer has opened, as long as they wait."""
    c = agency_batch.c
    listed = entry("BATCH", c.id, c.case_number, since=c.opened_at, due=c.until, asked_by=c.opened_by)
    mine = (c.party_id == of.party_id, c.state == AgencyBatchState.OPEN.value, c.opened_by != of.staff_id)
    return listed.where(*mine, or_(c.until.is_(None), c.until > of.at))
