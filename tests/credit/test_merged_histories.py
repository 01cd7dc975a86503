"""Random histories of three subjects, merged at random points: the union of what was said, read in order, at every
instant; and each grant sees what was entered under its subject's name while it was that one's, and nothing else."""

import asyncio
from datetime import date, timedelta
from itertools import count
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from api.app import House
from audit.lens import Audience, BasisKind, Lens
from core.cursors import Sealer
from core.database import Unit
from core.identity import IdentityNumber, IdentityType
from core.ids import new_id
from core.paging import PageRequest
from credit import entering, merging, records
from credit.amending import Act
from credit.kinds import SubjectKind
from credit.renaming import ChangeVerdict, SubjectAct, SubjectChange
from grants import use
from grants.tables import grant
from tests.credit import test_history as histories
from tests.harness.scale import scaled

_BORN, _SIDES = count(1000), st.integers(0, 2)
_NUMBER = st.sampled_from(("甲1号", "甲2号"))
_EVENTS = st.one_of(
    st.tuples(st.just("say"), _SIDES, _NUMBER, st.integers(0, 1)),
    st.tuples(st.just("say"), _SIDES, _NUMBER, st.integers(0, 1)),
    st.tuples(st.just("mark"), _SIDES, _NUMBER, st.integers(0, 1)),
    st.tuples(st.sampled_from([Act.WITHDRAW.value, Act.REPAIR.value]), _SIDES, _NUMBER, st.just(0)),
    st.tuples(st.just("grant"), _SIDES, st.just(""), st.just(0)),
    st.tuples(st.just("merge"), _SIDES, st.just(""), st.integers(1, 2)),
)


