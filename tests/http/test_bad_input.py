"""Every edge of the door: bad input gets a clear answer and changes nothing. Never a 500."""

import json
from typing import Any

import pytest
from graphql import get_introspection_query
from sqlalchemy import text

from tests.harness.callers import Town

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_JSON = {"Content-Type": "application/json"}
_OPEN = "{ offers(first: 1) { edges { node { id } } } }"


def _body(value: Any) -> bytes:
    return json.dumps(value).encode()


# what is sent: (method, headers, body) → (status, code)
_POSTED: dict[str, tuple[dict[str, str], bytes, int, str]] = {
    "null": (_JSON, b"null", 422, "NOT_A_REQUEST"),
    "a number": (_JSON, b"1", 422, "NOT_A_REQUEST"),
    "true": (_JSON, b"true", 422, "NOT_A_REQUEST"),
    "a text": (_JSON, b'"x"', 422, "NOT_A_REQUEST"),
    "a list": (_JSON, _body([{"query": _OPEN}]), 422, "NOT_A_REQUEST"),
    "a list of numbers": (_JSON, b"[1]", 422, "NOT_A_REQUEST"),
    "nothing": (_JSON, b"", 400, "BAD_REQUEST"),
    "an empty object": (_JSON, b"{}", 400, "PARAMETERS_INVALID"),
    "half a JSON": (_JSON, b'{"query": ', 400, "BAD_REQUEST"),
    "invalid UTF-8": (_JSON, b'{"query": "\xff"}', 400, "BAD_REQUEST"),
    "UTF-16": (_JSON, json.dumps({"query": _OPEN}).encode("utf-16"), 400, "BAD_REQUEST"),
    "deep JSON": (_JSON, b"[" * 60_000, 400, "BAD_REQUEST"),
    "a number of 5,000 digits": (
        _JSON,
        b'{"query": "{a}", "variables": {"a": ' + b"9" * 5000 + b"}}",
        400,
        "BAD_REQUEST",
    ),
    "NaN": (_JSON, b'{"query": "{a}", "variables": {"a": NaN}}', 400, "BAD_REQUEST"),
    "Infinity": (_JSON, b'{"query": "{a}", "variables": {"a": Infinity}}', 400, "BAD_REQUEST"),
    "NUL": (_JSON, b'{"query": "{ offers(search: \\"\\\\u0000\\") { edges { cursor } } }"}', 400, "BAD_REQUEST"),
    "NUL in a variable": (_JSON, b'{"query": "{a}", "variables": {"a": "\\u0000"}}', 400, "BAD_REQUEST"),
    "NUL behind an escaped escape": (
        _JSON,
        b'{"query": "{ offers(district: \\"\\u005cu0000\\") { edges { cursor } } }"}',
        400,
        "BAD_REQUEST",
    ),
    "NUL in braces": (
        _JSON,
        b'{"query": "{ offers(district: \\"\\\\u{0}\\") { edges { cursor } } }"}',
        400,
        "BAD_REQUEST",
    ),
    "NUL in a key": (_JSON, b'{"query": "{a}", "variables": {"a": {"\\u0000": 1}}}', 400, "BAD_REQUEST"),
    "deep variables": (
        _JSON,
        b'{"query": "query($f: RecordFilter) { published(query: {name: \\"x\\"}) { records(filter: $f) { edges '
        b'{ cursor } } } }", "variables": {"f": ' + b"[" * 600 + b"]" * 600 + b"}}",
        400,
        "BAD_REQUEST",
    ),
    "a lone surrogate": (_JSON, b'{"query": "\\ud800"}', 400, "BAD_REQUEST"),
    "query a number": (_JSON, _body({"query": 5}), 400, "PARAMETERS_INVALID"),
    "query null": (_JSON, _body({"query": None}), 400, "PARAMETERS_INVALID"),
    "variables a list": (_JSON, _body({"query": _OPEN, "variables": []}), 400, "PARAMETERS_INVALID"),
    "variables a text": (_JSON, _body({"query": _OPEN, "variables": "{}"}), 400, "PARAMETERS_INVALID"),
    "operationName a number": (_JSON, _body({"query": _OPEN, "operationName": 1}), 400, "PARAMETERS_INVALID"),
    "extensions a list": (_JSON, _body({"query": _OPEN, "extensions": [1]}), 400, "PARAMETERS_INVALID"),
    "an empty document": (_JSON, _body({"query": ""}), 400, "PARSE_FAILED"),
    "a document that breaks off": (_JSON, _body({"query": "{"}), 400, "PARSE_FAILED"),
    "an unknown field": (_JSON, _body({"query": "{ secrets }"}), 400, "VALIDATION_FAILED"),
    "a subscription": (_JSON, _body({"query": "subscription { changes { id } }"}), 406, "STREAM_NEEDED"),
    "two operations and no name": (
        _JSON,
        _body({"query": f"query A {_OPEN} query B {_OPEN}"}),
        422,
        "OPERATION_UNKNOWN",
    ),
    "an unused variable": (_JSON, _body({"query": "query($i: ID!) { __typename }"}), 400, "VALIDATION_FAILED"),
    "an unknown operation": (
        _JSON,
        _body({"query": f"query A {_OPEN}", "operationName": "B"}),
        422,
        "OPERATION_UNKNOWN",
    ),
    "only a fragment": (_JSON, _body({"query": "fragment F on Query { __typename }"}), 400, "VALIDATION_FAILED"),
    "a wrong variable": (
        _JSON,
        _body({"query": "query($f: Int!) { offers(first: $f) { edges { cursor } } }", "variables": {"f": "x"}}),
        422,
        "VARIABLES_INVALID",
    ),
    "a missing variable": (
        _JSON,
        _body({"query": "query($f: Int!) { offers(first: $f) { edges { cursor } } }"}),
        422,
        "VARIABLES_INVALID",
    ),
    "text/plain": ({"Content-Type": "text/plain"}, _body({"query": _OPEN}), 415, "MEDIA_TYPE"),
    "no content type": ({}, _body({"query": _OPEN}), 415, "MEDIA_TYPE"),
    "application/json-seq": ({"Content-Type": "application/json-seq"}, _body({"query": _OPEN}), 415, "MEDIA_TYPE"),
    "a form": ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x--", 415, "MEDIA_TYPE"),
    "latin-1": ({"Content-Type": "application/json; charset=latin-1"}, _body({"query": _OPEN}), 415, "MEDIA_TYPE"),
    "accepting pictures": ({**_JSON, "Accept": "image/png"}, _body({"query": _OPEN}), 406, "NOT_ACCEPTABLE"),
    "accepting less than nothing": (
        {**_JSON, "Accept": "*/*, application/*;q=0"},
        _body({"query": _OPEN}),
        406,
        "NOT_ACCEPTABLE",
    ),
    "said to be packed": ({**_JSON, "Content-Encoding": "gzip"}, _body({"query": _OPEN}), 415, "MEDIA_TYPE"),
    "accepting nothing": ({**_JSON, "Accept": "application/json;q=0"}, _body({"query": _OPEN}), 406, "NOT_ACCEPTABLE"),
    "65 KiB": (_JSON, _body({"query": _OPEN + " " * 65_536}), 413, "BODY_TOO_LARGE"),
    "10 MB": (_JSON, b" " * 10_000_000, 413, "BODY_TOO_LARGE"),
    "mutation and no token": (
        _JSON,
        _body({"query": 'mutation { scoreClose(input: {idempotencyKey: "x"}) { __typename } }'}),
        401,
        "UNAUTHENTICATED",
    ),
    "a fragment bomb": (
        _JSON,
        _body(
            {
                "query": "{ ...F0 }"
                + "".join(f" fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(60))
                + " fragment F60 on Query { __typename }"
            }
        ),
        422,
        "TOO_LARGE",
    ),
    "10,000 aliases": (
        _JSON,
        _body({"query": "{" + " ".join(f"a{n}:__typename" for n in range(3000)) + "}"}),
        400,
        "PARSE_FAILED",
    ),
    "a deep document": (_JSON, _body({"query": "{ offers " * 500 + "}" * 500}), 400, "PARSE_FAILED"),
}


@pytest.mark.parametrize("_case", _POSTED)
async def test_what_is_posted(town: Town, _case: str) -> None:
    headers, body, status, code = _POSTED[_case]
    answer = await town.http.post("/graphql", content=body, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (status, code)
    assert "data" not in answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert "Accept" in answer.headers["vary"]


async def test_a_body_in_chunks_is_bounded_too(town: Town) -> None:
    async def chunks() -> Any:
        for _ in range(200):
            yield b" " * 1000

    answer = await town.http.post("/graphql", content=chunks(), headers=_JSON)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "kind", ["APPLICATION/JSON", "application/json; charset=utf-8", 'application/json;charset="UTF-8"']
)
async def test_media_types_are_read_as_the_standard_says(town: Town, kind: str) -> None:
    answer = await town.http.post("/graphql", content=_body({"query": _OPEN}), headers={"Content-Type": kind})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("application/graphql-response+json", "application/graphql-response+json; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
        ("*/*", "application/json; charset=utf-8"),
        ("image/png, */*;q=0.1", "application/json; charset=utf-8"),
        ("application/json;q=0, */*", "application/graphql-response+json; charset=utf-8"),
        ("application/*;q=0, application/json", "application/json; charset=utf-8"),
        ("application/graphql-response+json;q=0, application/*", "application/json; charset=utf-8"),
        ("APPLICATION/GraphQL-Response+JSON", "application/graphql-response+json; charset=utf-8"),
    ],
)
async def test_the_answer_is_in_what_was_accepted(town: Town, accept: str, given: str) -> None:
    answer = await town.http.post("/graphql", json={"query": _OPEN}, headers={"Accept": accept})
    assert answer.headers["content-type"] == given


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])
async def test_other_methods_are_405_with_allow(town: Town, method: str) -> None:
    answer = await town.http.request(method, "/graphql")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


