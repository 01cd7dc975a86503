"""What departments' models made of an organisation, as plain values, for its own copy (个人信息保护法 45)."""

from decimal import Decimal

from audit.lens import Lens
from core.database import Unit
from core.paging import PageRequest
from core.portions import Entry, Portion, portion
from core.statements import Row
from oversight.industry import results, wording, writing
from parties import directory

_PLACES = -4


async def made(unit: Unit, lens: Lens, request: PageRequest) -> Portion:
    """Every result, newest first: which department's, by which version, and each part of the sum with its reason."""
    page = await results.page(unit, lens, request)
    parties = await directory.cards(unit, {row.party_id for row in page.items})

    def entry(row: Row) -> Entry:
        card = writing.read(row.content)
        labels = {one.code: one.label for one in card.indicators}
        return {
            "id": row.id,
            "run": row.number,
            "department": parties[row.party_id].name,
            "model": card.name,
            "instrument": card.instrument,
            "edition": row.edition,
            "class": row.grade,
            "points": str(Decimal(row.points).scaleb(_PLACES)),
            "barred": wording.barred() if row.barred else None,
            "asOf": row.as_of,
            "madeAt": row.finished_at,
            "contestedSince": row.contested_since,
            "factors": [
                {
                    "indicator": labels[one["indicator"]],
                    "reason": wording.reason(card, one["indicator"], one["reason"]),
                    "contribution": str(Decimal(one["contribution"]).scaleb(_PLACES)),
                    "contested": one["contested"],
                }
                for one in row.factors
            ],
        }

    return portion(page, entry)
