"""The record as every lens sees it: one type, whose rows and items the lens decides."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

import strawberry

from audit.lens import Audience, Lens
from audit.looks import Look
from core.database import Unit
from core.paging import Page
from core.statements import Row
from credit import history, marks, records, repair, subjects
from credit.catalogue import date_label
from credit.kinds import Publicity, RecordNature, RecordStatus, RepairState, WithdrawalCause
from grants.scope import RecordCategory
from parties.kinds import ProviderKind
from schema.connection import Connection, connect
from schema.context import Info, Overtaken
from schema.stored import derived, stored


@strawberry.input(
    description="Which records. Days are inclusive. asOf: as we said it at that instant, marks and statements included."
)
class RecordFilter:
    """A filter on records; `include_ended` and `as_of` are for the subject alone."""

    categories: list[RecordCategory] | None = None
    include_ended: bool = False
    from_: date | None = strawberry.field(default=None, name="from")
    to: date | None = None
    as_of: datetime | None = None

    def wanted(self) -> records.Filter:
        """The filter in the domain's words."""
        categories = None if self.categories is None else [category.value for category in self.categories]
        return records.Filter(categories, self.include_ended, self.from_, self.to)


@strawberry.type(description="Who sent a record.")
class Source:
    """The information provider (Art. 2)."""

    row: strawberry.Private[Row]
    name: str = stored("source_name")
    kind: ProviderKind = stored("source_kind")


@strawberry.type(description="异议标注: an objection is open since this instant (Art. 12).")
class ObjectionMark:
    """One open objection's mark."""

    filed_at: datetime


@strawberry.type(description="One item in the catalogue's own words and order.")
class RecordItem:
    """One item; sensitive ones are masked to everybody but the subject."""

    code: strawberry.ID
    label: str
    value: str | None
    masked: bool


@strawberry.type(description="One public credit record.")
class CreditRecord:
    """A record behind a lens."""

    lens: strawberry.Private[Lens]
    look: strawberry.Private[Look | None]
    row: strawberry.Private[Row]
    id: strawberry.ID = stored("id")
    category: RecordCategory = stored("category")
    nature: RecordNature = stored("nature")
    title: str = stored("title")
    document_number: str | None = stored("document_number")
    authority: str = stored("authority")
    occurred_on: date | None = stored("occurred_on")
    date_label: str = derived(lambda row: date_label(row.catalogue, row.kind))
    publicity: Publicity = stored("publicity")
    publicity_until: date | None = stored("publicity_until")
    query_until: date | None = stored("query_until")
    score_until: date | None = stored("score_until")
    status: RecordStatus = stored("status")
    source: Source = derived(lambda row: Source(row=row))
    repair: RepairState | None = stored("repair")
    repair_from: date | None = derived(
        lambda row: repair.earliest(row),
        description="From when 信用修复 may be asked for, by the classes of 令36; guidance, for who decided decides.",
    )
    withdrawal: WithdrawalCause | None = stored("withdrawal", description="Why it was withdrawn; null unless it is.")
    statement: str | None = stored("statement")
    objections: list[ObjectionMark] = derived(lambda row: marks_of(row))
    version: int = stored("version")
    recorded_at: datetime = stored("recorded_at")

    @strawberry.field(description="The items this audience may see.")
    def items(self) -> list[RecordItem]:
        """Items by the lens; the log names the codes that went out."""
        shown = records.items(self.lens, self.row)
        if self.look is not None:
            self.look.codes.update(item.code for item in shown)
        return [
            RecordItem(code=strawberry.ID(item.code), label=item.label, value=item.value, masked=item.masked)
            for item in shown
        ]

    @classmethod
    def behind(cls, lens: Lens, look: Look | None) -> Callable[[Row], "CreditRecord"]:
        """How to make a record of a row seen through a lens; each one made is counted in the look."""

        def make(row: Row) -> CreditRecord:
            if look is not None:
                look.show(row.category)
            return cls(lens=lens, look=look, row=row)

        return make


