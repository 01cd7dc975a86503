"""Random people with a 海河分 and organisations with an evaluation: each led through what may happen to one, and how it
stands in the end."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select

from api.demo import people
from audit.lens import Audience, BasisKind, Lens
from core.database import Unit, WriteUnit
from core.identity import IdentityType
from credit import districts, evaluation, residence, subjects
from credit import score as scores
from credit.counts import ORGANISATIONS
from credit.entering import Provenance
from credit.evaluation import EvaluationContent, NewEvaluation
from credit.kinds import EvaluationGrade, SubjectKind
from credit.tables import evaluation as evaluations
from credit.tables import residence as residences
from credit.tables import score, subject

_DISTRICTS = districts.of_city(demonstration=True)
_SEED, _TODAY = 10_007, date(2026, 11, 23)
_SOURCE = Provenance("pty_RESIDING", "x", "x")
# Beside the day of the count and the days next to it, on which it is decided what holds.
_NEAR = (-1, -1, 0, 0, 1, 400)


@dataclass(frozen=True)
class Person:
    """Whether somebody's score is open, and where they say they live."""

    tier: int | None
    district: str | None


@dataclass(frozen=True)
class Organisation:
    """What was said of an organisation last."""

    kind: str
    grade: str
    until: date
    is_withdrawn: bool


@dataclass
class Crowd:
    """Everybody who is counted, or would be if they were counted wrongly."""

    people: list[Person] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)

    def __add__(self, other: "Crowd") -> "Crowd":
        return Crowd(self.people + other.people, self.organisations + other.organisations)


async def here(unit: Unit) -> Crowd:
    """Who is in the city, table by table."""
    lives = {row.subject_id: row.residence_district for row in await unit.all(select(residences))}
    kinds = {row.id: row.kind for row in await unit.all(select(subject.c.id, subject.c.kind))}
    return Crowd(
        [Person(row.tier, lives.get(row.subject_id)) for row in await unit.all(select(score))],
        [
            Organisation(kinds[row.subject_id], row.grade, row.valid_until, row.withdrawn_at is not None)
            for row in await unit.all(select(evaluations))
        ],
    )


async def drawn(unit: WriteUnit, chance: Random, today: date, *, at: datetime, most: int) -> Crowd:
    """So many more of each at most; `today` is the day of the count."""
    made = Crowd()
    for number in range(chance.randint(0, most)):
        made.people.append(await _person(unit, chance, number, at))
    for number in range(chance.randint(0, most)):
        found = await _organisation(unit, chance, f"sub_firm{number}", today, at)
        made.organisations += [found] if found is not None else []
    return made


async def _subject(unit: WriteUnit, id_: str, kind: SubjectKind, number: str, at: datetime) -> None:
    is_person = kind is SubjectKind.NATURAL_PERSON
    type_ = IdentityType.RESIDENT_ID if is_person else IdentityType.USCC
    row = subjects.sealed(unit.vault, subject_id=id_, kind=kind, type_=type_, number=number, name="某某")
    await unit.run(subject.insert().values(row | {"created_at": at}))


async def _person(unit: WriteUnit, chance: Random, number: int, at: datetime) -> Person:
    """Somebody who opened a score, perhaps closed it, and said never, once or again where they live."""
    tier, id_ = chance.randint(1, 5), f"sub_residing{number}"
    someone = people.citizen(number + 2_000_000, _SEED, _TODAY)
    await _subject(unit, id_, SubjectKind.NATURAL_PERSON, someone.number, at)
    opened = {"version": 1, "status": "OPEN", "value": 1, "marks": [], "notice_hash": "x", "opened_at": at}
    await unit.run(score.insert().values(subject_id=id_, tier=tier, **opened))
    district, lens = None, Lens(Audience.SUBJECT, BasisKind.SELF, id_)
    for _ in range(chance.randint(0, 3)):
        if district is not None and chance.random() < 0.3:
            assert await residence.forget(unit, lens, district)
            district = None
        else:
            district = chance.choice(_DISTRICTS)
            await residence.state(unit, lens, district, at=at)
    if chance.random() < 0.3:
        await scores.close(unit, lens, at=at)
        return Person(None, district)
    return Person(tier, district)


async def _organisation(unit: WriteUnit, chance: Random, id_: str, today: date, at: datetime) -> Organisation | None:
    """An organisation that was evaluated, perhaps again, by words that are older too, and perhaps not any more; None
    where nobody did."""
    kind = chance.choice(ORGANISATIONS)
    await _subject(unit, id_, SubjectKind(kind), id_, at)
    stands: Organisation | None = None
    assessed = today - timedelta(days=500)
    for _ in range(chance.randint(0, 3)):
        if stands is not None and chance.random() < 0.3:
            await evaluation.take_out(unit, id_, at=at)
            stands = Organisation(kind, stands.grade, stands.until, is_withdrawn=True)
            continue
        older = stands is not None and chance.random() < 0.2
        assessed += timedelta(days=0 if older else chance.randint(1, 100))
        on = assessed - timedelta(days=7 if older else 0)
        grade, until = chance.choice(list(EvaluationGrade)), today + timedelta(days=chance.choice(_NEAR))
        said = EvaluationContent(grade, "x", on, until)
        await evaluation.put(unit, [NewEvaluation(id_, said)], _SOURCE, at=at)
        if not older:
            stands = Organisation(kind, grade.value, until, is_withdrawn=False)
    return stands
