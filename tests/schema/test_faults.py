"""A fault of ours is masked, logged once under the id that the answer carries, and undoes what it interrupted."""

import asyncio

import pytest

from credit import records
from schema import operation
from schema.context import Overtaken
from tests.harness.callers import Town
from tests.harness.scale import scaled

_SECRET = "postgres://user:secret@host 林海生"


async def test_a_fault_is_masked_and_logged_once(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError(_SECRET)

    looks = await town.count("SELECT count(*) FROM access")
    monkeypatch.setattr(records, "page", broken)
    answer = await town.ask("citizen-1", "{ me { name records { edges { cursor } } } }")
    assert (answer.status, answer.code) == (500, "FAULT")
    assert "data" not in answer
    assert "secret" not in answer.response.text
    logged = [record.getMessage() for record in caplog.records if "'fault'" in record.getMessage()]
    assert len(logged) == 1
    reference = answer["errors"][0]["message"].split("：")[1].rstrip("。")
    assert reference in logged[0]
    assert "secret" not in caplog.text
    assert await town.count("SELECT count(*) FROM access") == looks


async def test_a_field_that_fails_beside_others_leaves_the_pool_whole(town: Town) -> None:
    """More failing operations than the pool has connections: each sibling's statement ends before its connection goes
    back, so the pool never runs dry and no connection comes back in the middle of an answer."""
    failing = """{ published(query: {name: "海津示例餐饮管理有限公司"}) { name objections { filedAt }
      a: records { edges { node { title objections { filedAt } } } }
      b: records { edges { node { publicity objections { filedAt } } } } }
      partner { party { id } redemptions(after: "x") { edges { node { store } } } } }"""
    for _ in range(scaled(8, 100)):
        answers = await asyncio.gather(*(town.ask("till-1", failing) for _ in range(24)))
        assert {answer.code for answer in answers} == {"BAD_CURSOR"}
    fine = await asyncio.gather(*(town.ask("citizen-1", "{ me { name score { value } } }") for _ in range(48)))
    assert {answer.status for answer in fine} == {200}
    assert town.house.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


async def test_a_fault_in_a_mutations_answer_undoes_the_mutation(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    from incentives import claims

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError(_SECRET)

    offer_id, notice = await town.open_offer(), await town.notice("CLAIM")
    stock = await town.count("SELECT sum(left_over) FROM stock")
    monkeypatch.setattr(claims, "find", broken)
    document = "mutation($i: ClaimCreateInput!) { claimCreate(input: $i) { __typename } }"
    input_ = {"offerId": offer_id, "noticeHash": notice, "idempotencyKey": "fault"}
    assert (await town.ask("citizen-1", document, {"i": input_})).status == 500
    assert await town.count("SELECT count(*) FROM claim") == 0
    assert await town.count("SELECT sum(left_over) FROM stock") == stock
    monkeypatch.undo()
    made = await town.act("citizen-1", "claimCreate", input_, "replayed")
    assert made == {"__typename": "ClaimCreatePayload", "replayed": False}


async def test_a_refused_document_keeps_nothing_of_who_asked(town: Town) -> None:
    document = (
        '{ granted(query: {grantId: "x", operator: "x"}) { objections { filedAt }'
        " records { edges { node { scoreUntil } } } } }"
    )
    operations = town.app.router.routes[0].endpoint.operations  # type: ignore[attr-defined]
    for _ in range(3):
        assert (await town.ask("bank-1", document)).code == "FIELD_NOT_ALLOWED"
    problem = operations._library.text(document).operation(None).problem
    assert problem.__traceback__ is None


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("seconds", "tries"), [(10.0, 5), (-1.0, 1)])
async def test_what_is_overtaken_again_and_again_is_begun_anew_so_often_and_for_so_long(
    town: Town, monkeypatch: pytest.MonkeyPatch, seconds: float, tries: int
) -> None:
    begun = []

    async def overtaken(*_: object) -> None:
        begun.append(1)
        raise Overtaken

    monkeypatch.setattr(operation, "READ_SECONDS", seconds)
    monkeypatch.setattr(operation.Operations, "_data", overtaken)
    answer = await town.ask("citizen-1", "{ me { name } }")
    assert (answer.status, answer.code, len(begun)) == (503, "UNAVAILABLE", tries)
