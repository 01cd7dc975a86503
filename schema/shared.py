"""What an organ reads under its share (Art. 5): records that changed, and ids of those that are shown no more."""

from datetime import datetime

import strawberry

from core.errors import BadCall
from core.paging import LARGEST_PAGE
from credit import records, subjects
from oversight.sharing import reading
from oversight.sharing.reading import Touched
from schema import releases
from schema.context import Info
from schema.officers import officer
from schema.people import SubjectCard
from schema.records import CreditRecord, ObjectionMark


@strawberry.input(description="Under which share, how many, and after which cursor; without one from where it begins.")
class SharedQueryInput:
    """One's own share."""

    share_id: strawberry.ID
    first: int = 20
    after: str | None = None


@strawberry.type(description="A record that changed, as it is now; or its id alone, where it is shown no more.")
class SharedChange:
    """One record, once a reading."""

    id: strawberry.ID
    subject: SubjectCard | None = strawberry.field(description="Whose it is; null where it is shown no more.")
    record: CreditRecord | None = strawberry.field(description="Null where it is shown no more: forget it.")
    objections: list[ObjectionMark] = strawberry.field(
        default_factory=list, description="Marks that something is said to be missing of its subject."
    )


@strawberry.type(description="The next changes inside a share's scope, oldest first.")
class SharedChanges:
    """One reading. Each record in it is a look, which its subject sees."""

    changes: list[SharedChange]
    cursor: str = strawberry.field(description="After what was read.")
    more: bool = strawberry.field(description="Whether something waits after it.")

    @classmethod
    async def of(cls, info: Info, query: SharedQueryInput) -> "SharedChanges":
        """The share first; then what changed, each record as a look of its own."""
        context = info.context
        if not 1 <= query.first <= LARGEST_PAGE:
            raise BadCall("PAGE_SIZE", limit=LARGEST_PAGE)
        by = await officer(context)
        unit = context.writing
        row = await reading.admit(unit, query.share_id, by.party_id, at=context.at)
        await releases.hold_back_share(unit, row)
        sealer = context.sealer("Query.shared.place", row.id, holder=by.party_id)
        after = None if query.after is None else int(sealer.open(query.after)[0])
        found = await reading.stretch(unit, row, after, query.first, at=context.at)
        changed = [await _shown(info, one, row.number, by.label) for one in found.touched]
        return cls(changes=changed, cursor=sealer.seal([str(found.until)]), more=found.more)


async def _shown(info: Info, one: Touched, number: str, operator: str) -> SharedChange:
    context = info.context
    lens = one.lens
    row = None if lens is None else await records.find(context.unit, lens, one.record_id, at=context.at)
    if lens is None or row is None:
        return SharedChange(id=strawberry.ID(one.record_id), subject=None, record=None)
    look = context.look(info, lens, purpose=reading.PURPOSE, operator=operator, case_number=number)
    card = SubjectCard.of(await subjects.behind(context.unit, lens))
    lacking = [ObjectionMark(filed_at=datetime.fromisoformat(text)) for text in row.omissions]
    record = CreditRecord.behind(lens, look)(row)
    return SharedChange(id=strawberry.ID(row.id), subject=card, record=record, objections=lacking)
