"""The policy table's lines of rectification orders (Art. 4)."""

from collections.abc import Mapping

from core.principal import Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    "Mutation.orderIssue": Root(Lens.OVERSIGHT, Scope.ORDER_GIVE),
    "Mutation.orderAccept": Root(Lens.OVERSIGHT, Scope.ORDER_GIVE),
    "Mutation.orderReturn": Root(Lens.OVERSIGHT, Scope.ORDER_GIVE),
    "Mutation.orderWithdraw": Root(Lens.OVERSIGHT, Scope.ORDER_GIVE),
    "Mutation.orderReply": Root(Lens.APPROVALS, Scope.ORDER_ANSWER),
}

_BOTH = "OVERSIGHT APPROVALS"

# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "RectificationConnection": (_BOTH, {Level.OPEN: "edges pageInfo"}),
    "RectificationEdge": (_BOTH, {Level.OPEN: "cursor node"}),
    "Rectification": (
        _BOTH,
        {Level.OWN: "id number version state issuedAt dueAt late findings references institution supervisor steps"},
    ),
    "RectificationStep": (_BOTH, {Level.OWN: "act party operator text at"}),
    "OrderIssuePayload": ("OVERSIGHT", {Level.OWN: "order", Level.OPEN: "replayed"}),
    "OrderAcceptPayload": ("OVERSIGHT", {Level.OWN: "order", Level.OPEN: "replayed"}),
    "OrderReturnPayload": ("OVERSIGHT", {Level.OWN: "order", Level.OPEN: "replayed"}),
    "OrderWithdrawPayload": ("OVERSIGHT", {Level.OWN: "order", Level.OPEN: "replayed"}),
    "OrderReplyPayload": ("APPROVALS", {Level.OWN: "order", Level.OPEN: "replayed"}),
    "OrderIssueInput": ("OVERSIGHT", {Level.OWN: "institutionId findings references workingDays idempotencyKey"}),
    "OrderStepInput": (_BOTH, {Level.OWN: "orderId expectedVersion text"}),
}
