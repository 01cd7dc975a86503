"""What a person has one of, and what both had of the same: each rule of a merge, state by state."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from core.database import WriteUnit
from core.moving import Merger
from core.rehearsing import Rehearsal
from credit import evaluation, fusing
from credit.entering import Provenance
from credit.evaluation import EvaluationContent, NewEvaluation
from credit.kinds import EvaluationGrade
from credit.tables import score, score_due, score_review
from grants import cooling
from grants import merging as grants
from grants.merging import Strands
from grants.tables import cooling as coolings
from grants.tables import marks_apart
from incentives import merging as claims
from incentives.tables import claim, offer
from parties import mandates
from parties import merging as parties
from parties.kinds import MandateKind
from parties.tables import mandate, representation
from tests.harness import merging
from tests.harness.callers import Town

# The statements run on both databases in `test_merging`. Each case is undone, so that one town does for all.
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_AT = merging.now()
_A, _K = "absorbed", "kept"


async def _pair(unit: WriteUnit) -> Merger:
    """Two subjects that nothing is known of."""
    query = (
        "SELECT id FROM subject WHERE kind = 'NATURAL_PERSON' AND id NOT IN (SELECT subject_id FROM record)"
        " AND id NOT IN (SELECT subject_id FROM score)"
        " AND id NOT IN (SELECT coalesce(subject_id, '') FROM identity_link) ORDER BY id LIMIT 2"
    )
    rows = await unit.all(text(query))
    return Merger("mrg_1", rows[0].id, rows[1].id, _AT)


def _score(subject_id: str, status: str, day: int) -> dict[str, Any]:
    opened = status == "OPEN"
    return {
        "subject_id": subject_id, "version": day, "status": status, "value": 100 * day if opened else None,
        "tier": 1 if opened else None, "model_version": "2026-1" if opened else None, "marks": [f"2026-01-0{day}"],
        "notice_hash": str(day) * 64, "opened_at": _AT - timedelta(days=day),
        "closed_at": None if opened else _AT,
    }  # fmt: skip


# The absorbed one's, the kept one's, and whose consent stands with which status.
_SCORES = {
    "neither": (None, None, None, None),
    "the absorbed one's alone, open": ("OPEN", None, _A, "OPEN"),
    "the absorbed one's alone, closed": ("CLOSED", None, _A, "CLOSED"),
    "the kept one's alone": (None, "OPEN", _K, "OPEN"),
    "both open": ("OPEN", "OPEN", _K, "OPEN"),
    "the absorbed one's open, the other closed": ("OPEN", "CLOSED", _A, "OPEN"),
    "the kept one's open, the other closed": ("CLOSED", "OPEN", _K, "OPEN"),
    "both closed": ("CLOSED", "CLOSED", _K, "CLOSED"),
}


async def test_of_two_scores_one_stands(town: Town) -> None:
    for case in _SCORES:
        await _of_two_scores(town, case)


async def _of_two_scores(town: Town, case: str) -> None:
    theirs, own, whose, status = _SCORES[case]
    async with Rehearsal(town.house.database).writing() as unit:
        merger = await _pair(unit)
        rows = {_A: _score(merger.absorbed, theirs or "", 1), _K: _score(merger.kept, own or "", 2)}
        for side, said in ((_A, theirs), (_K, own)):
            if said:
                await unit.run(score.insert().values(rows[side]))
                await unit.run(score_due.insert().values(subject_id=rows[side]["subject_id"], since=_AT))
        await fusing.move_score(unit, merger)
        found = await unit.all(score.select().where(score.c.subject_id.in_([merger.absorbed, merger.kept])))
        due = await unit.all(score_due.select().where(score_due.c.subject_id.in_([merger.absorbed, merger.kept])))
    if whose is None:
        assert found == [] == due, case
        return
    (row,) = found
    assert (row.subject_id, row.status, row.notice_hash) == (merger.kept, status, rows[whose]["notice_hash"]), case
    marks = {"2026-01-01"} if theirs else set()
    assert set(row.marks) == marks | ({"2026-01-02"} if own else set())
    # Computed from the records, of which there are none, and not taken over.
    assert row.value is None if status == "CLOSED" else row.value not in (None, 100, 200)
    assert [one.subject_id for one in due] == ([merger.kept] if status == "OPEN" else [])


async def test_of_two_requests_for_a_human_one_waits(town: Town) -> None:
    for waits, lapses in (("a", ""), ("k", ""), ("ak", "a")):
        await _of_two_requests(town, waits, lapses)


async def _of_two_requests(town: Town, waits: str, lapses: str) -> None:
    async with Rehearsal(town.house.database).writing() as unit:
        merger = await _pair(unit)
        for letter, subject_id in (("a", merger.absorbed), ("k", merger.kept)):
            await unit.run(score.insert().values(_score(subject_id, "OPEN", 1)))
            row = {"id": letter, "subject_id": subject_id, "text": "请复核", "asked_at": _AT, "due_on": _AT.date()}
            ended = None if letter in waits else _AT
            await unit.run(
                score_review.insert().values(
                    row | {"due_at": _AT, "provisional": False, "version": 1, "ended_at": ended}
                )
            )
        await fusing.move_score(unit, merger)
        rows = await unit.all(score_review.select().where(score_review.c.subject_id == merger.kept))
    assert {row.id for row in rows} == {"a", "k"}
    assert {row.id for row in rows if row.ended_at is None} == set(waits) - set(lapses)


_GRADES: Mapping[str, tuple[list[tuple[int, str]], list[tuple[int, str]], str, list[str]]] = {
    "the absorbed one's alone": ([(1, "A")], [], "A", []),
    "with what it replaced": ([(1, "A"), (2, "B")], [], "B", ["A"]),
    "the later one stands": ([(3, "C")], [(1, "A"), (2, "B")], "C", ["A", "B"]),
    "the kept one's of the same day": ([(2, "C")], [(1, "A"), (2, "B")], "B", ["A", "C"]),
}


async def test_of_two_evaluations_the_later_one_stands(town: Town) -> None:
    for case in _GRADES:
        await _of_two_evaluations(town, case)


async def _of_two_evaluations(town: Town, case: str) -> None:
    theirs, own, stands, before = _GRADES[case]
    source = Provenance("pty_1", "海津市示例局", "STATE_ORGAN")
    async with Rehearsal(town.house.database).writing() as unit:
        merger = await _pair(unit)
        for subject_id, said in ((merger.absorbed, theirs), (merger.kept, own)):
            for day, grade in said:
                on = date(2026, 1, day)
                content = EvaluationContent(EvaluationGrade(grade), "示例", on, date(2027, 1, 1))
                at = _AT - timedelta(days=10 - day)
                await evaluation.put(unit, [NewEvaluation(subject_id, content)], source, at=at)
        await fusing.move_evaluation(unit, merger)
        both = {"a": merger.absorbed, "k": merger.kept}
        now = await unit.all(text("SELECT * FROM evaluation WHERE subject_id IN (:a, :k)"), both)
        was = await unit.all(
            text("SELECT * FROM evaluation_version WHERE subject_id IN (:a, :k) ORDER BY version"), both
        )
    assert [(row.subject_id, row.grade, row.version) for row in now] == [(merger.kept, stands, len(before) + 1)], case
    assert [row.version for row in was] == list(range(1, len(before) + 1))
    assert sorted(grade for row in was for grade in "ABCD" if f'"grade": "{grade}"' in row.content) == sorted(before)


# An offer's limit, each claim's side and status oldest first, and what becomes of each: its slot, and its status.
_CLAIMS: Mapping[str, tuple[int, list[tuple[str, str]], list[tuple[int | None, str]]]] = {
    "room for both": (2, [(_K, "CLAIMED"), (_A, "CLAIMED")], [(1, "CLAIMED"), (2, "CLAIMED")]),
    "one too many": (1, [(_A, "CLAIMED"), (_K, "CLAIMED")], [(1, "CLAIMED"), (None, "VOIDED")]),
    "the older one is over": (1, [(_A, "OVER"), (_K, "CLAIMED")], [(None, "VOIDED"), (1, "CLAIMED")]),
    "one is used": (1, [(_A, "CLAIMED"), (_K, "REDEEMED")], [(None, "VOIDED"), (1, "REDEEMED")]),
    "both are used": (1, [(_A, "REDEEMED"), (_K, "REDEEMED")], [(1, "REDEEMED"), (2, "REDEEMED")]),
    "used, used, unused": (
        2, [(_A, "CLAIMED"), (_A, "REDEEMED"), (_K, "REDEEMED")], [(None, "VOIDED"), (1, "REDEEMED"), (2, "REDEEMED")],
    ),
    "what was given back holds no slot": (
        1, [(_A, "CANCELLED"), (_K, "CLAIMED")], [(None, "CANCELLED"), (1, "CLAIMED")],
    ),
    "the kept one's alone": (1, [(_K, "CLAIMED")], [(1, "CLAIMED")]),
}  # fmt: skip


async def test_claims_of_both_are_within_one_persons_limit(town: Town) -> None:
    for case in _CLAIMS:
        await _claims(town, case, (0,))
        await _claims(town, case, (5000,))
    # Of two periods each has its own limit.
    await _claims(town, "one too many", (0, 5000), [(1, "CLAIMED"), (5001, "CLAIMED")])


async def _claims(
    town: Town, case: str, starts: Sequence[int], split: list[tuple[int | None, str]] | None = None
) -> None:
    """`starts` are the numbers before the slots of the periods that the claims are of, in turn."""
    limit, had, whole = _CLAIMS[case]
    wanted = split or [(None if slot is None else starts[0] + slot, status) for slot, status in whole]
    async with Rehearsal(town.house.database).writing() as unit:
        merger = await _pair(unit)
        offer_id = (await unit.all(offer.select().order_by(offer.c.id).limit(1)))[0].id
        await unit.run(offer.update().where(offer.c.id == offer_id).values(per_person=limit))
        slots = {_A: 0, _K: 0}
        for n, (side, status) in enumerate(had):
            slots[side] += status != "CANCELLED"
            at = _AT - timedelta(hours=9 - n)
            slot = None if status == "CANCELLED" else starts[n % len(starts)] + slots[side]
            row = {
                "id": f"clm_{n}", "version": 1, "offer_id": offer_id, "handle": f"h{n}",
                "status": "CLAIMED" if status == "OVER" else status,
                "subject_id": merger.absorbed if side == _A else merger.kept, "notice_hash": "0" * 64,
                "slot": slot, "created_at": at, "expires_at": _AT + timedelta(hours=-1 if status == "OVER" else 1),
                "redeemed_at": at if status == "REDEEMED" else None,
            }  # fmt: skip
            await unit.run(claim.insert().values(row))
        stock = text("SELECT left_over FROM stock WHERE offer_id = :o")
        before = (await unit.all(stock, {"o": offer_id}))[0].left_over
        await claims.move(unit, merger, [])
        rows = await unit.all(claim.select().where(claim.c.subject_id == merger.kept).order_by(claim.c.id))
        after = (await unit.all(stock, {"o": offer_id}))[0].left_over
    assert [(row.slot, row.status) for row in rows] == wanted, case
    assert after - before == sum(status == "VOIDED" for _, status in wanted)
    over = sum(status == "REDEEMED" for _, status in had) > limit
    assert {row.consent_ended_at is not None for row in rows if row.status == "REDEEMED"} <= {over}


async def test_who_acts_for_whom(town: Town) -> None:
    """Of two that say the same one stays: a guardian's, else the one that lasts longer."""
    today = _AT.date()
    async with Rehearsal(town.house.database).writing() as unit:
        merger = await _pair(unit)
        query = text("SELECT id FROM subject WHERE kind = 'NATURAL_PERSON' AND id NOT IN (:a, :k) ORDER BY id LIMIT 3")
        others = [row.id for row in await unit.all(query, {"a": merger.absorbed, "k": merger.kept})]
        kinds = (MandateKind.GUARDIAN, MandateKind.HELPER)
        for person, kind in zip((merger.absorbed, merger.kept), kinds, strict=True):
            for ward in others[:1]:
                await _given(unit, person, ward, kind, today + timedelta(days=30))
        for ward, days in ((merger.absorbed, 9), (merger.kept, 5)):
            await _given(unit, others[1], ward, MandateKind.HELPER, today + timedelta(days=days))
        await _given(unit, others[2], merger.absorbed, MandateKind.HELPER, today + timedelta(days=1))
        party_id = (await unit.all(text("SELECT id FROM party ORDER BY id LIMIT 1")))[0].id
        for n, person in enumerate((merger.absorbed, merger.kept)):
            until = None if n == 0 else today
            row = {"id": f"rep_{n}", "person_id": person, "party_id": party_id, "kind": "SEAL_KEEPER", "version": 1}
            await unit.run(representation.insert().values(row | {"valid_until": until}))
        await parties.move(unit, merger)
        m = mandate.c
        live = await unit.all(mandate.select().where(m.ended_at.is_(None), m.person_id.in_([merger.kept, *others])))
        found = {(row.person_id, row.subject_id): (row.kind, row.valid_until) for row in live}
        represented = await unit.all(
            representation.select().where(representation.c.person_id.in_([merger.kept, merger.absorbed]))
        )
    assert found[merger.kept, others[0]][0] == "GUARDIAN"
    assert found[others[1], merger.kept] == ("HELPER", today + timedelta(days=9))
    assert found[others[2], merger.kept] == ("HELPER", today + timedelta(days=1))
    assert [(row.id, row.person_id) for row in represented] == [("rep_0", merger.kept)]


