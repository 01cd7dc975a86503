"""What changed, told as it happens: kinds, ids and versions, never values.

Whoever hears of a change reads the thing through its own lens, and that is the look. Hearing is none: a change says of
a subject only that something of theirs is to be read again, as a text message about a notice does.
"""

import secrets
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass

import strawberry

from core.cursors import Sealer
from core.errors import BadCall
from core.principal import Scope
from core.statements import Row
from notices import changes
from notices.kinds import ChangeKind
from parties.callers import Caller
from parties.errors import BeyondPost
from schema.context import Context, Info

_SUBJECTS = frozenset(ChangeKind) - {ChangeKind.OFFER, ChangeKind.REDEMPTION, ChangeKind.VERIFICATION}
# What a scope lets hear of, of the caller's own subject and of their organisation.
_OF_SUBJECT: Mapping[Scope, frozenset[ChangeKind]] = {Scope.SELF_READ: _SUBJECTS}
_OF_STAFF: Mapping[Scope, frozenset[ChangeKind]] = {
    Scope.GRANT_USE: frozenset({ChangeKind.GRANT}),
    Scope.PARTNER_READ: frozenset({ChangeKind.OFFER, ChangeKind.REDEMPTION}),
    Scope.OBJECTION_HANDLE: frozenset({ChangeKind.OBJECTION}),
    Scope.OBJECTION_APPROVE: frozenset({ChangeKind.OBJECTION}),
    Scope.OBJECTION_VERIFY: frozenset({ChangeKind.VERIFICATION}),
}


@strawberry.type(description="One thing that is another than before: read it again. Ids and versions, never values.")
class Change:
    """A change, and the cursor from which the next one follows."""

    cursor: str
    kind: ChangeKind
    id: strawberry.ID
    version: int


@dataclass(frozen=True)
class Ear:
    """Of whose changes somebody may hear, and of which kinds. It ends with the epoch of the organisation it is for."""

    owner_id: str
    kinds: frozenset[ChangeKind]
    epoch: int

    @classmethod
    def of(cls, caller: Caller) -> "Ear":
        """What this caller may hear of: their own subject's, their organisation's, or their store's. Raises
        `BeyondPost` for whoever has no scope for any of it."""
        staff = caller.staff_id is not None
        owner = (caller.store_id or caller.party_id) if staff else caller.subject_id
        scopes = caller.principal.scopes
        kinds = {kind for scope, of in (_OF_STAFF if staff else _OF_SUBJECT).items() if scope in scopes for kind in of}
        if owner is None or not kinds:
            raise BeyondPost()
        return cls(owner, frozenset(kinds), caller.party_epoch)


def sealer_of(context: Context) -> Sealer:
    """Makes and reads the caller's cursors; a token's successor reads them too."""
    return context.sealer("Subscription.changes")


def opened(sealer: Sealer, cursor: str) -> int:
    """The position behind a cursor; raises `BadCall`."""
    keyset = sealer.open(cursor)
    if len(keyset) not in (1, 2):  # a change's, or where changes stood
        raise BadCall("BAD_CURSOR")
    return int(keyset[0])


def shown(row: Row, sealer: Sealer) -> Change:
    """A row as it goes out."""
    return Change(cursor=sealer.seal([str(row.position)]), kind=ChangeKind(row.kind), id=row.about, version=row.version)


async def cursor_now(context: Context) -> str:
    """The cursor of everything that has a position by now.

    No two read alike, and none is longer than another: positions are everybody's, and who saw theirs stand still would
    know that nobody in the city had done anything meanwhile (ADR 0152).
    """
    return sealer_of(context).seal([f"{await changes.last(context.unit):020}", secrets.token_hex(8)])


@strawberry.type(description="Told as it happens.")
class Subscription:
    """What can be listened to."""

    @strawberry.subscription(
        description="What changed of one's own, from now on or from a cursor on: nothing is missed, and nothing comes "
        "twice. CHANGES_FORGOTTEN: the cursor is older than two days, and everything is to be read anew."
    )
    async def changes(self, info: Info, after: str | None = None) -> AsyncGenerator[Change, None]:
        """A stream that has begun."""
        context = info.context
        if context.follow is None:
            raise BadCall("STREAM_NEEDED")
        return await context.follow(context, after)