_GOT: dict[str, tuple[dict[str, str], int, str | None]] = {
    "an open query": ({"query": _OPEN}, 200, None),
    "an empty operation name": ({"query": _OPEN, "operationName": ""}, 200, None),
    "a mutation": (
        {"query": 'mutation { scoreClose(input: {idempotencyKey: "x"}) { __typename } }'},
        405,
        "METHOD_NOT_ALLOWED",
    ),
    "two mutations": (
        {"query": 'mutation { a: scoreClose(input: {idempotencyKey: "x"}) { __typename } __typename }'},
        405,
        "METHOD_NOT_ALLOWED",
    ),
    "a personal query": ({"query": "{ me { name } }"}, 405, "METHOD_NOT_ALLOWED"),
    "deep variables": ({"query": _OPEN, "variables": "[" * 5000}, 400, "BAD_REQUEST"),
    "variables of another kind": ({"query": _OPEN, "variables": "[]"}, 400, "PARAMETERS_INVALID"),
    "NUL": ({"query": '{ offers(search: "\x00") { edges { cursor } } }'}, 400, "BAD_REQUEST"),
}


@pytest.mark.parametrize("_case", _GOT)
async def test_get_answers_what_needs_no_sign_in(town: Town, _case: str) -> None:
    parameters, status, code = _GOT[_case]
    headers = {"Authorization": f"Bearer {await town.token('citizen-1')}"} if status == 405 else {}
    answer = await town.http.get("/graphql", params=parameters, headers=headers)
    assert answer.status_code == status
    assert (answer.json()["errors"][0]["extensions"]["code"] if "errors" in answer.json() else None) == code
    if status == 405:
        assert answer.headers["allow"] == "GET, POST"


