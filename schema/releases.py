"""保密审查 (Art. 13): what tells of many people at once, and waits for a word before it leaves."""

from datetime import datetime
from itertools import takewhile
from typing import Annotated

import strawberry

from core.database import WriteUnit
from core.errors import NotAvailable
from core.principal import Scope
from core.statements import Row
from grants import batches
from oversight.duty import confidentiality
from oversight.duty.confidentiality import BULK, PIECES, Leaving, ReleaseKind, ReleaseOutcome
from oversight.sharing import shares
from parties import directory
from schema.acting import ensure
from schema.connection import Connection, connect
from schema.context import Info
from schema.officers import by_staff, require
from schema.refusals import Refusal
from schema.stored import stored


@strawberry.type(description="Something of many people's that is to leave the institution, and what was said of it.")
class Release:
    """A release. Nobody's data is in it."""

    row: strawberry.Private[Row]
    id: strawberry.ID = stored("id")
    kind: ReleaseKind = stored("kind")
    about: strawberry.ID = stored("about", description="Which one: of an organ's batch, or a share, its id.")
    holds: str = stored("holds", description="What it says, and under which case.")
    count: int = stored(
        "count", description="Of how many subjects it may speak; of a share 0, which begins with nobody."
    )
    sha256: str = stored("sha256", description="Of the bytes that name them.")
    recipient: str = stored("recipient")
    requested_at: datetime = stored("requested_at")
    outcome: ReleaseOutcome | None = stored("outcome", description="Null as long as it waits: it does not leave.")
    decided_at: datetime | None = stored("decided_at")
    reason: str | None = stored("reason")


async def releases_page(info: Info, waiting: bool, first: int, after: str | None) -> Connection[Release]:
    """The institution's list."""
    context = info.context
    require(context, Scope.RELEASE_REVIEW)
    request = context.page("Approvals.releases", first, after, waiting)
    page = await confidentiality.page(context.unit, context.party(), request, waiting=waiting)
    return connect(page, lambda row: Release(row=row))


async def ask_for(unit: WriteUnit, batch: Row, *, by: str, at: datetime) -> None:
    """Ask the institution to let a large batch's answer leave, or the one with which short ones together are as many.
    Strangers meet here: a batch knows no reviewers."""
    together = batch.row_count + await _unread_before(unit, batch, since=at - PIECES)
    if together < BULK:
        return
    institution, card = await directory.institution(unit), await directory.find(unit, batch.party_id)
    if institution is None or card is None:
        return
    pieces = "" if batch.row_count >= BULK else f"（近{PIECES.days}日未经审查的名单共{together}行）"
    holds = f"{batch.purpose} {batch.case_number}{pieces}"
    kind = ReleaseKind.AGENCY_BATCH.value
    leaving = Leaving(kind, batch.id, holds, batch.row_count, batch.sheet_sha256, card.name)
    await confidentiality.ask(unit, institution, leaving, by=by, at=at)


async def _unread_before(unit: WriteUnit, batch: Row, *, since: datetime) -> int:
    """How many rows the organ's other batches have, from the latest back to the last one that the institution was asked
    about. Two that are approved at once are one after the other: the second sees the first."""
    await unit.alone(f"batches of {batch.party_id}")
    found = [row for row in await batches.approved(unit, batch.party_id, since=since) if row.id != batch.id]
    asked = await confidentiality.said_of(unit, ReleaseKind.AGENCY_BATCH, [row.id for row in found])
    return sum(row.row_count for row in takewhile(lambda row: row.id not in asked, found))


async def hold_back(unit: WriteUnit, batch: Row) -> None:
    """Raise `NotReleased` for a batch's answer that nobody of the institution has let leave, where it had to be
    asked."""
    if batch.row_count >= BULK or await confidentiality.said_of(unit, ReleaseKind.AGENCY_BATCH, [batch.id]):
        await confidentiality.hold_back(unit, ReleaseKind.AGENCY_BATCH, batch.id, batch.sheet_sha256)


async def let_share(unit: WriteUnit, share: Row, *, at: datetime) -> None:
    """The second person's word on a share is its 保密审查: it is written down as one, of just this scope. Of how many
    it speaks is not known beforehand: it begins with nobody."""
    institution, card = await directory.institution(unit), await directory.find(unit, share.party_id)
    if institution is None or card is None:
        raise NotAvailable()
    kind, digest = ReleaseKind.SHARE.value, shares.scope_digest(share)
    leaving = Leaving(kind, share.id, f"{share.number} {share.need}", 0, digest, card.name)
    by, second = share.approved_by, share.reviewed_by
    await confidentiality.record(unit, institution, leaving, by=by, second=second, at=at)


async def hold_back_share(unit: WriteUnit, share: Row) -> None:
    """Raise `NotReleased` for a share that is not, word for word, what two people agreed to."""
    await confidentiality.hold_back(unit, ReleaseKind.SHARE, share.id, shares.scope_digest(share))


@strawberry.input(description="Lets something leave, or not; where not, why.")
class ReleaseDecideInput:
    """Which, and the reader's word."""

    release_id: strawberry.ID
    leaves: bool
    reason: str | None = None


@strawberry.type(description="As it stands now; `replayed` when the same was said before.")
class ReleaseDecidePayload:
    """What was said."""

    release: Release
    replayed: bool


ReleaseDecideResult = Annotated[ReleaseDecidePayload | Refusal, strawberry.union("ReleaseDecideResult")]


@strawberry.type
class ReleaseActs:
    """保密审查."""

    @strawberry.mutation(description="Say whether something of many people's leaves the institution.")
    async def release_decide(self, info: Info, input: ReleaseDecideInput) -> ReleaseDecideResult:
        """Another's word than theirs who asked."""
        context, party_id, by = info.context, info.context.party(), by_staff(info.context)

        async def do(unit: WriteUnit) -> bool:
            said, why = input.leaves, input.reason
            return await confidentiality.decide(
                unit, party_id, by, input.release_id, leaves=said, reason=why, at=context.at
            )

        async def show(replayed: bool) -> ReleaseDecidePayload:
            row = await confidentiality.find(context.unit, party_id, input.release_id)
            return ReleaseDecidePayload(release=Release(row=row), replayed=replayed)

        return await ensure(info, do, show)
