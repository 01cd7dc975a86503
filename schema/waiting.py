"""Everything that waits for the caller's word, as one list: whichever of their posts' acts it takes."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

import strawberry
from sqlalchemy import Select

from audit import withholding
from core import waiting
from core.principal import Scope
from core.statements import Row
from core.waiting import Second
from grants import waiting as of_organs
from incentives import versions
from objections import handling
from oversight.duty import waiting as of_duty
from oversight.industry import models
from oversight.sharing import shares
from oversight.supervision import complaints, orders
from parties import directory, lookup
from parties import waiting as of_parties
from parties.errors import BeyondPost
from schema.connection import Connection, connect
from schema.context import Batch, Context, Info
from schema.officers import by_staff
from schema.people import Party
from schema.policy import ROOTS
from schema.stored import stored


class WaitingKind(Enum):
    """What waits."""

    GLASS = "GLASS"
    GLASS_REVIEW = "GLASS_REVIEW"
    REFUSAL = "REFUSAL"
    ORDER = "ORDER"
    COMPLAINT = "COMPLAINT"
    OFFER = "OFFER"
    RELEASE = "RELEASE"
    SHARE = "SHARE"
    POST = "POST"
    PARTY = "PARTY"
    PARTY_ACT = "PARTY_ACT"
    SIGN_IN = "SIGN_IN"
    MANDATE = "MANDATE"
    MISUSE = "MISUSE"
    INCIDENT = "INCIDENT"
    BATCH = "BATCH"
    WITHHOLDING = "WITHHOLDING"
    MODEL = "MODEL"


# By which act each is decided: whoever may not try that act has none of it in their list.
ACTS: Mapping[WaitingKind, tuple[str, Callable[[Second], Select[Any]]]] = {
    WaitingKind.GLASS: ("glassAnswer", of_duty.emergencies),
    WaitingKind.GLASS_REVIEW: ("glassReview", of_duty.emergencies_over),
    WaitingKind.REFUSAL: ("objectionApprove", handling.words_wanted),
    WaitingKind.ORDER: ("orderReply", orders.waiting),
    WaitingKind.COMPLAINT: ("complaintConfirm", complaints.waiting),
    WaitingKind.OFFER: ("offerApprove", versions.words_wanted),
    WaitingKind.RELEASE: ("releaseDecide", of_duty.releases),
    WaitingKind.SHARE: ("shareApprove", shares.waiting),
    WaitingKind.POST: ("postReviewDecide", of_duty.posts),
    WaitingKind.PARTY: ("partyAdmit", of_parties.admissions),
    WaitingKind.PARTY_ACT: ("partyLift", of_parties.acts),
    WaitingKind.SIGN_IN: ("signInLink", of_parties.sign_ins),
    WaitingKind.MANDATE: ("agencyMandateApprove", of_organs.mandates),
    WaitingKind.MISUSE: ("lookReviewConfirm", of_duty.misuse),
    WaitingKind.INCIDENT: ("incidentClose", of_duty.incidents),
    WaitingKind.BATCH: ("agencyBatchApprove", of_organs.batches),
    WaitingKind.WITHHOLDING: ("withholdingAgree", withholding.waiting),
    WaitingKind.MODEL: ("industryModelReview", models.waiting),
}


@strawberry.type(description="Something that waits for a word which the caller may give, and did not ask for.")
class Waiting:
    """What it is, and how long it has waited."""

    row: strawberry.Private[Row]
    labels: strawberry.Private[Batch[str, str]]
    parties: strawberry.Private[Batch[str, Row]]
    kind: WaitingKind = stored("kind")
    id: strawberry.ID = stored("id", description="By which it is decided.")
    what: str = stored("what", description="A number, a name or a title; empty of a sign-in.")
    since: datetime = stored("since")
    due: datetime | None = stored("due", description="By when, where a rule says so.")

    @strawberry.field(description="Who asked; null where a rule did.")
    async def asked_by(self) -> str | None:
        """What they are called in their organisation, read once for a page."""
        return await self.labels.get(self.row.asked_by) if self.row.asked_by else None

    @strawberry.field(description="Which organisation it is about, or comes from.")
    async def party(self) -> Party | None:
        """Its card, read once for a page."""
        row = await self.parties.get(self.row.party_id) if self.row.party_id else None
        return Party.of(row) if row is not None else None

    @classmethod
    def behind(cls, context: Context, rows: Collection[Row]) -> Callable[[Row], "Waiting"]:
        """How to make lines of these rows."""

        async def load_labels(ids: Collection[str]) -> Mapping[str, str]:
            return await lookup.labels(context.unit, ids)

        async def load_parties(ids: Collection[str]) -> Mapping[str, Row]:
            return await directory.cards(context.unit, ids)

        labels = Batch({row.asked_by for row in rows if row.asked_by is not None}, load_labels)
        parties = Batch({row.party_id for row in rows if row.party_id is not None}, load_parties)
        return lambda row: cls(row=row, labels=labels, parties=parties)


async def waiting_page(info: Info, first: int, after: str | None) -> Connection[Waiting]:
    """The caller's list; raises `BeyondPost` for whoever decides nothing."""
    context = info.context
    kinds = may_decide(context.caller.principal.scopes)
    if not kinds:
        raise BeyondPost()
    of = Second(by_staff(context), context.party(), context.caller.institution, context.at)
    names = sorted(kind.value for kind in kinds)
    request = context.page("Approvals.waiting", first, after, names)
    page = await waiting.page(context.unit, [ACTS[kind][1](of) for kind in kinds], request)
    return connect(page, Waiting.behind(context, page.items))


def may_decide(scopes: Collection[str]) -> list[WaitingKind]:
    """What these scopes may decide, as the acts themselves ask for it."""
    return [kind for kind, (act, _) in ACTS.items() if _scope(act) in scopes]


def _scope(act: str) -> Scope:
    scope = ROOTS[f"Mutation.{act}"].scope
    assert scope is not None
    return scope
