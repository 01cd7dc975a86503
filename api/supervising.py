"""GET /oversight/{period}.xlsx: an area's month, quarter or year as a workbook, for who supervises it."""

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
from core.errors import BadCall, NotAvailable
from core.principal import Principal, Scope
from oversight.supervision import areas, periods, workbook
from oversight.supervision.areas import Area
from oversight.supervision.counting import Counted
from parties import proofs
from parties.callers import identify
from parties.errors import BeyondPost

# CHOICE: a workbook takes seconds, and one is made at a time: a dozen in a minute of one person's allowance.
_POINTS = 50


class Supervising:
    """Answers supervisors' downloads."""

    def __init__(self, database: Database, authenticator: Authenticator, limits: Limits) -> None:
        self._database = database
        self._limits = limits
        self._authenticator = authenticator
        # A year reads all of its looks.
        self._one_at_a_time = asyncio.Lock()

    def routes(self) -> Sequence[BaseRoute]:
        """Where it answers."""
        answer = answering(self._authenticator, self._figures)
        return (Route("/oversight/{period}.xlsx", answer, methods=["GET"]),)

    async def _figures(self, http: Request, at: datetime) -> Response:
        if http.method != "GET":  # HEAD, which Starlette adds to it
            raise BadCall("METHOD_NOT_ALLOWED")
        principal, proof = sender(self._authenticator, self._limits, http, at, {Scope.OVERSIGHT_READ}, _POINTS)
        if proof is not None:
            async with self._database.writing() as writing:
                await proofs.spend(writing, proof)
        async with self._one_at_a_time:
            async with self._database.reading() as unit:
                area = await _area(unit, principal, at)
                period = periods.read(http.path_params["period"], at=at)
                found = await workbook.figures(unit, Counted(area, period))
            made = await asyncio.to_thread(workbook.workbook, found, at=at)
        ending = f"{period.text}{'-provisional' if period.so_far else ''}"
        name = f'attachment; filename="supervision-{area.code or "city"}-{ending}.xlsx"'
        return Response(made, headers={**PRIVATE, "Content-Disposition": name}, media_type=sheets.MEDIA_TYPE)


async def _area(unit: Unit, principal: Principal, at: datetime) -> Area:
    """The caller's own; raises `Unknown`, `Frozen`, `BeyondPost`, or `NotAvailable` for who supervises nothing."""
    caller = await identify(unit, principal, at=at)
    if caller.staff_id is None or caller.party_id is None or Scope.OVERSIGHT_READ not in caller.principal.scopes:
        raise BeyondPost()
    area = await areas.of(unit, caller.party_id)
    if area is None:
        raise NotAvailable()
    return area
