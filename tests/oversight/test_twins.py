"""Two cities that differ only in another district look the same to a district's department, byte for byte: its
samples, complaints, orders and whom it can order. Figures and workbook have the same proof beside what they count."""

from datetime import UTC, datetime
from random import Random

from oversight.supervision.samples import Drawer
from tests.harness import complaining, counting
from tests.harness.callers import Town
from tests.harness.counting import YEAR
from tests.harness.sealing import seal

# Without ids and numbers, which are random: of the newest sample what there was to draw from.
_SEEN = """{ oversight { area { code name } institutions { name }
  samples(first: 1) { edges { node { state work month size population populationHash cases { readAt } } } }
  complaints(open: false) { edges { node { state matter words receivedOn looks outcome finding operator byMe } } }
  orders(open: false) { edges { node { state late findings institution { name } steps { act text } } } } } }"""
_ORDER = "order { id }"


async def _bytes(town: Town, persona: str, key: str) -> bytes:
    """What a department sees, once it has drawn a sample of whatever there is now."""
    given = {"work": "CASE", "month": f"{YEAR}-05", "size": 20, "reason": "例行抽查", "idempotencyKey": key}
    assert "sample" in await town.act(persona, "sampleRequest", given, "sample { id }")
    await town.data("citizen-1", "{ me { records(first: 1) { edges { node { id } } } } }")
    await seal(town.house)
    await Drawer(town.house.database).run_once(datetime.now(UTC))
    answer = await town.ask(persona, _SEEN)
    assert "errors" not in answer, answer
    return answer.response.content


async def _order(town: Town, by: str, district: str) -> None:
    given = {"institutionId": f"pty_STAT_{district}", "findings": "逾期未答复", "references": [], "workingDays": 5}
    done = await town.act(by, "orderIssue", {**given, "idempotencyKey": district}, _ORDER)
    assert "order" in done, done


async def test_another_districts_cases_complaints_and_orders_move_no_byte_of_a_districts(town: Town) -> None:
    async with town.house.database.writing() as unit:
        await counting.drawn(Random(1), districts=[None, "129901"], most=40).enter(unit)
    await _order(town, "supervisor-2", "x129901")
    await complaining.register(town, by="supervisor-2", key="theirs")
    district, city = await _bytes(town, "supervisor-2", "a"), await _bytes(town, "supervisor-1", "a")
    # In the other city another district has work, and the city's department orders, hears and draws.
    async with town.house.database.writing() as unit:
        await counting.drawn(Random(2), mark="y", districts=["129902"], most=40).enter(unit)
    await _order(town, "supervisor-1", "y129902")
    await complaining.opened(town, key="citys")
    assert await _bytes(town, "supervisor-2", "b") == district
    assert await _bytes(town, "supervisor-1", "b") != city, "the city's department does see it"
