"""What the demonstration's supervisors did, as they and whoever is concerned find it."""

from datetime import UTC, datetime

import pytest

from api.demo import supervised
from tests.harness.callers import Town

_DESK = """{ oversight { orders { edges { node { state } } } samples { edges { node { state work } } }
  complaints { edges { node { state matter byMe } } } institutions { name } } }"""


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_an_order_a_sample_a_complaint_and_a_staffed_district(town: Town) -> None:
    await supervised.tell(town.house.database, at=datetime.now(UTC))
    desk = (await town.data("supervisor-1", _DESK))["oversight"]
    assert [edge["node"]["state"] for edge in desk["orders"]["edges"]] == ["ISSUED"]
    assert [edge["node"] for edge in desk["samples"]["edges"]] == [{"state": "WAITING", "work": "CASE"}]
    assert [edge["node"] for edge in desk["complaints"]["edges"]] == [
        {"state": "OPEN", "matter": "LOOKS", "byMe": True}
    ]
    theirs = (await town.data("supervisor-2", _DESK))["oversight"]
    assert theirs["institutions"] == [{"name": "滨河区公共信用管理中心"}]
    assert theirs["orders"]["edges"] == theirs["complaints"]["edges"] == []
    told = (await town.data("citizen-9", "{ me { notices(first: 3) { edges { node { kind } } } } }"))["me"]["notices"]
    assert "COMPLAINT_OPENED" in [edge["node"]["kind"] for edge in told["edges"]]
    linked = """SELECT count(*) FROM staff s JOIN identity_link l ON l.staff_id = s.id JOIN party p ON p.id = s.party_id
      WHERE p.district = '129901' AND s.given_by IS NOT NULL AND l.linked_by IS NOT NULL"""
    assert await town.count(linked) == 4
