"""Random work of a city in a year in which nothing else happened: as rows, and as what was entered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Table

from audit.lens import BasisKind
from audit.tables import access, look_shape
from core.blobs import blob
from core.database import WriteUnit
from core.moments import day_of
from grants.scope import GrantStatus, Purpose
from grants.states import GrantAct
from grants.tables import consent_notice, grant, grant_step
from incentives.codes import new_handle
from incentives.kinds import Sector
from incentives.tables import claim, offer, offer_store, redemption, reversal, store
from intake.layouts import LayoutName
from intake.tables import intake_batch, nothing_sent, provider_terms
from objections.kinds import ObjectionAddressee, ObjectionOutcome, StopCause
from objections.tables import clock_stop, objection
from oversight.sharing.tables import share
from parties.tables import party

YEAR = 2020
BEGINS = datetime(YEAR, 1, 1, tzinfo=UTC)
DISTRICTS = {"129901": "滨河区", "129902": "东港区"}
_AREAS = (None, *DISTRICTS)
_KINDS = (LayoutName.PENALTY, LayoutName.LICENCE, LayoutName.HONOUR)


@dataclass
class Work:
    """Rows by table, in the order in which they are entered."""

    rows: dict[Table, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, table: Table, **values: Any) -> dict[str, Any]:
        """One row more."""
        self.rows.setdefault(table, []).append(values)
        return values

    def of(self, table: Table) -> Sequence[dict[str, Any]]:
        """A table's rows."""
        return self.rows.get(table, [])

    async def enter(self, unit: WriteUnit) -> None:
        """Write everything."""
        for table, rows in self.rows.items():
            for row in rows:
                await unit.run(table.insert().values(row))


def drawn(
    chance: Random, *, mark: str = "x", districts: Sequence[str | None] = _AREAS, most: int = 12, year: int = YEAR
) -> Work:
    """Some of everything, for these districts (None: the city); `mark` keeps two such works apart."""
    work = Work()
    for district in districts:
        _Drawing(chance, work, f"{mark}{district or 'city'}", district, year).everything(most)
    return work


