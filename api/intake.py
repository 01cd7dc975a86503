"""POST /intake/batches: a provider's file, streamed, resumable, checked or loaded; what became of it, and its rejected
rows. Loading is a duty (`intake/unloading.py`): here a file only arrives."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from api import clock, resuming
from api.authenticating import Authenticator
from api.limits import Limits
from api.resuming import Body, Sent
from api.uploads import PRIVATE, answering, as_json, refused, sender
from core import idempotency
from core.blobs import Blobs
from core.database import Database, Unit, WriteUnit
from core.errors import BadCall, DomainError, Invalid, NotAvailable
from core.idempotency import Attempt
from core.moments import rfc3339
from core.principal import Principal, Proof, Scope
from core.statements import Row
from intake import arriving, batches, unloading
from intake.arriving import By
from intake.batches import UNFINISHED, IntakeState
from intake.errors import OffsetMismatch
from intake.findings import CHECKS
from parties import directory, proofs
from parties.callers import identify
from parties.errors import BeyondPost

PATH = "/intake/batches"
_KEY = "Idempotency-Key"
_WAIT = re.compile(r"\bwait=(\d{1,3})\b", re.ASCII)
# CHOICE: a check's answer is waited for unless somebody says otherwise; a load's is not.
_CHECK_SECONDS, _LONGEST_WAIT_SECONDS = 10, 60
_LOOK_SECONDS = 0.2
_COUNTS = ("added", "changed", "unchanged", "dropped", "rejected")
Answer = Callable[["Request", datetime, Principal, Proof | None], Awaitable[Response]]


class Intake:
    """Answers providers' uploads."""

    def __init__(self, database: Database, blobs: Blobs, authenticator: Authenticator, limits: Limits) -> None:
        self._limits = limits
        self._database = database
        self._blobs = blobs
        self._authenticator = authenticator

    def routes(self) -> Sequence[BaseRoute]:
        """Where it answers."""
        one = {"GET": self._show, "HEAD": self._head, "PATCH": self._append, "DELETE": self._give_up}
        return (
            Route(PATH, self._by_method({"POST": self._open}), methods=["POST"]),
            Route(PATH + "/{id}", self._by_method(one), methods=list(one)),
            Route(PATH + "/{id}/rejected.csv", self._by_method({"GET": self._rejected}), methods=["GET"]),
        )

    async def _open(self, http: Request, at: datetime, principal: Principal, proof: Proof | None) -> Response:
        sent, checks_only = resuming.sent(http, largest=arriving.LARGEST, opening=True), _checks_only(http)
        if sent.start:
            raise BadCall("BAD_REQUEST")
        key = http.headers.get(_KEY)
        async with self._database.writing() as unit:
            by = await _by(unit, principal, at)
            batch_id, replayed = await _opened(unit, by, key, sent, checks_only=checks_only, at=at)
            await proofs.spend(unit, proof)
        if replayed:
            return await self._answer(http, by, batch_id)
        body = Body(http, arriving.PART)
        try:
            ends = await self._take(body, batch_id, principal, start=0)
            if body.cut and key is None and sent.complete:
                raise ClientDisconnect  # nobody knows its name: nobody goes on with it
        except (DomainError, ClientDisconnect):
            if key is None and sent.complete:
                await self._forget(batch_id, by)
            raise
        return await self._taken(http, body, by, batch_id, sent, ends)

    async def _append(self, http: Request, at: datetime, principal: Principal, proof: Proof | None) -> Response:
        sent, batch_id = resuming.sent(http, largest=arriving.LARGEST, opening=False), http.path_params["id"]
        async with self._database.writing() as unit:
            by = await _by(unit, principal, at)
            row = await batches.own(unit, batch_id, by.provider_id)
            arriving.check_offset(row, sent.start)
            await proofs.spend(unit, proof)
        body = Body(http, arriving.PART)
        ends = await self._take(body, batch_id, principal, start=row.received)
        return await self._taken(http, body, by, batch_id, sent, ends)

    async def _show(self, http: Request, at: datetime, principal: Principal, proof: Proof | None) -> Response:
        by = await self._reader(principal, proof, at)
        return await self._answer(http, by, http.path_params["id"], wait=_asked_to_wait(http) or 0)

    async def _head(self, http: Request, at: datetime, principal: Principal, proof: Proof | None) -> Response:
        by = await self._reader(principal, proof, at)
        async with self._database.reading() as unit:
            row = await batches.own(unit, http.path_params["id"], by.provider_id)
        return Response(status_code=204, headers=PRIVATE | _progress(row))

    async def _give_up(self, http: Request, at: datetime, principal: Principal, proof: Proof | None) -> Response:
        async with self._database.writing() as unit:
            by = await _by(unit, principal, at)
            await arriving.give_up(unit, self._blobs, http.path_params["id"], by)
            await proofs.spend(unit, proof)
        return Response(status_code=204, headers=PRIVATE)

    async def _rejected(self, http: Request, at: datetime, principal: Principal, proof: Proof | None) -> Response:
        by = await self._reader(principal, proof, at)
        async with self._database.reading() as unit:
            row = await batches.own(unit, http.path_params["id"], by.provider_id)
            blob_id = batches.rejected_of(row, at=at)
            if blob_id is None:
                raise NotAvailable()
            found = await self._blobs.find(unit, blob_id)
        ending = next(ending for ending, type_ in unloading.MEDIA_TYPES.items() if type_ == found.media_type)
        headers = {
            **PRIVATE,
            "Content-Length": str(found.size),
            "Content-Disposition": f'attachment; filename="{row.id}.rejected{ending}"',
        }
        return StreamingResponse(self._blobs.read(blob_id), headers=headers, media_type=found.media_type)

    async def _take(self, body: Body, batch_id: str, principal: Principal, *, start: int) -> int:
        """Put what comes behind what is here; where the file ends then. Each part has a transaction of its own, and
        whoever was frozen meanwhile has no more say."""
        async for part in body.parts():
            try:
                draft = await self._blobs.write(part, at=clock.now(), most=arriving.LARGEST - start)
            except Invalid:
                raise BadCall("BODY_TOO_LARGE") from None
            at = clock.now()
            async with self._database.writing() as unit:
                by = await _by(unit, principal, at)
                start = await arriving.append(unit, self._blobs, batch_id, by, draft, start=start, at=at)
        return start

    async def _taken(self, http: Request, body: Body, by: By, batch_id: str, sent: Sent, ends: int) -> Response:
        """What is said of a body that has come: the file so far, or the batch."""
        if body.cut:
            raise ClientDisconnect
        if not sent.complete:
            headers = resuming.said(ends, complete=False, length=sent.length, largest=arriving.LARGEST)
            return Response(
                status_code=201 if http.method == "POST" else 204, headers=PRIVATE | headers | _at(batch_id)
            )
        found = await arriving.complete(self._database, self._blobs, batch_id, by, at=clock.now())
        return await self._answer(http, by, found, wait=_asked_to_wait(http))

    async def _forget(self, batch_id: str, by: By) -> None:
        async with self._database.writing() as unit:
            await arriving.give_up(unit, self._blobs, batch_id, by)

    async def _answer(self, http: Request, by: By, batch_id: str, *, wait: int | None = 0) -> Response:
        """The batch as it stands: 200 when it is over, else 202; what is only checked is waited for unless `wait` says
        how long, in seconds. A GET is 200 always."""
        until = None
        while True:
            async with self._database.reading() as unit:
                row = await batches.own(unit, batch_id, by.provider_id)
                body = _body(unit, row)
            if until is None:
                seconds = wait if wait is not None else (_CHECK_SECONDS if row.checks_only else 0)
                until = asyncio.get_running_loop().time() + seconds
            waits = row.state in (IntakeState.RECEIVED.value, IntakeState.LOADING.value)
            if not waits or asyncio.get_running_loop().time() >= until:
                break
            await asyncio.sleep(_LOOK_SECONDS)
        over = IntakeState(row.state) not in UNFINISHED
        return as_json(body, 200 if over or http.method == "GET" else 202, _at(row.id) | _progress(row))

    async def _reader(self, principal: Principal, proof: Proof | None, at: datetime) -> By:
        if proof is None:
            async with self._database.reading() as reading:
                return await _by(reading, principal, at)
        async with self._database.writing() as unit:
            by = await _by(unit, principal, at)
            await proofs.spend(unit, proof)
        return by

    def _by_method(self, methods: Mapping[str, Answer]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(http: Request, at: datetime) -> Response:
            if http.method not in methods:  # HEAD, which Starlette adds to GET
                raise BadCall("METHOD_NOT_ALLOWED")
            principal, proof = sender(self._authenticator, self._limits, http, at, {Scope.INTAKE_SEND})
            try:
                return await methods[http.method](http, at, principal, proof)
            except OffsetMismatch as error:
                response = refused(error, http)
                response.headers[resuming.OFFSET] = error.params["offset"]
                return response

        return answering(self._authenticator, answer)


async def _by(unit: Unit, principal: Principal, at: datetime) -> By:
    """For which provider is sent; raises `Unknown`, `Frozen` or `BeyondPost` for anybody else."""
    caller = await identify(unit, principal, at=at)
    if caller.staff_id is not None and caller.party_id is not None and Scope.INTAKE_SEND in caller.principal.scopes:
        row = await directory.provider_of(unit, caller.party_id)
        if row is not None:
            return By(row.id, row.code, caller.staff_id)
    raise BeyondPost()


async def _opened(
    unit: WriteUnit, by: By, key: str | None, sent: Sent, *, checks_only: bool, at: datetime
) -> tuple[str, bool]:
    """A new batch, or the one that was opened with this key, and whether it is that one. A key is the provider's."""
    if key is None:
        return await arriving.open_(unit, by, checks_only=checks_only, length=sent.length, at=at), False
    attempt = Attempt(by.provider_id, "intakeBatch", key, {"check": checks_only}, named=_KEY)
    earlier = await idempotency.begin(unit, attempt, at=at)
    if earlier is not None:
        return str(earlier["id"]), True
    made = await arriving.open_(unit, by, checks_only=checks_only, length=sent.length, at=at)
    await idempotency.finish(unit, attempt, {"id": made})
    return made, False


def _checks_only(http: Request) -> bool:
    said = http.query_params.get("check", "false")
    if said not in ("true", "false"):
        raise BadCall("BAD_REQUEST")
    return said == "true"


def _asked_to_wait(http: Request) -> int | None:
    """`Prefer: wait=SECONDS` (RFC 7240); None where nothing was asked."""
    found = _WAIT.search(http.headers.get("prefer", ""))
    return min(int(found[1]), _LONGEST_WAIT_SECONDS) if found else None


def _at(batch_id: str) -> dict[str, str]:
    return {"Location": f"{PATH}/{batch_id}"}


def _progress(row: Row) -> dict[str, str]:
    complete = row.state != IntakeState.ARRIVING.value
    return resuming.said(row.received, complete=complete, length=row.length, largest=arriving.LARGEST)


def _body(unit: Unit, row: Row) -> Mapping[str, Any]:
    """A batch as JSON. What has not happened yet is null."""
    done = row.findings is not None
    return {
        "id": row.id,
        "status": f"{PATH}/{row.id}",
        "check": row.checks_only,
        "state": row.state,
        "received": row.received,
        "length": row.length,
        "sha256": row.sha256,
        "layout": row.layout,
        "rows": row.row_count,
        "rowsDone": row.rows_done,
        **{name: getattr(row, name) for name in _COUNTS},
        "setAside": row.set_aside,
        "findings": _findings(row.findings, row.finding_lines or {}) if done else None,
        "reason": batches.reason_of(unit, row),
        "rejectedRows": f"{PATH}/{row.id}/rejected.csv" if row.rejected_id is not None else None,
        "openedAt": rfc3339(row.opened_at),
        "arrivedAt": rfc3339(row.arrived_at) if row.arrived_at else None,
        "endedAt": rfc3339(row.ended_at) if row.ended_at else None,
        "until": rfc3339(row.until) if row.until else None,
    }


def _findings(found: Mapping[str, int], lines: Mapping[str, Sequence[int]]) -> Sequence[Mapping[str, Any]]:
    """How often each check found something, and where first, in the table's order."""
    listed = [(code, check.severity.value) for code, check in CHECKS.items() if code in found]
    return [
        {"code": code, "severity": severity, "count": found[code], "lines": lines.get(code, [])}
        for code, severity in listed
    ]