async def _given(unit: WriteUnit, person: str, ward: str, kind: MandateKind, until: date) -> None:
    from_ = _AT.date() - timedelta(days=1)
    assert await mandates.give(
        unit, person_id=person, subject_id=ward, kind=kind, valid_from=from_, valid_until=until, at=_AT
    )


async def test_whom_either_did_not_want_to_hear_is_not_heard(town: Town) -> None:
    async with Rehearsal(town.house.database).writing() as unit:
        merger = await _pair(unit)
        days = ((merger.absorbed, "p1", 9), (merger.kept, "p1", 5), (merger.absorbed, "p2", 3), (merger.kept, "p3", 4))
        for subject_id, party_id, until in days:
            row = {"subject_id": subject_id, "party_id": party_id, "cause": "BLOCKED"}
            await unit.run(coolings.insert().values(row | {"until": _AT + timedelta(days=until)}))
        for subject_id in (merger.absorbed, merger.kept):
            await unit.run(marks_apart.insert().values(subject_id=subject_id, set_by="p", set_at=_AT))
        await grants.move(unit, merger, Strands(([], [])))
        found = {one: await cooling.until(unit, merger.kept, one, at=_AT) for one in ("p1", "p2", "p3")}
        apart = await unit.all(marks_apart.select().where(marks_apart.c.subject_id.in_([merger.absorbed, merger.kept])))
    assert found == {one: _AT + timedelta(days=days) for one, days in (("p1", 9), ("p2", 3), ("p3", 4))}
    assert [row.subject_id for row in apart] == [merger.kept]


async def test_what_both_wait_for_is_made_once(town: Town, tmp_path: Path) -> None:
    """A copy of everything, asked for by both: one is made."""
    who = await merging.pair(town, tmp_path)
    for persona in ("citizen-1", merging.SECOND):
        await town.act(persona, "exportRequest", {"idempotencyKey": persona}, "replayed")
    assert await town.count("SELECT count(*) FROM export WHERE ready_at IS NULL") == 2
    await merging.merge(town, tmp_path, who)
    assert await town.count("SELECT count(*) FROM export WHERE ready_at IS NULL AND subject_id = :s", s=who.kept) == 1
    assert await town.count("SELECT count(*) FROM export WHERE subject_id = :s", s=who.absorbed) == 0