async def test_graphiql_is_served_to_browsers_only_and_from_here_only(town: Town) -> None:
    page = await town.http.get("/graphql", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "http" not in page.text.replace("http-equiv", "")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for script in ("react.production.min.js", "react-dom.production.min.js", "graphiql.min.js", "start.js"):
        assert (await town.http.get(f"/static/graphiql/{script}")).status_code == 200
    assert (await town.http.get("/graphql", headers={"Accept": "*/*"})).status_code == 406


async def test_graphiql_can_read_the_schema_it_is_for(town: Town) -> None:
    found = await town.ask(None, get_introspection_query())
    assert "errors" not in found, found
    assert len(found["data"]["__schema"]["types"]) > 50


async def test_headers_of_17_kib_are_refused(town: Town) -> None:
    answer = await town.http.post("/graphql", json={"query": _OPEN}, headers={"X-Long": "x" * 17_000})
    assert answer.status_code == 431


async def test_the_request_log_names_our_paths_only(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    number = "11010119900307" + "7774"
    caplog.set_level("INFO")
    await town.http.get(f"/{number}", headers={"X-Long": "x" * 17_000})
    await town.http.post(f"/static/{number}")
    await town.http.get(f"/nowhere/{number}")
    assert number not in caplog.text
    assert "'path': '?'" in caplog.text


async def test_safety_headers_stand_on_every_answer(town: Town) -> None:
    once = ("x-content-type-options", "referrer-policy", "cross-origin-resource-policy", "content-security-policy")
    for path in ("/graphql", "/livez", "/nowhere", "/.well-known/jwks.json", "/log/checkpoint", "/"):
        headers = (await town.http.get(path, headers={"Accept-Encoding": "gzip, br"})).headers
        assert [len(headers.get_list(name)) for name in once] == [1] * len(once), path
        # What is packed tells by its length how alike a secret and what was reflected are; the app holds none.
        assert path == "/" or "content-encoding" not in headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "server" not in headers
        assert "strict-transport-security" not in headers, "a demonstration is asked by http"


_PAGES = {
    "none": (0, "PAGE_SIZE"),
    "minus one": (-1, "PAGE_SIZE"),
    "101": (101, "PAGE_SIZE"),
    "the largest": (2**31 - 1, "PAGE_SIZE"),
}


@pytest.mark.parametrize("_case", _PAGES)
async def test_a_page_is_1_to_100(town: Town, _case: str) -> None:
    first, code = _PAGES[_case]
    answer = await town.ask("citizen-1", f"{{ me {{ records(first: {first}) {{ edges {{ cursor }} }} }} }}")
    assert (answer["data"], answer.code) == (None, code)


async def test_a_cursor_of_the_longest_name_opens_too(town: Town) -> None:
    async with town.house.database.writing() as unit:
        renamed = text("UPDATE party SET name = :n WHERE name = '海津示例银行'")
        assert await unit.run(renamed, {"n": "𠮷" * 120}) == 1
    document = "query($a: String) { parties(first: 100, after: $a) { edges { cursor node { name } } } }"
    edges = (await town.data(None, document))["parties"]["edges"]
    cursor = next(edge["cursor"] for edge in edges if edge["node"]["name"].startswith("𠮷"))
    assert "errors" not in await town.ask(None, document, {"a": cursor})


async def test_a_forged_or_foreign_cursor_opens_nothing(town: Town) -> None:
    document = "query($a: String) { me { records(first: 1, after: $a) { edges { cursor } } } }"
    own = (await town.data("citizen-1", document))["me"]["records"]["edges"][0]["cursor"]
    grants = "{ me { grants(first: 1) { edges { cursor } } } }"
    others = (await town.data("citizen-1", grants))["me"]["grants"]["edges"][0]["cursor"]
    flipped = own[:-2] + ("A" if own[-2] != "A" else "B") + own[-1]
    for cursor in ("", "x", "arrayconnection:4", own[:-4], flipped, own + "A" * 400, others, "Ω" * 20):
        answer = await town.ask("citizen-1", document, {"a": cursor})
        assert (answer["data"], answer.code) == (None, "BAD_CURSOR"), cursor
    foreign = await town.ask("citizen-2", document, {"a": own})
    assert foreign.code == "BAD_CURSOR"
    after = "query($a: String) { me { grants(first: 1, after: $a) { edges { cursor } } } }"
    assert (await town.ask("citizen-8", after, {"a": others})).code == "BAD_CURSOR"
    assert (await town.ask("citizen-1", after, {"a": others})).status == 200
    assert (await town.ask("citizen-1", document, {"a": own})).status == 200


@pytest.mark.parametrize("field", ["record", "grant", "claim"])
async def test_a_foreign_id_is_as_absent_as_a_made_up_one(town: Town, field: str) -> None:
    made = await town.claim("citizen-1", await town.open_offer(), key="mine")
    records = await town.data("citizen-1", "{ me { records(first: 1) { edges { node { id } } } } }")
    grants = await town.data("citizen-1", "{ me { grants(first: 1) { edges { node { id } } } } }")
    mine = {
        "record": records["me"]["records"]["edges"][0]["node"]["id"],
        "grant": grants["me"]["grants"]["edges"][0]["node"]["id"],
        "claim": made["claim"]["id"],
    }[field]
    document = f"query($i: ID!) {{ me {{ {field}(id: $i) {{ id }} }} }}"
    assert (await town.data("citizen-1", document, {"i": mine}))["me"][field]["id"] == mine
    foreign = await town.ask("citizen-2", document, {"i": mine})
    for made_up in ("", "rec_" + "0" * 20, "'; DROP TABLE record; --", "x" * 5000, "Ω"):
        absent = await town.ask("citizen-2", document, {"i": made_up})
        assert absent.response.content == foreign.response.content


async def test_one_mutation_an_operation(town: Town) -> None:
    close = 'scoreClose(input: {idempotencyKey: "x"}) { __typename }'
    twice = f"mutation {{ a: {close} b: {close} }}"
    refused = await town.ask("citizen-1", twice)
    assert (refused.status, refused.code) == (422, "ONE_MUTATION")
    assert await town.count("SELECT count(*) FROM score WHERE status = 'CLOSED'") == 0


async def test_one_grant_a_document(town: Town) -> None:
    query = '(query: {grantId: "x", operator: "x"}) { subject { name } }'
    refused = await town.ask("bank-1", f"{{ a: granted{query} b: granted{query} }}")
    assert (refused.status, refused.code) == (422, "ONE_GRANTED")


_SCALARS = {
    "a naive instant": 'validUntil: "2027-01-01T00:00:00"',
    "a day for an instant": 'validUntil: "2027-01-01"',
    "an instant in year 1": 'validUntil: "0001-01-01T00:00:00+14:00"',
    "the last instant": 'validUntil: "9999-12-31T23:59:59-12:00"',
    "no such day": 'validUntil: "2027-02-30T00:00:00Z"',
    "a number": "validUntil: 1",
}


@pytest.mark.parametrize("_case", _SCALARS)
async def test_instants_are_strict(town: Town, _case: str) -> None:
    terms = 'recipientId: "x", purpose: FINANCING, categories: [HONOUR], noticeHash: "x", idempotencyKey: "x"'
    document = f"mutation {{ grantIssue(input: {{{terms}, {_SCALARS[_case]}}}) {{ __typename }} }}"
    refused = await town.ask("citizen-1", document)
    assert (refused.status, refused.code) == (400, "VALIDATION_FAILED")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e10", "1_000", "１２", "1." + "0" * 7, "1" * 13, "", " 1"])
async def test_decimals_are_strict(town: Town, value: str) -> None:
    document = "mutation($i: ClaimRedeemInput!) { claimRedeem(input: $i) { __typename } }"
    refused = await town.ask("till-1", document, {"i": {"code": "x", "idempotencyKey": "x", "orderAmountYuan": value}})
    assert (refused.status, refused.code) == (422, "VARIABLES_INVALID")


@pytest.mark.parametrize("value", ["2026-1-1", "2026-W01-1", "20260101", "2026-02-30", "0000-01-01", "9999-12-31"])
async def test_days_are_strict(town: Town, value: str) -> None:
    document = "query($d: Date) { me { accessHistory(to: $d) { edges { cursor } } } }"
    refused = await town.ask("citizen-1", document, {"d": value})
    assert (refused.status, refused.code) == (422, "VARIABLES_INVALID")


async def test_english_is_spoken_to_who_asks_for_it(town: Town) -> None:
    refused = await town.ask(None, "{ me { name } }", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert refused["errors"][0]["message"] == "Please sign in."
