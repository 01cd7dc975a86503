"""(b) What one would write with Strawberry as its guide shows it: ORM sessions, a resolver a field, the stock view."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import strawberry
from sqlalchemy import Table, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.asgi import GraphQL

from api.house import House
from api.issuers import Issuers, published
from api.settings import DEMONSTRATION_ISSUER
from api.tokens import Verifier
from benchmarks.eligible import FACTS, standing
from core.database import metadata
from core.identity import mask
from core.ids import new_id
from core.moments import day_of, rfc3339
from core.vault import Vault
from credit import models
from incentives import conditions
from incentives.eligibility import Standing, is_eligible

_FACTS = text(FACTS.replace("$1", ":id").replace("$2", ":today"))


def _table(name: str) -> Table:
    return metadata.tables[name]


class Base(DeclarativeBase):
    metadata = metadata


class LinkRow(Base):
    __table__ = _table("identity_link")


class SubjectRow(Base):
    __table__ = _table("subject")


class ScoreRow(Base):
    __table__ = _table("score")


class RecordRow(Base):
    __table__ = _table("record")


class GrantRow(Base):
    __table__ = _table("consent_grant")


class OfferRow(Base):
    __table__ = _table("offer")


class ResidenceRow(Base):
    __table__ = _table("residence")


@strawberry.type
class Identity:
    masked: str


@strawberry.type
class Band:
    name: str


@strawberry.type
class Score:
    value: int
    band: Band
    computed_at: str


@strawberry.type
class Source:
    name: str


@strawberry.type
class Mark:
    filed_at: str


@strawberry.type
class Record:
    id: strawberry.ID
    category: str
    title: str
    authority: str
    occurred_on: str | None
    publicity_until: str | None
    source: Source
    objections: list[Mark]


@strawberry.type
class Grant:
    id: strawberry.ID
    status: str
    purpose: str
    valid_until: str


@strawberry.type
class Offer:
    id: strawberry.ID
    title: str
    sector: str
    benefit_text: str
    ends_at: str


@strawberry.type
class MyOffer:
    eligible: bool
    offer: Offer


@strawberry.type
class RecordEdge:
    node: Record


@strawberry.type
class RecordPage:
    edges: list[RecordEdge]


@strawberry.type
class GrantEdge:
    node: Grant


@strawberry.type
class GrantPage:
    edges: list[GrantEdge]


@strawberry.type
class OfferEdge:
    node: MyOffer


@strawberry.type
class OfferPage:
    edges: list[OfferEdge]


@strawberry.type
class Me:
    row: strawberry.Private[Any]

    @strawberry.field
    def name(self, info: strawberry.Info) -> str:
        vault: Vault = info.context["vault"]
        return vault.open("subject.name_sealed", self.row.id, self.row.name_sealed)

    @strawberry.field
    def identity(self, info: strawberry.Info) -> Identity:
        vault: Vault = info.context["vault"]
        return Identity(masked=mask(vault.open("subject.identity_sealed", self.row.id, self.row.identity_sealed)))

    @strawberry.field
    async def score(self, info: strawberry.Info) -> Score | None:
        async with info.context["sessions"]() as session:
            row = await session.get(ScoreRow, self.row.id)
        if row is None:
            return None
        return Score(
            value=row.value,
            band=Band(name=models.MODELS[-1].band_of(row.value).name),
            computed_at=rfc3339(row.computed_at),
        )

    @strawberry.field
    async def records(self, info: strawberry.Info, first: int = 20) -> RecordPage:
        query = select(RecordRow).where(RecordRow.subject_id == self.row.id, RecordRow.status == "CURRENT")
        query = query.order_by(RecordRow.sorted_on.desc(), RecordRow.id.desc()).limit(first)
        async with info.context["sessions"]() as session:
            rows = (await session.scalars(query)).all()
        return RecordPage(edges=[RecordEdge(node=_record(row)) for row in rows])

    @strawberry.field
    async def grants(self, info: strawberry.Info, first: int = 20) -> GrantPage:
        query = select(GrantRow).where(GrantRow.subject_id == self.row.id)
        query = query.order_by(GrantRow.created_at.desc(), GrantRow.id.desc()).limit(first)
        async with info.context["sessions"]() as session:
            rows = (await session.scalars(query)).all()
        return GrantPage(
            edges=[
                GrantEdge(
                    node=Grant(
                        id=strawberry.ID(row.id),
                        status=row.status,
                        purpose=row.purpose,
                        valid_until=rfc3339(row.valid_until),
                    )
                )
                for row in rows
            ]
        )

    @strawberry.field
    async def offers(self, info: strawberry.Info, first: int = 20) -> OfferPage:
        at = datetime.now(UTC)
        query = select(OfferRow).where(OfferRow.status == "LIVE", OfferRow.starts_at <= at, OfferRow.ends_at > at)
        query = query.order_by(OfferRow.published_at.desc(), OfferRow.id.desc()).limit(first)
        async with info.context["sessions"]() as session:
            rows = (await session.scalars(query)).all()
            score = await session.get(ScoreRow, self.row.id)
            lives = await session.get(ResidenceRow, self.row.id)
            facts = (await session.execute(_FACTS, {"id": self.row.id, "today": day_of(at)})).mappings().one()
        number = info.context["vault"].open("subject.identity_sealed", self.row.id, self.row.identity_sealed)
        subject = {
            "kind": self.row.kind,
            "identity_type": self.row.identity_type,
            "residence_district": lives.residence_district if lives else None,
        }
        mine = standing(subject, number, score.tier if score else None, facts, day_of(at))
        return OfferPage(edges=[OfferEdge(node=_offer(row, mine)) for row in rows])


def _record(row: Any) -> Record:
    return Record(
        id=strawberry.ID(row.id),
        category=row.category,
        title=row.title,
        authority=row.authority,
        occurred_on=row.occurred_on and row.occurred_on.isoformat(),
        publicity_until=row.publicity_until and row.publicity_until.isoformat(),
        source=Source(name=row.source_name),
        objections=[Mark(filed_at=filed) for filed in row.marks],
    )


def _offer(row: Any, mine: Standing) -> MyOffer:
    return MyOffer(
        eligible=is_eligible(conditions.read(row.condition), mine),
        offer=Offer(
            id=strawberry.ID(row.id),
            title=row.title,
            sector=row.sector,
            benefit_text=row.benefit_text,
            ends_at=rfc3339(row.ends_at),
        ),
    )


@strawberry.type
class Query:
    @strawberry.field
    async def me(self, info: strawberry.Info) -> Me:
        context = info.context
        token = context["request"].headers["authorization"].removeprefix("Bearer ")
        at = datetime.now(UTC)
        principal = context["verifier"].principal(token, at=at)
        async with context["sessions"]() as session:
            link = await session.get(LinkRow, (principal.issuer, principal.name))
            row = await session.get(SubjectRow, link.subject_id)
            await session.execute(insert(_table("access")).values(**_look(row.id, at)))
            await session.commit()
        return Me(row=row)


def _look(subject_id: str, at: datetime) -> dict[str, Any]:
    return {
        "id": new_id("acc"),
        "at": at,
        "subject_id": subject_id,
        "basis": "SELF",
        "channel": "APP",
        "purpose": "SELF_QUERY",
        "shape_id": "handwritten",
        "categories": [],
        "codes": [],
        "record_count": 10,
    }


def create(house: House) -> Starlette:
    """The stock application, on the same tables and with the same token check."""
    issuers = Issuers()
    issuers.trust(DEMONSTRATION_ISSUER, published(house.rings))
    engine = create_async_engine(house.settings.database, pool_size=16, max_overflow=0)
    services = {
        "sessions": async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False),
        "verifier": Verifier(issuers, house.settings.audience),
        "vault": Vault(house.rings),
    }

    class View(GraphQL):  # type: ignore[type-arg]
        async def get_context(self, request: Any, response: Any) -> dict[str, Any]:
            return {"request": request, "response": response, **services}

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with engine.connect():
            yield
        await engine.dispose()

    return Starlette(routes=[Route("/graphql", View(strawberry.Schema(Query)))], lifespan=lifespan)
