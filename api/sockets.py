"""`graphql-transport-ws` at /graphql: what may be said on a socket, in which order, and how it ends.

Only subscriptions are served. Whatever is no message of the protocol closes the socket (4400); a bad operation ends
itself (`error`) and nothing else. The token comes with the upgrade or in `connection_init`, and the socket does not
outlive it (4403). Of those that have not said whose they are one address opens so many. Nothing is kept for whoever
reads too slowly (1013): they come again with their last cursor.

    1001 going away   1009 too large   1013 full, slow, out of points, or no database: come again
    4400 no message   4401 not yet let in, or nobody   4403 not, or no longer   4406 another protocol   4408 no init
    4409 id in use    4429 a second init
"""

import asyncio
from collections.abc import Mapping
from contextlib import ExitStack, aclosing, suppress
from typing import Any, NoReturn
from urllib.parse import urlsplit

import orjson
from starlette.types import Receive, Scope, Send

from api import clock
from api.authenticating import Authenticator
from api.graphql import LARGEST_BODY, Http, address_of, parsed, request_of
from api.limits import Limits
from api.listening import Room
from api.spending import Purse
from core.errors import BadCall
from core.principal import Proof
from schema import errors
from schema.errors import Answer
from schema.requests import Request
from schema.streams import Bearer, Ended, Streams

PROTOCOL = "graphql-transport-ws"
INIT_SECONDS, SLOW_SECONDS = 5.0, 5.0
MOST_STREAMS = 10
_LONGEST_ID = 100
_COME_AGAIN = frozenset({"UNAVAILABLE"})
_NO_SUBSCRIPTION = frozenset({"NOT_A_REQUEST", "PARAMETERS_INVALID"})


class _Over(Exception):
    """The socket is over. Its reason is a fixed word: a long one would be no frame."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code, self.reason = code, reason


class Sockets:
    """Serves sockets. A browser's must come from one of `origins`, or from the host it asks."""

    def __init__(
        self, streams: Streams, authenticator: Authenticator, limits: Limits, room: Room, origins: frozenset[str]
    ) -> None:
        self._streams = streams
        self._authenticator = authenticator
        self._limits = limits
        self._room = room
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket until it ends."""
        await receive()  # the upgrade
        with self._room.entered() as inside, ExitStack() as stranger:
            if not inside or not stranger.enter_context(self._room.greeted(address_of(scope))):
                await _refuse(scope, send, 503)
            elif not self._is_ours(scope):
                await _refuse(scope, send, 403)
            elif PROTOCOL not in scope["subprotocols"]:
                await send({"type": "websocket.accept"})
                await send({"type": "websocket.close", "code": 4406, "reason": "SUBPROTOCOL"})
            else:
                await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
                http = Http(scope, receive)
                socket = _Socket(self._streams, self._authenticator, self._limits, self._room, stranger, http, send)
                await socket.serve()

    def _is_ours(self, scope: Scope) -> bool:
        """Whether no page of somebody else's opens it. Who is no browser says no origin."""
        headers = [(name, value.decode("latin-1")) for name, value in scope["headers"]]
        origins = [value for name, value in headers if name == b"origin"]
        hosts = [value for name, value in headers if name == b"host"]
        return all(one in self._origins or (hosts == [_host(one)] and "://" in one) for one in origins)


