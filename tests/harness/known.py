"""Values that exist in the city, for the arguments of random documents, by the arguments' names."""

from sqlalchemy import text

from tests.harness import organs
from tests.harness.callers import Town


async def known_values(town: Town) -> dict[str, list[str]]:
    """Real ids and names beside made-up ones."""
    granted = await town.data("citizen-1", "{ me { grants { edges { node { id } } } } }")
    offer = await town.open_offer()
    async with town.house.database.reading() as unit:
        rows = await unit.all(text("SELECT id FROM record LIMIT 5"))
    someone = organs.identity("citizen-1")
    return {
        "mandateId": [await organs.mandate(town)],
        "number": [someone["number"]],
        "purpose": ["LICENSING", "FINANCING"],
        "type": ["RESIDENT_ID"],
        "caseNumber": ["海政许〔2026〕17号"],
        "grantId": [granted["me"]["grants"]["edges"][0]["node"]["id"]],
        "operator": ["甲"],
        "stage": ["PRE_LOAN"],
        "id": [offer, *(row.id for row in rows)],
        "recipientId": [await town.party("海津示例银行")],
        "name": ["海津示例餐饮管理有限公司", someone["name"]],
        "search": ["海津", ""],
        "uscc": ["x"],
        "month": ["2026-11"],
        "after": ["x"],
    }
