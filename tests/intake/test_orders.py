"""Any order of rows, any split into files, the same files twice: the same records.

Where rows share a key and differ, order decides, and the law is: the last one loaded holds, and what was said before it
are its versions, in that order.
"""

import asyncio
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from api.demo import people
from api.house import House
from credit import entering
from credit.tables import correction, record, record_version, subject
from intake import layouts
from tests.harness.city import SEED
from tests.harness.provider_files import COMPANY, load, penalty, someone, write
from tests.harness.scale import scaled

_SUBJECTS = 3
_SAID = (
    "kind",
    "title",
    "occurred_on",
    "publicity",
    "publicity_until",
    "query_until",
    "score_until",
    "items",
    "status",
)
_counter = itertools.count()


class Sent(NamedTuple):
    """One row: its key (layout, document, whose), and which of some contents it has; 0 breaks a rule."""

    licence: bool
    number: int
    whose: int
    words: int

    @property
    def key(self) -> tuple[bool, int, int]:
        return self.licence, self.number, self.whose

    def values(self, run: str) -> dict[str, str]:
        """The row as it stands in a file. Each run has documents of its own, so that runs do not meet."""
        day = f"2026/01/{self.words:02d}"  # there is no day 0
        row = penalty(f"{run}之{self.number}", 处罚内容=f"罚款{self.words}元", 处罚决定日期=day, **_whose(self.whose))
        if not self.licence:
            return row
        named = {"行政许可决定文书名称": "决定书", "行政许可决定文书号": f"{run}之{self.number}", "许可类别": "普通"}
        return {**row, **named, "许可证书名称": f"证{self.words}", "许可决定日期": day, "许可机关": "海津市示例局"}


def _whose(number: int) -> dict[str, str]:
    if number:
        who = someone(20 + number)
        return {layouts.NAME: who.name, layouts.IDENTITY_NUMBER: who.number}
    company = {layouts.KIND: "法人", layouts.NAME: COMPANY, layouts.USCC: people.organisation(3, SEED).number}
    third = {layouts.REPRESENTATIVE_TYPE: "身份证", layouts.REPRESENTATIVE_NUMBER: someone(40).number}
    return {**company, **third, layouts.IDENTITY_TYPE: "", layouts.IDENTITY_NUMBER: ""}


_KEYS = st.tuples(st.booleans(), st.integers(0, 2), st.integers(0, _SUBJECTS - 1))
# A file is of one layout, and in one order with others: a cut wherever the layout changes, and wherever one is drawn.
_CUTS = st.lists(st.booleans(), min_size=40, max_size=40)


@st.composite
def _agreeing(draw: st.DrawFn) -> tuple[list[Sent], list[Sent]]:
    """Rows whose contents differ only where their keys do, some of them sent twice; and the same in another order."""
    said = draw(st.dictionaries(_KEYS, st.integers(0, 3), min_size=1, max_size=9))
    rows = [Sent(*key, words) for key, words in said.items()]
    rows += draw(st.lists(st.sampled_from(rows), max_size=3))
    return rows, draw(st.permutations(rows))


class _Provider:
    """Loads rows under a run's own name, and says what the store holds of it."""

    def __init__(self, house: House, folder: Path) -> None:
        self._house, self._folder = house, folder
        self.run = f"序{next(_counter)}"
        self.counts: Counter[str] = Counter()

    async def send(self, rows: Sequence[Sent], cuts: Sequence[bool]) -> None:
        """The rows, file by file, in their order."""
        for file in _files(rows, cuts):
            layout = layouts.LICENCE if file[0].licence else layouts.PENALTY
            path = write(self._folder / f"{next(_counter)}.csv", layout, [row.values(self.run) for row in file])
            result = await load(self._house, path, batch=3)
            for name in ("added", "changed", "unchanged", "rejected"):
                self.counts[name] += getattr(result, name)

    async def holds(self) -> dict[Any, Any]:
        """Every record of the run by its natural key: what it says, its versions, whose number was split off, and how
        many corrections there are to tell of."""
        c = record.c
        async with self._house.database.reading() as unit:
            rows = await unit.all(
                select(record, subject.c.identity_hash)
                .join(subject, subject.c.id == c.subject_id)
                .where(c.document_number.startswith(self.run + "之"))
            )
            found = {}
            for row in rows:
                kept = select(record_version).where(record_version.c.record_id == row.id)
                versions = await unit.all(kept.order_by(record_version.c.version))
                told = await unit.all(select(correction.c.id).where(correction.c.record_id == row.id))
                key = (row.kind, row.document_number.split("之")[1], row.identity_hash)
                found[key] = (
                    *(row.version, tuple(getattr(row, name) for name in _SAID)),
                    *([version.content["title"] for version in versions], [version.version for version in versions]),
                    *([version.content["items"] for version in versions], len(told)),
                    await entering.third_persons(unit, row.id),
                )
            assert len(found) == len(rows), "one key, two records"
        return found


