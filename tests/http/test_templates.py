"""What providers fill in is open to everybody, and asked for once."""

import pytest

from api import clock
from core.moments import day_of
from credit import catalogue
from intake import layouts, templates
from tests.harness.callers import Town

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


async def test_every_template_is_there_for_everybody_and_kept_by_its_tag(town: Town) -> None:
    found = catalogue.in_force(day_of(clock.now()))
    assert found is not None
    for name, data in templates.everything(found):
        path = "/intake/codes.csv" if name == templates.CODES else f"/intake/templates/{name}"
        answer = await town.http.get(path)
        assert (answer.status_code, answer.content) == (200, data), path
        again = await town.http.get(path, headers={"If-None-Match": f'W/"other", {answer.headers["etag"]}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
        assert (await town.http.get(path, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_a_template_says_what_it_is(town: Town) -> None:
    answer = await town.http.get("/intake/templates/penalty.xlsx")
    assert answer.headers["content-type"].startswith("application/vnd.openxmlformats")
    assert "filename*=UTF-8''%E8%A1%8C%E6%94%BF%E5%A4%84%E7%BD%9A.xlsx" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "public, no-cache"
    text = (await town.http.get("/intake/templates/penalty.csv")).content.decode("utf-8-sig")
    assert text.strip().split(",") == list(layouts.PENALTY.headers)


async def test_there_is_nothing_else(town: Town) -> None:
    for path in (
        "templates/nothing.csv",
        "templates/penalty.xls",
        "templates/",
        "templates/..%2Fcodes.csv",
        "codes.xlsx",
    ):
        assert (await town.http.get(f"/intake/{path}")).status_code == 404, path
    assert (await town.http.post("/intake/codes.csv")).status_code == 405
