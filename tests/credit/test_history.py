"""What did we say on day X: random histories equal a replay, and the API answers it to the subject alone."""

import asyncio
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.house import House
from audit.lens import Audience, BasisKind, Lens
from core.cursors import Sealer
from core.database import Unit, WriteUnit
from core.errors import NotAvailable
from core.moments import start_of
from core.paging import PageRequest
from core.statements import Row
from credit import entering, history, marks, records
from credit.amending import Act, Amender, Amendment, Verdict
from credit.entering import NewRecord, Provenance, RecordContent
from credit.kinds import Publicity, RecordNature
from credit.marks import Marked, Value
from grants.scope import RecordCategory
from tests.harness.callers import Town
from tests.harness.scale import scaled

_SOURCE = Provenance("pty_model", "海津市示例局", "STATE_ORGAN")
# Some seconds before midnight in the city: a history that is long enough goes on into the next day.
_LAST_DAY = date(2026, 1, 1)
_BEGIN = start_of(_LAST_DAY + timedelta(days=1)) - timedelta(seconds=5)
_NUMBERS = ("甲1号", "甲2号", "甲3号")
_ACTS = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(_NUMBERS), st.integers(0, 5)),
    st.tuples(st.just("mark"), st.sampled_from(_NUMBERS), st.integers(0, 9)),
    st.tuples(st.sampled_from([Act.WITHDRAW, Act.REPAIR, Act.REASSIGN]), st.sampled_from(_NUMBERS), st.just(0)),
    st.tuples(st.just(Act.RENUMBER), st.sampled_from(_NUMBERS), st.integers(0, 2)),
)
# Each act comes some seconds after the one before it; none means the same instant.
_HISTORY = st.lists(st.tuples(_ACTS, st.integers(0, 3)), min_size=1, max_size=9)
# The clock of another process may be behind.
_SKEWED = st.lists(st.tuples(_ACTS, st.integers(-2, 3)), min_size=1, max_size=9)


def _content(number: str, figure: int) -> RecordContent:
    """One of three wordings, each until a day or for ever."""
    words, ends = figure % 3, figure > 2
    return RecordContent(
        kind="penalty",
        catalogue="2026-1",
        category=RecordCategory.ADMINISTRATIVE,
        nature=RecordNature.ADVERSE,
        title=f"行政处罚：{words}",
        document_number=number,
        authority="海津市示例局",
        occurred_on=date(2026, 1, 1 + words),
        publicity=Publicity.ON_AUTHORISATION,
        publicity_until=None,
        query_until=_LAST_DAY if ends else None,
        score_until=None,
        items={"penalty.content": f"罚款{words}元"},
    )


def _lens(subject_id: str) -> Lens:
    return Lens(Audience.SUBJECT, BasisKind.SELF, subject_id)


async def _present(unit: Unit, subject_id: str, at: datetime) -> dict[str, Any]:
    request = PageRequest(100, None, Sealer(unit.vault))
    wanted = records.Filter(include_ended=True)
    page = await records.page(unit, _lens(subject_id), request, wanted, with_items=True, at=at)
    return {row.id: _shown(row) for row in page.items}


async def _past(unit: Unit, subject_id: str, as_of: datetime, at: datetime, *, ended: bool = True) -> dict[str, Any]:
    """Page by page, two at a time: what is found is found whole."""
    found: dict[str, Any] = {}
    after = None
    while True:
        request = PageRequest(2, after, Sealer(unit.vault))
        wanted = records.Filter(include_ended=ended)
        page = await history.page(unit, _lens(subject_id), request, wanted, as_of=as_of, at=at)
        assert not found.keys() & {row.id for row in page.items}, "two versions were said at one instant"
        assert len({row.id for row in page.items}) == len(page.items), "two versions were said at one instant"
        found |= {row.id: _shown(row) for row in page.items}
        if not page.more:
            return found
        after = page.seal(page.items[-1])


