"""An information provider's own desk (Arts. 2, 5): the files it sent, and what became of them."""

from datetime import datetime

import strawberry

from core.statements import Row
from intake import batches
from intake.batches import IntakeState
from intake.findings import CHECKS, Severity
from intake.layouts import LayoutName
from schema.connection import Connection, connect
from schema.context import Context, Info
from schema.people import Party
from schema.stored import stored


@strawberry.type(description="How often one check found something in a file.")
class IntakeFinding:
    """A check's code and its times; its sentence stands beside each row of the rejected ones."""

    code: str
    severity: Severity
    count: int


@strawberry.type(
    description="A file that was sent to `POST /intake/batches`. Counts are null until it is done; a file that was "
    "loaded again after a fault counts as unchanged what had been entered before."
)
class IntakeBatch:
    """A batch, as its provider sees it."""

    row: strawberry.Private[Row]
    state: IntakeState
    reason: str | None = strawberry.field(description="Why none of it was taken.")
    rejected_path: str | None = strawberry.field(description="Where its rejected rows are fetched, as long as kept.")
    findings: list[IntakeFinding]
    id: strawberry.ID = stored("id")
    checks_only: bool = stored("checks_only", description="Whether it is only checked: nothing of it is entered.")
    sha256: str | None = stored("sha256")
    kind: LayoutName | None = strawberry.field(description="Which of the layouts it is.")
    rows: int | None = stored("row_count")
    rows_done: int = stored("rows_done", description="How many rows have been read so far.")
    added: int | None = stored("added")
    changed: int | None = stored("changed")
    unchanged: int | None = stored("unchanged")
    dropped: int | None = stored("dropped")
    rejected: int | None = stored("rejected")
    set_aside: int | None = stored("set_aside")
    opened_at: datetime = stored("opened_at")
    arrived_at: datetime | None = stored("arrived_at")
    ended_at: datetime | None = stored("ended_at")
    until: datetime | None = stored("until", description="When its rejected rows go.")

    @classmethod
    def of(cls, context: Context, row: Row) -> "IntakeBatch":
        """A batch's row."""
        kept = batches.rejected_of(row, at=context.at) is not None
        found = row.findings or {}
        return cls(
            row=row,
            state=IntakeState(row.state),
            kind=LayoutName(row.layout) if row.layout is not None else None,
            reason=batches.reason_of(context.unit, row),
            rejected_path=f"/intake/batches/{row.id}/rejected.csv" if kept else None,
            findings=[
                IntakeFinding(code=code, severity=check.severity, count=found[code])
                for code, check in CHECKS.items()
                if code in found
            ],
        )


@strawberry.type(description="An information provider's own desk (Arts. 2, 5).")
class Provider:
    """The calling provider."""

    party_id: strawberry.Private[str]
    party: Party

    @strawberry.field(description="The files it sent over HTTP, newest first.")
    async def batches(self, info: Info, first: int = 20, after: str | None = None) -> Connection[IntakeBatch]:
        """Own batches."""
        context = info.context
        page = await batches.page(context.unit, self.party_id, context.page("Provider.batches", first, after))
        return connect(page, lambda row: IntakeBatch.of(context, row))

    @strawberry.field(description="One of them, or null.")
    async def batch(self, info: Info, id: strawberry.ID) -> IntakeBatch | None:
        """Absent and another's are both null."""
        row = await batches.find(info.context.unit, id, self.party_id)
        return IntakeBatch.of(info.context, row) if row is not None else None
