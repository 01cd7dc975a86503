"""GET and POST /demonstration/cards: the invented documents that can be laid on the demonstration's reader.

Where a real kiosk's page asks the reader beside it, the demonstration's asks here. Never in a real database.
"""

from collections.abc import Sequence

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api import bodies, clock, personas
from api.demo import card_reader
from api.settings import DEMONSTRATION_ISSUER
from audit.lens import Audience, BasisKind, Lens
from core.database import Database, Unit
from core.errors import BadCall, NotAvailable
from core.identity import IdentityNumber, parse
from core.moments import day_of
from core.principal import Principal
from credit import subjects
from grants.card_reading import HolderCheck
from parties import callers
from parties.errors import Frozen, Unknown

PATH = "/demonstration/cards"
_LARGEST = 1024
_HEADERS = {"Cache-Control": "no-store"}
# Whose documents lie ready: people, and the company that two of them sign for.
CARDS = (*(f"citizen-{n}" for n in range(1, 10)), "company-1-legal")


def routes(database: Database) -> Sequence[BaseRoute]:
    """Where the reader's place is taken."""

    async def listed(_request: Request) -> Response:
        async with database.reading() as unit:
            found = {card: await _on(unit, card) for card in CARDS}
        return _answer([{"card": card, "name": one[1]} for card, one in found.items() if one is not None])

    async def lay(request: Request) -> Response:
        try:
            body = await bodies.read(request.receive, request.headers.get("content-length", ""), most=_LARGEST)
            said = orjson.loads(body)
            card, device, checked = str(said["card"]), str(said["device"]), HolderCheck(said["checked"])
        except (BadCall, ValueError, KeyError, TypeError):
            return _answer({"error": "bad_request"}, 400)
        async with database.reading() as unit:
            found = await _on(unit, card) if card in CARDS else None
        if found is None:
            return _answer({"error": "no_such_card"}, 404)
        agreed = said.get("agreed") is True
        number, name = found
        statement = card_reader.stated(number, name, device=device, at=clock.now(), checked=checked, agreed=agreed)
        return _answer({"statement": statement})

    return [Route(PATH, listed, methods=["GET"]), Route(PATH, lay, methods=["POST"])]


async def _on(unit: Unit, card: str) -> tuple[IdentityNumber, str] | None:
    """Whose number and name stand on it."""
    at = clock.now()
    principal = Principal(DEMONSTRATION_ISSUER, card, "", organisation=await personas.party_of(unit, card))
    try:
        bearer = (await callers.identify(unit, principal, at=at)).subject_id
        who = await subjects.written(unit, Lens(Audience.SUBJECT, BasisKind.SELF, bearer or ""))
    except (Unknown, Frozen, NotAvailable):
        return None
    return parse(who.type, who.number, today=day_of(at)), who.name


def _answer(content: object, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, _HEADERS, "application/json")