def _shown(row: Row) -> tuple[Any, ...]:
    return (
        *(row.version, row.title, row.document_number, row.sorted_on, row.status, row.repair, row.withdrawal),
        *(tuple(row.marks), row.items, row.recorded_at),
    )


class _World:
    """Two subjects, and one provider's acts about the first."""

    def __init__(self, house: House, mine: str, other: str) -> None:
        self.house, self.mine, self.other = house, mine, other

    async def act(self, what: str, number: str, figure: int, at: datetime) -> None:
        async with self.house.database.writing() as unit:
            if what == "say":
                await entering.put_records(unit, [NewRecord(self.mine, _content(number, figure))], _SOURCE, at=at)
            elif what == "mark":
                await self._mark(unit, number, at + timedelta(hours=figure), at)
            else:
                await self._amend(unit, Act(what), number, figure, at)

    async def _mark(self, unit: WriteUnit, number: str, filed_at: datetime, at: datetime) -> None:
        for record_id, shown in (await _present(unit, self.mine, at)).items():
            if shown[2] == number:
                value = Value(Marked.RECORD, Lens(Audience.SUBJECT, BasisKind.SELF, self.mine), record_id)
                with suppress(NotAvailable):  # what is withdrawn is contested no more
                    await marks.mark(unit, value, filed_at=filed_at, at=at)

    async def _amend(self, unit: WriteUnit, act: Act, number: str, figure: int, at: datetime) -> None:
        right = _NUMBERS[figure] if act is Act.RENUMBER else None
        amender = Amender(unit, _SOURCE, at)
        theirs = self.other if act is Act.REASSIGN else None
        assert await amender.amend(Amendment(act, "penalty", number, self.mine, right, theirs)) in Verdict
        await amender.tell()

    async def run(self, acts: list[tuple[tuple[str, str, int], int]]) -> int:
        """Each second's present is noted while it is there; afterwards its past is what was noted. Where a clock was
        behind, it is one version of each record, and at the end the present. How many were found to have ended."""
        clock, noted, skewed, ended = _BEGIN, dict[datetime, list[dict[str, Any]]](), False, 0
        for (what, number, figure), seconds in acts:
            skewed = skewed or seconds < 0
            await self._note(noted, clock, clock + timedelta(seconds=seconds))
            await self.act(what, number, figure, clock + timedelta(seconds=seconds))
            clock = max(clock, clock + timedelta(seconds=seconds))
        await self._note(noted, clock, clock + timedelta(seconds=1))
        async with self.house.database.reading() as unit:
            for second in range(-2, int((clock - _BEGIN).total_seconds()) + 1):
                instant = _BEGIN + timedelta(seconds=second)
                said = noted.get(instant, [{}, {}])
                for subject_id, wanted in zip((self.mine, self.other), said, strict=True):
                    found = await _past(unit, subject_id, instant, clock)
                    if not skewed or instant == clock:
                        assert found == wanted
                        current = {id_: shown for id_, shown in wanted.items() if shown[4] == "CURRENT"}
                        assert await _past(unit, subject_id, instant, clock, ended=False) == current
                        ended += sum(shown[4] == "ENDED" for shown in found.values())
        return ended

    async def _note(self, noted: dict[datetime, list[dict[str, Any]]], instant: datetime, until: datetime) -> None:
        """What is said at each second before `until`."""
        while instant < until:
            async with self.house.database.reading() as unit:
                noted[instant] = [await _present(unit, whose, instant) for whose in (self.mine, self.other)]
            instant += timedelta(seconds=1)


async def _clear(house: House, subject_ids: list[str]) -> None:
    from credit.tables import correction, record, record_version

    async with house.database.writing() as unit:
        rows = await unit.all(record.select().where(record.c.subject_id.in_(subject_ids)))
        ids = [row.id for row in rows]
        await unit.run(record_version.delete().where(record_version.c.record_id.in_(ids)))
        await unit.run(correction.delete())
        await unit.run(record.delete().where(record.c.id.in_(ids)))


