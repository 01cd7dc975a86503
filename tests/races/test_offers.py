"""Who comes at once to one offer: approvers, its merchant, and those who take it. One outcome, and nothing oversold."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from incentives import approving, claims, running, stocks
from incentives.moving import Doing
from tests.harness import offering
from tests.harness.callers import Town
from tests.harness.offering import act, drafted, live, revised
from tests.harness.scale import scaled
from tests.races.test_claims import _take

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


async def _version(town: Town, offer_id: str) -> int:
    return await town.count("SELECT version FROM offer WHERE id = :o", o=offer_id)


async def _steps(town: Town, offer_id: str, what: str) -> int:
    return await town.count("SELECT count(*) FROM offer_step WHERE offer_id = :o AND act = :a", o=offer_id, a=what)


def _said(answer: dict[str, object]) -> str:
    return str(answer["code"]) if "code" in answer else "REPLAYED" if answer["replayed"] else "DONE"


async def test_approvers_and_a_returning_one_at_once_are_one_outcome(town: Town) -> None:
    for round_ in range(scaled(2, 30)):
        offer_id = await drafted(town, f"approve {round_}")
        await act(town, "partner-1", "submit", offer_id)
        given = {"expectedVersion": await _version(town, offer_id), "reasons": "已核对"}
        answers = await asyncio.gather(
            *(
                act(town, f"approver-{turn % 2 + 1}", ("approve", "return")[turn % 3 == 2], offer_id, **given)
                for turn in range(12)
            )
        )
        outcomes = Counter(_said(answer) for answer in answers)
        assert outcomes["DONE"] == 1, outcomes
        # Whoever was first, and says the same again, hears that it is done; everybody else, that they came too late.
        assert set(outcomes) <= {"DONE", "REPLAYED", "VERSION_CHANGED"}, outcomes
        assert await _steps(town, offer_id, "APPROVE") + await _steps(town, offer_id, "RETURN") == 1
        assert await _version(town, offer_id) == given["expectedVersion"] + 1


async def test_the_last_version_that_there_could_be_is_another_one(town: Town) -> None:
    offer_id = await drafted(town, "last")
    assert (await act(town, "partner-1", "submit", offer_id, expectedVersion=2**31 - 1))["code"] == "VERSION_CHANGED"


async def test_two_words_at_once_are_never_one_persons(town: Town) -> None:
    benefit = {"kind": "PRIORITY", "text": "优先"}
    for round_ in range(scaled(2, 30)):
        offer_id = await drafted(town, f"two {round_}", sector="ELDERCARE", benefit=benefit)
        await act(town, "partner-1", "submit", offer_id)
        for expected in (2, 3):
            given = {"expectedVersion": expected, "reasons": "已核对"}
            await asyncio.gather(
                *(act(town, f"approver-{turn % 2 + 1}", "approve", offer_id, **given) for turn in range(8))
            )
        words = "SELECT count(DISTINCT staff_id) FROM offer_step WHERE offer_id = :o AND act IN ('AGREE', 'APPROVE')"
        assert await town.count(words, o=offer_id) == 2
        assert (await _steps(town, offer_id, "AGREE"), await _steps(town, offer_id, "APPROVE")) == (1, 1)


async def test_what_is_approved_is_what_was_read(town: Town) -> None:
    """A merchant rewrites what is being approved: the approval is of the version that was read, or of none."""
    offer_id = await live(town, "read", title="第0版")
    for round_ in range(1, scaled(4, 40)):
        await revised(town, offer_id, title=f"第{round_}版")
        await act(town, "partner-1", "submit", offer_id)
        expected, terms = await _version(town, offer_id), await offering.terms(town, title="换过的")
        change = {"offerId": offer_id, "expectedVersion": expected}
        approval, rewriting = await asyncio.gather(
            town.act("approver-1", "offerApprove", change, offering.OFFER),
            town.act("partner-1", "offerRevise", {**terms, **change}, offering.OFFER),
        )
        assert sorted([_said(approval), _said(rewriting)]) == ["DONE", "VERSION_CHANGED"]
        public = await town.data(None, "query($i: ID!) { offer(id: $i) { title } }", {"i": offer_id})
        stood = _said(approval) == "DONE"
        assert (public["offer"]["title"] == f"第{round_}版") is stood
        assert public["offer"]["title"] != "换过的"
        if not stood:
            await act(town, "partner-1", "submit", offer_id)
            await act(town, "approver-1", "return", offer_id, reasons="重新提交")


async def test_stock_is_lowered_while_it_is_taken_and_nothing_is_oversold(town: Town) -> None:
    outcomes: Counter[str] = Counter()
    for round_ in range(scaled(3, 30)):
        offer_id = await live(town, f"lower {round_}", stock=40)
        await revised(town, offer_id, stock=20)
        await act(town, "partner-1", "submit", offer_id)
        people = [_take(town, offer_id, f"sub_{round_}_{n}") for n in range(60)]
        approval = act(town, "approver-1", "approve", offer_id)
        said = _said((await asyncio.gather(*people[:30], approval, *people[30:]))[30])
        taken = await town.count("SELECT count(*) FROM claim WHERE offer_id = :o", o=offer_id)
        left = await town.count("SELECT left_over FROM stock WHERE offer_id = :o", o=offer_id)
        outcomes[said] += 1
        assert said in ("DONE", "STOCK_COMMITTED")
        assert taken + left == (20 if said == "DONE" else 40)
        assert taken == await town.count("SELECT count(*) FROM claim WHERE offer_id = :o AND slot = 1", o=offer_id)
    assert outcomes.total() == scaled(3, 30)


async def test_nobody_takes_one_once_the_end_is_answered(town: Town) -> None:
    offer_id = await live(town, "end", stock=500)
    ended = asyncio.Event()
    late: Counter[str] = Counter()

    async def take(turn: int) -> None:
        for n in range(20):
            is_late = ended.is_set()
            said = await _take(town, offer_id, f"sub_{turn}_{n}")
            if is_late:
                late[said] += 1

    async def end() -> None:
        await asyncio.sleep(0)
        assert _said(await act(town, "partner-1", "end", offer_id)) == "DONE"
        ended.set()

    await asyncio.gather(end(), *(take(turn) for turn in range(12)))
    assert set(late) <= {"ENDED"}, late
    taken = await town.count("SELECT count(*) FROM claim WHERE offer_id = :o", o=offer_id)
    assert await town.count("SELECT left_over FROM stock WHERE offer_id = :o", o=offer_id) == 500 - taken


_BETWEEN = {"pause": "ENDED", "end": "ENDED", "approve": "VERSION_CHANGED", "sold": "SOLD_OUT", "nothing": "CLAIMED"}


@pytest.mark.parametrize("what", _BETWEEN)
async def test_who_has_read_the_offer_takes_it_as_it_was_read_or_not_at_all(
    town: Town, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Between reading the offer and taking one of its stock, another transaction commits: no luck is in it."""
    offer_id = await live(town, "between")
    if what == "approve":
        await revised(town, offer_id, title="另一项", condition={"tier": 5})
        await act(town, "partner-1", "submit", offer_id)
    async with town.house.database.reading() as unit:
        row = (await unit.all(text("SELECT party_id, version FROM offer WHERE id = '" + offer_id + "'")))[0]
    doing = Doing("stf_x", row.version, None, datetime.now(UTC))
    real: Callable[..., Awaitable[None]] = stocks.take

    async def meanwhile(unit: object, *given: object, **said: object) -> None:
        monkeypatch.setattr(stocks, "take", real)
        async with town.house.database.writing() as other:
            if what == "pause":
                await running.pause(other, row.party_id, offer_id, doing)
            elif what == "end":
                await running.end(other, row.party_id, offer_id, doing)
            elif what == "approve":
                await approving.approve(other, offer_id, doing)
            elif what == "sold":
                await other.run(text("UPDATE stock SET left_over = 0 WHERE offer_id = :o"), {"o": offer_id})
        await real(unit, *given, **said)

    monkeypatch.setattr(claims.stocks, "take", meanwhile)
    assert await _take(town, offer_id, "sub_one") == _BETWEEN[what]
    taken = int(what == "nothing")
    assert await town.count("SELECT count(*) FROM claim WHERE offer_id = :o", o=offer_id) == taken
    left = await town.count("SELECT left_over FROM stock WHERE offer_id = :o", o=offer_id)
    assert left == (0 if what == "sold" else 10 - taken)


