"""Stored documents at the door: whose they are, by which words they are asked for, and from whom texts are taken."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api import appconfig, clock
from api.app import create_app
from api.documents import library_of, using
from api.house import House
from api.settings import NotConfigured
from core.installation import Kind
from core.moments import day_of
from core.principal import ANONYMOUS, Scope
from parties import documents
from schema.document_acts import MOST_AT_ONCE
from schema.library import Library
from tests.harness.callers import Answered, Town
from tests.harness.programs import DESK, OPEN, Program, digest, real
from tests.harness.sockets import CHANGES, opened

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_TOLD = "query Told { viewer { name } }"
_UNMARKED = 'query U { granted(query: {grantId: "x", operator: "x"}) { records(first: 1) { edges { cursor } } } }'


def _input(program: Program, *texts: str, key: str = "k", **changed: Any) -> dict[str, Any]:
    stored = [{"name": digest(text), "text": text} for text in texts]
    return {"clientId": program.id, "version": "1.0", "documents": stored, "idempotencyKey": key, **changed}


async def _register(town: Town, program: Program, *texts: str, **changed: Any) -> dict[str, Any]:
    return await town.act(
        "partner-1", "documentsRegister", _input(program, *texts, **changed), "client { id } replayed"
    )


async def test_our_own_client_sends_what_its_build_has_listed_and_nothing_else(town: Town, tmp_path: Path) -> None:
    program = await Program(town).begin(Scope.PARTNER_READ)
    async with real(town.house, tmp_path, {f"{program.id}/1.0": {digest(DESK): DESK}}) as service:
        forms: list[dict[str, Any]] = [
            {"query": DESK},
            {"documentId": f"sha256:{digest(DESK)}"},
            {"documentId": digest(DESK)},
            {"doc_id": digest(DESK)},
            {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest(DESK)}}},
            {"query": DESK, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest(DESK)}}},
        ]
        for form in forms:
            found = await program.send(service, **form)
            assert found.get("data"), (form, found)
        refused: list[tuple[dict[str, Any], int, str]] = [
            ({"query": f"{DESK} "}, 403, "DOCUMENT_REQUIRED"),
            ({"query": "{"}, 403, "DOCUMENT_REQUIRED"),
            ({"documentId": digest(_TOLD)}, 404, "DOCUMENT_UNKNOWN"),
            ({"documentId": "Desk"}, 404, "DOCUMENT_UNKNOWN"),
            ({"documentId": f"{digest(DESK)}\x00"}, 404, "DOCUMENT_UNKNOWN"),
            ({"documentId": "x" * 60_000}, 404, "DOCUMENT_UNKNOWN"),
            ({"documentId": ""}, 400, "PARAMETERS_INVALID"),
            ({"documentId": None}, 400, "PARAMETERS_INVALID"),
            ({"documentId": [digest(DESK)]}, 400, "PARAMETERS_INVALID"),
            ({"documentId": digest(DESK), "doc_id": digest(_TOLD)}, 400, "PARAMETERS_INVALID"),
            ({"documentId": digest(_TOLD), "query": DESK}, 400, "PARAMETERS_INVALID"),
            ({"extensions": {"persistedQuery": {"version": 2, "sha256Hash": digest(DESK)}}}, 400, "PARAMETERS_INVALID"),
            ({"extensions": {"persistedQuery": {"version": 1}}}, 400, "PARAMETERS_INVALID"),
            ({"extensions": {"persistedQuery": 5}}, 400, "PARAMETERS_INVALID"),
        ]
        for form, status, code in refused:
            found = await program.send(service, **form)
            assert (found.status, found.code, "data" in found) == (status, code, False), form


async def test_what_one_version_has_listed_its_users_may_send_when_the_next_has_come(
    town: Town, tmp_path: Path
) -> None:
    program = await Program(town).begin(Scope.PARTNER_READ)
    async with real(town.house, tmp_path, {f"{program.id}/1.0": {digest(DESK): DESK}}):
        pass
    (tmp_path / program.id / "1.0.json").unlink()
    async with real(town.house, tmp_path, {f"{program.id}/1.1": {digest(_TOLD): _TOLD}}) as service:
        for form in ({"query": DESK}, {"documentId": digest(DESK)}, {"documentId": digest(_TOLD)}):
            assert "errors" not in await program.send(service, **form)
        assert (await program.send(service, query=OPEN)).code == "DOCUMENT_REQUIRED"
    assert await town.count("SELECT count(*) FROM document_version WHERE client = :c", c=program.id) == 2


async def test_a_third_party_registers_its_own_or_sends_texts_under_the_bounds(town: Town, tmp_path: Path) -> None:
    program = await Program(town).begin(Scope.PARTNER_READ)
    other = await Program(town).begin(Scope.PARTNER_READ)
    made = await _register(town, program, DESK, _TOLD)
    assert (made["client"]["id"], made["replayed"]) == (program.id, False)
    assert (await _register(town, program, DESK, _TOLD))["replayed"]
    async with real(town.house, tmp_path, {"app/1": {digest(OPEN): OPEN}}) as service:
        assert (await program.send(service, documentId=digest(OPEN))).code == "DOCUMENT_UNKNOWN", "the app's"
        assert "errors" not in await program.send(service, documentId=digest(DESK))
        assert "errors" not in await program.send(service, query="{ partner { party { id } } }")
        assert (await program.send(service, query="{ __schema { types { name } } }")).code == "FIELD_NOT_ALLOWED"
        misspelt = await program.send(service, query="{ partnr { id } }")
        assert (misspelt.status, "partner" in misspelt.response.text) == (400, False)
        assert (await other.send(service, documentId=digest(DESK))).code == "DOCUMENT_UNKNOWN"
        nobody = Answered(await service.http.post("/graphql", json={"query": DESK}))
        assert (nobody.status, nobody.code) == (403, "DOCUMENT_REQUIRED")
        unknown = Answered(await service.http.post("/graphql", json={"documentId": digest(DESK)}))
        assert (unknown.status, unknown.code) == (404, "DOCUMENT_UNKNOWN")


def _named(*texts: str) -> list[dict[str, str]]:
    return [{"name": digest(text), "text": text} for text in texts]


_BROKEN: dict[str, tuple[dict[str, Any], tuple[list[str], str]]] = {
    "another text": ({"documents": [{"name": digest(DESK), "text": _TOLD}]}, (["documents", "0", "name"], "DIGEST")),
    "not valid": ({"documents": _named("{ nothing }")}, (["documents", "0", "text"], "DOCUMENT_INVALID")),
    "never to be run": (
        {"documents": _named(_TOLD, "mutation { __typename }")},
        (["documents", "1", "text"], "DOCUMENT_INVALID"),
    ),
    "a version of two words": ({"version": "1 0"}, (["version"], "VERSION_FORMAT")),
    "no documents": ({"documents": []}, (["documents"], "LENGTH")),
    "21 documents": ({"documents": _named(*(f"#{n}\n{DESK}" for n in range(21)))}, (["documents"], "LENGTH")),
}


async def test_so_many_are_registered_at_once(town: Town) -> None:
    program = await Program(town).begin(Scope.PARTNER_READ)
    for many, named in ((MOST_AT_ONCE, True), (MOST_AT_ONCE + 1, False)):
        texts = [f"#{n}\n{DESK}" for n in range(many)]
        assert ("client" in await _register(town, program, key=str(many), documents=_named(*texts))) is named
    assert await town.count("SELECT count(*) FROM stored_document WHERE client = :c", c=program.id) == MOST_AT_ONCE


async def test_what_is_not_registered(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    program = await Program(town).begin(Scope.PARTNER_READ)
    for name, (changed, (path, code)) in _BROKEN.items():
        refused = await _register(town, program, DESK, key=name, **changed)
        assert [(one["path"], one["code"]) for one in refused["details"]] == [(["input", *path], code)], name
    foreign = _input(program, DESK, key="f", clientId="cli_x")
    assert (await town.act("partner-1", "documentsRegister", foreign, "replayed"))["code"] == "NOT_AVAILABLE"
    monkeypatch.setattr(documents, "MOST_DOCUMENTS", 1)
    assert "client" in await _register(town, program, DESK, key="one")
    many = await _register(town, program, _TOLD, key="two")
    assert [one["code"] for one in many["details"]] == ["TOO_MANY"]
    monkeypatch.setattr(documents, "MOST_DOCUMENTS", 2)
    monkeypatch.setattr(documents, "MOST_CHARACTERS", len(DESK) + len(_TOLD) - 1)
    assert [one["code"] for one in (await _register(town, program, _TOLD, key="three"))["details"]] == [
        "TOO_LONG_TOGETHER"
    ]
    monkeypatch.setattr(documents, "MOST_CHARACTERS", len(DESK) + len(_TOLD))
    assert "client" in await _register(town, program, _TOLD, key="four")
    assert await town.count("SELECT count(*) FROM stored_document WHERE client = :c", c=program.id) == 2


async def test_a_socket_and_events_take_names_too(town: Town) -> None:
    async with town.house.database.writing() as unit:
        await documents.put(unit, "haihe-app", "2.0", {digest(CHANGES): CHANGES}, at=clock.now())
    bearer = f"Bearer {await town.token('citizen-1')}"
    events = {"Authorization": bearer, "Accept": "text/event-stream"}
    for name, code in (("0" * 64, "DOCUMENT_UNKNOWN"), (digest(CHANGES), "BAD_CURSOR")):
        persisted = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": name}}}
        for named in ({"documentId": name}, {"doc_id": name}, persisted):
            payload = {**named, "variables": {"after": "forged"}}
            async with opened(town) as client:
                await client.begin(bearer)
                client.say({"id": "1", "type": "subscribe", "payload": payload})
                assert (await client.hear())["payload"][0]["extensions"]["code"] == code, named
            assert code in (await town.http.post("/graphql", json=payload, headers=events)).text, named
    again = f"{CHANGES}\n"
    either = {**events, "Accept": "application/json, text/event-stream"}
    async with town.house.database.writing() as unit:
        texts = {digest(text): text for text in (_TOLD, again)}
        await documents.put(unit, "haihe-app", "2.1", texts, at=clock.now())
    told = await town.http.post("/graphql", json={"documentId": digest(_TOLD)}, headers=either)
    assert "viewer" in told.json()["data"]
    payload = {"documentId": digest(again), "variables": {"after": "forged"}}
    assert (await town.http.post("/graphql", json=payload, headers=either)).text.startswith("event: next")


_GOT: dict[str, tuple[str, dict[str, str], int, str | None]] = {
    "stored and open": (OPEN, {"variables": '{"s": "银行"}'}, 200, None),
    "with an open input object": (
        "query P($q: PublishedQueryInput!) { published(query: $q) { name objections { filedAt } } }",
        {"variables": '{"q": {"name": "海津示例银行"}}'}, 200, None,
    ),
    "by a personal answer": (
        "query C { reportCheck(number: \"x\", code: \"y\") { state } }", {}, 405, "METHOD_NOT_ALLOWED",
    ),
    "signed in": (DESK, {}, 405, "METHOD_NOT_ALLOWED"),
    "a mutation": (
        'mutation M { scoreClose(input: {idempotencyKey: "x"}) { __typename } }', {}, 405, "METHOD_NOT_ALLOWED",
    ),
}  # fmt: skip


async def test_get_answers_stored_documents_that_touch_nothing_above_public(town: Town, tmp_path: Path) -> None:
    program = await Program(town).begin(Scope.PARTNER_READ)
    builds = {"app/1.0": {digest(document): document for document, *_ in _GOT.values()}}
    async with real(town.house, tmp_path, builds) as service:
        for name, (document, more, status, code) in _GOT.items():
            found = Answered(await service.http.get("/graphql", params={"documentId": digest(document), **more}))
            said = found.code if "errors" in found else None
            assert (found.status, said) == (status, code), (name, found)
            assert found.response.headers["cache-control"] == "no-store"
        by_text = Answered(await service.http.get("/graphql", params={"query": OPEN, "variables": '{"s": "x"}'}))
        assert by_text.status == 200, "a stored document by its text"
        text = Answered(await service.http.get("/graphql", params={"query": "{ parties { edges { cursor } } }"}))
        assert (text.status, text.code) == (403, "DOCUMENT_REQUIRED")
        theirs = await service.http.get(
            "/graphql", params={"query": "{ parties { edges { cursor } } }"}, headers=program.bearer
        )
        assert "DOCUMENT_REQUIRED" in theirs.text, "nor of whoever may send texts by POST"
        apollo = json.dumps({"persistedQuery": {"version": 1, "sha256Hash": digest(OPEN)}})
        assert (await service.http.get("/graphql", params={"extensions": apollo})).status_code == 200
        assert (await service.http.get("/graphql", params={"doc_id": digest(OPEN)})).status_code == 200
        assert (await service.http.get("/graphql", params={"extensions": "{"})).status_code == 400


async def test_a_real_service_does_not_start_with_a_manifest_that_is_wrong(house: House, tmp_path: Path) -> None:
    for manifest, why in (
        ({digest(DESK): OPEN}, "is not the digest"),
        ({digest("{ nothing }"): "{ nothing }"}, "VALIDATION_FAILED"),
        ({digest(_UNMARKED): _UNMARKED}, "MARK_REQUIRED"),
    ):
        with pytest.raises(NotConfigured, match=why):
            async with real(house, tmp_path, {"app/1": manifest}):
                pass
        create_app(House(house.settings.model_copy(update={"documents": tmp_path})), Kind.DEMONSTRATION)
    with pytest.raises(NotConfigured, match="no folder"):
        async with real(house, tmp_path / "app" / "1.json", {}):
            pass


async def test_what_was_asked_for_is_written_down_once_a_day(town: Town) -> None:
    library, at = Library(demonstration=False), clock.now()
    library.adopt("build", frozenset({"build"}), {digest(OPEN): OPEN, digest(DESK): DESK})
    used_since = "SELECT count(*) FROM stored_document WHERE client = 'build' AND used_on >= :day"
    async with town.house.database.writing() as unit:
        old = at - timedelta(days=9)
        await documents.put(unit, "build", "1", {digest(OPEN): OPEN, digest(DESK): DESK}, at=old)
    duty = using(town.house.database, library)
    for asked in (0, 1):
        for _ in range(asked):
            assert library.known(OPEN, ANONYMOUS) is not None
        await duty.run_once(at)
        assert await town.count(used_since, day=str(day_of(at))) == asked
    assert library.used() == set()


async def test_the_apps_own_build_is_taken_whole(town: Town) -> None:
    config = appconfig.of(town.house.settings, Kind.DEMONSTRATION)
    _, (app,) = library_of(town.house.settings, config, is_demonstration=False)
    assert len(app.texts) > 100
    found = await town.http.get("/operations.json")
    assert app.texts == found.json()
    for persona, named in (("citizen-1", "query Acting "), ("bank-1", "query DeskParty ")):
        bearer = {"Authorization": f"Bearer {await town.token(persona)}"}
        name = next(name for name, text in app.texts.items() if text.startswith(named))
        answer = await town.http.post("/graphql", json={"documentId": name}, headers=bearer)
        assert "errors" not in answer.json(), persona
