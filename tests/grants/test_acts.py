"""Every act on a grant, from every state, by everybody who could try it, over the API: what happens, and what does not.

What should happen is read out of `states.yaml`. One grant is put into each state in turn; its steps are only ever
added, so its version goes on counting.
"""

import itertools
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from grants.scope import GrantStatus
from grants.tables import grant, grant_mark
from tests.harness.asking import ask, company, identity
from tests.harness.callers import Answered, Town
from tests.harness.scale import scaled

_STATES: Mapping[str, Mapping[str, Any]] = yaml.safe_load(Path(__file__).with_name("states.yaml").read_text("utf-8"))
_PAST, _FUTURE = (datetime.now(UTC) + timedelta(days=days) for days in (-1, 20))
# What by itself comes to be so is not stored: these columns make it so.
_COMPUTED: Mapping[str, Mapping[str, Any]] = {
    "EXPIRED": {"status": "ACTIVE", "valid_until": _PAST},
    "EXHAUSTED": {"status": "ACTIVE", "uses_left": 0},
    "LAPSED": {"status": "REQUESTED", "lapses_at": _PAST},
}
_ENDED = {"REVOKED", "EXPIRED", "EXHAUSTED", "TERMINATED", "REJECTED", "LAPSED"}
# A grant's own recipient has seen these alive.
_KNOWN_ENDS = {"REVOKED", "EXPIRED", "EXHAUSTED", "TERMINATED", "PAUSED"}
# What makes a grant, and what leaves it where it is, have tables of their own.
_MUTATIONS = {act: f"grant{act.capitalize()}" for act in _STATES if act not in ("REQUEST", "ISSUE", "MONITOR_END")}
_LOOK = "query($q: GrantedQueryInput!) { granted(query: $q) { subject { name } } }"
# Who tries: the subject (a company by either mark), another subject, the recipient, who handles it, another recipient.
_ACTORS = {
    "person": ("citizen-2", "citizen-7", "bank-1", "platform-1", "employer-1"),
    "company": ("company-1-seal", "company-1-legal", "citizen-7", "bank-1", "platform-1", "employer-1"),
}
_OWN = {"citizen-2", "company-1-seal", "company-1-legal"}
_STAFF = {"bank-1", "platform-1", "employer-1"}


def _cells(whose: str) -> list[tuple[bool, str, str, str]]:
    """Asked for or offered, state, act (or a look), and who tries it."""
    states = [status.value for status in GrantStatus if whose == "company" or status is not GrantStatus.PARTLY_APPROVED]
    cells = itertools.product((True, False), states, [*_MUTATIONS, "LOOK"], _ACTORS[whose])
    # What is offered is never REQUESTED.
    return [cell for cell in cells if cell[0] or cell[1] != "REQUESTED"]


def _expected(whose: str, asked: bool, state: str, act: str, actor: str) -> str:
    """The status led to, or the code of the refusal."""
    if act == "LOOK":
        if actor not in _STAFF:
            return "FORBIDDEN"
        if actor == "employer-1":
            return "NOT_AVAILABLE"
        return "ANSWERED" if state == "ACTIVE" else "GRANT_ENDED" if state in _KNOWN_ENDS else "NOT_AVAILABLE"
    row = _STATES[act]
    if (row["by"] == "RECIPIENT") is not (actor in _STAFF):
        return "FORBIDDEN"
    never_known = row["by"] == "RECIPIENT" and not asked and state in ("PARTLY_APPROVED", "REJECTED", "LAPSED")
    if actor not in {*_OWN, "bank-1"} or never_known:
        return "NOT_AVAILABLE"
    if act == "REVOKE" and state in _ENDED:
        return state  # taken back twice is taken back once
    led_to = str(row["starts"].get(state, "WRONG_STATE"))
    if whose == "company" and act == "APPROVE" and state == "PARTLY_APPROVED" and actor == "company-1-seal":
        return "MARK_GIVEN"
    return row["partly"] if whose == "company" and act == "APPROVE" and state == "REQUESTED" else led_to