async def test_twins_of_one_act_are_one_step(town: Town) -> None:
    offer_id = await live(town, "twins")
    expected = await _version(town, offer_id)
    answers = await asyncio.gather(
        *(act(town, "partner-1", "pause", offer_id, expectedVersion=expected) for _ in range(16))
    )
    assert Counter(_said(answer) for answer in answers) == {"DONE": 1, "REPLAYED": 15}
    terms = {**await offering.terms(town), "idempotencyKey": "same"}
    made = await asyncio.gather(*(town.act("partner-1", "offerDraft", terms, offering.OFFER) for _ in range(16)))
    assert len({answer["offer"]["id"] for answer in made}) == 1
    assert Counter(answer["replayed"] for answer in made) == {True: 15, False: 1}


async def test_a_word_is_not_given_twice_by_one_person_whatever_the_code_says(town: Town) -> None:
    """The belt of the two approvals, and of reasons."""
    offer_id = await live(town, "belt")
    row = "(offer_id, version, act, side, staff_id, number, at)"
    for values in ("90, 'AGREE'", "91, 'RETURN'"):
        said = (
            f"INSERT INTO offer_step {row} SELECT offer_id, {values}, side, staff_id, number, at FROM offer_step"
            " WHERE offer_id = :o AND act = 'APPROVE'"
        )
        with pytest.raises(Exception, match=r"uq_offer_step_word|ck_offer_step_reasons"):
            async with town.house.database.writing() as unit:
                await unit.run(text(said), {"o": offer_id})
