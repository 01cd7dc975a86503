"""GET /settlements/{month}.xlsx: a merchant's month as a workbook; a till's own store."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api.authenticating import Authenticator
from api.limits import Limits
from api.uploads import PRIVATE, answering, sender
from core import sheets
from core.database import Database, Unit
from core.errors import BadCall
from core.months import Month
from core.principal import Principal, Scope
from core.statements import Row
from incentives import settlement, statement
from parties import directory, proofs
from parties.callers import identify
from parties.errors import BeyondPost
from parties.kinds import PartyKind

# CHOICE: a workbook takes seconds, and one is made at a time: a dozen in a minute of one person's allowance.
_POINTS = 50


class Statements:
    """Answers merchants' downloads."""

    def __init__(self, database: Database, authenticator: Authenticator, limits: Limits) -> None:
        self._database = database
        self._limits = limits
        self._authenticator = authenticator
        # A large month is some hundred megabytes while it is made.
        self._one_at_a_time = asyncio.Lock()

    def routes(self) -> Sequence[BaseRoute]:
        """Where it answers."""
        answer = answering(self._authenticator, self._settlement)
        return (Route("/settlements/{month}.xlsx", answer, methods=["GET"]),)

    async def _settlement(self, http: Request, at: datetime) -> Response:
        if http.method != "GET":  # HEAD, which Starlette adds to it
            raise BadCall("METHOD_NOT_ALLOWED")
        principal, proof = sender(self._authenticator, self._limits, http, at, {Scope.PARTNER_READ}, _POINTS)
        month = Month.read(http.path_params["month"])
        if proof is not None:
            async with self._database.writing() as writing:
                await proofs.spend(writing, proof)
        async with self._one_at_a_time:
            async with self._database.reading() as unit:
                rows = await _receipts(unit, principal, month, at)
            made = await asyncio.to_thread(statement.workbook, rows, month, at=at)
        ending = "" if settlement.is_final(month, at=at) else "-provisional"
        name = f'attachment; filename="settlement-{month.text}{ending}.xlsx"'
        return Response(made, headers={**PRIVATE, "Content-Disposition": name}, media_type=sheets.MEDIA_TYPE)


async def _receipts(unit: Unit, principal: Principal, month: Month, at: datetime) -> Sequence[Row]:
    """The caller's own; raises `Unknown`, `Frozen`, `BeyondPost`, or `Invalid` for too many."""
    caller = await identify(unit, principal, at=at)
    may = caller.staff_id is not None and Scope.PARTNER_READ in caller.principal.scopes
    card = await directory.find(unit, caller.party_id) if may and caller.party_id is not None else None
    if card is None or card.kind != PartyKind.PARTNER.value:
        raise BeyondPost()
    return await statement.receipts(unit, card.id, month, store_id=caller.store_id)
