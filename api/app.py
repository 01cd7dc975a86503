"""The composition root: settings in, an ASGI application out."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

import orjson
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from api import (
    appconfig,
    bundle,
    card_readers,
    clock,
    crossing,
    demonstration,
    documents,
    duties,
    health,
    issuers,
    limits,
    oauth,
    origin,
    public_log,
    replicas,
    templates,
)
from api.appconfig import AppConfig
from api.authenticating import Authenticator
from api.demo import laying
from api.downloads import Downloads
from api.dpop import Proofs
from api.duties import Duty
from api.events import Events
from api.exchange import CodeExchange
from api.gone import Gone
from api.graphql import GraphQLEndpoint
from api.health import Readiness
from api.house import House
from api.intake import Intake
from api.leaving import Leaving
from api.listening import Listeners, Room
from api.measuring import Measured
from api.metrics import Metrics
from api.middleware import Door
from api.nonces import Nonces
from api.places import Places
from api.settings import DEMONSTRATION_ISSUER, Settings
from api.signing_in import SigningIn
from api.sockets import Sockets
from api.statements import Statements
from api.supervising import Supervising
from api.tokens import Verifier
from api.uploads import Uploads
from api.waking import Hint
from core.installation import Kind
from core.keys import KeyRings
from schema.library import Library
from schema.operation import Operations
from schema.streams import Streams

if TYPE_CHECKING:
    from api.spans import Spans


def create_app(house: House, kind: Kind, carrying: Sequence[Duty] = (), metrics: Metrics | None = None) -> Starlette:
    """The application over an opened house, carrying these duties while it runs, and counting."""
    settings, database = house.settings, house.database
    metrics = metrics or Metrics(slow_seconds=settings.slow_seconds)
    spans = _spans(settings)
    is_demonstration = kind is Kind.DEMONSTRATION
    trusted = issuers.Issuers()

    def believe(rings: KeyRings) -> None:
        own = issuers.published(rings)
        if is_demonstration:
            trusted.trust(DEMONSTRATION_ISSUER, own)
        trusted.trust(oauth.ISSUER, own)

    believe(house.rings)
    bound = settings.require_proofs or not is_demonstration
    config = appconfig.of(settings, kind)
    library, own = documents.library_of(settings, config, is_demonstration=is_demonstration)
    operations = Operations(
        database,
        house.blobs,
        demonstration=is_demonstration,
        library=library,
        bound=bound,
        committed=house.waking.give,
        ended=partial(house.waking.give, Hint.ENDED),
        gone=Gone(house.redis),
        copy=house.replica.fresh if house.replica is not None else lambda: None,
        reader=card_readers.of(settings, kind),
        measured=metrics.operation if spans is None else spans.beside(metrics.operation),
    )
    allowed = limits.Limits(
        anonymous=settings.anonymous_per_minute,
        person=settings.person_per_minute,
        client=settings.client_per_minute,
        own=frozenset().union(*(one.ids for one in own)),
        shared=house.redis if settings.redis_url else None,
    )
    address = origin.of(settings, kind)
    proofs = Proofs(Nonces(house.rings), address)
    authenticator = Authenticator(Verifier(trusted, settings.audience), proofs)
    listeners, room, leaving = Listeners(database, house.waking), Room(), Leaving(settings.grace)
    metrics.watch("haihe_reads_in_use", "Connections that read, in use now", lambda: database.pool.in_use)
    metrics.watch("haihe_streams", "Open sockets and event streams", lambda: room.inside)
    places = Places(settings.in_flight)
    metrics.watch("haihe_waiting", "Operations that wait for a place", lambda: places.waiting)
    streams = Streams(operations, listeners, now=clock.now)
    readiness = Readiness(database, leaving)
    channels = Measured(database, readiness.state)
    endpoint = GraphQLEndpoint(
        operations,
        authenticator,
        allowed,
        Events(streams, room),
        places,
        channels.operation,
        is_demonstration=is_demonstration,
    )
    elsewhere = origin.others(settings)
    sockets = Sockets(streams, authenticator, allowed, room, frozenset({address, *elsewhere}))

    async def jwks(_request: Request) -> Response:
        return Response(orjson.dumps(issuers.published(house.rings)), media_type="application/json")

    exchanges: dict[str, oauth.Exchange] = {}
    if is_demonstration:
        exchanges["authorization_code"] = CodeExchange(database, house.rings, audience=settings.audience).token
    routes: list[BaseRoute] = [
        Route("/graphql", endpoint),
        WebSocketRoute("/graphql", sockets),
        Route("/livez", health.livez, methods=["GET"]),
        readiness.route(),
        Route("/.well-known/jwks.json", jwks, methods=["GET"]),
        oauth.TokenEndpoint(
            database,
            house.rings,
            allowed,
            proofs,
            audience=settings.audience,
            bound=bound,
            exchanges=exchanges,
        ).route(),
        *Uploads(database, house.blobs, authenticator, allowed).routes(),
        *Intake(database, house.blobs, authenticator, allowed).routes(),
        *Statements(database, authenticator, allowed).routes(),
        *Supervising(database, authenticator, allowed).routes(),
        *Downloads(database, house.blobs, house.rings, allowed).routes(),
        *templates.routes(),
        *public_log.routes(database, house.rings, settings.log_origin, allowed),
    ]
    if config is not None:
        routes.append(_config(config))
    if is_demonstration:
        routes += demonstration.routes(settings, house.rings, database)
        routes += SigningIn(database, allowed).routes()
        routes += laying.routes(database)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await documents.remember(database, own, clock.now())
        following = asyncio.create_task(trusted.follow(settings.issuers))
        async with (
            house.keys.followed(believe),
            house.waking.giving(),
            listeners.waking(),
            metrics.beating(),
            duties.carried(database, (*carrying, *_own_duties(house, library, channels))),
        ):
            yield
            await room.close()
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        await operations.close()
        await allowed.close()
        await house.close()
        if spans is not None:
            await spans.close()

    paths = frozenset(route.path for route in routes if isinstance(route, Route))
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(
                Door,
                paths=paths,
                direct={"/graphql": crossing.opened(endpoint, elsewhere)},
                measured=metrics.request,
                is_https=address.startswith("https:"),
            ),
            Middleware(crossing.opened, allowed=elsewhere),
        ],
        # The app answers only what no route of ours does.
        exception_handlers={404: _shown(settings, config)},
        lifespan=lifespan,
    )
    app.state.room, app.state.leaving, app.state.metrics = room, leaving, metrics
    app.state.channels = channels
    return app


def _own_duties(house: House, library: Library, channels: Measured) -> Iterator[Duty]:
    """What each process does for itself."""
    yield documents.using(house.database, library)
    yield channels.duty()
    if house.replica is not None:
        yield replicas.following(house.replica)


def _spans(settings: Settings) -> "Spans | None":
    """What sends spans; OpenTelemetry is not even loaded where no collector is configured."""
    if not settings.traces_url:
        return None
    from api.spans import Spans

    return Spans(settings.traces_url, settings.traces_share)


def _config(config: AppConfig) -> Route:
    """Where the app asks for its configuration."""
    body = config.json()

    async def answer(_request: Request) -> Response:
        return Response(body, headers={"Cache-Control": "no-cache"}, media_type="application/json")

    return Route(appconfig.PATH, answer, methods=["GET"])


def _shown(settings: Settings, config: AppConfig | None) -> Callable[[Request, Exception], Awaitable[Response]]:
    """The app where there is one; at `/` a plain word where there is none; nothing anywhere else."""
    folder = settings.bundle or bundle.folder()
    files = bundle.opened(folder, bundle.policy(config.origin)) if config is not None else None
    why = "HAIHE_APP_ISSUER and the rest of HAIHE_APP_* are not set." if config is None else f"{folder} holds none."

    async def answer(request: Request, _error: Exception) -> Response:
        found = files.answer(request) if files else None
        if found is None and request.scope["path"] == "/":
            return bundle.absent(why)
        return found or PlainTextResponse("Not Found", 404)

    return answer
