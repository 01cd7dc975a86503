"""Any sequence of acts by anybody: a case stands where the simplest model says, its mark exactly while it is open."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api import clock
from core import uploads
from core.errors import Refused
from core.moments import day_of
from notices.tables import change
from objections.kinds import StopCause
from objections.tables import clock_stop, objection, objection_step, verification
from tests.harness import clocks, contesting, objecting
from tests.harness.callers import Town
from tests.harness.contesting import marks_of
from tests.harness.objecting import act, decided, forwarded, opened, verified
from tests.harness.scale import scaled

_ACTS = (
    *("open 1", "open 2", "back 1", "back 2", "take", "forward", "confirm", "admit", "refuse", "delete", "correct"),
    *("approve", "return", "withdraw", "silence", "stop", "resume", "join", "paper", "supplement", "say"),
)
_RUNNING = ("FILED", "FORWARDED")
_LIVE = (*_RUNNING, "STOPPED")


@dataclass
class _Model:
    """A case as a child would keep it."""

    status: str = "FILED"
    handler: str | None = None
    asked: bool = False
    answer: str | None = None
    lapsed: bool = False
    heard_again: bool = False
    steps: Counter[str] = field(default_factory=lambda: Counter({"FILE": 1}))

    @property
    def live(self) -> bool:
        """Whether it is still being worked on."""
        return self.status in _LIVE

    @property
    def mine(self) -> bool:
        """Whether the first handler may act while the clock runs: the second one only tries."""
        return self.status in _RUNNING and self.handler == "1"

    def starts(self, name: str, who: str) -> bool:
        """Whether the act does anything."""
        silent = self.status == "FORWARDED" and self.answer is None
        waiting = self.asked and self.answer is None and self.live
        return {
            "open": self.live and self.handler is None,
            "back": self.live and self.handler == who,
            "take": self.live and self.handler is not None,
            "forward": self.mine and self.status == "FILED",
            "confirm": waiting,
            "admit": waiting,
            "refuse": self.mine and (not self.asked or self.answer == "confirm"),
            "delete": self.mine and self.answer != "admit",
            "correct": self.mine and self.answer == "admit",
            "approve": self.status == "DECIDED",
            "return": self.status == "DECIDED",
            "withdraw": self.live,
            "silence": silent,
            "stop": self.mine,
            "resume": self.status == "STOPPED" and self.handler == "1",
            "join": self.live,
            "paper": self.live,
            "supplement": self.live,
            "say": self.live or self.status == "DECIDED",
        }[name]

    def step(self, wanted: str) -> None:
        """What the act does; nothing where it does not start."""
        name, _, who = wanted.partition(" ")
        # Its provider answers when it is too late: another case hears it, and this one stays as it ended.
        self.heard_again |= self.lapsed and name in ("confirm", "admit")
        if not self.starts(name, who):
            return
        self.lapsed |= name == "silence"
        stood = "FORWARDED" if self.asked else "FILED"
        closed = {"status": "CLOSED"}
        made: dict[str, tuple[tuple[str, ...], dict[str, object]]] = {
            "open": (("OPEN",), {"handler": who}),
            "back": (("REASSIGN",), {"handler": None}),
            "take": (("REASSIGN",), {"handler": None}),
            "forward": (("FORWARD",), {"status": "FORWARDED", "asked": True}),
            "confirm": (("VERIFY",), {"answer": name}),
            "admit": (("VERIFY",), {"answer": name}),
            "refuse": (("DECIDE",), {"status": "DECIDED"}),
            "delete": (("DECIDE", "TELL"), {**closed}),
            "correct": (("DECIDE", "TELL"), {**closed}),
            "approve": (("APPROVE", "TELL"), {**closed}),
            "return": (("RETURN",), {"status": stood}),
            "stop": (("STOP",), {"status": "STOPPED"}),
            "resume": (("RESUME",), {"status": stood}),
            "join": (("JOIN",), {}),
            "paper": (("JOIN",), {}),
            "supplement": (("SUPPLEMENT",), {}),
            "say": (("SAY",), {}),
            "withdraw": (("WITHDRAW",), {"status": "WITHDRAWN"}),
            "silence": (("LAPSE", "TELL"), {**closed}),
        }
        acts, values = made[name]
        self._to(*acts, **values)

    def _to(self, *acts: str, **values: object) -> None:
        self.steps.update(acts)
        for name, value in values.items():
            setattr(self, name, value)


_OUTCOMES = {"refuse": "NOT_CORRECTED", "delete": "DELETED", "correct": "CORRECTED"}


async def _answer(town: Town, case_id: str, name: str) -> None:
    """Its provider answers what it was asked in this case, in time or too late."""
    async with town.house.database.reading() as unit:
        asked = await unit.all(verification.select().where(verification.c.objection_id == case_id))
    mine = {one.id for one in asked}
    items = {"items": [{"code": "penalty.fine_wan_yuan", "value": "0.7"}]} if name == "admit" else {}
    for question in await objecting.verifications(town):
        if question["id"] in mine:
            await verified(town, question, "CORRECT" if items else "CONFIRM", **items)


async def _stop(town: Town, case_id: str, name: str) -> None:
    """Of one cause, whatever handler-1 may."""
    now = clock.now()
    with suppress(Refused):
        if name == "stop":
            await clocks.stopped(town, case_id, StopCause.APPRAISAL, day_of(now), now)
            return
        still = (clock_stop.c.objection_id == case_id, clock_stop.c.ended_on.is_(None))
        async with town.house.database.reading() as unit:
            open_ = await unit.first(clock_stop.select().where(*still))
        if open_ is not None:
            await clocks.goes_on(town, case_id, open_.id, day_of(now), now)


async def _join(town: Town, case_id: str, name: str) -> None:
    """The same is filed again, by the applicant or at the counter. What has ended would be filed anew."""
    by = {"received_by": (await clocks.officer(town, "clerk-1")).staff_id} if name == "paper" else {}
    if (await objecting.row(town, case_id)).ended_at is None:
        with suppress(Refused):
            assert await objecting.filed(town, **by) == case_id


async def _bring(town: Town, case_id: str, name: str, nth: int) -> None:
    input_: dict[str, object] = {"objectionId": case_id, "idempotencyKey": f"{case_id} {nth}"}
    input_ |= {"text": "还有一句。"} if name == "say" else {"evidenceIds": [await contesting.upload(town, "citizen-9")]}
    await town.act("citizen-9", f"objection{name.capitalize()}", input_, "replayed")


async def _by_staff(town: Town, case_id: str, name: str, who: str) -> None:
    if name == "open":
        await opened(town, case_id, by=f"handler-{who}")
    elif name in ("back", "take"):
        await act(town, f"handler-{who}" if who else "approver-2", "Reassign", case_id, reason="轮换")
    elif name == "forward":
        await forwarded(town, case_id)
    elif name in ("approve", "return"):
        await act(town, "approver-1", name.capitalize(), case_id, **({"reason": "再核实"} if name == "return" else {}))
    else:
        await decided(town, case_id, _OUTCOMES[name])


async def _do(town: Town, case_id: str, wanted: str, nth: int) -> None:
    name, _, who = wanted.partition(" ")
    if name in ("confirm", "admit"):
        await _answer(town, case_id, name)
    elif name in ("stop", "resume"):
        await _stop(town, case_id, name)
    elif name in ("join", "paper"):
        await _join(town, case_id, name)
    elif name in ("supplement", "say"):
        await _bring(town, case_id, name, nth)
    elif name == "silence":
        await objecting.silence(town, case_id)
    elif name == "withdraw":
        await objecting.withdrawn(town, case_id)
    else:
        await _by_staff(town, case_id, name, who)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@settings(max_examples=scaled(8, 200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(_ACTS), min_size=4, max_size=14))
async def test_a_case_stands_where_the_model_says(town: Town, monkeypatch: pytest.MonkeyPatch, acts: list[str]) -> None:
    monkeypatch.setattr(uploads, "MOST_WAITING", 10_000)  # what was refused waits on, from one example to the next
    case_id, model = await objecting.alone(town), _Model()
    row = await objecting.row(town, case_id)
    await objecting.work_for(town, row.provider_id)
    for nth, wanted in enumerate(("open 1", *acts)):
        await _do(town, case_id, wanted, nth)
        model.step(wanted)
        row = await objecting.row(town, case_id)
        ended = model.status in ("CLOSED", "WITHDRAWN")
        assert (row.status, row.handler_id is not None) == (model.status, model.handler is not None), (acts, wanted)
        assert (row.ended_at is not None, len(await marks_of(town, row.target_id))) == (ended, 0 if ended else 1)
        async with town.house.database.reading() as unit:
            rows = await unit.all(objection_step.select().where(objection_step.c.objection_id == case_id))
        assert Counter(one.act for one in rows) == model.steps, (acts, wanted)
    again = "SELECT count(*) FROM objection WHERE rehears = :i"
    assert await town.count(again, i=case_id) == model.heard_again, acts
    for owner in (row.subject_id, row.institution_id):
        heard = change.select().where(change.c.about == case_id, change.c.owner_id == owner).order_by(change.c.id)
        async with town.house.database.reading() as unit:
            versions = [one.version for one in await unit.all(heard)]
        assert versions == list(range(1, row.version + 1)), acts
    async with town.house.database.writing() as unit:
        await unit.run(objection.update().where(objection.c.id == case_id).values(decided_by=None, approved_by=None))