@dataclass
class _Drawing:
    """One district's work, or the city's."""

    chance: Random
    work: Work
    mark: str
    district: str | None
    year: int

    def everything(self, most: int) -> None:
        """So many of each at most."""
        self.parties()
        for table in (self.objection, self.look, self.batch, self.sale, self.share):
            for number in range(self.chance.randint(0, most)):
                table(f"{self.mark}{number}")
        if self.district is None:
            self.work.add(consent_notice, **_NOTICE)
            for number in range(self.chance.randint(0, most)):
                self.grant(f"{self.mark}{number}")

    def at(self) -> datetime:
        """Some instant of the year, also on the edge of a month of the city."""
        if self.chance.random() < 0.2:
            month = datetime(self.year, self.chance.randint(1, 12), 1, tzinfo=UTC) - timedelta(hours=8)
            return month + self.chance.choice((-1, 0, 1)) * timedelta(microseconds=1)
        return datetime(self.year, 1, 1, tzinfo=UTC) + timedelta(seconds=self.chance.randint(0, 364 * 86_400))

    def parties(self) -> None:
        """The institution, a provider, a merchant with a store."""
        c = self.work
        for kind in ("STATE_ORGAN", "PROVIDER", "PARTNER"):
            c.add(
                party,
                id=f"pty_{kind[:4]}_{self.mark}",
                code=f"{kind[:4]}-{self.mark}",
                name=f"{kind} {self.mark}",
                kind=kind,
                state="ACTIVE",
                contact="x",
                purposes=[],
                created_at=BEGINS,
                institution=kind == "STATE_ORGAN" and self.district is not None,
                district=self.district if kind == "STATE_ORGAN" else None,
            )
        c.add(
            provider_terms,
            party_id=f"pty_PROV_{self.mark}",
            version=1,
            kinds=sorted(kind.value for kind in self.chance.sample(_KINDS, self.chance.randint(1, 3))),
            districts=[self.district] if self.district else self.chance.choice((None, list(DISTRICTS))),
            responsible="x",
            contact="x",
            entered_at=self.at(),
        )
        c.add(
            store,
            id=f"sto_{self.mark}",
            party_id=f"pty_PART_{self.mark}",
            name="x",
            district=DISTRICTS.get(self.district or "", "南苑区"),
            address="x",
        )

    def objection(self, mark: str) -> None:
        """One case, and perhaps a stop."""
        filed, state = self.at(), self.chance.choice(("FILED", "FILED", "CLOSED", "CLOSED", "CLOSED", "WITHDRAWN"))
        ended = filed + timedelta(seconds=self.chance.randint(0, 60 * 86_400)) if state != "FILED" else None
        due = filed + timedelta(days=self.chance.randint(1, 40))
        if ended is not None and self.chance.random() < 0.2:
            due = ended  # the first instant that is too late
        closed = state == "CLOSED"
        agency = self.chance.random() < 0.1
        self.work.add(
            objection,
            id=f"obj_{mark}",
            number=f"n{mark}"[:24],
            version=1,
            subject_id=f"sub_{mark}",
            capacity="SELF",
            channel="APP",
            target="SCORE",
            target_id=f"sub_{mark}",
            ground="ERROR",
            request="CORRECT",
            text="x",
            addressee=(
                ObjectionAddressee.CREDIT_SERVICE_AGENCY if agency else ObjectionAddressee.CREDIT_INSTITUTION
            ).value,
            institution_id=f"pty_STAT_{self.mark}",
            district=self.district,
            filed_at=filed,
            status=state,
            track="OWN_SCOPE",
            due_on=day_of(due),
            due_at=due,
            provisional=False,
            calendar="x",
            held=state == "FILED" and self.chance.random() < 0.3,
            outcome=self.chance.choice(list(ObjectionOutcome)).value if closed else None,
            reason="x" if closed else None,
            decided_at=ended if closed else None,
            delivery="APP",
            notified_at=ended if closed else None,
            ended_at=ended,
        )
        if self.chance.random() < 0.4:
            self.work.rows.setdefault(blob, []).append(_paper(f"blb_{mark}", filed))
            self.work.add(
                clock_stop,
                id=f"stp_{mark}",
                objection_id=f"obj_{mark}",
                cause=self.chance.choice(list(StopCause)).value,
                started_on=day_of(filed),
                proof_id=f"blb_{mark}",
                opened_by="x",
                opened_at=filed + timedelta(days=self.chance.randint(0, 20)),
            )

    def look(self, mark: str) -> None:
        """One look of the institution's staff, or of a subject at itself."""
        if not any(row["id"] == self.mark for row in self.work.of(look_shape)):
            self.work.add(look_shape, id=self.mark, fields=[])
        refused = self.chance.random() < 0.2
        self.work.add(
            access,
            id=f"acc_{mark}",
            at=self.at(),
            subject_id=f"sub_{mark}",
            basis=self.chance.choice((BasisKind.SELF, BasisKind.OBJECTION, BasisKind.COUNTER)).value,
            actor_party_id=self.chance.choice((f"pty_STAT_{self.mark}", f"pty_STAT_{self.mark}", None)),
            channel="WEB",
            purpose=self.chance.choice(("OBJECTION", "OWN_QUERY")),
            shape_id=self.mark,
            categories=[],
            codes=[],
            record_count=0,
            refused="NOT_AVAILABLE" if refused else None,
        )

    def grant(self, mark: str) -> None:
        """One grant with some steps."""
        self.work.add(
            grant,
            id=f"grt_{mark}",
            version=1,
            status="ACTIVE",
            subject_id=f"sub_{mark}",
            recipient_id="x",
            purpose=self.chance.choice(list(Purpose)).value,
            stages=[],
            categories=[],
            includes_evaluation=False,
            valid_from=BEGINS,
            valid_until=BEGINS,
            retention_days=1,
            notice_hash=_NOTICE["hash"],
            created_at=BEGINS,
        )
        for version in range(1, self.chance.randint(1, 4)):
            self.work.add(
                grant_step,
                grant_id=f"grt_{mark}",
                version=version,
                act=self.chance.choice(list(GrantAct)).value,
                led_to=self.chance.choice(list(GrantStatus)).value,
                side="SUBJECT",
                capacity="SELF",
                at=self.at(),
            )

    def batch(self, mark: str) -> None:
        """One file that a provider sent; and that there was nothing of another kind."""
        many = {name: self.chance.randint(0, 3) for name in ("added", "changed", "unchanged", "dropped")}
        self.work.add(
            intake_batch,
            id=f"bat_{mark}",
            provider_id=f"pty_PROV_{self.mark}",
            layout=self.chance.choice(_KINDS).value,
            file_sha256="x",
            rejected=self.chance.randint(0, 3),
            set_aside=self.chance.randint(0, 1),
            late=self.chance.randint(0, sum(many.values())),
            loaded_at=self.at(),
            **many,
        )
        kind, month = self.chance.choice(_KINDS).value, f"{self.year}-{self.chance.randint(1, 12):02d}"
        said = {"provider_id": f"pty_PROV_{self.mark}", "layout": kind, "month": month}
        if not any(row.items() >= said.items() for row in self.work.of(nothing_sent)):
            self.work.add(nothing_sent, id=f"non_{mark}", said_by="x", said_at=BEGINS, **said)

    def share(self, mark: str) -> None:
        """One share: asked for, perhaps agreed to, and perhaps over, by somebody or by its last day."""
        asked = self.at()
        reviewed = asked + timedelta(seconds=self.chance.randint(0, 20 * 86_400))
        over = reviewed + timedelta(seconds=self.chance.randint(0, 40 * 86_400))
        begins, ends = self.chance.random() < 0.7, self.chance.random() < 0.4
        row = shared(
            mark,
            asked=asked,
            until=max(day_of(over if ends else reviewed), day_of(self.at())),
            reviewed=reviewed if begins else None,
            ended=over if ends else None,
        )
        if ends and not begins:
            row |= {"state": "REFUSED", "reason": "x"}
        districts = [self.district] if self.district else self.chance.choice((None, list(DISTRICTS)))
        self.work.add(share, **row, districts=districts)

    def sale(self, mark: str) -> None:
        """An offer that was taken, redeemed, and perhaps undone."""
        at = self.at()
        terms = {"title": "x", "benefit_kind": "GIFT", "benefit_text": "x", "terms": "x", "stock_total": 1}
        self.work.add(
            offer,
            id=f"off_{mark}",
            version=1,
            party_id=f"pty_PART_{self.mark}",
            party_name="x",
            status="LIVE",
            sector=self.chance.choice((Sector.SHOPPING, Sector.TRAVEL)).value,
            starts_at=BEGINS,
            ends_at=BEGINS + timedelta(days=1),
            per_person=1,
            standing=self.chance.choice((1, 1, None)),
            published_at=at,
            **terms,
        )
        self.work.add(offer_store, offer_id=f"off_{mark}", number=1, store_id=f"sto_{self.mark}")
        if self.chance.random() < 0.2:
            return
        redeemed = self.at()
        self.work.add(
            claim,
            id=f"clm_{mark}",
            version=1,
            offer_id=f"off_{mark}",
            subject_id=f"sub_{mark}",
            slot=1,
            status="CLAIMED",
            handle=new_handle(),
            notice_hash="x",
            created_at=at,
            expires_at=at,
        )
        self.work.add(
            redemption,
            id=f"rdm_{mark}",
            number=f"r{mark}"[:24],
            claim_id=f"clm_{mark}",
            cycle=1,
            party_id=f"pty_PART_{self.mark}",
            store_id=f"sto_{self.mark}",
            staff_id="x",
            offer_title="x",
            benefit_text="x",
            redeemed_at=redeemed,
            reversible_until=redeemed,
        )
        if self.chance.random() < 0.3:
            undone = redeemed + timedelta(days=self.chance.randint(0, 7))
            self.work.add(reversal, redemption_id=f"rdm_{mark}", staff_id="x", reason="x", reversed_at=undone)


