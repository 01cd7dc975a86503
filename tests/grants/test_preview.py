"""The preview is the recipient's first answer, byte for byte, and takes nothing."""

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.moments import rfc3339
from tests.harness.asking import approve, ask, asked, company, identity, read
from tests.harness.callers import Town
from tests.harness.scale import scaled

_PREVIEW = """query($g: ID!, $d: String!, $t: GrantTermsInput, $v: String) { me {
  grantPreview(grantId: $g, document: $d, terms: $t, variables: $v) } }"""
_CATEGORIES = ["REGISTRATION", "ADMINISTRATIVE", "HONOUR", "PROFESSIONAL", "JUDICIAL"]
_DOCUMENTS = [
    """query($q: GrantedQueryInput!) { granted(query: $q) { grant { id version status usesLeft usesPerPeriod period
      windowMonths documents validFrom validUntil lapsesAt requestUrl reason reference template retentionDays endedAt
      notice { hash text language } recipient { name } handledBy { name } subject { name } }
      subject { name kind identity { masked type } }
      objections { filedAt } records(first: 2) { pageInfo { hasNextPage endCursor } edges { cursor node { id category
      title version items { code value masked } objections { filedAt } } } } } }""",
    """query($q: GrantedQueryInput!, $f: RecordFilter) { granted(query: $q) {
  objections { filedAt } records(filter: $f, first: 100) {
      edges { cursor node { id category occurredOn objections { filedAt } } } } } }""",
    "query($q: GrantedQueryInput!) { granted(query: $q) { objections { filedAt }"
    ' records(after: "x") { edges { cursor } } } }',
    "query($q: GrantedQueryInput!) { granted(query: $q) { objections { filedAt }"
    " records { edges { node { title } } } } }",
]


async def _preview(town: Town, persona: str, grant_id: str, document: str, variables: Any, terms: Any = None) -> Any:
    asked_ = {"g": grant_id, "d": document, "t": terms, "v": json.dumps(variables)}
    return await town.ask(persona, _PREVIEW, asked_)


def _some(chance: random.Random, of: list[str]) -> list[str]:
    return chance.sample(of, chance.randint(1, len(of)))


def _narrower(chance: random.Random, categories: list[str], uses: int | None) -> dict[str, Any] | None:
    terms: dict[str, Any] = {}
    if chance.random() < 0.5:
        terms["categories"] = _some(chance, categories)
    if chance.random() < 0.5:
        terms["uses"] = chance.randint(1, uses or 9)
    if chance.random() < 0.5:
        terms["windowMonths"] = chance.randint(1, 60)
    if chance.random() < 0.3:
        terms |= {"usesPerPeriod": chance.randint(1, 3), "period": chance.choice(["DAY", "WEEK", "MONTH", "YEAR"])}
    if chance.random() < 0.3:
        terms["retentionDays"] = chance.randint(0, 180)
    return terms or None


async def _approve(town: Town, persona: str, grant_id: str, terms: Any) -> None:
    people = ("company-1-seal", "company-1-legal") if persona == "company-1-seal" else (persona,)
    for turn, person in enumerate(people):
        made = await approve(town, person, grant_id, **({"terms": terms} if terms and turn == 0 else {}))
        assert "grant" in made, made


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_the_preview_is_the_recipients_first_answer_byte_for_byte(town: Town, figures: dict[str, int]) -> None:
    chance, answered, compared, round_ = random.Random(9), 0, 0, 0
    people = {
        name: {"identity": await identity(town, name)} for name in ("citizen-2", "citizen-4", "citizen-7", "shop-1")
    }
    people["company-1-seal"] = {"identity": await company(town)}
    while compared < scaled(24, 2000):
        round_ += 1
        persona = chance.choice(list(people))
        categories, uses = _some(chance, _CATEGORIES), chance.choice([None, 1, 5])
        until = rfc3339(datetime.now(UTC) + timedelta(days=chance.randint(2, 300)))
        made = await ask(
            town, f"r{round_}", subject=people[persona], categories=categories, uses=uses, validUntil=until,
            reference=f"ref {round_}",
        )  # fmt: skip
        grant_id = made["grant"]["id"]
        if made["grant"]["status"] != "REQUESTED":  # an active grant covers it
            continue
        terms = _narrower(chance, categories, uses)
        document = chance.choice(_DOCUMENTS)
        query = {"grantId": grant_id, "operator": "甲", "stage": chance.choice(["PRE_LOAN", "PRE_LOAN", "POST_LOAN"])}
        variables = {"q": query, "f": {"categories": _some(chance, _CATEGORIES)} if chance.random() < 0.4 else None}
        if "$f" not in document:
            del variables["f"]
        previewed = await _preview(town, persona, grant_id, document, variables, terms)
        assert "errors" not in previewed, previewed
        shown = previewed["data"]["me"]["grantPreview"]
        await _approve(town, persona, grant_id, terms)
        first = await town.ask("bank-1", document, variables)
        assert shown.encode() == first.response.content, (terms, document)
        answered += first.get("data") is not None
        compared += 1
        await town.act(persona, "grantRevoke", {"grantId": grant_id}, "replayed")
    figures.update({"grants": compared, "answered": answered})
    assert answered > compared / 4


