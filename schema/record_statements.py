"""本人声明 beside one's own record: its subject's own word, or its legal representative's; no helper's."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import strawberry

from audit.lens import Lens
from core.database import WriteUnit
from core.errors import NotAvailable
from credit import records, statement
from schema.acting import act, own_lens, own_look
from schema.context import Info
from schema.records import CreditRecord
from schema.refusals import Refusal


@strawberry.input(description="Puts a statement beside one's own record, in place of an earlier one.")
class RecordStatementAttachInput:
    """Which record, as it was read, and what is said. Identity numbers in the text are masked."""

    record_id: strawberry.ID
    expected_version: int
    text: str


@strawberry.input(description="Takes one's statement away. It stays in the record's earlier versions.")
class RecordStatementWithdrawInput:
    """Which record."""

    record_id: strawberry.ID


@strawberry.type
class _Stated:
    record: CreditRecord
    replayed: bool


@strawberry.type(description="The record with the statement; `replayed` when it stood there already.")
class RecordStatementAttachPayload(_Stated):
    """A record with a statement."""


@strawberry.type(description="The record without a statement; `replayed` when there was none.")
class RecordStatementWithdrawPayload(_Stated):
    """A record without one."""


Stated = TypeVar("Stated", bound=_Stated)
RecordStatementAttachResult = Annotated[
    RecordStatementAttachPayload | Refusal, strawberry.union("RecordStatementAttachResult")
]
RecordStatementWithdrawResult = Annotated[
    RecordStatementWithdrawPayload | Refusal, strawberry.union("RecordStatementWithdrawResult")
]


@strawberry.type
class RecordStatementActs:
    """What a subject says beside its records."""

    @strawberry.mutation(description="Put a statement beside one's own record.")
    async def record_statement_attach(
        self, info: Info, input: RecordStatementAttachInput
    ) -> RecordStatementAttachResult:
        """Shown with the record from the next request on."""
        context, lens = info.context, own_lens(info.context)

        async def do(unit: WriteUnit) -> bool:
            expected = input.expected_version
            return await statement.attach(unit, lens, input.record_id, input.text, expected=expected, at=context.at)

        return await _changed(info, lens, input.record_id, do, RecordStatementAttachPayload)

    @strawberry.mutation(description="Take one's statement away.")
    async def record_statement_withdraw(
        self, info: Info, input: RecordStatementWithdrawInput
    ) -> RecordStatementWithdrawResult:
        """Gone for everybody from the next request on."""
        context, lens = info.context, own_lens(info.context)

        async def do(unit: WriteUnit) -> bool:
            return await statement.withdraw(unit, lens, input.record_id, at=context.at)

        return await _changed(info, lens, input.record_id, do, RecordStatementWithdrawPayload)


async def _changed(
    info: Info, lens: Lens, record_id: str, change: Callable[[WriteUnit], Awaitable[bool]], payload: type[Stated]
) -> Stated | Refusal:
    fresh = False

    async def do(unit: WriteUnit) -> str:
        nonlocal fresh
        fresh = await change(unit)
        return record_id

    async def show(made: str, _replayed: bool) -> Stated:
        look = own_look(info, lens)
        row = await records.find(info.context.unit, lens, made, at=info.context.at)
        if row is None:
            raise NotAvailable()
        return payload(record=CreditRecord.behind(lens, look)(row), replayed=not fresh)

    return await act(info, None, do, show)
