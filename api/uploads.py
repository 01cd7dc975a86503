"""POST /uploads: evidence and scans, streamed. POST /uploads/{id}/tickets and GET /blobs/{ticket}: one's own, once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from api import clock
from api.authenticating import Authenticator
from api.graphql import address_of
from api.limits import Limits
from api.spending import Purse, charge
from core import sheets, uploads
from core.blobs import TICKET_LIFE, Blobs
from core.database import Database, Unit
from core.errors import BadCall, DependencyDown, Detail, DomainError, Invalid, NotAvailable, Refused
from core.moments import rfc3339
from core.principal import ANONYMOUS, Principal, Proof, Scope
from core.uploads import Owner
from intake.errors import AlreadyArrived, OffsetMismatch, TooManyBatches
from parties import directory, proofs
from parties.callers import identify
from parties.errors import BeyondPost
from parties.kinds import PartyKind
from schema import errors
from schema.costs import MUTATION_POINTS

PATH = "/uploads"
_LONGEST_SECONDS = 120
_ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    sheets.MEDIA_TYPE: "xlsx",
    "application/jsonl": "jsonl",
    "text/csv": "csv",
}
_STATUS = {
    NotAvailable: 404,
    uploads.TooManyWaiting: 429,
    TooManyBatches: 429,
    OffsetMismatch: 409,
    AlreadyArrived: 409,
}
# A subject brings evidence, a state organ's officer sheets, or tables of its own indicators; who handles, verifies or
# receives an objection, papers.
_PAPERS = frozenset({Scope.OBJECTION_HANDLE, Scope.OBJECTION_VERIFY, Scope.OBJECTION_RECEIVE})
_SHEETS = frozenset({Scope.AGENCY_LOOK, Scope.INDUSTRY_KEEP})
_BRINGING = frozenset({Scope.SELF_READ}) | _SHEETS | _PAPERS
_PAPER_KINDS = frozenset({PartyKind.PROVIDER.value, PartyKind.CREDIT_SERVICE_AGENCY.value})
Endpoint = Callable[[Request, datetime], Awaitable[Response]]
PRIVATE = {"Cache-Control": "no-store", "Vary": "Authorization"}


class Uploads:
    """Answers uploads and downloads."""

    def __init__(self, database: Database, blobs: Blobs, authenticator: Authenticator, limits: Limits) -> None:
        self._database = database
        self._blobs = blobs
        self._authenticator = authenticator
        self._limits = limits

    def routes(self) -> Sequence[BaseRoute]:
        """Where it answers."""
        return (
            Route(PATH, answering(self._authenticator, self._upload), methods=["POST"]),
            Route(PATH + "/{id}/tickets", answering(self._authenticator, self._ticket), methods=["POST"]),
            Route("/blobs/{ticket}", answering(self._authenticator, self._download), methods=["GET"]),
        )

    async def _upload(self, http: Request, at: datetime) -> Response:
        principal, proof = sender(self._authenticator, self._limits, http, at, _BRINGING, MUTATION_POINTS)
        declared = http.headers.get("content-length", "")
        if declared.isdigit() and int(declared[:12]) > uploads.LARGEST:
            raise BadCall("BODY_TOO_LARGE")
        async with self._database.reading() as unit:
            owner = await _owner(unit, principal, at)
            await uploads.check(unit, owner)
        async with asyncio.timeout(_LONGEST_SECONDS):
            media_type, source = await _typed(http.stream(), owner)
            draft = await self._blobs.write(source, at=at, most=owner.largest)
        self._authenticator.check_arrival(proof, clock.now())
        async with self._database.writing() as unit:
            # Asked again: whoever was frozen while the file came in has no more say.
            owner = await _owner(unit, principal, at)
            kept = await uploads.keep(unit, self._blobs, draft, owner=owner, media_type=media_type, at=clock.now())
            await proofs.spend(unit, proof)
        body = {"id": kept.id, "mediaType": kept.media_type, "size": kept.size, "sha256": kept.sha256}
        return as_json(body, 201)

    async def _ticket(self, http: Request, at: datetime) -> Response:
        principal, proof = sender(self._authenticator, self._limits, http, at, _BRINGING, MUTATION_POINTS)
        async with self._database.writing() as unit:
            owner = await _owner(unit, principal, at)
            text = await uploads.ticket(unit, self._blobs, http.path_params["id"], owner=owner, at=at)
            await proofs.spend(unit, proof)
        return as_json({"path": f"/blobs/{text}", "validUntil": rfc3339(at + TICKET_LIFE)}, 201)

    async def _download(self, http: Request, at: datetime) -> Response:
        """The ticket is the authority: whoever holds it, once. HEAD, which Starlette adds to GET, would spend it."""
        if http.method != "GET":
            raise BadCall("METHOD_NOT_ALLOWED")
        charge(self._limits, self._limits.callers(ANONYMOUS, address_of(http.scope)), 1, now=at.timestamp())
        async with self._database.reading() as reading:
            await self._blobs.check_ticket(reading, http.path_params["ticket"], at=at)
        async with self._database.writing() as unit:
            found = await self._blobs.spend(unit, http.path_params["ticket"], at=at)
        headers = {
            **PRIVATE,
            "Content-Length": str(found.size),
            "Content-Disposition": f'attachment; filename="{found.id}.{_ENDINGS[found.media_type]}"',
        }
        return StreamingResponse(self._blobs.read(found.id), headers=headers, media_type=found.media_type)


def sender(
    authenticator: Authenticator,
    limits: Limits,
    http: Request,
    at: datetime,
    scopes: Collection[Scope],
    points: int = 1,
) -> tuple[Principal, Proof | None]:
    """Who sends this, with the proof of their token, and so many points spent; raises `BadCall` unless they have them
    and may try one of these scopes."""
    given, shown = (http.headers.getlist(name) for name in ("authorization", "dpop"))
    purse = Purse(limits, address_of(http.scope), at.timestamp())
    principal, proof = purse.opened(
        lambda: authenticator.sender(given, shown, method=http.method, path=http.url.path, at=at)
    )
    purse.spend(points)
    if principal is ANONYMOUS:
        raise BadCall("UNAUTHENTICATED")
    if principal.scopes.isdisjoint(scopes):
        raise BadCall("FORBIDDEN")
    return principal, proof


def answering(authenticator: Authenticator, answer: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that words what goes wrong as the API does."""

    async def endpoint(http: Request) -> Response:
        at = clock.now()
        try:
            response = await answer(http, at)
        except DomainError as error:
            response = refused(error, http)
        except (TimeoutError, ClientDisconnect):
            response = Response(status_code=408, headers=PRIVATE)
        response.headers.update(authenticator.nonce(http.headers.getlist("dpop"), at))
        return response

    return endpoint


