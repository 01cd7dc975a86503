"""Taking an objection in on paper: the clerk writes down what the applicant brings, and sees nothing of the record."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from audit.lens import Lens
from core.database import Unit, WriteUnit
from core.errors import Invalid, NotAvailable
from core.statements import Row
from credit import records
from objections import filing, rules, steps
from objections.applicants import Applicant
from objections.errors import LetterNotReady
from objections.filing import Filed
from objections.kinds import Side
from objections.rules import Said
from objections.states import ObjectionAct
from objections.tables import objection
from parties import directory
from parties.kinds import MandateKind

# What a look for an objection on paper is for.
PURPOSE = "OBJECTION_RECEIVE"


async def receive(
    unit: WriteUnit, lens: Lens, said: Said, by: Applicant, *, document_number: str | None, at: datetime
) -> Filed:
    """File what somebody brings to the counter, through the lens of who takes it in. A record may be named by its
    document number, as it stands on paper. Raises `NotAvailable` for a number that none or several of their records
    have, and as `filing.file`; who stands there was looked at before (`check`)."""
    if document_number is not None:
        named = await records.numbered(unit, lens, document_number)
        if named is None:
            raise NotAvailable()
        said = replace(said, target_id=named)
    return await filing.file(unit, lens, said, by, at=at)


def check(said: Said, by: Applicant, *, person: bool) -> None:
    """Raise `Invalid` for who may not file this at the counter for a person, or for an organisation. Nobody has been
    looked up yet: what is wrong is wrong whoever it is about."""
    broken = list(rules.faults_on_paper(MandateKind(by.capacity), by.name, said, person=person))
    if broken:
        raise Invalid(*broken)


async def named(unit: Unit, party_id: str, number: str) -> Row | None:
    """A case that this organisation's counter took in, by the number on its receipt, whoever of its clerks it was and
    wherever it is handled; None for every other one."""
    c = objection.c
    mine = (c.number == number.strip(), directory.works_for(c.received_by, party_id))
    return await unit.first(select(objection).where(*mine))


async def received(unit: Unit, party_id: str, number: str) -> Row:
    """The same; raises `NotAvailable`."""
    row = await named(unit, party_id, number)
    if row is None:
        raise NotAvailable()
    return row


async def say(unit: WriteUnit, party_id: str, number: str, *, printed: bool, by: str, at: datetime) -> None:
    """Write down whether the letter of a case that this counter took in was printed. Raises `NotAvailable`, and
    `LetterNotReady` for one that has no letter."""
    row = await received(unit, party_id, number)
    if row.letter_id is None:
        raise LetterNotReady()
    await steps.append(unit, row.id, ObjectionAct.PRINT, Side.HANDLER, at=at, staff_id=by, printed=printed)


async def receipt(unit: Unit, id_: str) -> Row:
    """Number and dates of a case that was taken in; never what it says."""
    columns = (objection.c.id, objection.c.number, objection.c.filed_at, objection.c.due_on, objection.c.supplement_by)
    return (await unit.all(select(*columns).where(objection.c.id == id_)))[0]
