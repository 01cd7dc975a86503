"""How far two runs of a department lie apart (Art. 9): by what both say, to the department alone."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from tests.harness import industry
from tests.harness.callers import Town

_APART = "query($i: ID!, $b: ID!) { industry { run(id: $i) { counts { code many } stability(besideId: $b) } } }"
_RUNS = "{ industry { runs { edges { node { id asOf } } } } }"
Said = Mapping[str, int | None]
_BEFORE: Said = {"C": 50, "B": 50, "A": 20}


async def _two(town: Town, one: Said, other: Said, *, state: str = "DONE") -> dict[str, str]:
    """Two runs of one version that say so many of each class; their ids, the later first."""
    model_id, at = await industry.reviewed(town), datetime.now(UTC)
    await industry.ran(town, model_id, {}, at=at - timedelta(hours=2), counts=one)
    await industry.ran(town, model_id, {}, at=at - timedelta(hours=1), state=state, counts=other)
    edges = (await town.data("industry-1", _RUNS))["industry"]["runs"]["edges"]
    return {"i": edges[0]["node"]["id"], "b": edges[1]["node"]["id"]}


async def _apart(town: Town, ids: Mapping[str, str]) -> object:
    return (await town.data("industry-2", _APART, ids))["industry"]["run"]["stability"]


async def test_a_table_that_moved_has_an_index_and_one_that_did_not_has_none_of_it(town: Town) -> None:
    ids = await _two(town, _BEFORE, {"C": 20, "B": 50, "A": 50})
    found = await _apart(town, ids)
    assert found is not None
    assert float(str(found)) == pytest.approx(0.44, abs=0.01)
    assert float(str(await _apart(town, {"i": ids["i"], "b": ids["i"]}))) == 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("other", "state"),
    [({"C": None, "B": 50, "A": 50}, "DONE"), ({"C": 20, "B": 50, "S": 50}, "DONE"), (_BEFORE, "RUNNING")],
)
async def test_what_is_withheld_of_other_classes_or_underway_has_no_index(town: Town, other: Said, state: str) -> None:
    assert await _apart(town, await _two(town, _BEFORE, other, state=state)) is None


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_run_that_is_not_the_departments_is_absent(town: Town) -> None:
    ids = await _two(town, _BEFORE, _BEFORE)
    for persona in ("industry-1", "handler-1"):
        absent = await town.ask(persona, _APART, {**ids, "b": "inr_00000000000000000000"})
        assert absent.get("data") is None
        assert "stability" not in absent.response.text
