"""An organisation's posts: who holds them, giving and taking them, and linking sign-ins to them."""

from datetime import date
from typing import Annotated, Any

import strawberry

from core.database import WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.moments import day_of
from incentives import stores
from parties import clients, hiring, links
from parties.hiring import Giver, Vacancy
from parties.kinds import Post
from schema.acting import act, attempt_of, ensure
from schema.connection import Connection, connect
from schema.context import Context, Info
from schema.officers import by_staff
from schema.refusals import Refusal
from schema.stored import stored


@strawberry.type(description="A post and who holds it: a person, a till, or a program. Both days count.")
class StaffMember:
    """Somebody who works, or worked, for an organisation. `linked`: there is a sign-in to act with."""

    row: strawberry.Private[Any]
    id: strawberry.ID = stored("id")
    label: str = stored("label")
    post: Post = stored("post")
    store_id: strawberry.ID | None = stored("store_id")
    valid_from: date | None = stored("valid_from")
    valid_until: date | None = stored("valid_until")

    @strawberry.field(description="Stopped by the security officer.")
    def frozen(self) -> bool:
        """Whether a freeze stands."""
        return bool(self.row.state != "ACTIVE")

    @strawberry.field(description="Whether a sign-in is linked.")
    def linked(self) -> bool:
        """Whether anybody can act in this post."""
        return bool(self.row.linked)

    @classmethod
    async def find(cls, context: Context, staff_id: str) -> "StaffMember":
        """A staff member by id; raises `NotAvailable`."""
        return cls(row=await hiring.find(context.unit, staff_id))


async def staff_page(context: Context, party_id: str, first: int, after: str | None) -> Connection[StaffMember]:
    """A party's staff."""
    request = context.page("staff", first, after, party_id)
    return connect(await hiring.page(context.unit, party_id, request), lambda row: StaffMember(row=row))


@strawberry.input(
    description="Gives a post, in one's own organisation or, for the institution's approvers, in another. Nobody can "
    "act in it until the security officer has linked a sign-in."
)
class StaffEmployInput:
    """The post and its term."""

    party_id: strawberry.ID | None = None
    label: str
    post: Post
    store_id: strawberry.ID | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    idempotency_key: strawberry.ID


@strawberry.type(description="The new staff member.")
class StaffEmployPayload:
    """A given post."""

    staff: StaffMember
    replayed: bool


@strawberry.input(description="Takes a post: from this day, today by default, its holder is gone.")
class StaffLeaveInput:
    """Who, and from which day."""

    staff_id: strawberry.ID
    from_: date | None = strawberry.field(name="from", default=None)


@strawberry.type(description="The staff member, with their last day.")
class StaffLeavePayload:
    """A taken post; `replayed` when they had left by then."""

    staff: StaffMember
    replayed: bool


@strawberry.input(description="Links a sign-in, which is nobody's yet, to a staff member, who has none yet.")
class SignInLinkInput:
    """Which sign-in, as its issuer names it, and whose it becomes."""

    issuer: str
    name: str
    staff_id: strawberry.ID
    idempotency_key: strawberry.ID


@strawberry.type(description="The staff member, who can sign in now.")
class SignInLinkPayload:
    """A linked post."""

    staff: StaffMember
    replayed: bool


StaffEmployResult = Annotated[StaffEmployPayload | Refusal, strawberry.union("StaffEmployResult")]
StaffLeaveResult = Annotated[StaffLeavePayload | Refusal, strawberry.union("StaffLeaveResult")]
SignInLinkResult = Annotated[SignInLinkPayload | Refusal, strawberry.union("SignInLinkResult")]


@strawberry.type
class StaffActs:
    """What managers, approvers and the security officer do about posts."""

    @strawberry.mutation(description="Give a post.")
    async def staff_employ(self, info: Info, input: StaffEmployInput) -> StaffEmployResult:
        """The first of two people: the second links the sign-in."""
        context = info.context
        giver, by = _giver(context), by_staff(context)
        party_id = input.party_id or giver.party_id
        vacancy = Vacancy(input.label, input.post, input.store_id, input.valid_from, input.valid_until)

        async def do(unit: WriteUnit) -> str:
            await check_store(unit, party_id, input.store_id)
            return await hiring.give(unit, giver, party_id, vacancy, by=by, at=context.at)

        async def show(staff_id: str, replayed: bool) -> StaffEmployPayload:
            return StaffEmployPayload(staff=await StaffMember.find(context, staff_id), replayed=replayed)

        key = attempt_of(context, "staffEmploy", input.idempotency_key, party=party_id, vacancy=str(vacancy))
        return await act(info, key, do, show)

    @strawberry.mutation(description="Take a post, from a day on.")
    async def staff_leave(self, info: Info, input: StaffLeaveInput) -> StaffLeaveResult:
        """Leaving twice is leaving once."""
        context = info.context
        giver = _giver(context)

        async def do(unit: WriteUnit) -> bool:
            on = input.from_ or day_of(context.at)
            return await hiring.take(unit, giver, input.staff_id, on=on, at=context.at)

        async def show(replayed: bool) -> StaffLeavePayload:
            return StaffLeavePayload(staff=await StaffMember.find(context, input.staff_id), replayed=replayed)

        return await ensure(info, do, show)

    @strawberry.mutation(description="Link a sign-in to a staff member.")
    async def sign_in_link(self, info: Info, input: SignInLinkInput) -> SignInLinkResult:
        """The second of two people: whoever links gives no posts."""
        context, by = info.context, by_staff(info.context)

        async def do(unit: WriteUnit) -> str:
            given = {"issuer": input.issuer, "name": input.name, "staff_id": input.staff_id, "by": by}
            await links.link_staff(unit, **given, reserved=clients.ISSUER)
            return input.staff_id

        async def show(staff_id: str, replayed: bool) -> SignInLinkPayload:
            return SignInLinkPayload(staff=await StaffMember.find(context, staff_id), replayed=replayed)

        key = attempt_of(
            context, "signInLink", input.idempotency_key, issuer=input.issuer, name=input.name, staff=input.staff_id
        )
        return await act(info, key, do, show)


async def check_store(unit: WriteUnit, party_id: str, store_id: str | None) -> None:
    """Strangers meet here: posts know no stores. Raises `Invalid` for a store that is not the party's."""
    if store_id is not None and not await stores.is_open(unit, party_id, store_id):
        raise Invalid(Detail(("storeId",), "NO_SUCH_STORE"))


def _giver(context: Context) -> Giver:
    """Who gives posts; raises `NotAvailable` for anybody who is no staff."""
    party_id, post = context.party(), context.caller.post
    if post is None:
        raise NotAvailable()
    return Giver(party_id, post, context.caller.institution)
