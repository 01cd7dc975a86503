"""Stopping a case's clock for 检验 检测 检疫 鉴定 and 专家评审, and letting it go on (Art. 12(4))."""

from datetime import date
from typing import Annotated

import strawberry

from core.database import WriteUnit
from objections import moving, stopping
from objections.kinds import StopCause
from objections.moving import Read
from objections.stopping import Stopping
from schema.acting import act, ensure
from schema.cases import Case
from schema.context import Info
from schema.officers import handler
from schema.refusals import Refusal


@strawberry.input(description="Stops a case's clock. The proof is an upload of the organisation's own (POST /uploads).")
class ObjectionStopOpenInput:
    """What stops it, and since which day: that day does not count."""

    objection_id: strawberry.ID
    expected_version: int
    cause: StopCause
    started_on: date
    proof_id: strawberry.ID


@strawberry.input(description="Says on which day a stop ended: that day does not count either.")
class ObjectionStopCloseInput:
    """Which stop, and the version of its case as it was read."""

    stop_id: strawberry.ID
    expected_version: int
    ended_on: date


@strawberry.type
class _Stopped:
    case: Case
    replayed: bool


@strawberry.type(description="The case, whose clock stands.")
class ObjectionStopOpenPayload(_Stopped):
    """A stopped case, and its stop."""

    stop_id: strawberry.ID


@strawberry.type(description="The case; its clock goes on when no other stop is open.")
class ObjectionStopClosePayload(_Stopped):
    """A case that goes on."""


ObjectionStopOpenResult = Annotated[ObjectionStopOpenPayload | Refusal, strawberry.union("ObjectionStopOpenResult")]
ObjectionStopCloseResult = Annotated[ObjectionStopClosePayload | Refusal, strawberry.union("ObjectionStopCloseResult")]


@strawberry.type
class StopActs:
    """What a handler does with the clock."""

    @strawberry.mutation(description="Stop a case's clock for an examination, with its proof.")
    async def objection_stop_open(self, info: Info, input: ObjectionStopOpenInput) -> ObjectionStopOpenResult:
        """One open stop for each cause."""
        context, officer = info.context, handler(info.context)
        read = Read(input.objection_id, input.expected_version)

        async def do(unit: WriteUnit) -> str:
            stop = Stopping(input.cause, input.started_on, input.proof_id)
            return await stopping.open_(unit, officer, read, stop, at=context.at)

        async def show(stop_id: str, replayed: bool) -> ObjectionStopOpenPayload:
            case = await Case.of(context, await moving.find(context.unit, officer, read.id))
            return ObjectionStopOpenPayload(case=case, stop_id=strawberry.ID(stop_id), replayed=replayed)

        return await act(info, None, do, show)

    @strawberry.mutation(description="Say that an examination has ended.")
    async def objection_stop_close(self, info: Info, input: ObjectionStopCloseInput) -> ObjectionStopCloseResult:
        """The clock goes on with the next day."""
        context, officer = info.context, handler(info.context)

        async def do(unit: WriteUnit) -> bool:
            expected = input.expected_version
            await stopping.close(unit, officer, input.stop_id, input.ended_on, expected=expected, at=context.at)
            return True

        async def show(replayed: bool) -> ObjectionStopClosePayload:
            stop = await stopping.find(context.unit, officer, input.stop_id)
            case = await Case.of(context, await moving.find(context.unit, officer, stop.objection_id))
            return ObjectionStopClosePayload(case=case, replayed=replayed)

        return await ensure(info, do, show)
