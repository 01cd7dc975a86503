"""The days of a case's clock, as whoever draws it reads them: on the applicant's side and at the desk alike."""

from tests.harness import contesting
from tests.harness.callers import Town
from tests.harness.objecting import opened

_DAYS = "days { on isWorkday provisional }"
_MINE = f"query($i: ID!) {{ me {{ objection(id: $i) {{ {_DAYS} }} }} }}"
_CASE = f"query($i: ID!) {{ handling {{ case(id: $i) {{ objection {{ {_DAYS} }} }} }} }}"


async def test_they_begin_with_receipt_and_end_with_the_date_in_force(town: Town) -> None:
    objection = (await contesting.file(town))["objection"]
    days = (await town.data(contesting.PERSON, _MINE, {"i": objection["id"]}))["me"]["objection"]["days"]
    assert days[-1]["on"] == objection["dueDates"][-1]["dueOn"]
    assert days[-1]["isWorkday"] is True
    assert sum(one["isWorkday"] for one in days[1:]) == 3, "the day of receipt does not count"
    await opened(town, objection["id"])
    seen = await town.data("handler-1", _CASE, {"i": objection["id"]})
    assert seen["handling"]["case"]["objection"]["days"] == days
