"""An organisation's life here, between two people of the institution: registered, admitted, suspended, reinstated.

Each step is one conditional statement over state and version; what two people must agree to is decided by the act's
row (`register`). Freezing, which takes one, is in `freezing`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core import editions
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable, VersionChanged
from core.ids import new_id
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from parties import register
from parties.errors import CodeTaken, NobodyLeft, SecondPerson, WrongState
from parties.kinds import AUTHORISABLE, PartyKind, ProviderKind, Target
from parties.states import STEPS, PartyAct, PartyState
from parties.tables import party

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,39}", re.ASCII)
_LONGEST_NAME, _LONGEST_CONTACT = 120, 200
_FILE = (
    party.c.id,
    party.c.code,
    party.c.name,
    party.c.kind,
    party.c.contact,
    party.c.purposes,
    party.c.provider_kind,
    party.c.state,
    party.c.version,
    party.c.epoch,
    party.c.created_at,
)
_NEWEST = Order(party.c.created_at, party.c.id, write=rfc3339, read=datetime.fromisoformat)


@dataclass(frozen=True)
class Application:
    """What an organisation says of itself when it is registered."""

    code: str
    name: str
    kind: PartyKind
    contact: str
    purposes: Sequence[str] = ()
    provider_kind: ProviderKind | None = None

    def faults(self) -> list[Detail]:
        """Every rule it breaks."""
        authorisable = self.kind in AUTHORISABLE
        rules = (
            ("code", "CODE_FORMAT", None, not _CODE.fullmatch(self.code)),
            ("name", "LENGTH", f"1..{_LONGEST_NAME}", not 1 <= len(self.name.strip()) <= _LONGEST_NAME),
            ("contact", "LENGTH", f"1..{_LONGEST_CONTACT}", not 1 <= len(self.contact.strip()) <= _LONGEST_CONTACT),
            ("purposes", "PURPOSES_OF_KIND", self.kind.value, bool(self.purposes) != authorisable),
            (
                "providerKind",
                "PROVIDER_KIND",
                None,
                (self.provider_kind is not None) != (self.kind is PartyKind.PROVIDER),
            ),
        )
        return [Detail((path,), code, limit) for path, code, limit, broken in rules if broken]


async def apply(unit: WriteUnit, application: Application, *, by: str, at: datetime) -> str:
    """A registered party, which cannot act before another person admits it; its id. Raises `Invalid`, `CodeTaken`."""
    broken = application.faults()
    if broken:
        raise Invalid(*broken)
    made = await unit.first(
        unit.insert(party)
        .values(
            id=new_id("pty"),
            code=application.code,
            name=application.name.strip(),
            kind=application.kind.value,
            state=PartyState.REGISTERED.value,
            contact=application.contact.strip(),
            purposes=sorted(set(application.purposes)),
            provider_kind=application.provider_kind.value if application.provider_kind else None,
            registered_by=by,
            created_at=at,
        )
        .on_conflict_do_nothing()
        .returning(party.c.id)
    )
    if made is None:
        raise CodeTaken()
    return str(made.id)


async def admit(unit: WriteUnit, party_id: str, *, expected: int, by: str) -> None:
    """A registered party may act. Raises `SecondPerson` for whoever registered it, and as `_explain` says."""
    step = STEPS[PartyAct.ADMIT]
    admitted = await unit.run(
        party.update()
        .where(
            party.c.id == party_id,
            party.c.version == expected,
            party.c.state.in_([state.value for state in step.starts]),
            party.c.registered_by != by,
        )
        .values(state=step.leads.value, version=party.c.version + 1)
    )
    if admitted != 1:
        await _explain(unit, party_id, PartyAct.ADMIT, expected, by)


async def move(
    unit: WriteUnit, party_id: str, act: PartyAct, *, expected: int, by: str, reason: str, at: datetime
) -> bool:
    """Suspend or reinstate a party when a second person says so too; False after the first.

    Raises `NotAvailable`, `WrongState`, `VersionChanged`, `SecondPerson` for the same person again, or `NobodyLeft`
    for the institution itself.
    """
    register.check_reason(reason)
    step = STEPS[act]
    found = await _found(unit, party_id)
    if PartyState(found.state) not in step.starts:
        raise WrongState()
    if found.version != expected:
        raise VersionChanged()
    if step.puts_out and found.institution:
        raise NobodyLeft()
    if not await register.agree(unit, act, Target.PARTY, party_id, epoch=found.epoch, reason=reason, by=by, at=at):
        return False
    epoch = party.c.epoch + 1 if step.puts_out else party.c.epoch
    moved = await unit.run(
        party.update()
        .where(party.c.id == party_id, party.c.version == expected, party.c.state == found.state)
        .values(state=step.leads.value, version=party.c.version + 1, epoch=epoch)
    )
    if moved != 1:
        raise VersionChanged()
    await editions.raise_(unit)  # what it offers is listed only while it acts
    return True


async def file(unit: Unit, party_id: str) -> Row:
    """A party as its desk sees it, in whatever state; raises `NotAvailable`."""
    row = await unit.first(select(*_FILE).where(party.c.id == party_id))
    if row is None:
        raise NotAvailable()
    return row


async def page(unit: Unit, request: PageRequest, *, states: Sequence[str] | None) -> Page[Row]:
    """Every party, newest first, optionally of some states."""
    query = select(*_FILE)
    if states is not None:
        query = query.where(party.c.state.in_(states))
    return await _NEWEST.read_page(unit, query, request)


async def _found(unit: Unit, party_id: str) -> Row:
    row = await unit.first(
        select(party.c.state, party.c.version, party.c.epoch, party.c.registered_by, party.c.institution).where(
            party.c.id == party_id
        )
    )
    if row is None:
        raise NotAvailable()
    return row


async def _explain(unit: Unit, party_id: str, act: PartyAct, expected: int, by: str) -> None:
    """Why nothing was changed: `NotAvailable`, `WrongState`, `VersionChanged` or `SecondPerson`."""
    row = await _found(unit, party_id)
    if PartyState(row.state) not in STEPS[act].starts:
        raise WrongState()
    if row.version != expected:
        raise VersionChanged()
    if row.registered_by == by:
        raise SecondPerson()
    raise WrongState()
