"""The security officer's desk (Art. 13): what is unusual in staff's looks. Ids of looks, never whom they were at."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime

import strawberry

from audit.lens import BasisKind
from core.principal import Scope
from core.statements import Row
from oversight.duty import reviews
from oversight.duty.anomalies_limits import LIMITS, Rule
from oversight.duty.anomalies_wording import rule_said, said
from oversight.duty.reviews import ReviewOutcome, ReviewState
from parties import directory
from schema.connection import Connection, connect
from schema.context import Batch, Context, Info
from schema.incidents import Incident, incident_of, incident_page
from schema.officers import by_staff
from schema.people import Party
from schema.staffing import StaffMember
from schema.stored import stored


@strawberry.type(description="Something unusual in one person's looks of a day, or a look that its subject questions.")
class LookReview:
    """What was counted, who looks into it, and what it was."""

    row: strawberry.Private[Row]
    people: strawberry.Private[Batch[str, Row]]
    parties: strawberry.Private[Batch[str, Row]]
    takeable: bool = strawberry.field(
        description="Whether the caller may take it: nobody has it, and it is not theirs."
    )
    confirmable: bool = strawberry.field(description="Whether the caller may say the second word on misuse.")
    mine: bool = strawberry.field(description="Whether the caller has it.")
    sentence: str = strawberry.field(description="What was seen, and what is usual, in the caller's language.")
    id: strawberry.ID = stored("id")
    number: str = stored("number")
    rule: Rule = stored("rule")
    basis: BasisKind = stored("basis")
    day: date = stored("day")
    seen: int = stored("seen", description="What the rule counted.")
    limit: int = stored("most", description="What is still usual.")
    count: int = stored("count", description="On how many looks it rests.")
    look_ids: list[strawberry.ID] = stored("looks", description="Those looks, at most fifty.")
    opened_at: datetime = stored("opened_at")
    state: ReviewState = stored("state")
    outcome: ReviewOutcome | None = stored("outcome")
    reason: str | None = stored("reason")
    decided_at: datetime | None = stored("decided_at")
    closed_at: datetime | None = stored("closed_at")
    version: int = stored("version")

    @strawberry.field(description="Whose looks they were. Null where an organisation's program or nobody known looked.")
    async def looker(self) -> StaffMember | None:
        """The staff member, read once for a page."""
        return await self._member(self.row.looker_id)

    @strawberry.field(description="Who has taken it.")
    async def owner(self) -> StaffMember | None:
        """The staff member, read once for a page."""
        return await self._member(self.row.taken_by)

    @strawberry.field(description="For which organisation the looks were.")
    async def party(self) -> Party | None:
        """The organisation's card, read once for a page."""
        row = await self.parties.get(self.row.party_id) if self.row.party_id else None
        return Party.of(row) if row is not None else None

    async def _member(self, staff_id: str | None) -> StaffMember | None:
        row = await self.people.get(staff_id) if staff_id else None
        return StaffMember(row=row) if row is not None else None

    @classmethod
    def behind(cls, context: Context, rows: Collection[Row]) -> Callable[[Row], "LookReview"]:
        """How to make lines of these rows."""
        me, chinese = by_staff(context), context.language != "en"
        scopes = context.caller.principal.scopes

        async def load_people(_ids: Collection[str]) -> Mapping[str, Row]:
            return await reviews.members(context.unit, rows)

        async def load_parties(ids: Collection[str]) -> Mapping[str, Row]:
            return await directory.cards(context.unit, ids)

        named = {one for row in rows for one in (row.looker_id, row.taken_by) if one is not None}
        people = Batch(named, load_people)
        parties = Batch({row.party_id for row in rows if row.party_id is not None}, load_parties)
        return lambda row: cls(
            row=row,
            people=people,
            parties=parties,
            takeable=row.state == ReviewState.OPEN.value and row.looker_id != me and Scope.SECURITY_REVIEW in scopes,
            confirmable=row.state == ReviewState.DECIDED.value and me not in (row.looker_id, row.taken_by),
            mine=row.taken_by == me,
            sentence=said(Rule(row.rule), seen=row.seen, limit=row.most, chinese=chinese),
        )


@strawberry.type(description="What is unusual, in words: one rule, and for looks on which basis.")
class AnomalyRule:
    """A rule's limit. `basis` is null where the limit is the same for all."""

    rule: Rule
    basis: BasisKind | None
    sentence: str = strawberry.field(description="In the caller's language.")


@strawberry.type(description="The security officer's desk; an approver's, for the second word.")
class Security:
    """What waits for somebody."""

    @strawberry.field(description="What is unusual, the newest first.")
    async def reviews(
        self, info: Info, state: ReviewState | None = None, first: int = 20, after: str | None = None
    ) -> Connection[LookReview]:
        """Of one state, or all."""
        context = info.context
        request = context.page("Security.reviews", first, after, state.value if state else None)
        page = await reviews.page(context.unit, request, state=state)
        return connect(page, LookReview.behind(context, page.items))

    @strawberry.field(description="One review.")
    async def review(self, info: Info, id: strawberry.ID) -> LookReview:
        """By id."""
        return await review_of(info.context, id)

    @strawberry.field(description="Whether the caller may record an incident.")
    def may_record(self, info: Info) -> bool:
        """By right."""
        return Scope.SECURITY_REVIEW in info.context.caller.principal.scopes

    @strawberry.field(description="By which rules looks are found unusual, in the limits' newest version.")
    def rules(self, info: Info) -> list[AnomalyRule]:
        """Every rule, and of each every basis that it holds for."""
        chinese = info.context.language != "en"
        lines = [
            AnomalyRule(rule=rule, basis=BasisKind(basis), sentence=rule_said(rule, limit, chinese=chinese))
            for rule in Rule
            for basis in LIMITS.bases(rule)
            if (limit := LIMITS.of(rule, basis)) is not None
        ]
        asked = rule_said(Rule.QUESTIONED, None, chinese=chinese)
        return [*lines, AnomalyRule(rule=Rule.QUESTIONED, basis=None, sentence=asked)]

    @strawberry.field(description="What went wrong with people's information, the newest first.")
    async def incidents(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Incident]:
        """Every incident."""
        return await incident_page(info.context, first, after)

    @strawberry.field(description="One incident.")
    async def incident(self, info: Info, id: strawberry.ID) -> Incident:
        """By id."""
        return await incident_of(info.context, id)


async def review_of(context: Context, review_id: str) -> LookReview:
    """One; raises `NotAvailable`."""
    row = await reviews.find(context.unit, review_id)
    return LookReview.behind(context, [row])(row)