async def test_random_histories_equal_a_replay(house: House) -> None:
    from sqlalchemy import text

    async with house.database.reading() as unit:
        free = (
            "SELECT id FROM subject WHERE kind = 'NATURAL_PERSON' AND id NOT IN (SELECT subject_id FROM record)"
            " ORDER BY id LIMIT 2"
        )
        mine, other = [row.id for row in await unit.all(text(free))]
    loop, ended = asyncio.get_running_loop(), 0

    @settings(max_examples=scaled(30, 300), deadline=None)
    @given(st.one_of(_HISTORY, _SKEWED))
    @example([(("say", "甲1号", 0), 0), (("say", "甲1号", 1), 3), (("say", "甲1号", 2), -1)])
    @example([(("say", "甲1号", 3), 3), (("say", "甲2号", 0), 3), (("say", "甲1号", 1), 1)])
    def replayed(acts: list[tuple[tuple[str, str, int], int]]) -> None:
        nonlocal ended

        async def one() -> int:
            await _clear(house, [mine, other])
            return await _World(house, mine, other).run(acts)

        ended += asyncio.run_coroutine_threadsafe(one(), loop).result()

    await asyncio.to_thread(replayed)
    assert ended


_ASKED = """query($f: RecordFilter, $a: String, $n: Int! = 100) { me { records(first: $n, after: $a, filter: $f) {
  pageInfo { endCursor hasNextPage } edges { node { title status items { value } } } } } }"""


async def _listed(town: Town, as_of: str | None = None) -> list[dict[str, Any]]:
    found = await town.data("citizen-2", _ASKED, {"f": {"asOf": as_of} if as_of else {}})
    return [edge["node"] for edge in found["me"]["records"]["edges"]]


async def test_the_api_answers_what_was_said_then(town: Town, tmp_path: Any) -> None:
    from core.moments import rfc3339
    from tests.harness.monitoring import report

    before = rfc3339(datetime.now(UTC))
    now = await _listed(town)
    await report(town, tmp_path)
    wrong = rfc3339(datetime.now(UTC))
    first = await _listed(town)
    await report(town, tmp_path, 处罚内容="罚款1000元")
    assert await _listed(town, before) == now
    assert await _listed(town, wrong) == first != now
    assert await _listed(town, rfc3339(datetime.now(UTC))) == await _listed(town) != first
    # A cursor belongs to its instant.
    page = (await town.data("citizen-2", _ASKED, {"f": {"asOf": wrong}, "n": 1}))["me"]["records"]
    turned = {"f": {"asOf": before}, "n": 1, "a": page["pageInfo"]["endCursor"]}
    assert (await town.ask("citizen-2", _ASKED, turned)).code == "BAD_CURSOR"
    assert (await town.ask("citizen-2", _ASKED, {**turned, "f": {}})).code == "BAD_CURSOR"
    later = rfc3339(datetime.now(UTC) + timedelta(hours=1))
    refused = await town.ask("citizen-2", _ASKED, {"f": {"asOf": later}})
    assert (refused.code, refused["errors"][0]["extensions"]["details"][0]["code"]) == ("INVALID_INPUT", "NOT_YET")


async def test_nobody_else_asks_for_the_past(town: Town) -> None:
    document = """query($q: GrantedQueryInput!) { granted(query: $q) {
  objections { filedAt } records(filter: {asOf: "2026-01-01T00:00:00Z"}) {
      edges { node { title objections { filedAt } } } } } }"""
    query = {"q": {"grantId": "grt_none", "stage": "PRE_LOAN", "operator": "甲"}}
    assert (await town.ask("bank-1", document, query)).code == "FIELD_NOT_ALLOWED"
    public = """{ published(query: {name: "海津示例餐饮管理有限公司"}) {
      records(filter: {asOf: "2026-01-01T00:00:00Z"}) { edges { node { title } } } } }"""
    assert (await town.ask(None, public)).code == "FIELD_NOT_ALLOWED"
