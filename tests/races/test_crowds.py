"""Claims that come at once are taken together: each has its own outcome, and nobody pays for anybody else."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text

from core import idempotency
from schema import crowds, offers
from tests.harness.callers import Town

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
_PEOPLE = [f"citizen-{n}" for n in range(1, 9)]
_STATE = {
    "claims": "SELECT count(*) FROM claim",
    "told": "SELECT count(*) FROM change WHERE kind = 'CLAIM'",
    "keys": "SELECT count(*) FROM idempotency WHERE outcome IS NOT NULL",
    "looks": "SELECT count(*) FROM access",
    "stock": "SELECT -left_over FROM stock WHERE offer_id = :o",
}


class _Crowds:
    """How many were taken together, and what became of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sizes: list[int] = []
        real = crowds._taken

        async def taken(unit: Any, offer_id: str, wanted: Any) -> Any:
            self.sizes.append(len(wanted))
            return await real(unit, offer_id, wanted)

        monkeypatch.setattr(crowds, "_taken", taken)


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> _Crowds:
    """Listens to the crowds of a test."""
    return _Crowds(monkeypatch)


async def _state(town: Town, offer_id: str) -> Counter[str]:
    return Counter({name: await town.count(said, o=offer_id) for name, said in _STATE.items()})


async def _grown(town: Town, offer_id: str, before: Counter[str]) -> dict[str, int]:
    now = await _state(town, offer_id)
    return {name: now[name] - before[name] for name in _STATE}


async def _all(town: Town, offer_id: str, key: str = "k") -> Counter[str]:
    answers = await asyncio.gather(*(town.claim(person, offer_id, key=key) for person in _PEOPLE))
    return Counter(answer.get("code") or f"replayed {answer['replayed']}" for answer in answers)


async def _set(town: Town, statement: str, **values: object) -> None:
    async with town.house.database.writing() as unit:
        await unit.run(text(statement), values)


async def test_a_crowd_is_what_each_would_have_been_alone(town: Town, together: _Crowds) -> None:
    offer_id = await town.open_offer()
    before = await _state(town, offer_id)
    assert await _all(town, offer_id) == {"replayed False": 8}
    assert await _grown(town, offer_id, before) == {"claims": 8, "told": 8, "keys": 8, "looks": 8, "stock": 8}
    assert max(together.sizes) > 1
    assert await _all(town, offer_id) == {"replayed True": 8}
    assert (await _grown(town, offer_id, before))["claims"] == 8


async def test_the_last_ones_are_taken_and_everybody_else_hears_it(town: Town, together: _Crowds) -> None:
    offer_id = await town.open_offer()
    await _set(town, "UPDATE stock SET left_over = 3 WHERE offer_id = :o", o=offer_id)
    before = await _state(town, offer_id)
    assert await _all(town, offer_id) == {"replayed False": 3, "SOLD_OUT": 5}
    assert await _grown(town, offer_id, before) == {"claims": 3, "told": 3, "keys": 8, "looks": 3, "stock": 3}
    assert max(together.sizes) > 1
    await _set(town, "UPDATE stock SET left_over = 9 WHERE offer_id = :o", o=offer_id)
    assert await _all(town, offer_id) == {"replayed True": 3, "SOLD_OUT": 5}, "a key keeps its refusal"


