"""An organisation's own desk: its posts and its programs."""

import strawberry

from schema.clients import Client, clients_page
from schema.connection import Connection
from schema.context import Info
from schema.people import Party
from schema.staffing import StaffMember, staff_page


@strawberry.type(description="An organisation's own desk, for whoever gives its posts.")
class Organisation:
    """The caller's organisation."""

    party_id: strawberry.Private[str]
    party: Party

    @strawberry.field(description="Everybody who works or worked here, programs too.")
    async def staff(self, info: Info, first: int = 20, after: str | None = None) -> Connection[StaffMember]:
        """Own staff."""
        return await staff_page(info.context, self.party_id, first, after)

    @strawberry.field(description="Programs that act for the organisation, newest first.")
    async def clients(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Client]:
        """Own clients."""
        return await clients_page(info.context, self.party_id, first, after)