_NOTICE = {
    "hash": "counting",
    "kind": "GRANT",
    "version": "1",
    "language": "zh",
    "text": "x",
    "retention": "x",
    "withdrawal_effect": "x",
}


def _paper(id_: str, at: datetime) -> dict[str, Any]:
    return {"id": id_, "media_type": "x", "size": 0, "sha256": "x", "key_sealed": b"x", "created_at": at}


def shared(
    mark: str, *, asked: datetime, until: date, reviewed: datetime | None, ended: datetime | None
) -> dict[str, Any]:
    """A share's row: one that waits, is in force, or was ended."""
    begun = reviewed is not None
    return {
        "id": f"shr_{mark}",
        "number": f"s{mark}"[:20],
        "party_id": "x",
        "need": "x",
        "instrument": "x",
        "article": "x",
        "categories": [],
        "kinds": [],
        "valid_until": until,
        "state": "ENDED" if ended else "ACTIVE" if begun else "REQUESTED",
        "version": 1,
        "asked_by": "x",
        "asked_label": "x",
        "asked_at": asked,
        "approved_by": "a" if begun else None,
        "approved_at": asked if begun else None,
        "reviewed_by": "b" if begun else None,
        "reviewed_at": reviewed,
        "position": 0 if begun else None,
        "ended_by": "a" if ended else None,
        "ended_at": ended,
    }
