"""Subscriptions as events: what is wrong with a document is the stream's only event; who one is, is the status."""

import json

import pytest

from tests.harness.callers import Town
from tests.harness.sockets import CHANGES

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_EVENTS = {"Accept": "text/event-stream"}


async def _asked(town: Town, query: str, accept: str = "text/event-stream", persona: str = "citizen-1") -> list[str]:
    headers = {"Accept": accept, "Authorization": f"Bearer {await town.token(persona)}"}
    answer = await town.http.post("/graphql", json={"query": query}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.text.split("\n\n")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription {", "PARSE_FAILED"),
        ("subscription { nothing }", "VALIDATION_FAILED"),
        ("{ viewer { name } }", "SUBSCRIPTIONS_ONLY"),
        ('subscription { changes(after: "x") { id } }', "BAD_CURSOR"),
    ],
)
async def test_a_bad_document_is_the_only_event(town: Town, query: str, code: str) -> None:
    said = await _asked(town, query)
    assert said[0].startswith("event: next\ndata: ")
    assert json.loads(said[0].split("data: ")[1])["errors"][0]["extensions"]["code"] == code
    assert said[1:] == ["event: complete\ndata: ", ""]


async def test_a_query_of_whoever_takes_either_is_answered_as_json(town: Town) -> None:
    said = await _asked(town, "{ viewer { name } }", accept="application/json, text/event-stream")
    assert "viewer" in json.loads(said[0])["data"]


async def test_nobody_and_whoever_may_not_are_told_by_the_status(town: Town) -> None:
    answer = await town.ask(None, CHANGES, headers=_EVENTS)
    assert (answer.status, answer.code) == (401, "UNAUTHENTICATED")
    answer = await town.ask("supervisor-1", CHANGES, headers=_EVENTS)
    assert (answer.status, answer.code) == (403, "FORBIDDEN")
    headers = {**_EVENTS, "content-type": "application/json"}
    refused = await town.http.post("/graphql", content=b"null", headers=headers)
    assert refused.status_code == 422
