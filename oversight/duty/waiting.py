"""What of staff's duty waits for somebody else's word, as `core.waiting` lists it."""

from typing import Any

from sqlalchemy import Select, func

from core.waiting import Second, entry
from oversight.duty.glass import GlassState, Hand
from oversight.duty.incidents import IncidentState
from oversight.duty.posts import Reviewer
from oversight.duty.reviews import ReviewState
from oversight.duty.tables import broken_glass, incident, look_review, post_review, release
from parties.waiting import given_by_or_linked_by, labelled


def releases(of: Second) -> Select[Any]:
    """What is to leave the institution."""
    c = release.c
    listed = entry("RELEASE", c.id, c.holds, since=c.requested_at, asked_by=c.requested_by)
    return listed.where(c.party_id == of.party_id, c.outcome.is_(None), c.requested_by != of.staff_id)


def posts(of: Second) -> Select[Any]:
    """Posts that the quarter's word is wanted for, held, given and linked by others."""
    c = post_review.c
    listed = entry("POST", c.id, labelled(c.staff_id), since=c.opened_at, due=c.until, party=c.party_id)
    sees = Reviewer(of.party_id, of.staff_id, of.is_city).sees
    others = ~given_by_or_linked_by(c.staff_id, of.staff_id)
    return listed.where(sees, c.outcome.is_(None), c.until > of.at, others)


def emergencies(of: Second) -> Select[Any]:
    """Records opened in an emergency within the hour."""
    c = broken_glass.c
    said = {"since": c.opened_at, "due": c.confirm_by, "asked_by": c.staff_id, "party": c.party_id}
    listed = entry("GLASS", c.id, c.number, **said, within_hours=True)
    return listed.where(_seen(of), c.outcome.is_(None), c.confirm_by > of.at, c.staff_id != of.staff_id)


def emergencies_over(of: Second) -> Select[Any]:
    """Those that nobody stood up for, and nobody has looked into."""
    c, unheard = broken_glass.c, (GlassState.CONTESTED.value, GlassState.UNCONFIRMED.value)
    listed = entry("GLASS_REVIEW", c.id, c.number, since=c.answered_at, asked_by=c.staff_id, party=c.party_id)
    return listed.where(_seen(of), c.outcome.in_(unheard), c.reviewed_at.is_(None), c.staff_id != of.staff_id)


def misuse(of: Second) -> Select[Any]:
    """Looks that one officer calls misuse, and that were not one's own."""
    c = look_review.c
    listed = entry("MISUSE", c.id, c.number, since=c.decided_at, asked_by=c.taken_by, party=c.party_id)
    another = (c.taken_by != of.staff_id, c.looker_id.is_distinct_from(of.staff_id))
    return listed.where(c.state == ReviewState.DECIDED.value, *another)


def incidents(of: Second) -> Select[Any]:
    """Incidents whose report somebody else wrote, and that are not about one's own looks."""
    c = incident.c
    since = func.coalesce(c.proposed_at, c.told_at)
    listed = entry("INCIDENT", c.id, c.number, since=since, asked_by=c.proposed_by)
    another = (c.proposed_by != of.staff_id, c.looker_id.is_distinct_from(of.staff_id))
    return listed.where(c.state == IncidentState.PROPOSED.value, *another)


def _seen(of: Second) -> Any:
    return Hand(of.party_id, of.staff_id, "", of.is_city).sees
