"""Withheld looks: in the tree at once, in the trail when their order ends, and counted in public all the while."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from audit import withholding
from audit.lens import Audience, BasisKind, Lens
from audit.log import Log, Shapes
from audit.looks import Look, Shape
from audit.notes import Checkpoint
from audit.tables import withholding as table
from audit.verifying import check_extends, check_receipt, check_together
from audit.withholding import LONGEST, WithholdingCode
from core.errors import Invalid, NotAvailable, VersionChanged
from core.principal import Channel
from parties.errors import SecondPerson, WrongState
from tests.harness.callers import Town
from tests.harness.sealing import Mirror, keys_of, seal

_HISTORY = """{ me { id accessHistory(includeOwn: true, first: 100) { edges { node {
  id summary receipt { position data salt link linkSalt proof } } } } } }"""


_CASE = "津公查〔2026〕1号"
_ORGAN = "pty_organ"


async def _ordered(town: Town, *, at: datetime, days: int = 30, case: str = _CASE, agreed_by: str | None = "b") -> str:
    async with town.house.database.writing() as unit:
        until = at + timedelta(days=days)
        code = WithholdingCode.HINDERS_LAWFUL_DUTY
        made = await withholding.order(unit, code, party_id=_ORGAN, case_number=case, by="a", until=until, at=at)
        if agreed_by is not None:
            await withholding.agree(unit, made, party_id=_ORGAN, expected=1, by=agreed_by, at=at)
        return made


async def _look(town: Town, subject_id: str, order: str | None, *, at: datetime) -> str:
    lens = Lens(Audience.RECIPIENT, BasisKind.STATUTE, subject_id)
    made = Look(
        lens, "STATUTE", Shape.of({"CreditRecord.title"}), "OTHER", Channel.API, actor_name="机关", withholding_id=order
    )
    async with town.house.database.writing() as unit:
        await Log(Shapes()).append(unit, [made], at=at)
    return made.id


async def _history(town: Town) -> tuple[str, list[dict[str, Any]]]:
    found = (await town.data("citizen-2", _HISTORY))["me"]
    return found["id"], [edge["node"] for edge in found["accessHistory"]["edges"]]


async def test_a_withheld_look_is_sealed_now_and_shown_when_its_order_ends(town: Town) -> None:
    at = datetime.now(UTC)
    subject_id, _ = await _history(town)
    order = await _ordered(town, at=at)
    look_id = await _look(town, subject_id, order, at=at)
    open_ = await _look(town, subject_id, None, at=at)
    await seal(town.house)
    kept = Checkpoint.opened(await Mirror(town).note(), keys_of(town.house))
    assert kept.withheld == 1
    shown = (await _history(town))[1]
    assert look_id not in {node["id"] for node in shown}
    assert open_ in {node["id"] for node in shown}
    checked = [check_receipt(node["receipt"], keys_of(town.house)) for node in shown if node["receipt"]]
    assert check_together(checked) == [], "a withheld look shows as a gap"
    assert not [one for one in checked if one.said["withholding"]]
    async with town.house.database.writing() as unit:
        await withholding.end(unit, order, party_id=_ORGAN, at=at)
    await seal(town.house)
    receipt = next(node["receipt"] for node in (await _history(town))[1] if node["id"] == look_id)
    proved = check_receipt(receipt, keys_of(town.house))
    assert proved.index < kept.size, "it was there when the old checkpoint was made"
    assert proved.link == {"previous": None, "sequence": None, "subject": None, "withheld": 1}
    mirror = Mirror(town)
    now = Checkpoint.opened(await mirror.note(), keys_of(town.house))
    await mirror.fetch(now.size)
    check_extends(kept, now, mirror.read)
    assert now.withheld == 1


async def test_an_order_ends_by_itself(town: Town) -> None:
    at = datetime.now(UTC) - timedelta(days=31)
    subject_id, _ = await _history(town)
    look_id = await _look(town, subject_id, await _ordered(town, at=at, days=30), at=at)
    assert look_id in {node["id"] for node in (await _history(town))[1]}


async def test_an_order_that_nobody_gave_withholds_nothing(town: Town) -> None:
    subject_id, _ = await _history(town)
    look_id = await _look(town, subject_id, "wth_00000000000000000000", at=datetime.now(UTC))
    assert look_id in {node["id"] for node in (await _history(town))[1]}


async def test_an_order_of_one_person_withholds_nothing(town: Town) -> None:
    at = datetime.now(UTC)
    subject_id, _ = await _history(town)
    look_id = await _look(town, subject_id, await _ordered(town, at=at, agreed_by=None), at=at)
    assert look_id in {node["id"] for node in (await _history(town))[1]}


async def test_two_people_a_case_and_an_end(town: Town) -> None:
    at = datetime.now(UTC)
    with pytest.raises(SecondPerson):
        await _ordered(town, at=at, agreed_by="a")
    for case in (" ", "x" * 61):
        with pytest.raises(Invalid):
            await _ordered(town, at=at, case=case)
    for days in (0, -1, LONGEST.days + 1):
        with pytest.raises(Invalid):
            await _ordered(town, at=at, days=days)


async def test_a_review_is_another_persons_and_an_end_is_final(town: Town) -> None:
    at = datetime.now(UTC)
    order, later = await _ordered(town, at=at), at + timedelta(days=60)

    async def prolong(by: str, until: datetime, *, expected: int = 2, organ: str = _ORGAN) -> None:
        async with town.house.database.writing() as unit:
            await withholding.prolong(unit, order, party_id=organ, expected=expected, by=by, until=until, at=at)

    for refused, arguments in (
        (SecondPerson, {"by": "a", "until": later}),
        (VersionChanged, {"by": "c", "until": later, "expected": 1}),
        (Invalid, {"by": "c", "until": at + timedelta(days=20)}),
        (NotAvailable, {"by": "c", "until": later, "organ": "pty_other"}),
    ):
        with pytest.raises(refused):
            await prolong(**arguments)  # type: ignore[arg-type]
    await prolong("c", later)
    held = {"party_id": _ORGAN, "case_number": _CASE}
    async with town.house.database.writing() as unit:
        assert await withholding.in_force(unit, order, **held, at=at + timedelta(days=59))
        assert not await withholding.in_force(unit, order, **held, at=later)
        assert not await withholding.in_force(unit, order, party_id=_ORGAN, case_number="another", at=at)
        assert await withholding.end(unit, order, party_id=_ORGAN, at=at)
        assert not await withholding.end(unit, order, party_id=_ORGAN, at=at)
        assert not await withholding.in_force(unit, order, **held, at=at)
    with pytest.raises(WrongState):
        await prolong("c", later + LONGEST / 2, expected=4)


async def test_the_database_itself_wants_two_people(town: Town) -> None:
    order = await _ordered(town, at=datetime.now(UTC))
    with pytest.raises(IntegrityError):
        async with town.house.database.writing() as unit:
            await unit.run(table.update().where(table.c.id == order).values(agreed_by="a"))
