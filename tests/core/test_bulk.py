"""Many rows at once: what is added is of the unit and no other, and a list may be of any length."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from api.house import House
from core import bulk
from intake.tables import provider_terms

_AT = datetime(2026, 11, 26, 2, tzinfo=UTC)
_HARD = ("", "甲", "a,b", '{"x"}', "\\N", "NULL", "两\n行\t", "'; --", "\U0001f600")


def _row(number: int, words: str) -> dict[str, Any]:
    said = {"kinds": [words, {"k": number}], "districts": None, "responsible": words, "contact": "1"}
    said["answer_workdays"] = None
    return {"party_id": f"pty_bulk{number}", "version": 1, **said, "entered_at": _AT}


async def _add(house: House, *rows: dict[str, Any]) -> None:
    async with house.database.writing() as unit:
        await unit.add(provider_terms, rows)


async def _here(house: House) -> dict[str, Any]:
    async with house.database.reading() as unit:
        rows = await unit.all(select(provider_terms).where(provider_terms.c.party_id.startswith("pty_bulk")))
    return {row.party_id: row for row in rows}


async def test_every_type_comes_back_as_it_was(house: House) -> None:
    rows = [_row(number, words) for number, words in enumerate(_HARD)]
    await _add(house, *rows)
    assert {name: row._asdict() for name, row in (await _here(house)).items()} == {row["party_id"]: row for row in rows}


async def test_what_was_added_first_of_all_is_undone_with_its_unit(house: House) -> None:
    with suppress(ZeroDivisionError):
        async with house.database.writing() as unit:
            await unit.add(provider_terms, [_row(1, "甲")])
            raise ZeroDivisionError
    assert await _here(house) == {}


async def test_a_row_that_is_there_fails_all_that_came_with_it(house: House) -> None:
    await _add(house, _row(1, "甲"))
    with pytest.raises(Exception, match=r"(?i)unique"):
        await _add(house, _row(0, "乙"), _row(1, "乙"))
    assert {row.responsible for row in (await _here(house)).values()} == {"甲"}


async def test_rows_are_made_while_those_before_them_are_entered(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than are handed over at once, each made when it is asked for; what cannot be made undoes all of them."""
    monkeypatch.setattr(bulk, "_AT_ONCE", 3)
    async with house.database.writing() as unit:
        await unit.add(provider_terms, (_row(number, "甲") for number in range(8)))
    assert len(await _here(house)) == 8
    with pytest.raises(ZeroDivisionError):
        async with house.database.writing() as unit:
            await unit.add(provider_terms, (_row(10 + 1 // (number - 5), str(number)) for number in range(8)))
    assert len(await _here(house)) == 8


async def test_one_asks_by_a_list_however_long_it_is(house: House) -> None:
    c = provider_terms.c
    async with house.database.writing() as unit:
        await unit.add(provider_terms, [_row(number, words) for number, words in enumerate(_HARD)])
        for wanted in ((), _HARD[:1], _HARD, (*_HARD, *("缺",) * 40_000)):
            found = await unit.all(select(c.responsible).where(unit.among(c.responsible, wanted)))
            assert sorted(row.responsible for row in found) == sorted(set(_HARD) & set(wanted))
        pairs = [("pty_bulk1", _HARD[1]), ("pty_bulk2", _HARD[1])]
        both = await unit.all(select(c.party_id).where(unit.matching((c.party_id, c.responsible), pairs)))
        assert [row.party_id for row in both] == ["pty_bulk1"]
