"""Who acts at a desk: a staff member, a state organ's officer."""

from audit.looks import LONGEST_CLIENT
from core.errors import NotAvailable
from core.principal import Scope
from grants.batches import Officer
from objections.kinds import Side
from objections.moving import Officer as Handler
from parties import directory
from parties.errors import BeyondPost
from parties.kinds import PartyKind
from schema.context import Context


def by_staff(context: Context) -> str:
    """Which staff member acts; raises `NotAvailable` for anybody else."""
    context.party()
    if context.caller.staff_id is None:
        raise NotAvailable()
    return context.caller.staff_id


async def organ(context: Context) -> str:
    """The state organ whose officer calls; raises `NotAvailable` for anybody else's."""
    return await _of_kind(context, PartyKind.STATE_ORGAN)


async def partner(context: Context) -> str:
    """The merchant whose staff calls; raises `NotAvailable` for anybody else's."""
    return await _of_kind(context, PartyKind.PARTNER)


async def provider(context: Context) -> str:
    """The information provider whose staff calls; raises `NotAvailable` for anybody else's."""
    return await _of_kind(context, PartyKind.PROVIDER)


async def officer(context: Context) -> Officer:
    """The state organ's officer who calls; raises `NotAvailable` for anybody else."""
    party_id, caller = await organ(context), context.caller
    if caller.staff_id is None:
        raise NotAvailable()
    principal = caller.principal
    label, client = caller.staff_label or "", principal.client[:LONGEST_CLIENT]
    return Officer(party_id, caller.staff_id, label, principal.channel.value, client)


def handler(context: Context) -> Handler:
    """The staff member at whose organisation's desk an objection is handled; raises `NotAvailable` for nobody's."""
    return Handler(context.party(), by_staff(context))


def approver(context: Context) -> Handler:
    """The same as who approves a refusal."""
    return Handler(context.party(), by_staff(context), Side.APPROVER)


def require(context: Context, *scopes: Scope) -> None:
    """Raise `BeyondPost` without any of these scopes, for a field that takes another one than its root."""
    if not context.caller.principal.scopes & set(scopes):
        raise BeyondPost()


async def _of_kind(context: Context, kind: PartyKind) -> str:
    party_id = context.party()
    card = await directory.find(context.unit, party_id)
    if card is None or card.kind != kind.value:
        raise NotAvailable()
    return party_id
