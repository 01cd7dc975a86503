"""What supervisors order, and what institutions answer (整改, Art. 4)."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, TypeVar

import strawberry

from core.database import WriteUnit
from oversight.supervision import orders
from oversight.supervision.orders import Draft, OrderAct, Side
from schema.acting import act, attempt_of, ensure, of, standing
from schema.context import Context, Info
from schema.orders import Rectification, institution_of, order_of, supervisor_of
from schema.refusals import Refusal


@strawberry.input(description="Orders an institution of one's area to put something right, in so many working days.")
class OrderIssueInput:
    """What is to be put right, and by when."""

    institution_id: strawberry.ID
    findings: str
    references: list[str] = strawberry.field(default_factory=list)
    working_days: int
    idempotency_key: strawberry.ID


@strawberry.input(description="One step: what is said, and the version that was read.")
class OrderStepInput:
    """The institution's reply, or the supervisor's reason."""

    order_id: strawberry.ID
    expected_version: int
    text: str


@strawberry.type
class _Stands:
    order: Rectification
    replayed: bool


@strawberry.type(description="The order; its institution is told.")
class OrderIssuePayload(_Stands):
    """A new one."""


@strawberry.type(description="As it stands now.")
class OrderReplyPayload(_Stands):
    """A replied one."""


@strawberry.type(description="As it stands now.")
class OrderAcceptPayload(_Stands):
    """A closed one."""


@strawberry.type(description="As it stands now: it waits for the institution again.")
class OrderReturnPayload(_Stands):
    """A returned one."""


@strawberry.type(description="As it stands now.")
class OrderWithdrawPayload(_Stands):
    """A withdrawn one."""


Shown = TypeVar("Shown", bound=_Stands)
OrderIssueResult = Annotated[OrderIssuePayload | Refusal, strawberry.union("OrderIssueResult")]
OrderReplyResult = Annotated[OrderReplyPayload | Refusal, strawberry.union("OrderReplyResult")]
OrderAcceptResult = Annotated[OrderAcceptPayload | Refusal, strawberry.union("OrderAcceptResult")]
OrderReturnResult = Annotated[OrderReturnPayload | Refusal, strawberry.union("OrderReturnResult")]
OrderWithdrawResult = Annotated[OrderWithdrawPayload | Refusal, strawberry.union("OrderWithdrawResult")]


@strawberry.type
class OrderActs:
    """Rectification orders."""

    @strawberry.mutation(description="Order an institution of one's area to put something right.")
    async def order_issue(self, info: Info, input: OrderIssueInput) -> OrderIssueResult:
        """A supervisor's order."""
        context = info.context
        by = await supervisor_of(context)
        draft = Draft(input.institution_id, input.findings, input.references, input.working_days)

        async def do(unit: WriteUnit) -> str:
            return await orders.issue(unit, by, draft, at=context.at)

        key = attempt_of(context, "orderIssue", input.idempotency_key, asked=str(input))
        return await act(info, key, do, _shown(context, by, OrderIssuePayload))

    @strawberry.mutation(description="Say what was done about an order.")
    async def order_reply(self, info: Info, input: OrderStepInput) -> OrderReplyResult:
        """The institution's."""
        return await _taken(info, institution_of(info.context), input, OrderAct.REPLY, OrderReplyPayload)

    @strawberry.mutation(description="Close an order whose reply will do, and say so.")
    async def order_accept(self, info: Info, input: OrderStepInput) -> OrderAcceptResult:
        """The supervisor's."""
        return await _taken(info, await supervisor_of(info.context), input, OrderAct.ACCEPT, OrderAcceptPayload)

    @strawberry.mutation(description="Give an order back whose reply will not do, and say why.")
    async def order_return(self, info: Info, input: OrderStepInput) -> OrderReturnResult:
        """The supervisor's."""
        return await _taken(info, await supervisor_of(info.context), input, OrderAct.RETURN, OrderReturnPayload)

    @strawberry.mutation(description="Take an order back, and say why.")
    async def order_withdraw(self, info: Info, input: OrderStepInput) -> OrderWithdrawResult:
        """The supervisor's."""
        return await _taken(info, await supervisor_of(info.context), input, OrderAct.WITHDRAW, OrderWithdrawPayload)


async def _taken(info: Info, by: Side, input: OrderStepInput, what: OrderAct, payload: type[Shown]) -> Shown | Refusal:
    context = info.context

    async def do(unit: WriteUnit) -> bool:
        await orders.take(unit, by, input.order_id, what, input.text, input.expected_version, at=context.at)
        return True

    return await ensure(info, do, of(input.order_id, _shown(context, by, payload)))


def _shown(context: Context, by: Side, payload: type[Shown]) -> Callable[[str, bool], Awaitable[Shown]]:
    return standing(payload, "order", partial(order_of, context, by))
