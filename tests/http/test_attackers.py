"""What public tools try first: the checks of graphql-cop, the guesses of clairvoyance, the fingerprints of graphw00f.

Each is asked of the service as it is on a real database: by nobody, and by a merchant's program that may send texts.
"""

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.principal import Scope
from schema.root import graphql_schema
from tests.harness.callers import Town
from tests.harness.programs import OPEN, Program, digest, real

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_INTROSPECTION = "query cop { __schema { types { name fields { name } } } }"
_CIRCULAR = "query cop { __schema { types " + "{ fields { type " * 4 + "{ name }" + " } }" * 4 + " } }"
_STATUSES = {400, 401, 403, 405, 406, 415, 422}


@pytest.fixture
async def doors(town: Town, tmp_path: Path) -> AsyncIterator[tuple[httpx.AsyncClient, Mapping[str, str]]]:
    """The service on a real database, and a program's token for it."""
    program = await Program(town).begin(Scope.PARTNER_READ)
    async with real(town.house, tmp_path, {"app/1": {digest(OPEN): OPEN}}) as service:
        yield service.http, program.bearer


def _refused(answer: httpx.Response) -> bool:
    """A refusal of the whole request: no data beside it."""
    body = answer.json()
    return answer.status_code in _STATUSES and "data" not in body and len(body["errors"]) == 1


# graphql-cop: what it sends → nothing of it is done.
_COP: Mapping[str, Any] = {
    "alias overloading": {"query": "query cop { " + " ".join(f"a{n}: __typename" for n in range(101)) + " }"},
    "batch queries": [{"query": "query cop { __typename }", "operationName": "cop"}] * 10,
    "directive overloading": {"query": "query cop { __typename @aa@aa@aa@aa@aa@aa@aa@aa@aa@aa }"},
    "field duplication": {"query": "query cop { " + "__typename " * 1001 + "}"},
    "circular introspection": {"query": _CIRCULAR},
    "introspection": {"query": _INTROSPECTION},
    "field suggestions": {"query": "query cop { partne { party { nam } } }"},
    "unhandled errors": {"query": "qwerty cop { abc }"},
}


@pytest.mark.parametrize("check", _COP)
async def test_what_is_posted_by_graphql_cop_is_refused_whole(
    doors: tuple[httpx.AsyncClient, Mapping[str, str]], check: str
) -> None:
    http, bearer = doors
    for headers in ({}, bearer):
        answer = await http.post("/graphql", json=_COP[check], headers=headers)
        assert _refused(answer), answer.text
        said = answer.text.lower()
        assert not any(word in said for word in ("did you mean", "strawberry", "traceback", "graphql.error", "tracing"))


async def test_no_query_comes_by_a_link_or_a_form(doors: tuple[httpx.AsyncClient, Mapping[str, str]]) -> None:
    """A browser sends both from anybody's page."""
    http, bearer = doors
    text = "query Desk { partner { party { name } } }"
    for headers in ({}, bearer):
        got = await http.get("/graphql", params={"query": text}, headers=headers)
        changed = await http.get("/graphql", params={"query": "mutation { __typename }"}, headers=headers)
        form = await http.post("/graphql", data={"query": text}, headers=headers)
        plain = await http.post(
            "/graphql", content=json.dumps({"query": text}), headers={**headers, "Content-Type": "text/plain"}
        )
        assert all(_refused(answer) for answer in (got, changed, form, plain))
        assert (form.status_code, plain.status_code) == (415, 415)


async def test_no_tool_for_developers_is_served(doors: tuple[httpx.AsyncClient, Mapping[str, str]]) -> None:
    http, _ = doors
    for path in ("/graphql", "/graphiql", "/playground", "/console", "/graphql/console", "/v1/graphql", "/api/graphql"):
        answer = await http.get(path, headers={"Accept": "text/html"})
        assert answer.status_code >= 400, path
        assert not any(word in answer.text.lower() for word in ("graphiql", "playground", "voyager", "altair"))


async def test_whoever_guesses_names_without_a_token_hears_nothing_of_them(
    doors: tuple[httpx.AsyncClient, Mapping[str, str]],
) -> None:
    """Clairvoyance: a name that exists and one that does not are answered by the same bytes."""
    http, _ = doors
    heard = set()
    assert graphql_schema.query_type is not None
    for name in [*graphql_schema.query_type.fields, "nothing", "secrets", "users"]:
        for text in (f"{{ {name} }}", f"{{ {name} {{ id }} }}", f"{{ {name}(x: 1) {{ x }} }}", f"{{ {name}s }}"):
            answer = await http.post("/graphql", json={"query": text})
            heard.add((answer.status_code, answer.content))
    assert len(heard) == 1


async def test_no_answer_tells_what_the_service_is_made_of(
    doors: tuple[httpx.AsyncClient, Mapping[str, str]],
) -> None:
    """graphw00f knows an implementation by how it words what it refuses."""
    http, bearer = doors
    asked = (
        "query @deprecated { __typename }",
        "query { __typename @skip }",
        "query { alias1$1: __typename }",
        "subscription { __typename }",
        "query { __typename { x } }",
        "",
        "zzz",
        "query aa@aa { __typename }",
    )
    for text in asked:
        answer = await http.post("/graphql", json={"query": text}, headers=bearer)
        assert _refused(answer), answer.text
        assert "server" not in answer.headers
        assert "x-powered-by" not in answer.headers
        assert "Strawberry" not in answer.text
