"""合并 as a decision table: which two subjects may be one, which row is made, and that a refused one does nothing."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import text

from core.identity import IdentityNumber, IdentityType, parse
from credit import entering
from credit.kinds import SubjectKind
from intake import layouts
from parties import mandates
from parties.kinds import MandateKind
from parties.tables import party
from tests.harness import everything, intake_rows, merging
from tests.harness.callers import Town
from tests.harness.provider_files import counts

_CASES = yaml.safe_load(Path(__file__).with_name("merges.yaml").read_text("utf-8"))
_KINDS = {"P": SubjectKind.NATURAL_PERSON, "L": SubjectKind.LEGAL_PERSON, "I": SubjectKind.INDIVIDUAL_BUSINESS}
_WRITTEN = {IdentityType.RESIDENT_ID: "身份证", IdentityType.USCC: "统一社会信用代码", IdentityType.PASSPORT: "护照"}


class _Cast:
    """Who the letters of a case are, and their numbers."""

    def __init__(self, said: Mapping[str, list[Any]], place: int) -> None:
        self.names = {letter: name for letter, (_, name, *_) in said.items()}
        self.kinds = {letter: _KINDS[kind] for letter, (kind, *_) in said.items()}
        first = next(iter(said.values()))
        everybody = {**said, "new": first, "nobody": first}
        self.numbers = {letter: self._number(n, *one) for n, (letter, one) in enumerate(everybody.items(), place)}

    @staticmethod
    def _number(place: int, kind: str, _name: str, born: date | None = None) -> IdentityNumber:
        if kind != "P":
            return parse(IdentityType.USCC, intake_rows.organisation(place), today=intake_rows.TODAY)
        if born is None:
            return parse(IdentityType.PASSPORT, f"UTO-E7654{place}", today=intake_rows.TODAY)
        return parse(IdentityType.RESIDENT_ID, intake_rows.person(born, place), today=intake_rows.TODAY)

    def row(self, said: Mapping[str, Any]) -> dict[str, str]:
        """A row of the file."""
        merges = "merge" in said
        one, other = (said["merge"], said["into"]) if merges else (said["renumber"], said["to"])
        stands_for = {**self.names, "new": self.names["a"], "nobody": self.names["a"]}
        return {
            "变更类型": "合并" if merges else "换号",
            "主体名称": said.get("called", stands_for[one]),
            layouts.IDENTITY_TYPE: _WRITTEN[self.numbers[one].type],
            layouts.IDENTITY_NUMBER: self.numbers[one].number,
            "变更后名称": said.get("other", stands_for[other]) if merges else "",
            "变更后证件类型": _WRITTEN[self.numbers[other].type],
            "变更后证件号码": self.numbers[other].number,
            "变更日期": f"2026-{said['day']}",
            "变更依据": merging.BASIS,
        }


async def _enter(town: Town, cast: _Cast, case: Mapping[str, Any]) -> Mapping[str, str]:
    """The subjects of a case, and what is between them; their ids."""
    async with town.house.database.writing() as unit:
        for letter, name in cast.names.items():
            new = entering.NewSubject(cast.kinds[letter], cast.numbers[letter], name)
            assert (await entering.add_subjects(unit, [new], at=merging.now())).added == 1
        known = await entering.known(unit, [cast.numbers[letter] for letter in cast.names])
        ids = {letter: known[cast.numbers[letter].number].id for letter in cast.names}
        if "acts_for" in case:
            person, ward = (ids[letter] for letter in case["acts_for"])
            today = merging.now().date() - timedelta(days=9)
            kind = MandateKind.GUARDIAN
            assert await mandates.give(
                unit, person_id=person, subject_id=ward, kind=kind, valid_from=today, at=merging.now()
            )
        for code, letter in zip(("PARTNER1", "BANK1"), case.get("take_part", ()), strict=False):
            assert await unit.run(party.update().where(party.c.code == code).values(subject_id=ids[letter])) == 1
    return ids


async def _stored(town: Town) -> Mapping[str, Any]:
    """All there is; where one writer is as good as many, for it takes its time."""
    sqlite = town.house.database.dialect.name == "sqlite"
    return await everything.stored(town, but={"intake_batch"}) if sqlite else {}


async def test_table(town: Town, tmp_path: Path) -> None:
    await merging.may_change(town)
    for place, case in enumerate(_CASES, 10):
        await _try(town, tmp_path, _Cast(case["subjects"], place * 10), case)


async def _try(town: Town, tmp_path: Path, cast: _Cast, case: Mapping[str, Any]) -> None:
    ids = await _enter(town, cast, case)
    for said in case["rows"]:
        before = await _stored(town)
        result = await merging.send(town, tmp_path, cast.row(said))
        wanted = {"changed": (0, 1, 0, 0), "unchanged": (0, 0, 1, 0)}.get(said["gives"], (0, 0, 0, 1))
        assert (counts(result), list(result.findings)) == (wanted, [said["gives"]] if wanted[3] else []), case["case"]
        if said["gives"] != "changed":
            assert await _stored(town) == before, case["case"]
    async with town.house.database.writing() as unit:
        known = await entering.known(unit, [cast.numbers[letter] for letter in case["is"]])
        pointing = {row.id: row.merged_into for row in await unit.all(text("SELECT id, merged_into FROM subject"))}
    assert {letter: known[cast.numbers[letter].number].id for letter in case["is"]} == {
        letter: ids[left] for letter, left in case["is"].items()
    }
    for letter, left in case["is"].items():
        if letter in ids:
            assert pointing[ids[letter]] == (None if letter == left else ids[left])
