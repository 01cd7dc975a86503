"""What of organisations and posts waits for a second person, as `core.waiting` lists it."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, exists, func, or_, select

from core.moments import day_of
from core.waiting import Second, entry, later
from parties.kinds import Post, Target
from parties.register import WINDOW
from parties.states import STEPS, PartyAct, PartyState
from parties.tables import client_key, identity_link, party, party_act, staff

# Programs and devices sign in by their keys.
_NOT_PEOPLE = (Post.SYSTEM.value, Post.KIOSK.value)


def admissions(of: Second) -> Select[Any]:
    """Registered organisations that somebody else admits."""
    c = party.c
    listed = entry("PARTY", c.id, c.name, since=c.created_at, asked_by=c.registered_by, party=c.id)
    return listed.where(c.state == PartyState.REGISTERED.value, c.registered_by != of.staff_id)


def acts(of: Second) -> Select[Any]:
    """Suspensions, reinstatements and lifted freezes that one person has moved, within the week that they wait."""
    c = party_act.c
    name = case(
        (c.target == Target.PARTY.value, _name(party.c.name, party.c.id)),
        (c.target == Target.STAFF.value, _name(staff.c.label, staff.c.id)),
        (c.target == Target.CLIENT_KEY.value, _name(client_key.c.kid, client_key.c.id)),
        else_="",  # of a sign-in its name is not kept
    )
    listed = entry("PARTY_ACT", c.id, name, since=c.moved_at, due=later(c.moved_at, WINDOW.days), asked_by=c.moved_by)
    waits = (c.agreed_by.is_(None), c.moved_by != of.staff_id, c.moved_at > of.at - WINDOW)
    return listed.where(*waits, or_(*(_stands(act) for act in (PartyAct.SUSPEND, PartyAct.REINSTATE, PartyAct.LIFT))))


def sign_ins(of: Second) -> Select[Any]:
    """Posts that somebody gave, and in which nobody acts before a sign-in is linked to them."""
    c, today = staff.c, day_of(of.at)
    since = func.coalesce(c.given_at, party.c.created_at)
    listed = entry("SIGN_IN", c.id, c.label, since=since, asked_by=c.given_by, party=c.party_id)
    lasts = or_(c.valid_until.is_(None), c.valid_until >= today)
    unlinked = ~exists().where(identity_link.c.staff_id == c.id)
    waits = (c.given_by.is_not(None), c.given_by != of.staff_id, c.post.not_in(_NOT_PEOPLE), lasts, unlinked)
    return listed.join(party, party.c.id == c.party_id).where(*waits, party.c.state == PartyState.ACTIVE.value)


def given_by_or_linked_by(staff_id: ColumnElement[str], by: str) -> ColumnElement[bool]:
    """Whether somebody holds a post themselves, gave it, or linked its sign-in."""
    member = staff.alias("member")
    linked = exists().where(identity_link.c.staff_id == staff_id, identity_link.c.linked_by == by)
    return or_(staff_id == by, exists().where(member.c.id == staff_id, member.c.given_by == by), linked)


def labelled(staff_id: ColumnElement[str]) -> ScalarSelect[str]:
    """What a staff member is called."""
    member = staff.alias("labelled")
    return select(member.c.label).where(member.c.id == staff_id).scalar_subquery()


def _stands(act: PartyAct) -> ColumnElement[bool]:
    """Whether an act can still be agreed to: its target stands where the act starts, in the epoch it was moved in. What
    is frozen, but no organisation, stays so until just this lift is agreed to."""
    c, starts = party_act.c, [state.value for state in STEPS[act].starts]
    same = (party.c.id == c.target_id, party.c.epoch == c.epoch, party.c.state.in_(starts))
    of_party = and_(c.target == Target.PARTY.value, exists().where(*same))
    if act is PartyAct.LIFT:
        of_party = or_(c.target != Target.PARTY.value, of_party)
    return and_(c.act == act.value, of_party)


def _name(name: ColumnElement[str], id: ColumnElement[str]) -> ScalarSelect[str]:
    return select(name).where(id == party_act.c.target_id).scalar_subquery()
