"""Whoever prints reports, or issues one, killed as by kill -9 at each step: no half report, and none twice."""

import httpx
import pytest

from tests.harness import reporting
from tests.harness.callers import Town
from tests.harness.killing import DoomedServer, Step, dies_of_its_duties
from tests.harness.scale import FULL

_STEPS = (
    "credit.printing:Printer._print",
    "core.blobs:Blobs.write",
    "core.blobs:Blobs.keep",
    "credit.printing:Printer._keep",
)
_PRINTING = [f"{when} {step}" for step in _STEPS for when in ("before", "after")]
_ISSUING = [
    f"{when} {step}" for step in ("credit.reports:issue", "audit.log:Log.append") for when in ("before", "after")
]
_RUN = _PRINTING if FULL else ["after core.blobs:Blobs.keep"]


@pytest.mark.parametrize("step", _RUN)
@pytest.mark.parametrize("backend", ["postgresql", *(["sqlite"] if FULL else [])], indirect=True)
async def test_a_killed_printer_is_followed_by_one_that_prints(town: Town, step: str) -> None:
    report = await reporting.issued(town, "citizen-1", "a")
    name = town.house.settings.database_url.rsplit("/", 1)[1] + "-doomed"
    assert dies_of_its_duties(town.house.settings, name, step), f"nobody reached {step}"
    printed = await town.count("SELECT count(*) FROM report WHERE pdf_id IS NOT NULL")
    assert await town.count("SELECT count(*) FROM blob") == printed, "a blob without its report, or the other way round"
    assert printed == (step == _PRINTING[-1])
    await reporting.print_all(town)
    assert await town.count("SELECT count(*) FROM blob") == 1
    answer = await reporting.fetch(town, "citizen-1", report["id"])
    assert report["number"] in reporting.text_of(answer.content)


async def _assert_all_or_nothing(town: Town, step: str) -> None:
    looks = await town.count("SELECT count(*) FROM access")
    name = town.house.settings.database_url.rsplit("/", 1)[1] + "-doomed"
    token = await town.token("citizen-1")
    body = {"query": 'mutation { reportIssue(input: { idempotencyKey: "k" }) { __typename } }'}
    with DoomedServer(town.house.settings, name, step) as server:
        server.arm()
        async with httpx.AsyncClient(timeout=30) as client:
            with pytest.raises(httpx.HTTPError):
                await client.post(f"{server.url}/graphql", json=body, headers={"Authorization": f"Bearer {token}"})
        assert server.died(seconds=30), f"nobody reached {step}"
    for table, count in (("report", 0), ("report_record", 0), ("access", looks)):
        assert await town.count(f"SELECT count(*) FROM {table}") == count
    again = await reporting.issued(town, "citizen-1", "k")
    shown = "SELECT count(*) FROM report_record WHERE record_id IN (SELECT id FROM record)"
    assert again["recordCount"] == await town.count(shown)


if FULL:  # a server's start for each

    @pytest.mark.parametrize("step", _ISSUING)
    @pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
    async def test_who_is_killed_while_issuing_has_issued_nothing(town: Town, step: str) -> None:
        await _assert_all_or_nothing(town, step)


@pytest.mark.parametrize("step", [*_PRINTING, *_ISSUING])
def test_every_step_of_the_table_exists(step: str) -> None:
    Step.parse(step).find()