async def test_a_key_that_was_seen_free_and_is_not_is_taken_by_nobody(
    town: Town, together: _Crowds, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def blind(_unit: Any, _attempts: Any) -> set[tuple[str, ...]]:
        return set()

    offer_id = await town.open_offer()
    assert await _all(town, offer_id) == {"replayed False": 8}
    monkeypatch.setattr(idempotency, "known", blind)
    together.sizes.clear()
    assert await _all(town, offer_id) == {"replayed True": 8}
    assert max(together.sizes) > 1
    assert await town.count("SELECT count(*) FROM claim") == 8


_MANY = """INSERT INTO claim (id, version, offer_id, offer_version, subject_id, slot, status, handle, notice_hash,
    created_at, expires_at, reversals)
  SELECT 'clm_' || n, 1, id, standing, 'sub_' || n, 1, 'CLAIMED', -n, '', now(), ends_at, 0
  FROM offer, generate_series(1, 3000) n WHERE id = :o"""
_KEYS = """INSERT INTO idempotency (actor, operation, key, fingerprint, outcome, created_at)
  SELECT 'somebody', 'claimCreate', n, '', '{}', now() FROM generate_series(1, 3000) n"""
_READ = """SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) AS rows FROM pg_stat_xact_user_tables
  WHERE relname IN ('claim', 'idempotency')"""


async def test_what_a_crowd_reads_does_not_grow_with_what_others_took(
    town: Town, together: _Crowds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the database has not counted its rows yet, as after the first seconds of a sale."""
    offer_id = await town.open_offer()
    await _set(town, _MANY, o=offer_id)
    await _set(town, _KEYS)
    read: Counter[str] = Counter()
    real = crowds._taken

    async def taken(unit: Any, offer_id: str, wanted: Any) -> Any:
        outcomes = await real(unit, offer_id, wanted)
        for row in await unit.all(text(_READ)):
            read[row.relname] = max(read[row.relname], row.rows)
        return outcomes

    monkeypatch.setattr(crowds, "_taken", taken)
    assert await _all(town, offer_id) == {"replayed False": 8}
    assert max(together.sizes) > 1
    assert max(read.values()) < 100, read


async def test_each_has_its_own_refusal(town: Town, together: _Crowds) -> None:
    offer_id, notice = await town.open_offer(), await town.notice("CLAIM")
    assert (await town.claim("citizen-2", offer_id, key="first"))["replayed"] is False
    await _set(town, "UPDATE offer SET per_person = 1 WHERE id = :o", o=offer_id)

    async def take(person: str, **other: object) -> str:
        input_ = {"offerId": offer_id, "noticeHash": notice, "idempotencyKey": "k", **other}
        made = await town.act(person, "claimCreate", input_, "replayed")
        return str(made.get("code", made["__typename"]))

    said = await asyncio.gather(
        take("citizen-1"),
        take("citizen-2"),
        take("citizen-3", noticeHash="another"),
        take("citizen-4", storeId="str_x"),
        take("citizen-5", idempotencyKey=""),
        take("citizen-6"),
    )
    refused = ["PERSON_LIMIT_REACHED", "NOTICE_CHANGED", "INVALID_INPUT", "INVALID_INPUT"]
    assert said == ["ClaimCreatePayload", *refused, "ClaimCreatePayload"]
    assert max(together.sizes) > 1
    assert await town.count("SELECT count(*) FROM claim") == 3


async def test_one_whose_answer_fails_fails_alone(
    town: Town, together: _Crowds, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer_id = await town.open_offer()
    real, subject_id = offers.Claim.of, await _subject(town, "citizen-4")

    def of(context: Any, row: Any) -> Any:
        if row.subject_id == subject_id:
            raise RuntimeError("broken")
        return real(context, row)

    monkeypatch.setattr(offers.Claim, "of", of)
    before = await _state(town, offer_id)
    document = (
        "mutation($i: ClaimCreateInput!) { claimCreate(input: $i) { ... on ClaimCreatePayload { claim { id } } } }"
    )
    input_ = {"offerId": offer_id, "noticeHash": await town.notice("CLAIM"), "idempotencyKey": "k"}
    answers = await asyncio.gather(*(town.ask(person, document, {"i": input_}) for person in _PEOPLE))
    assert [answer.status for answer in answers] == [500 if person == "citizen-4" else 200 for person in _PEOPLE]
    grown = await _grown(town, offer_id, before)
    assert grown == {"claims": 7, "told": 7, "keys": 7, "looks": 7, "stock": 7}
    assert max(together.sizes) > 1


async def _subject(town: Town, persona: str) -> str:
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT subject_id FROM identity_link WHERE name = :n"), {"n": persona})
    assert row is not None
    return str(row.subject_id)


@pytest.mark.parametrize("row", ["subject WHERE id", "score WHERE subject_id"])
async def test_whoever_would_have_to_be_waited_for_goes_alone(town: Town, together: _Crowds, row: str) -> None:
    """Somebody else's transaction has a row of one person: all others are answered while it is held."""
    offer_id, held = await town.open_offer(), await _subject(town, "citizen-4")
    others = [person for person in _PEOPLE if person != "citizen-4"]
    async with town.house.database.writing() as unit:
        await unit.run(text(f"SELECT 1 FROM {row} = :s FOR UPDATE"), {"s": held})
        # Not the first, who goes alone anyway.
        people = (*others[:3], "citizen-4", *others[3:])
        asked = [asyncio.create_task(town.claim(person, offer_id, key="k")) for person in people]
        waiting = asked.pop(3)
        answers = await asyncio.gather(*asked)
        assert [answer["replayed"] for answer in answers] == [False] * 7
        assert not waiting.done()
    assert (await waiting)["replayed"] is False
    assert max(together.sizes) > 1


async def test_one_key_at_once_from_everywhere_is_one_claim(town: Town, together: _Crowds) -> None:
    offer_id = await town.open_offer()
    answers = await asyncio.gather(*(town.claim(f"citizen-{n % 2 + 1}", offer_id, key="k") for n in range(16)))
    assert Counter(answer["replayed"] for answer in answers) == {False: 2, True: 14}
    assert len({answer["claim"]["id"] for answer in answers}) == 2


@contextmanager
def _hinted(town: Town, offer_id: str) -> Iterator[Any]:
    """Somebody said that nothing is left."""
    gone = town.app.router.routes[0].endpoint.operations._crowds._gone  # type: ignore[attr-defined]
    gone.say(offer_id)
    yield gone


async def test_a_wrong_hint_refuses_nobody(town: Town) -> None:
    offer_id = await town.open_offer()
    with _hinted(town, offer_id) as gone:
        assert await _all(town, offer_id) == {"replayed False": 8}
        assert await gone.said(offer_id) is False, "and it is taken back"


async def test_a_hint_spares_a_transaction_and_a_known_key_hears_its_own_answer(town: Town, together: _Crowds) -> None:
    offer_id = await town.open_offer()
    assert (await town.claim("citizen-1", offer_id, key="k"))["replayed"] is False
    await _set(town, "UPDATE stock SET left_over = 0 WHERE offer_id = :o", o=offer_id)
    before = await _state(town, offer_id)
    with _hinted(town, offer_id):
        assert await _all(town, offer_id) == {"replayed True": 1, "SOLD_OUT": 7}
    assert sum(together.sizes) <= 1  # the one whose key is known, if it was not alone at the door
    grown = await _grown(town, offer_id, before)
    assert (grown["claims"], grown["stock"], grown["keys"] <= 1) == (0, 0, True)
    await _set(town, "UPDATE stock SET left_over = 9 WHERE offer_id = :o", o=offer_id)
    said = await _all(town, offer_id)
    assert said["replayed True"] == 1
    assert said["SOLD_OUT"] <= 1, "what was refused early keeps no key"