def _files(rows: Sequence[Sent], cuts: Sequence[bool]) -> Iterable[list[Sent]]:
    file: list[Sent] = []
    for row, cut in zip(rows, cuts, strict=False):
        if file and (cut or row.licence != file[0].licence):
            yield file
            file = []
        file.append(row)
    if file:
        yield file


async def _try(house: House, folder: Path, law: Any, rows: st.SearchStrategy[Any]) -> None:
    """Hypothesis in a thread, what it tries on this loop: one city for all examples."""
    loop = asyncio.get_running_loop()

    @settings(max_examples=scaled(10, 300), deadline=None, suppress_health_check=list(HealthCheck))
    @given(rows, _CUTS)
    def tried(rows: Any, cuts: list[bool]) -> None:
        asyncio.run_coroutine_threadsafe(law(house, folder, rows, cuts), loop).result()

    await asyncio.to_thread(tried)


async def _same(house: House, folder: Path, rows: tuple[list[Sent], list[Sent]], cuts: list[bool]) -> None:
    here, there = _Provider(house, folder), _Provider(house, folder)
    await here.send(sorted(rows[0]), [False] * len(rows[0]))
    await there.send(rows[1], cuts)
    before = await there.holds()
    assert before == await here.holds()
    good = [row for row in rows[0] if row.words]
    keys, bad = {row.key for row in good}, len(rows[0]) - len(good)
    assert there.counts == here.counts
    assert there.counts == Counter(added=len(keys), unchanged=len(good) - len(keys), rejected=bad)
    await there.send(rows[0], cuts)
    assert await there.holds() == before
    assert (there.counts["added"], there.counts["changed"]) == (len(keys), 0)


async def test_any_order_any_split_and_twice_are_the_same_records(house: House, tmp_path: Path) -> None:
    await _try(house, tmp_path, _same, _agreeing())


async def _last_holds(house: House, folder: Path, rows: list[Sent], cuts: list[bool]) -> None:
    provider = _Provider(house, folder)
    await provider.send(rows, cuts)
    said: dict[tuple[bool, int, int], list[int]] = defaultdict(list)
    for row in rows:
        if row.words and said[row.key][-1:] != [row.words]:
            said[row.key].append(row.words)
    holds = await provider.holds()
    assert len(holds) == sum(1 for words in said.values() if words)
    assert Counter(_told(found) for found in holds.values()) == Counter(
        (len(words), tuple(words), len(words) - 1) for words in said.values() if words
    )
    good = sum(1 for row in rows if row.words)
    versions = sum(len(words) for words in said.values())
    assert (provider.counts["added"], provider.counts["changed"]) == (len(holds), versions - len(holds))
    assert (provider.counts["unchanged"], provider.counts["rejected"]) == (good - versions, len(rows) - good)


def _told(found: Any) -> tuple[int, tuple[int, ...], int]:
    """A record's version, the words it had one after another, and how many corrections there are to tell of."""
    version, said, _, numbers, items, told, _ = found
    assert numbers == list(range(1, version))
    return version, tuple(_words(one) for one in (*items, said[_SAID.index("items")])), told


def _words(items: dict[str, str]) -> int:
    text = items.get("penalty.content") or items["licence.certificate_name"]
    return int("".join(character for character in text if character.isdigit()))


async def test_of_rows_with_one_key_the_last_holds_and_the_others_are_its_versions(
    house: House, tmp_path: Path
) -> None:
    rows = st.lists(st.builds(lambda key, words: Sent(*key, words), _KEYS, st.integers(0, 2)), min_size=1, max_size=12)
    await _try(house, tmp_path, _last_holds, rows)
