"""Whose a complaint is and what it names: the subject, who may complain for them, the one record or case (Art. 4)."""

from dataclasses import dataclass
from datetime import datetime

from audit.lens import Audience, BasisKind, Lens
from core.database import Unit
from core.principal import Scope
from credit import records
from objections import cases
from oversight.supervision.areas import Area
from oversight.supervision.complaints import ComplaintMatter, Heard, Whose, nobody
from parties import capacity, mandates
from parties.kinds import MandateKind


@dataclass(frozen=True)
class Another:
    """Somebody who complains for the subject: whose number and name were given, None for nobody's."""

    person_id: str | None


async def whose(
    unit: Unit, area: Area, heard: Heard, subject_id: str | None, another: Another | None, *, at: datetime
) -> Whose:
    """Whose it is, and whether it opens anything; `another` where somebody complains for the subject. The same steps
    for nobody's: how long this takes tells nobody whether there is somebody."""
    whom = subject_id or nobody()
    held = await _capacity(unit, whom, another.person_id or nobody(), at) if another is not None else None
    about_id = await _named(unit, area, heard, whom)
    is_there = heard.matter is ComplaintMatter.LOOKS or about_id is not None
    may = held is not None or another is None
    return Whose(subject_id, held, about_id, opens=subject_id is not None and is_there and may)


async def _capacity(unit: Unit, subject_id: str, person_id: str, at: datetime) -> MandateKind | None:
    """In which capacity they may contest what is wrong about the subject; None for none."""
    rows = await mandates.live(unit, person_id, at=at)
    held = [MandateKind(row.kind) for row in rows if row.subject_id == subject_id]
    return next((kind for kind in held if Scope.OBJECTION_FILE in capacity.of_mandate(kind)), None)


async def _named(unit: Unit, area: Area, heard: Heard, subject_id: str) -> str | None:
    """The subject's one record, or case, that is named; a district's department has only its own area's."""
    if heard.matter is ComplaintMatter.LOOKS or heard.named is None:
        return None
    lens = Lens(Audience.ORGAN, BasisKind.SUPERVISION_COMPLAINT, subject_id)
    if heard.matter is ComplaintMatter.OBJECTION:
        return await cases.numbered(unit, lens, heard.named, district=area.code)
    return await records.numbered(unit, lens, heard.named, district=area.code)
