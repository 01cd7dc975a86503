"""The composition root: settings in, an ASGI application out."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import cached_property
from pathlib import Path

import orjson
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from api import appconfig, bundle, demonstration, duties, health, issuers, limits, oauth, origin, public_log, templates
from api.appconfig import AppConfig
from api.authenticating import Authenticator
from api.bundle import Bundle
from api.downloads import Downloads
from api.dpop import Proofs
from api.duties import Duty
from api.exchange import CodeExchange
from api.graphql import GraphQLEndpoint
from api.intake import Intake
from api.keeping import KeyFile
from api.middleware import Door
from api.nonces import Nonces
from api.settings import DEMONSTRATION_ISSUER, NotConfigured, Settings
from api.signing_in import SigningIn
from api.tokens import Verifier
from api.uploads import Uploads
from api.waking import Waking
from audit import tree
from core import installation, keys
from core.blobs import Blobs
from core.database import Database
from core.installation import Kind
from core.keys import KeyRings, Purpose
from schema.operation import Operations


class House:
    """Everything a running service holds: settings, keys, database, stamp."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.keys = KeyFile(settings.key_file)
        self.rings, self.vault = self.keys.rings, self.keys.vault
        self.database = Database(settings.database, self.vault, pool=settings.pool)
        self.blobs = Blobs(self.database, settings.data / "blobs")
        # Where a provider's file stands while it is loaded.
        self.loading = settings.data / "loading"

    @cached_property
    def redis(self) -> Redis:
        """The configured Redis, or its stand-in; opened when something first asks for it."""
        return limits.connect(self.settings.redis_url)

    @cached_property
    def waking(self) -> Waking:
        """Hints that something waits to be told."""
        return Waking(self.redis)

    async def close(self) -> None:
        """Close what is open."""
        if "redis" in self.__dict__:
            await self.redis.aclose()
        await self.database.close()

    async def kind(self) -> Kind:
        """The database's stamp; raises `NotConfigured` when the service must not start on it."""
        async with self.database.reading() as unit:
            kind = await installation.kind_of(unit)
            log = await tree.head(unit)
        if kind is None:
            raise NotConfigured("the database bears no stamp: run `haihe demo` or `haihe migrate`")
        if log is not None and log.origin != self.settings.log_origin:
            raise NotConfigured(f"HAIHE_LOG_ORIGIN is not {log.origin}, by which this database's log is known outside")
        if kind is Kind.REAL and not self.settings.issuers:
            raise NotConfigured("HAIHE_ISSUERS is missing: a real database needs an issuer of its own")
        if kind is Kind.REAL and any(i.issuer == DEMONSTRATION_ISSUER for i in self.settings.issuers):
            raise NotConfigured("HAIHE_ISSUERS names the demonstration's issuer, which is barred from real databases")
        if any(issuer.issuer == oauth.ISSUER for issuer in self.settings.issuers):
            raise NotConfigured("HAIHE_ISSUERS names the built-in issuer, whose keys are our own")
        appconfig.of(self.settings, kind)
        origin.of(self.settings, kind)
        return kind


def create_app(house: House, kind: Kind, carrying: Sequence[Duty] = ()) -> Starlette:
    """The application over an opened house, carrying these duties while it runs."""
    settings, database = house.settings, house.database
    is_demonstration = kind is Kind.DEMONSTRATION
    trusted = issuers.Issuers()

    def believe(rings: KeyRings) -> None:
        own = issuers.published(rings)
        if is_demonstration:
            trusted.trust(DEMONSTRATION_ISSUER, own)
        trusted.trust(oauth.ISSUER, own)

    believe(house.rings)
    bound = settings.require_proofs or not is_demonstration
    operations = Operations(
        database, house.blobs, introspection=is_demonstration, bound=bound, committed=house.waking.give
    )
    anonymous = limits.RedisLimits(house.redis, per_minute=settings.anonymous_per_minute)
    proofs = Proofs(Nonces(house.rings), origin.of(settings, kind))
    authenticator = Authenticator(Verifier(trusted, settings.audience), proofs)
    endpoint = GraphQLEndpoint(operations, authenticator, anonymous, is_demonstration=is_demonstration)

    async def jwks(_request: Request) -> Response:
        return Response(orjson.dumps(issuers.published(house.rings)), media_type="application/json")

    exchanges: dict[str, oauth.Exchange] = {}
    if is_demonstration:
        exchanges["authorization_code"] = CodeExchange(database, house.rings, audience=settings.audience).token
    routes: list[BaseRoute] = [
        Route("/graphql", endpoint),
        Route("/livez", health.livez, methods=["GET"]),
        health.readyz(database),
        Route("/.well-known/jwks.json", jwks, methods=["GET"]),
        oauth.TokenEndpoint(
            database,
            house.rings,
            anonymous,
            proofs,
            audience=settings.audience,
            bound=bound,
            exchanges=exchanges,
        ).route(),
        *Uploads(database, house.blobs, authenticator, anonymous).routes(),
        *Intake(database, house.blobs, authenticator).routes(),
        *Downloads(database, house.blobs, house.rings, anonymous).routes(),
        *templates.routes(),
        *public_log.routes(database, house.rings, settings.log_origin),
    ]
    config = appconfig.of(settings, kind)
    if config is not None:
        routes.append(config.route())
    if is_demonstration:
        routes += demonstration.routes(settings, house.rings, database)
        routes += SigningIn(database, anonymous).routes()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        following = asyncio.create_task(trusted.follow(settings.issuers))
        async with house.keys.followed(believe), house.waking.giving(), duties.carried(database, carrying):
            yield
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        await operations.close()
        await house.close()

    paths = frozenset(route.path for route in routes if isinstance(route, Route))
    return Starlette(
        routes=routes,
        middleware=[Middleware(Door, paths=paths, direct={"/graphql": endpoint})],
        # The app answers only what no route of ours does.
        exception_handlers={404: _shown(settings, config)},
        lifespan=lifespan,
    )


def _shown(settings: Settings, config: AppConfig | None) -> Callable[[Request, Exception], Awaitable[Response]]:
    """The app where there is one; at `/` a plain word where there is none; nothing anywhere else."""
    folder = settings.bundle or bundle.folder()
    files = Bundle(folder, bundle.policy(config.origin)) if config is not None else None
    why = "HAIHE_APP_ISSUER and the rest of HAIHE_APP_* are not set." if config is None else f"{folder} holds none."

    async def answer(request: Request, _error: Exception) -> Response:
        found = files.answer(request) if files else None
        if found is None and request.scope["path"] == "/":
            return bundle.absent(why)
        return found or PlainTextResponse("Not Found", 404)

    return answer


def ensure_keys(path: Path) -> None:
    """Make the key file of a demonstration when there is none, and give an older one the rings that came later."""
    if path.exists():
        complete_keys(path)
    else:
        keys.create(path)


def complete_keys(path: Path) -> Sequence[Purpose]:
    """Give an existing key file the rings that came after it; which they were."""
    return keys.complete(path) if path.exists() else ()