async def _owner(unit: Unit, principal: Principal, at: datetime) -> Owner:
    """Whose upload it is: the subject's acted for, or the organisation's whose officer calls. Raises `Unknown`,
    `Frozen` or `BeyondPost` for anybody else."""
    caller = await identify(unit, principal, at=at)
    if caller.subject_id is not None and Scope.SELF_READ in caller.principal.scopes:
        return Owner(subject_id=caller.subject_id)
    if caller.staff_id is None or caller.party_id is None:
        raise BeyondPost()
    card, scopes = await directory.find(unit, caller.party_id), caller.principal.scopes
    if card is not None and card.kind == PartyKind.STATE_ORGAN.value and _SHEETS & scopes:
        return Owner(party_id=caller.party_id, tables=Scope.INDUSTRY_KEEP in scopes)
    if card is not None and _PAPERS & scopes and (caller.credit_institution or card.kind in _PAPER_KINDS):
        return Owner(party_id=caller.party_id, papers=True)
    raise BeyondPost()


async def _typed(source: AsyncIterator[bytes], owner: Owner) -> tuple[str, AsyncIterator[bytes]]:
    """What is being sent, by its first bytes, and the whole of it; raises `Invalid` for any other type."""
    beginning = b""
    async for part in source:
        beginning += part
        if len(beginning) >= uploads.LONGEST_MARK:
            break
    media_type = owner.type_of(beginning)
    if media_type is None:
        raise Invalid(Detail(("file",), "FILE_TYPE" if owner.subject_id or owner.papers else "SHEET_TYPE"))

    async def whole() -> AsyncIterator[bytes]:
        yield beginning
        async for part in source:
            yield part

    return media_type, whole()


def refused(error: DomainError, http: Request) -> Response:
    """What went wrong as the API words it."""
    language = "en" if http.headers.get("accept-language", "").strip().lower().startswith("en") else "zh"
    if isinstance(error, DependencyDown):
        errors.log_down(error)
        answer = errors.down(language, error)
    elif isinstance(error, BadCall):
        answer = errors.refuse_call(error, language)
    else:
        answer = errors.refuse_run(error, language)
    status = _STATUS.get(type(error), 422) if isinstance(error, Refused) else answer.status
    # HEAD alone is refused here: what the routes do not name Starlette refuses.
    allowed = {"Allow": "GET"} if status == 405 else {}
    return as_json(answer.body, status, {**answer.headers, **allowed})


def as_json(body: Mapping[str, Any], status: int, headers: Mapping[str, str] = MappingProxyType({})) -> Response:
    """A body as JSON, for its asker alone."""
    return Response(orjson.dumps(body), status, {**PRIVATE, **headers}, "application/json")