async def test_a_preview_takes_no_use_and_leaves_no_look_of_the_recipients(town: Town) -> None:
    made = await town.grant("citizen-2", key="preview", uses=1, usesPerPeriod=1, period="DAY")
    grant_id = made["grant"]["id"]
    variables = {"q": {"grantId": grant_id, "operator": "甲", "stage": "PRE_LOAN", "attempt": "one"}}
    looks = await town.count("SELECT count(*) FROM access WHERE basis = 'GRANT'")
    shown = [
        (await _preview(town, "citizen-2", grant_id, _DOCUMENTS[0], variables))["data"]["me"]["grantPreview"]
        for _ in range(3)
    ]
    assert await town.count("SELECT count(*) FROM access WHERE basis = 'GRANT'") == looks
    assert await town.count("SELECT count(*) FROM grant_period") == 0
    assert await town.count("SELECT count(*) FROM grant_attempt") == 0
    first = await town.ask("bank-1", _DOCUMENTS[0], variables)
    assert {text.encode() for text in shown} == {first.response.content}
    ended = (await _preview(town, "citizen-2", grant_id, _DOCUMENTS[0], variables))["data"]["me"]["grantPreview"]
    assert json.loads(ended)["data"]["granted"]["grant"]["usesLeft"] == 0  # the attempt again
    variables["q"]["attempt"] = "two"
    ended = (await _preview(town, "citizen-2", grant_id, _DOCUMENTS[0], variables))["data"]["me"]["grantPreview"]
    assert ended.encode() == (await town.ask("bank-1", _DOCUMENTS[0], variables)).response.content
    assert json.loads(ended)["errors"][0]["extensions"]["code"] == "GRANT_ENDED"


@pytest.mark.parametrize("document", [
    "{ recipient { party { name } } }", "{ viewer { name } }", "{ me { name } }", "{ offers { edges { cursor } } }",
    "{ granted(query: {grantId: \"GRANT\", operator: \"甲\"}) { grant { id } } recipient { party { id } } }",
    "mutation { grantRelinquish(input: {grantId: \"GRANT\", expectedVersion: 1}) { __typename } }",
])  # fmt: skip
async def test_a_preview_is_of_one_grant_and_of_nothing_else_of_the_recipients(town: Town, document: str) -> None:
    grant_id = await asked(town, "citizen-2", "only")
    answer = await _preview(town, "citizen-2", grant_id, document.replace("GRANT", grant_id), {})
    if answer["data"] is None:
        assert answer.code == "FIELD_NOT_ALLOWED"
    else:
        assert json.loads(answer["data"]["me"]["grantPreview"])["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert (await read(town, "citizen-2", grant_id))["version"] == 1


async def test_anothers_grant_is_absent_in_a_preview_and_as_its_subject(town: Town) -> None:
    mine, others = await asked(town, "citizen-2", "mine"), (await town.grant("citizen-7", key="theirs"))["grant"]["id"]
    variables = {"q": {"grantId": others, "operator": "甲", "stage": "PRE_LOAN"}}
    shown = (await _preview(town, "citizen-2", mine, _DOCUMENTS[0], variables))["data"]["me"]["grantPreview"]
    assert json.loads(shown)["errors"][0]["extensions"]["code"] == "NOT_AVAILABLE"
    assert (await _preview(town, "citizen-2", others, _DOCUMENTS[0], variables)).code == "NOT_AVAILABLE"
    for text in ("[]", "{", "1"):
        answer = await town.ask("citizen-2", _PREVIEW, {"g": mine, "d": _DOCUMENTS[0], "v": text})
        assert answer.code == "INVALID_INPUT"
    broken = (await _preview(town, "citizen-2", mine, "{", {}))["data"]["me"]["grantPreview"]
    assert broken.encode() == (await town.ask("bank-1", "{")).response.content


async def test_one_operation_previews_once(town: Town) -> None:
    grant_id = await asked(town, "citizen-2", "twice")
    document = f'{{ granted(query: {{grantId: "{grant_id}", operator: "a", stage: PRE_LOAN}}) {{ grant {{ id }} }} }}'
    field = f'grantPreview(grantId: "{grant_id}", document: {json.dumps(document)})'
    assert "errors" not in await town.ask("citizen-2", f"{{ me {{ a: {field} }} }}")
    assert (await town.ask("citizen-2", f"{{ me {{ a: {field} b: {field} }} }}")).code == "TOO_LARGE"
