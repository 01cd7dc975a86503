"""Who had a hand in what is contested: each row of `conflicts.yaml`, for who would open the case or approve."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import text

from core.ids import new_id
from credit.tables import record, score_review
from intake.tables import row_set_aside
from objections.kinds import ObjectionTarget
from objections.tables import objection, objection_step
from parties.tables import identity_link, mandate
from tests.harness import objecting
from tests.harness.callers import Town
from tests.harness.objecting import act, decided, filed, opened

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_TABLE = yaml.safe_load(Path(__file__).with_name("conflicts.yaml").read_text("utf-8"))
_WHO, _STRANGER, _GUARDIAN = "citizen-9", "citizen-5", "citizen-2"
_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_STAFF = "SELECT staff_id AS id FROM identity_link WHERE name = :n"
_SUBJECT = "SELECT subject_id AS id FROM identity_link WHERE name = :n"


async def _id(town: Town, query: str, persona: str) -> str:
    async with town.house.database.reading() as unit:
        row = await unit.first(text(query), {"n": persona})
    assert row is not None
    return str(row.id)


class _Hand:
    """One staff member's hand in a case, put there as if it had happened."""

    def __init__(self, town: Town, case: Any, staff_id: str) -> None:
        self.town, self.case, self.staff_id = town, case, staff_id

    async def lay(self, hand: str) -> None:
        """Put it there."""
        what, _, which = hand.partition(" ")
        if what == "took" and "paper" in which:
            await self._took_in(which)
        elif what in ("took", "dropped"):
            await self._reviewed(hand)
        elif what in ("decided", "approved"):
            await self._decided(what, which)
        elif what == "answered":
            await self._answered(await _id(self.town, _SUBJECT, _WHO if "their" in which else _STRANGER))
        elif what == "signs":
            await self._signs_in(which)
        else:
            assert hand == "none"

    async def _run(self, statement: Any, *values: Any) -> None:
        async with self.town.house.database.writing() as unit:
            await unit.run(statement, *values)

    async def _took_in(self, which: str) -> None:
        step = {"id": new_id("obs"), "act": "JOIN" if "joined" in which else "FILE", "side": "APPLICANT"}
        step |= {"objection_id": self.case.id, "staff_id": self.staff_id, "at": _LONG_AGO, "detail": {}}
        if "another case" in which:
            step["objection_id"] = await filed(self.town, _STRANGER)
        await self._run(objection_step.insert().values(step))

    async def _reviewed(self, hand: str) -> None:
        async with self.town.house.database.reading() as unit:
            row = await unit.first(record.select().where(record.c.id == self.case.target_id))
        assert row is not None
        at = row.recorded_at + timedelta(seconds="another instant" in hand)
        kind = "honour" if "another kind" in hand else row.kind
        decision = {"decision": "DROPPED" if hand.startswith("dropped") else "TAKEN", "decided_by": self.staff_id}
        aside = {"id": new_id("rsa"), "provider_id": "prt_0" if "another provider" in hand else row.source_id}
        aside |= {"provider_code": "x", "layout": kind, "row_hash": new_id("x"), "line": 1, "file_sha256": "x"}
        await self._run(
            row_set_aside.insert().values(**aside, **decision, set_aside_at=at, until=at, decided_at=at, reason="核对")
        )

    async def _decided(self, what: str, which: str) -> None:
        other = "rec_0" if "another" in which else self.case.target_id
        fresh = {**self.case._asdict(), "id": new_id("obj"), "number": new_id("YY")[:20], "target_id": other}
        fresh |= {"status": "CLOSED", "outcome": "NOT_CORRECTED", "reason": "属实", "decided_at": _LONG_AGO}
        fresh |= {"notified_at": _LONG_AGO, "ended_at": _LONG_AGO, "letter_id": None}
        fresh |= {"decided_by": "stf_0", "approved_by": "stf_1", f"{what}_by": self.staff_id}
        await self._run(objection.insert().values(fresh))

    async def _answered(self, subject_id: str) -> None:
        when = {"asked_at": _LONG_AGO, "due_on": date(2026, 1, 9), "due_at": _LONG_AGO, "answered_at": _LONG_AGO}
        said = {"id": new_id("srv"), "subject_id": subject_id, "text": "x", "answer": "y", "answered_by": self.staff_id}
        await self._run(score_review.insert().values(**said, **when, provisional=False, version=2))

    async def _signs_in(self, which: str) -> None:
        """The same name, at another issuer, is theirs."""
        name = "handler-1" if self.staff_id == await _id(self.town, _STAFF, "handler-1") else "approver-1"
        whose = await _id(self.town, _SUBJECT, _STRANGER if "stranger" in which else _WHO)
        if "applicant" in which or "acts for" in which:
            whose = await _id(self.town, _SUBJECT, _GUARDIAN)
        if "applicant" in which:
            await self._run(objection.update().where(objection.c.id == self.case.id).values(filed_by=whose))
        if "acts for" in which:
            days = {"valid_from": date(2020, 1, 1), "valid_until": date(2020, 12, 31)}
            over = {"given_at": _LONG_AGO, "ended_at": _LONG_AGO, "version": 2}
            pair = {"id": new_id("mdt"), "person_id": whose, "subject_id": self.case.subject_id, "kind": "GUARDIAN"}
            await self._run(mandate.insert().values(**pair, **days, **over))
        link = {"issuer": "https://issuer.another.test", "name": name, "subject_id": whose}
        await self._run(identity_link.insert().values(link))

    async def lift(self) -> None:
        """As if there had never been any."""
        mine = objection_step.c.staff_id == self.staff_id
        await self._run(objection_step.delete().where(mine, objection_step.c.side == "APPLICANT"))
        await self._run(row_set_aside.delete())
        await self._run(score_review.delete())
        await self._run(mandate.delete().where(mandate.c.given_at == _LONG_AGO))
        await self._run(identity_link.delete().where(identity_link.c.issuer == "https://issuer.another.test"))
        await self._run(objection.delete().where(objection.c.ended_at == _LONG_AGO))
        itself = await _id(self.town, _SUBJECT, _WHO)
        await self._run(objection.update().where(objection.c.id == self.case.id).values(filed_by=itself))