def marks_of(row: Row) -> list[ObjectionMark]:
    """The marks that stand on a row."""
    return [ObjectionMark(filed_at=datetime.fromisoformat(text)) for text in row.marks]


class Omissions:
    """The marks that something is missing of a subject, beside its records: all of one operation's are of one instant,
    and it is begun again where they are not (`Overtaken`)."""

    def __init__(self, lens: Lens) -> None:
        self._lens = lens
        self._seen: list[str] | None = None

    async def shown(self, unit: Unit) -> list[ObjectionMark]:
        """As they came with the records; read alone where no records have come yet."""
        seen = self._seen
        if seen is None:
            seen = self._seen = list(await marks.omissions(unit, self._lens))
        return [ObjectionMark(filed_at=datetime.fromisoformat(text)) for text in seen]

    def agree(self, found: Sequence[str] | None) -> None:
        """Take what came with a page; raises `Overtaken` where that is not what was seen before."""
        if found is None or (self._seen is not None and self._seen != list(found)):
            raise Overtaken
        self._seen = list(found)


async def records_page(
    info: Info,
    lens: Lens,
    look: Look | None,
    filter: RecordFilter | None,
    first: int,
    after: str | None,
    omissions: Omissions | None = None,
) -> Connection[CreditRecord]:
    """A page of the lens's records, as they stand now or, to their subject, as they stood at an instant. Recipients and
    organs are shown with it whether something is said to be missing."""
    context = info.context
    chosen = filter or RecordFilter()
    # Whoever looks through a grant for its recipient turns the same pages.
    holder = f"grant\x1f{lens.grant_id}" if lens.audience is Audience.RECIPIENT else None
    wanted, as_of = chosen.wanted(), chosen.as_of
    bound = (wanted,) if as_of is None else (wanted, as_of)
    request = context.page(
        "records", first, after, lens.audience, lens.subject_id, lens.grant_id, *bound, holder=holder
    )
    reached = context.reach(info).coordinates
    page: Page[Row]
    if as_of is not None:
        page = await history.page(context.unit, lens, request, wanted, as_of=as_of, at=context.at)
    else:
        with_items = "CreditRecord.items" in reached
        page = await records.page(context.unit, lens, request, wanted, with_items=with_items, at=context.at)
        if omissions is not None:
            omissions.agree(await records.omissions(context.unit, lens, request, wanted, page, at=context.at))
    shows = "CreditRecordEdge.node" in reached  # a document may ask for cursors alone
    return connect(page, CreditRecord.behind(lens, look if shows else None))


@strawberry.type(description="An organisation's lawfully public items (Arts. 6(2), 8(1)).")
class PublishedView:
    """What anyone may see of an organisation."""

    lens: strawberry.Private[Lens]
    omissions: strawberry.Private[Omissions]
    name: str
    uscc: str
    as_of: datetime

    @strawberry.field(description="曾用名: the names that it had, oldest first.")
    async def former_names(self, info: Info) -> list[str]:
        """Its earlier names, each once."""
        formerly = await subjects.formerly(info.context.unit, self.lens)
        return list(dict.fromkeys(one.name for one in formerly if one.name != self.name))

    @strawberry.field(description="Public records, newest event first.")
    async def records(
        self, info: Info, filter: RecordFilter | None = None, first: int = 20, after: str | None = None
    ) -> Connection[CreditRecord]:
        """Public records only; no sign-in, no log."""
        return await records_page(info, self.lens, None, filter, first, after, self.omissions)

    @strawberry.field(
        description="异议标注: since when it is contested that something is missing here. Whatever selects records "
        "selects this."
    )
    async def objections(self, info: Info) -> list[ObjectionMark]:
        """As of the statement that read the records."""
        return await self.omissions.shown(info.context.unit)
