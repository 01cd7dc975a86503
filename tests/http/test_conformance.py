"""GraphQL over HTTP: the audits of the npm `graphql-http` suite, and what they ask where introspection is off."""

import pytest

from tests.harness import npm
from tests.harness.callers import Town
from tests.harness.servers import Server

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


async def test_every_audit_of_graphql_http_is_ok(town: Town) -> None:
    with Server(town.house.settings, "audits") as server:
        done = await npm.run("audit.mjs", {"URL": server.url}, ("graphql-http",))
    assert done.returncode == 0, done.stderr[-3000:]
    audits = done.stdout.splitlines()
    assert [audit for audit in audits if not audit.startswith("ok\t")] == []
    assert len(audits) == 61


@pytest.mark.parametrize(
    ("accept", "statuses"),
    [
        ("application/json", (200, 200, 200, 422)),
        ("image/png, Application/JSON; q=0.5", (200, 200, 200, 422)),
        ("application/json, application/graphql-response+json", (400, 400, 422, 422)),
        ("*/*", (400, 400, 422, 422)),
    ],
)
async def test_only_who_names_json_alone_hears_of_a_document_by_200(
    town: Town, accept: str, statuses: tuple[int, ...]
) -> None:
    sent = (
        "{",
        "{ secrets }",
        "query($f: Int!) { offers(first: $f) { edges { cursor } } }",
        "query A { x: __typename } query B { y: __typename }",
    )
    found = [await town.ask(None, document, headers={"Accept": accept}) for document in sent]
    assert tuple(one.status for one in found) == statuses
    assert not any("data" in one for one in found)
