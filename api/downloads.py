"""GET /reports/{number}.pdf, /letters/{number}.pdf, /exports/{id}.zip and /oversight/audits/{id}.zip, each once by a
ticket from the API; and the certificates that our PDFs are signed with."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from api import clock
from api.graphql import address_of
from api.limits import Limits
from api.spending import charge
from api.uploads import PRIVATE, refused
from core.blobs import Blob, Blobs
from core.database import Database, WriteUnit
from core.errors import BadCall, DomainError, NotAvailable
from core.keys import KeyRings, Purpose
from core.principal import ANONYMOUS
from credit import exports, reports
from credit.typeset import certificates
from objections import letters
from oversight.auditing import exports as audits

Belongs = Callable[[WriteUnit, Blob], Awaitable[bool]]


class Downloads:
    """Answers downloads of what has a name of its own. The ticket is the authority: whoever holds it, once."""

    def __init__(self, database: Database, blobs: Blobs, rings: KeyRings, limits: Limits) -> None:
        self._database = database
        self._blobs = blobs
        self._rings = rings
        self._limits = limits

    def routes(self) -> Sequence[BaseRoute]:
        """Where it answers."""
        return (
            Route("/reports/{number}.pdf", self._report, methods=["GET"]),
            Route("/letters/{number}.pdf", self._letter, methods=["GET"]),
            Route("/exports/{id}.zip", self._export, methods=["GET"]),
            Route("/oversight/audits/{id}.zip", self._audit, methods=["GET"]),
            Route("/.well-known/report-certificates.pem", self._certificates, methods=["GET"]),
        )

    async def _report(self, http: Request) -> Response:
        number = http.path_params["number"]

        async def belongs(unit: WriteUnit, found: Blob) -> bool:
            return await reports.is_pdf_of(unit, found.id, number)

        try:
            return await self._once(http, clock.now(), belongs, f"{number}.pdf")
        except DomainError as error:
            return refused(error, http)

    async def _letter(self, http: Request) -> Response:
        number = http.path_params["number"]

        async def belongs(unit: WriteUnit, found: Blob) -> bool:
            return await letters.is_letter_of(unit, found.id, number)

        try:
            return await self._once(http, clock.now(), belongs, f"{number}.pdf")
        except DomainError as error:
            return refused(error, http)

    async def _export(self, http: Request) -> Response:
        export_id, at = http.path_params["id"], clock.now()

        async def belongs(unit: WriteUnit, found: Blob) -> bool:
            return await exports.is_zip_of(unit, found.id, export_id, at=at)

        try:
            return await self._once(http, at, belongs, f"{export_id}.zip")
        except DomainError as error:
            return refused(error, http)

    async def _audit(self, http: Request) -> Response:
        export_id, at = http.path_params["id"], clock.now()

        async def belongs(unit: WriteUnit, found: Blob) -> bool:
            return await audits.is_zip_of(unit, found.id, export_id, at=at)

        try:
            return await self._once(http, at, belongs, f"{export_id}.zip")
        except DomainError as error:
            return refused(error, http)

    async def _once(self, http: Request, at: datetime, belongs: Belongs, filename: str) -> Response:
        """The ticket's blob, if it is what the path names; else the ticket is not spent. Raises `BadCall` or
        `NotAvailable`. HEAD, which Starlette adds to GET, would spend it."""
        if http.method != "GET":
            raise BadCall("METHOD_NOT_ALLOWED")
        charge(self._limits, self._limits.callers(ANONYMOUS, address_of(http.scope)), 1, now=at.timestamp())
        ticket = http.query_params.get("ticket", "")
        async with self._database.reading() as reading:
            await self._blobs.check_ticket(reading, ticket, at=at)
        async with self._database.writing() as unit:
            found = await self._blobs.spend(unit, ticket, at=at)
            if not await belongs(unit, found):
                raise NotAvailable()
        headers = {
            **PRIVATE,
            "Content-Length": str(found.size),
            "Content-Disposition": f'attachment; filename="{filename}"',
        }
        return StreamingResponse(self._blobs.read(found.id), headers=headers, media_type=found.media_type)

    async def _certificates(self, _http: Request) -> Response:
        """Every key's that a report may have been signed with: what a reader is told to trust."""
        keys = self._rings.all(Purpose.PDF).values()
        text = "".join(certificates.certificate(key.secret) for key in keys if key.state != "next")
        return Response(text, media_type="application/x-pem-file")
