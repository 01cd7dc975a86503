"""Who decides for a subject, as the domain needs to know it: which person, in which capacity, by which sign-in."""

import hashlib

from audit.lens import Lens
from core.database import Unit
from core.errors import Detail, Invalid, NotAvailable
from credit import subjects
from grants.marks import Signer
from parties import mandates
from parties.kinds import MandateKind
from schema.context import Context


async def signer(context: Context, unit: Unit, lens: Lens, capacity: MandateKind = MandateKind.SELF) -> Signer:
    """The caller as the one who signs. SELF is the capacity in which they call.

    Raises `Invalid` for a capacity that is not theirs, and `NotAvailable` when the subject does not exist.
    """
    caller = context.caller
    acting = caller.mandate or MandateKind.SELF.value
    if capacity is not MandateKind.SELF and capacity.value != acting:
        if not await _holds(context, unit, capacity):
            raise Invalid(Detail(("capacity",), "CAPACITY", acting))
        acting = capacity.value
    if caller.person_id is None:
        raise NotAvailable()
    subject = await subjects.behind(unit, lens)
    principal = caller.principal
    credential = hashlib.sha256(f"{principal.issuer}\x1f{principal.name}".encode()).hexdigest()
    return Signer(subject.kind.value, caller.person_id, acting, credential)


async def _holds(context: Context, unit: Unit, capacity: MandateKind) -> bool:
    """Whether the caller, who represents an organisation in one capacity, holds this one too."""
    caller = context.caller
    if caller.party_id is None or caller.person_id is None:
        return False
    return await mandates.holds(unit, caller.person_id, caller.party_id, capacity, at=context.at)
