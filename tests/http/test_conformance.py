"""GraphQL over HTTP: the audits of the npm `graphql-http` suite, and what they ask on a real database.

There the schema does not show itself, and only stored documents are answered without a token: the audits are asked
anew, each by its id, of a merchant's program that sends texts, and of nobody by a stored document.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from core.principal import Scope
from tests.harness import npm
from tests.harness.callers import Town
from tests.harness.programs import DESK, OPEN, Program, digest, real
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


_OURS, _OLDER = "application/graphql-response+json", "application/json"
_SENT: dict[str, Any] = {"content-type": "application/json"}
_NULL = ("variables", "operationName", "extensions")
_COERCED = "query($n: Int!) { partner { offers(first: $n) { edges { cursor } } } }"
# the audits' ids: what is sent by POST (headers, body) → status, media type of the answer, whether there is data
_TWINS: dict[str, tuple[dict[str, str], Any, int, str, bool]] = {
    "22EB 34A2": ({**_SENT, "accept": _OURS}, {"query": DESK}, 200, _OURS, True),
    "4655 13EE": ({**_SENT, "accept": _OLDER}, {"query": DESK}, 200, _OLDER, True),
    "47DE": ({**_SENT, "accept": "*/*"}, {"query": DESK}, 200, _OLDER, True),
    "80D8 82A3 78D5 2C94 03D4": (_SENT, {"query": DESK}, 200, _OLDER, True),
    "BF61": ({"content-type": "application/json; charset=utf-8"}, {"query": DESK}, 200, _OLDER, True),
    "9ABE": ({}, {"query": DESK}, 415, _OLDER, False),
    "A5BF": (_SENT, b"", 400, _OLDER, False),
    "423L 8764 3E3A": ({**_SENT, "accept": _OURS}, {"qeury": DESK}, 400, _OURS, False),
    "LKJ0": (_SENT, {"query": {"obj": "ect"}}, 400, _OLDER, False),
    "LKJ1": (_SENT, {"query": 0}, 400, _OLDER, False),
    "LKJ2": (_SENT, {"query": False}, 400, _OLDER, False),
    "LKJ3": (_SENT, {"query": ["array"]}, 400, _OLDER, False),
    "6C00": (_SENT, {"query": DESK, "operationName": {"obj": "ect"}}, 400, _OLDER, False),
    "6C01": (_SENT, {"query": DESK, "operationName": 0}, 400, _OLDER, False),
    "6C02": (_SENT, {"query": DESK, "operationName": False}, 400, _OLDER, False),
    "6C03": (_SENT, {"query": DESK, "operationName": ["array"]}, 400, _OLDER, False),
    "8161": ({**_SENT, "accept": _OURS}, {"query": DESK, "operationName": "Desk"}, 200, _OURS, True),
    "B8B3": ({**_SENT, "accept": _OLDER}, {"query": DESK, "operationName": "Desk"}, 200, _OLDER, True),
    "94B0 94B1 94B2": (
        {**_SENT, "accept": _OURS}, {"query": DESK, **dict.fromkeys(_NULL)}, 200, _OURS, True,
    ),
    "0220 0221 0222": (
        {**_SENT, "accept": _OLDER}, {"query": DESK, **dict.fromkeys(_NULL)}, 200, _OLDER, True,
    ),
    "4760": (_SENT, {"query": DESK, "variables": "string"}, 400, _OLDER, False),
    "4761": (_SENT, {"query": DESK, "variables": 0}, 400, _OLDER, False),
    "4762": (_SENT, {"query": DESK, "variables": False}, 400, _OLDER, False),
    "4763": (_SENT, {"query": DESK, "variables": ["array"]}, 400, _OLDER, False),
    "2EA1": ({**_SENT, "accept": _OURS}, {"query": _COERCED, "variables": {"n": 1}}, 200, _OURS, True),
    "28B9": ({**_SENT, "accept": _OLDER}, {"query": _COERCED, "variables": {"n": 1}}, 200, _OLDER, True),
    "58B0": (_SENT, {"query": DESK, "extensions": "string"}, 400, _OLDER, False),
    "58B1": (_SENT, {"query": DESK, "extensions": 0}, 400, _OLDER, False),
    "58B2": (_SENT, {"query": DESK, "extensions": False}, 400, _OLDER, False),
    "58B3": (_SENT, {"query": DESK, "extensions": ["array"]}, 400, _OLDER, False),
    "428F": ({**_SENT, "accept": _OURS}, {"query": DESK, "extensions": {"some": "value"}}, 200, _OURS, True),
    "1B7A": ({**_SENT, "accept": _OLDER}, {"query": DESK, "extensions": {"some": "value"}}, 200, _OLDER, True),
    "B6DC BCF8": ({**_SENT, "accept": _OLDER}, b'{ "not a JSON', 400, _OLDER, False),
    "B7N8": ({**_SENT, "accept": _OURS}, b'{ "not a JSON', 400, _OURS, False),
    "572B": ({**_SENT, "accept": _OLDER}, {"query": "{"}, 200, _OLDER, False),
    "FDE2": ({**_SENT, "accept": _OLDER}, {"query": "{ f831403d }"}, 200, _OLDER, False),
    "7B9B": ({**_SENT, "accept": _OLDER}, {"query": _COERCED, "variables": {"n": None}}, 200, _OLDER, False),
    "865D 556A D586": ({**_SENT, "accept": _OURS}, {"query": "{"}, 400, _OURS, False),
    "51FE 74FF 5E5B": ({**_SENT, "accept": _OURS}, {"query": "{ f831403d }"}, 400, _OURS, False),
    # Here the suite's own document is not valid; of one that is, the values are refused by 422.
    "86EE": ({**_SENT, "accept": _OURS}, {"query": "query($i: ID!) { __typename }"}, 400, _OURS, False),
    "86EE, valid": ({**_SENT, "accept": _OURS}, {"query": _COERCED, "variables": {"n": None}}, 422, _OURS, False),
}  # fmt: skip


async def test_the_audits_asked_anew_on_a_real_database(town: Town, tmp_path: Path) -> None:
    program = await Program(town).begin(Scope.PARTNER_READ)
    async with real(town.house, tmp_path, {"app/1": {digest(OPEN): OPEN}}) as service:
        for name, (headers, body, status, kind, has_data) in _TWINS.items():
            sent = body if isinstance(body, bytes) else json.dumps(body).encode()
            answer = await service.http.post("/graphql", content=sent, headers={**program.bearer, **headers})
            assert (answer.status_code, answer.headers["content-type"]) == (status, f"{kind}; charset=utf-8"), name
            assert ("data" in answer.json(), "errors" in answer.json()) == (has_data, not has_data), name
        # 5A70, D6D5, 6A70: by GET, with variables, in both media types; 9C48: no mutation.
        for accept in (_OURS, _OLDER):
            given = {"documentId": digest(OPEN), "variables": json.dumps({"s": "海津示例银行"})}
            got = await service.http.get("/graphql", params=given, headers={"accept": accept})
            assert (got.status_code, got.headers["content-type"]) == (200, f"{accept}; charset=utf-8")
            assert len(got.json()["data"]["parties"]["edges"]) == 1
        refused = await service.http.get(
            "/graphql", params={"query": "mutation { __typename }"}, headers=program.bearer
        )
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, POST")