class _World:
    """Three subjects, whose they are now, and what each grant should show."""

    def __init__(self, house: House) -> None:
        self.house, self.at = house, histories._BEGIN
        self.numbers = [IdentityNumber(IdentityType.PASSPORT, f"UTO-H{next(_BORN)}", None) for _ in range(3)]
        self.covers: dict[str, set[str]] = {}
        self.side_of: dict[str, int] = {}

    async def begin(self) -> None:
        async with self.house.database.writing() as unit:
            new = [entering.NewSubject(SubjectKind.NATURAL_PERSON, number, "甲某") for number in self.numbers]
            await entering.add_subjects(unit, new, at=self.at)
            known = await entering.known(unit, self.numbers)
        self.ids = [known[number.number].id for number in self.numbers]
        self.present = [0, 1, 2]
        for side in range(3):
            await self.grant(side)

    async def grant(self, side: int) -> None:
        """A grant over everything, as the city's are."""
        async with self.house.database.writing() as unit:
            city = await unit.first(select(grant).where(grant.c.status == "ACTIVE").limit(1))
            assert city is not None
            subject_id, grant_id = self.ids[self.present[side]], new_id("grt")
            changed = {"id": grant_id, "subject_id": subject_id, "strands": None, "window_months": None}
            await unit.run(grant.insert().values({**city._asdict(), "categories": ["ADMINISTRATIVE"], **changed}))
            self.covers[grant_id], self.side_of[grant_id] = (
                set(await histories._present(unit, subject_id, self.at)),
                side,
            )

    async def merge(self, side: int, further: int) -> None:
        absorbed, kept = self.present[side], self.present[(side + further) % 3]
        if absorbed == kept:
            return
        ids = [self.ids[absorbed], self.ids[kept]]
        async with self.house.database.reading() as unit:
            said = [await self._said(unit, id_) for id_ in ids]
        said_here = {key: said[0][0].get(key, {}) | said[1][0].get(key, {}) for key in said[0][0]}
        number, right = self.numbers[absorbed], self.numbers[kept]
        wanted = SubjectChange(SubjectAct.MERGE, number, "甲某", date(2026, 1, 1), "据", "甲某", right)
        async with self.house.database.writing() as unit:
            verdict = await merging.merge(unit, wanted, histories._SOURCE, (), at=self.at)
            assert verdict is ChangeVerdict.CHANGED
        self.present = [kept if one == absorbed else one for one in self.present]
        async with self.house.database.reading() as unit:
            past, now = await self._said(unit, ids[1])
        assert past == said_here
        self._compare(said[0][1], said[1][1], now)

    async def _said(self, unit: Unit, subject_id: str) -> tuple[dict[int, Any], dict[str, Any]]:
        """What is said at every second before now, and now, with ended ones."""
        seconds = range(-1, int((self.at - histories._BEGIN).total_seconds()))
        instants = {second: histories._BEGIN + timedelta(seconds=second) for second in seconds}
        past = {
            second: await histories._past(unit, subject_id, instant, self.at) for second, instant in instants.items()
        }
        return past, await histories._present(unit, subject_id, self.at)

    def _compare(self, theirs: dict[str, Any], own: dict[str, Any], now: dict[str, Any]) -> None:
        """Every record of both, once: of two of one document one stands, with both's marks."""
        twice = {
            (a, b) for a, one in theirs.items() for b, other in own.items() if one[2] is not None and one[2] == other[2]
        }
        assert set(now) == set(theirs) | set(own)
        for id_, shown in {**theirs, **own}.items():
            if not any(id_ in both for both in twice):
                assert now[id_] == shown
        for both in twice:
            (stands,) = [id_ for id_ in both if now[id_][2] is not None]
            (other,) = set(both) - {stands}
            assert now[other][4:7] == ("WITHDRAWN", now[other][5], "DUPLICATE")
            had = {**theirs, **own}
            statuses = {had[id_][4] for id_ in both}
            assert now[stands][4] in (statuses - {"CURRENT"} or statuses)
            assert set(now[stands][7]) == set(had[stands][7]) | set(had[other][7])
            for covered in self.covers.values():
                if covered & set(both):
                    covered.add(stands)

    async def act(self, what: str, side: int, number: str, figure: int) -> None:
        before = await self._records()
        mine = self.ids[self.present[side]]
        await histories._World(self.house, mine, mine).act(what, number, figure, self.at)
        for record_id, subject_id in (await self._records()).items():
            if record_id not in before:
                for grant_id, whose in self.side_of.items():
                    if self.ids[self.present[whose]] == subject_id:
                        self.covers[grant_id].add(record_id)

    async def _records(self) -> dict[str, str]:
        async with self.house.database.reading() as unit:
            return {id_: one for one in sorted(set(self.ids)) for id_ in await histories._present(unit, one, self.at)}

    async def check(self) -> None:
        """Each grant shows what it covers, newest first, as far as it is current."""
        async with self.house.database.reading() as unit:
            for grant_id, covered in self.covers.items():
                row = await unit.first(select(grant).where(grant.c.id == grant_id))
                assert row is not None
                request = PageRequest(100, None, Sealer(unit.vault))
                lens = use.lens_of(row, at=self.at)
                page = await records.page(unit, lens, request, records.Filter(), with_items=True, at=self.at)
                everything = Lens(Audience.RECIPIENT, BasisKind.GRANT, row.subject_id)
                current = await records.page(unit, everything, request, records.Filter(), with_items=True, at=self.at)
                assert [one.id for one in page.items] == [one.id for one in current.items if one.id in covered]

    async def run(self, events: list[tuple[str, int, str, int]]) -> None:
        await self.begin()
        for what, side, number, figure in events:
            self.at += timedelta(seconds=1)
            if what == "merge":
                await self.merge(side, figure)
            elif what == "grant":
                await self.grant(side)
            else:
                await self.act(what, side, number, figure)
            await self.check()
        async with self.house.database.writing() as unit:
            await unit.run(grant.delete().where(grant.c.id.in_(list(self.covers))))


_SAME = [("say", 0, "甲1号", 0), ("say", 1, "甲1号", 1), ("mark", 0, "甲1号", 1), ("merge", 0, "", 1)]


async def test_a_merge_is_the_union_and_shows_a_grant_nothing_more(house: House) -> None:
    loop = asyncio.get_running_loop()

    @settings(max_examples=scaled(8, 300), deadline=None)
    @given(st.lists(_EVENTS, min_size=3, max_size=12))
    @example(_SAME)
    @example([*_SAME, ("say", 1, "甲2号", 0), ("say", 2, "甲2号", 0), ("merge", 1, "", 1), ("say", 0, "甲1号", 0)])
    def lived(events: list[tuple[str, int, str, int]]) -> None:
        asyncio.run_coroutine_threadsafe(_World(house).run(events), loop).result()

    await asyncio.to_thread(lived)