class _Cells:
    """One grant, put into a state and tried upon."""

    def __init__(self, town: Town, whose: str, grant_id: str, notice: str) -> None:
        self._town, self._whose, self._grant_id, self._notice = town, whose, grant_id, notice
        self._version = 1

    async def put(self, asked: bool, state: str) -> None:
        """The grant as if it had come to this state."""
        self._version += 10
        computed = dict(_COMPUTED.get(state, {"status": state}))
        if state == "LAPSED" and not asked:
            computed["status"] = "PARTLY_APPROVED"
        fresh: dict[str, Any] = {
            "asked": asked, "version": self._version, "valid_until": _FUTURE, "uses_left": None, "lapses_at": None,
            "shown_status": None, "shown_version": None, "shown_ended_at": None, "ended_at": None, "ended_by": None,
        }  # fmt: skip
        async with self._town.house.database.writing() as unit:
            await unit.run(grant_mark.delete().where(grant_mark.c.grant_id == self._grant_id))
            await unit.run(grant.update().where(grant.c.id == self._grant_id).values({**fresh, **computed}))
            if state == "PARTLY_APPROVED":
                await unit.run(grant_mark.insert().values(await self._mark()))

    async def _mark(self) -> dict[str, Any]:
        import hashlib

        from api.settings import DEMONSTRATION_ISSUER

        credential = hashlib.sha256(f"{DEMONSTRATION_ISSUER}\x1fcompany-1-seal".encode()).hexdigest()
        return {"grant_id": self._grant_id, "capacity": "SEAL_KEEPER", "person_id": "sub_x", "credential": credential,
                "at": datetime.now(UTC)}  # fmt: skip

    async def stored(self) -> tuple[str, int, int]:
        """The row's status and version, and how many steps there are."""
        async with self._town.house.database.reading() as unit:
            row = await unit.first(grant.select().where(grant.c.id == self._grant_id))
        assert row is not None
        steps = "SELECT count(*) FROM grant_step WHERE grant_id = :g"
        return row.status, row.version, await self._town.count(steps, g=self._grant_id)

    async def attempt(self, act: str, actor: str) -> str:
        """Try it: the status led to, or the code of the refusal."""
        if act == "LOOK":
            query = {"grantId": self._grant_id, "stage": "PRE_LOAN", "operator": "甲"}
            answer = await self._town.ask(actor, _LOOK, {"q": query})
            return answer.code if "errors" in answer else "ANSWERED"
        mutation = _MUTATIONS[act]
        kind = mutation[0].upper() + mutation[1:]
        takes = "GrantChange" if act in ("PAUSE", "RESUME") else kind
        given: dict[str, Any] = {"grantId": self._grant_id}
        given |= {"expectedVersion": self._version} if act != "REVOKE" else {}
        given |= {"noticeHash": self._notice} if act == "APPROVE" else {}
        given |= {"tell": True} if act == "REJECT" else {}
        document = (
            f"mutation($i: {takes}Input!) {{ {mutation}(input: $i) {{ "
            f"... on {kind}Payload {{ grant {{ status }} }} ... on Refusal {{ code }} }} }}"
        )
        return _outcome(await self._town.ask(actor, document, {"i": given}), mutation)


def _outcome(answer: Answered, mutation: str) -> str:
    if "errors" in answer:
        return answer.code
    found = answer["data"][mutation]
    return str(found.get("code") or found["grant"]["status"])


@pytest.mark.parametrize("whose", _ACTORS)
async def test_every_act_from_every_state_by_everybody(town: Town, whose: str, figures: dict[str, int]) -> None:
    platform, bank = await town.party("海津融资信用服务平台"), await town.party("海津示例银行")
    subject = await identity(town, "citizen-2") if whose == "person" else await company(town)
    made = await ask(town, "cells", subject={"identity": subject}, handledById=platform)
    about = {"recipientId": bank, "handledById": platform, "purpose": "FINANCING", "categories": ["ADMINISTRATIVE"]}
    cells = _Cells(town, whose, made["grant"]["id"], await town.notice("GRANT", **about))
    every = _cells(whose)
    for asked, state, act, actor in random.Random(1).sample(every, scaled(80, len(every))):
        await cells.put(asked, state)
        status, version, steps = await cells.stored()
        expected = _expected(whose, asked, state, act, actor)
        assert await cells.attempt(act, actor) == expected, (asked, state, act, actor)
        changed = expected in GrantStatus.__members__ and not (act == "REVOKE" and state in _ENDED)
        after = (expected, version + 1, steps + 1) if changed else (status, version, steps)
        assert await cells.stored() == after, (asked, state, act, actor)
        figures["cells"] = figures.get("cells", 0) + 1
