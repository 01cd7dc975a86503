"""The invented city has a model that is live, with a run whose results its organisations read (Art. 9)."""

from datetime import UTC, datetime

import pytest

from api.demo import keeping
from oversight.industry import checking
from tests.harness import city
from tests.harness.callers import Town

_DESK = "{ industry { models { edges { node { state } } } runs { edges { node { kind state done population } } } } }"
_RESULTS = "{ me { industryResults { edges { node { model grade points factors { contribution reasonText } } } } } }"


def test_its_scorecard_can_stand() -> None:
    assert checking.faults(keeping.CARD) == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_model_is_live_and_has_been_run(town: Town) -> None:
    plan = city.plan()
    await keeping.tell(town.house.database, town.house.blobs, plan, at=datetime.now(UTC))
    desk = (await town.data("industry-1", _DESK))["industry"]
    assert [edge["node"]["state"] for edge in desk["models"]["edges"]] == ["LIVE"]
    runs = [edge["node"] for edge in desk["runs"]["edges"]]
    assert {one["kind"] for one in runs} == {"SIMULATION", "RUN"}
    assert all(one["state"] == "DONE" and one["done"] == one["population"] > 0 for one in runs)
    (found,) = [e["node"] for e in (await town.data("company-1-legal", _RESULTS))["me"]["industryResults"]["edges"]]
    assert found["model"] == keeping.CARD.name
    assert sum(float(one["contribution"]) for one in found["factors"]) == float(found["points"])