async def test_whoever_had_a_hand_neither_opens_nor_approves(town: Town) -> None:
    cases = {"RECORD": await filed(town, _WHO), "SCORE": await filed(town, _WHO, target=ObjectionTarget.SCORE)}
    for persona in ("handler-1", "approver-1"):
        staff_id = await _id(town, _STAFF, persona)
        for number, row in enumerate(_TABLE):
            case_id = cases[row["of"]]
            await _wait(town, case_id, refused=persona == "approver-1")
            hand = _Hand(town, await objecting.row(town, case_id), staff_id)
            await hand.lay(row["hand"])
            made = await _try(town, persona, case_id)
            assert made.get("code") == ("CONFLICT_OF_INTEREST" if row["conflicted"] else None), (persona, number, row)
            await hand.lift()


async def _try(town: Town, persona: str, case_id: str) -> dict[str, Any]:
    """Open it, or approve its refusal; a refusal's steps are taken back, so that the next row finds it as it was."""
    if persona == "handler-1":
        return await opened(town, case_id)
    return await act(town, persona, "Approve", case_id)


async def _wait(town: Town, case_id: str, *, refused: bool) -> None:
    """Let a case wait for who opens it, or for who approves what handler-2 has decided. On paper, so that an approval
    closes nothing."""
    fresh: Mapping[str, Any] = {"handler_id": None, "opened_at": None, "status": "FILED", "delivery": "COUNTER"}
    nothing = ("outcome", "reason", "decided_at", "decided_by", "approved_at", "approved_by")
    async with town.house.database.writing() as unit:
        values = {**fresh, **dict.fromkeys(nothing)}
        await unit.run(objection.update().where(objection.c.id == case_id).values(values))
    if refused:
        await opened(town, case_id, by="handler-2")
        made = await decided(town, case_id, "NOT_CORRECTED", by="handler-2")
        assert made["case"]["status"] == "DECIDED", made
