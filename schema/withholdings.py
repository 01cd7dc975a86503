"""Orders to withhold looks (暂缓告知): one officer orders, another agrees, another reviews, either ends."""

from datetime import datetime
from typing import Annotated

import strawberry

from audit import withholding
from audit.withholding import WithholdingCode, WithholdingState
from core.database import WriteUnit
from core.errors import Invalid
from core.statements import Row
from grants import statute
from schema.acting import act, attempt_of, ensure
from schema.context import Context, Info
from schema.officers import by_staff, organ
from schema.refusals import Refusal
from schema.stored import stored


@strawberry.type(
    description="By which ground, for which case and until when subjects of looks are not told (个人信息保护法 18, "
    "35). Its looks are logged and sealed at once, and shown when it ends."
)
class Withholding:
    """An organ's order."""

    row: strawberry.Private[Row]
    state: WithholdingState
    by_me: bool = strawberry.field(description="Whether the caller gave it: another agrees, and another prolongs.")
    id: strawberry.ID = stored("id")
    version: int = stored("version")
    code: WithholdingCode = stored("code")
    case_number: str = stored("case_number")
    ordered_at: datetime = stored("ordered_at")
    agreed_at: datetime | None = stored("agreed_at", description="When another last agreed, or prolonged it.")
    until: datetime = stored("until")
    ended_at: datetime | None = stored("ended_at")

    @classmethod
    def of(cls, context: Context, row: Row) -> "Withholding":
        """An order's row."""
        mine = row.ordered_by == context.caller.staff_id
        return cls(row=row, state=withholding.state_of(row, at=context.at), by_me=mine)


@strawberry.input(description="Orders that a case's looks be withheld, when another officer agrees; 180 days at most.")
class WithholdingOrderInput:
    """Which case, on which ground, and until when."""

    code: WithholdingCode
    case_number: str
    until: datetime
    idempotency_key: strawberry.ID


@strawberry.input(description="Agrees to an order that another officer gave.")
class WithholdingAgreeInput:
    """Which order, as it was read."""

    withholding_id: strawberry.ID
    expected_version: int


@strawberry.input(description="Reviews an order that another officer gave, and lets it last longer.")
class WithholdingProlongInput:
    """Which order, as it was read, and until when."""

    withholding_id: strawberry.ID
    expected_version: int
    until: datetime


@strawberry.input(description="Ends an order: its looks are shown from now on.")
class WithholdingEndInput:
    """Which order."""

    withholding_id: strawberry.ID


@strawberry.type
class _Ordered:
    withholding: Withholding
    replayed: bool


@strawberry.type(description="The order, which withholds nothing yet.")
class WithholdingOrderPayload(_Ordered):
    """A proposed order."""


@strawberry.type(description="The order, in force from now on.")
class WithholdingAgreePayload(_Ordered):
    """An order of two people."""


@strawberry.type(description="The order, reviewed and prolonged.")
class WithholdingProlongPayload(_Ordered):
    """A reviewed order."""


@strawberry.type(description="The ended order; `replayed` when it had ended before.")
class WithholdingEndPayload(_Ordered):
    """An ended order."""


WithholdingOrderResult = Annotated[WithholdingOrderPayload | Refusal, strawberry.union("WithholdingOrderResult")]
WithholdingAgreeResult = Annotated[WithholdingAgreePayload | Refusal, strawberry.union("WithholdingAgreeResult")]
WithholdingProlongResult = Annotated[WithholdingProlongPayload | Refusal, strawberry.union("WithholdingProlongResult")]
WithholdingEndResult = Annotated[WithholdingEndPayload | Refusal, strawberry.union("WithholdingEndResult")]


@strawberry.type
class WithholdingActs:
    """What an organ's officers do about orders to withhold."""

    @strawberry.mutation(description="Order that a case's looks be withheld.")
    async def withholding_order(self, info: Info, input: WithholdingOrderInput) -> WithholdingOrderResult:
        """The first of two officers."""
        context = info.context
        party_id, by, case = await organ(context), by_staff(context), input.case_number.strip()

        async def do(unit: WriteUnit) -> str:
            broken = statute.faults_of_case(case)
            if broken:
                raise Invalid(*broken)
            return await withholding.order(
                unit, input.code, party_id=party_id, case_number=case, by=by, until=input.until, at=context.at
            )

        async def show(order_id: str, replayed: bool) -> WithholdingOrderPayload:
            return WithholdingOrderPayload(withholding=await _own(context, party_id, order_id), replayed=replayed)

        key = attempt_of(
            context, "withholdingOrder", input.idempotency_key, code=input.code.value, case=case, until=input.until
        )
        return await act(info, key, do, show)

    @strawberry.mutation(description="Agree to an order to withhold.")
    async def withholding_agree(self, info: Info, input: WithholdingAgreeInput) -> WithholdingAgreeResult:
        """The second of two officers."""
        context = info.context
        party_id, by, given = await organ(context), by_staff(context), input.expected_version

        async def do(unit: WriteUnit) -> str:
            await withholding.agree(unit, input.withholding_id, party_id=party_id, expected=given, by=by, at=context.at)
            return input.withholding_id

        async def show(order_id: str, replayed: bool) -> WithholdingAgreePayload:
            return WithholdingAgreePayload(withholding=await _own(context, party_id, order_id), replayed=replayed)

        return await act(info, None, do, show)

    @strawberry.mutation(description="Review an order to withhold, and prolong it.")
    async def withholding_prolong(self, info: Info, input: WithholdingProlongInput) -> WithholdingProlongResult:
        """Another officer than who gave it."""
        context = info.context
        party_id, by, given = await organ(context), by_staff(context), input.expected_version

        async def do(unit: WriteUnit) -> str:
            await withholding.prolong(
                unit,
                input.withholding_id,
                party_id=party_id,
                expected=given,
                by=by,
                until=input.until,
                at=context.at,
            )
            return input.withholding_id

        async def show(order_id: str, replayed: bool) -> WithholdingProlongPayload:
            return WithholdingProlongPayload(withholding=await _own(context, party_id, order_id), replayed=replayed)

        return await act(info, None, do, show)

    @strawberry.mutation(description="End an order to withhold, at once.")
    async def withholding_end(self, info: Info, input: WithholdingEndInput) -> WithholdingEndResult:
        """Ending twice is ending once."""
        context = info.context
        party_id = await organ(context)

        async def do(unit: WriteUnit) -> bool:
            return await withholding.end(unit, input.withholding_id, party_id=party_id, at=context.at)

        async def show(replayed: bool) -> WithholdingEndPayload:
            found = await _own(context, party_id, input.withholding_id)
            return WithholdingEndPayload(withholding=found, replayed=replayed)

        return await ensure(info, do, show)


async def _own(context: Context, party_id: str, order_id: str) -> Withholding:
    return Withholding.of(context, await withholding.find(context.unit, order_id, party_id=party_id))