class _Socket:
    """One socket: who is at its other end, and what they listen to."""

    def __init__(
        self,
        streams: Streams,
        authenticator: Authenticator,
        limits: Limits,
        room: Room,
        stranger: ExitStack,
        http: Http,
        send: Send,
    ) -> None:
        """`stranger` is a place among those who have not said who they are: it is left as soon as this one has."""
        self._streams = streams
        self._authenticator = authenticator
        self._limits = limits
        self._room = room
        self._stranger = stranger
        self._http = http
        self._send = send
        self._turn = asyncio.Lock()  # one message after another
        self._bearer: Bearer | None = None
        self._begun = False
        self._listening: dict[str, asyncio.Task[None]] = {}
        self._over: asyncio.Future[_Over | None] = asyncio.get_running_loop().create_future()
        self._seat = ExitStack()
        self._timers: list[asyncio.TimerHandle] = []

    async def serve(self) -> None:
        """Read until somebody ends it, and end it well."""
        loop = asyncio.get_running_loop()
        self._timers.append(loop.call_later(INIT_SECONDS, self._end_unless_begun))
        tasks = [loop.create_task(self._read()), loop.create_task(self._leave())]
        try:
            over = await self._over
        finally:
            for timer in self._timers:
                timer.cancel()
            tasks += self._listening.values()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            self._seat.close()
        if over is not None:
            with suppress(TimeoutError, OSError):
                await self._close(over)

    async def _close(self, over: _Over) -> None:
        async with asyncio.timeout(SLOW_SECONDS):
            for id_ in self._listening if over.code == 1001 else ():
                await self._put({"id": id_, "type": "complete"})
            await self._send({"type": "websocket.close", "code": over.code, "reason": over.reason})

    def _end(self, over: _Over | None) -> None:
        if not self._over.done():
            self._over.set_result(over)

    def _end_unless_begun(self) -> None:
        if not self._begun:
            self._end(_Over(4408, "INIT_TIMEOUT"))

    async def _leave(self) -> None:
        await self._room.closing.wait()
        self._end(_Over(1001, "GOING_AWAY"))

    # ------------------------------------------------------------------------------------------ what comes in
    async def _read(self) -> None:
        try:
            while True:
                message = await self._http.receive()
                if message["type"] == "websocket.disconnect":
                    self._end(None)
                    return
                await self._take(message)
        except _Over as over:
            self._end(over)
        except TimeoutError:
            self._end(_Over(1013, "TOO_SLOW"))
        except OSError:
            self._end(None)
        except Exception as error:
            errors.fault(error, self._http.language)
            self._end(_Over(1011, "FAULT"))

    async def _take(self, message: Mapping[str, Any]) -> None:
        said = _said(message)
        payload = said.get("payload")
        match said.get("type"):
            case "connection_init" if payload is None or isinstance(payload, dict):
                await self._init(payload or {})
            case "ping" if payload is None or isinstance(payload, dict):
                await self._say({"type": "pong"})
            case "pong" if payload is None or isinstance(payload, dict):
                pass
            case "subscribe":
                await self._subscribe(_id(said), payload)
            case "complete":
                self._complete(_id(said))
            case _:
                _bad()

    async def _init(self, payload: Mapping[str, Any]) -> None:
        if self._begun:
            raise _Over(4429, "SECOND_INIT")
        self._begun = True
        bearer, proof = self._proved(payload)
        if not self._seat.enter_context(self._room.seated(bearer.person)):
            raise _Over(1013, "TOO_MANY")
        try:
            await self._streams.greet(bearer, proof)
        except Ended as ended:
            raise _ended(ended) from None
        self._bearer = bearer
        self._stranger.close()
        left = (bearer.until - clock.now()).total_seconds()
        self._timers.append(asyncio.get_running_loop().call_later(left, self._end, _Over(4403, "TOKEN_EXPIRED")))
        await self._say({"type": "connection_ack"})

    def _proved(self, payload: Mapping[str, Any]) -> tuple[Bearer, Proof | None]:
        """Who opens the socket: by the upgrade's headers, or by the same words in the payload."""
        given = {name.lower(): value for name, value in payload.items()}
        shown, proved = given.get("authorization"), given.get("dpop")
        if any(value is not None and not isinstance(value, str) for value in (shown, proved)):
            _bad()
        authorizations = [*self._http.authorizations, *([shown] if shown is not None else [])]
        proofs = [*self._http.proofs, *([proved] if proved is not None else [])]
        if not authorizations:
            raise _Over(4401, "UNAUTHENTICATED")
        at = clock.now()
        try:
            principal, proof = self._purse().opened(
                lambda: self._authenticator.sender(
                    authorizations, proofs, method="GET", path=self._http.scope["path"], at=at
                )
            )
            return self._authenticator.bearer(principal, authorizations, at), proof
        except BadCall as refused:
            raise _Over(1013 if refused.code == "RATE_LIMITED" else 4403, refused.code) from None

    def _purse(self) -> Purse:
        return Purse(self._limits, address_of(self._http.scope), clock.now().timestamp())

    async def _subscribe(self, id_: str, payload: object) -> None:
        if self._bearer is None:
            raise _Over(4401, "NO_INIT")
        if id_ in self._listening:
            raise _Over(4409, "ID_IN_USE")
        bearer, purse = self._bearer, self._purse()
        try:
            purse.opened(lambda: (bearer.principal, None))
            request = request_of(payload, self._http.language, False, None)
            if len(self._listening) >= MOST_STREAMS:
                raise BadCall("TOO_MANY_STREAMS")
        except BadCall as refused:
            if refused.code in _NO_SUBSCRIPTION:
                _bad()
            await self._refuse(id_, errors.refuse_call(refused, self._http.language))
            return
        self._listening[id_] = asyncio.create_task(self._listen(id_, request, bearer, purse))

    def _complete(self, id_: str) -> None:
        task = self._listening.pop(id_, None)
        if task is not None:
            task.cancel()

    # ------------------------------------------------------------------------------------------ what goes out
    async def _listen(self, id_: str, request: Request, bearer: Bearer, purse: Purse) -> None:
        try:
            opened = await self._streams.open(request, bearer, purse.spend)
            if isinstance(opened, Answer):
                await self._drop(id_, purse.settled(opened))
                return
            async with aclosing(opened):
                while True:
                    change = await opened.upcoming()
                    async with self._turn:  # the question comes when it is this event's turn, and not before
                        event = await opened.event(change)
                        await self._put({"id": id_, "type": "next", "payload": event.body})
        except Ended as ended:
            self._end(_ended(ended))
        except TimeoutError:
            self._end(_Over(1013, "TOO_SLOW"))
        except OSError:
            self._end(None)
        except Exception as error:
            await self._drop(id_, errors.fault(error, self._http.language))

    async def _drop(self, id_: str, why: Answer) -> None:
        """Refuse an operation; its id is free again."""
        if self._listening.get(id_) is asyncio.current_task():
            del self._listening[id_]
        await self._refuse(id_, why)

    async def _refuse(self, id_: str, why: Answer) -> None:
        await self._say({"id": id_, "type": "error", "payload": why.body["errors"]})

    async def _say(self, message: Mapping[str, Any]) -> None:
        async with self._turn:
            await self._put(message)

    async def _put(self, message: Mapping[str, Any]) -> None:
        async with asyncio.timeout(SLOW_SECONDS):
            text = orjson.dumps(message, option=orjson.OPT_UTC_Z).decode()
            await self._send({"type": "websocket.send", "text": text})


def _said(message: Mapping[str, Any]) -> dict[str, Any]:
    """The object that a message is; raises `_Over` for anything else."""
    text = message.get("text")
    if text is None:
        _bad()
    if len(text) > LARGEST_BODY:
        raise _Over(1009, "TOO_LARGE")
    try:
        said = parsed(text.encode("utf-8", "surrogatepass"))
    except BadCall:
        _bad()
    if not isinstance(said, dict):
        _bad()
    return said


def _bad() -> NoReturn:
    raise _Over(4400, "BAD_MESSAGE")


def _id(said: Mapping[str, Any]) -> str:
    id_ = said.get("id")
    if not isinstance(id_, str) or not 1 <= len(id_) <= _LONGEST_ID:
        _bad()
    return id_


def _ended(ended: Ended) -> _Over:
    return _Over(1013 if ended.code in _COME_AGAIN else 4403, ended.code)


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


async def _refuse(scope: Scope, send: Send, status: int) -> None:
    """Refuse the upgrade itself."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return
    headers = [(b"retry-after", b"%d" % errors.RETRY_AFTER_SECONDS)] if status == 503 else []
    await send({"type": "websocket.http.response.start", "status": status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": b""})
