"""A citizen sees what is missing, and only they; says where they live, and takes it back."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from audit.lens import Audience, BasisKind, Lens
from core.database import WriteUnit
from core.moments import day_of
from core.moving import Merger
from credit import oneself, residence
from credit.kinds import RecordFact, RecordStatus
from credit.scoring import Fact, counts
from credit.tables import record
from credit.tables import residence as residences
from tests.harness import exporting
from tests.harness.callers import Town

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_OFFERS = """{ me { residence { district } districts score { value } offers(first: 100) { edges { node {
  eligible gaps { condition message needed have } offer { id title requirement } } } } } }"""
_STATED = "residence { district } replayed"


async def _me(town: Town, persona: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    me = (await town.data(persona, _OFFERS))["me"]
    return me, [edge["node"] for edge in me["offers"]["edges"]]


async def test_who_misses_a_tier_is_told_by_how_many_points_and_nobody_else_is(town: Town) -> None:
    told: set[str] = set()
    for persona in ("citizen-1", "citizen-2", "citizen-4", "citizen-5", "citizen-7", "citizen-9"):
        me, nodes = await _me(town, persona)
        for gap in (gap for node in nodes for gap in node["gaps"] if gap["condition"] == "TIER"):
            short = int(gap["needed"]) - me["score"]["value"]
            assert int(gap["have"]) == me["score"]["value"]
            assert short > 0
            assert f"还差 {short} 分" in gap["message"]
            told.add(persona)
    assert told
    before, nodes = await _me(town, "citizen-4")
    async with town.house.database.writing() as unit:  # another score of the same tier: the same cell, no new edition
        await unit.run(text("UPDATE score SET value = value + 1 WHERE value = :v"), {"v": before["score"]["value"]})
    after, again = await _me(town, "citizen-4")
    assert after["score"]["value"] == before["score"]["value"] + 1
    missed = [[int(gap["have"]) for node in of for gap in node["gaps"] if gap["have"]] for of in (nodes, again)]
    assert missed[1] == [have + 1 for have in missed[0]]
    assert missed[0]
    everybody = await town.data(None, "{ offers(first: 100) { edges { node { requirement } } } }")
    assert all("分，" not in edge["node"]["requirement"] for edge in everybody["offers"]["edges"])


async def test_a_district_is_ones_own_word(town: Town) -> None:
    me, nodes = await _me(town, "citizen-6")
    assert me["residence"] is None
    assert me["districts"] == ["滨河区", "东港区", "西营区", "南苑区", "北仓区", "新城区"]
    local = next(node for node in nodes if node["offer"]["requirement"] == "居住在滨河区")
    assert [gap["condition"] for gap in local["gaps"]] == ["DISTRICT"]
    refused = await town.claim("citizen-6", local["offer"]["id"], key="before")
    assert [(d["code"], d["limit"]) for d in refused["details"]] == [("DISTRICT", "滨河区")]
    answers = [
        await town.act("citizen-6", "residenceState", {"district": name}, _STATED)
        for name in ("东港区", "滨河区", "滨河区", "和平区")
    ]
    assert [answer.get("replayed") for answer in answers] == [False, False, True, None]
    assert answers[-1]["code"] == "INVALID_INPUT"
    me, nodes = await _me(town, "citizen-6")
    assert me["residence"] == {"district": "滨河区"}
    assert {"eligible": True, "gaps": [], "offer": local["offer"]} in nodes
    assert "claim" in await town.claim("citizen-6", local["offer"]["id"], key="after")
    copy = await exporting.exported(town, "citizen-6")
    assert "滨河区" in str(copy)
    stale = await town.act("citizen-6", "residenceForget", {"district": "东港区"}, "replayed")
    assert stale["code"] == "VERSION_CHANGED"
    forgotten = [await town.act("citizen-6", "residenceForget", {"district": "滨河区"}, "replayed") for _ in range(2)]
    assert [answer["replayed"] for answer in forgotten] == [False, True]
    assert await town.count("SELECT count(*) FROM residence") == 0
    _, nodes = await _me(town, "citizen-6")
    assert local in nodes


async def test_an_organisation_lives_nowhere(town: Town) -> None:
    answer = await town.act("company-1-legal", "residenceState", {"district": "滨河区"}, _STATED)
    assert [(d["code"]) for d in answer["details"]] == ["SUBJECT_KIND"]


_PAIRS = [("滨河区", None, "滨河区"), (None, "东港区", "东港区"), ("滨河区", "东港区", "东港区"), (None, None, None)]


@pytest.mark.parametrize(("theirs", "own", "stands"), _PAIRS)
async def test_of_two_who_are_one_the_kept_ones_word_stands(
    town: Town, theirs: str | None, own: str | None, stands: str | None
) -> None:
    at = datetime.now(UTC)
    async with town.house.database.writing() as unit:
        rows = await unit.all(text("SELECT id FROM subject WHERE kind = 'NATURAL_PERSON' ORDER BY id LIMIT 2"))
        merger = Merger("mrg_1", rows[0].id, rows[1].id, at)
        for subject_id, district in ((merger.absorbed, theirs), (merger.kept, own)):
            if district:
                await residence.state(unit, _own(subject_id), district, at=at)
        moved = await residence.move(unit, merger)
        found = await unit.all(select(residences))
    assert [(row.subject_id, row.residence_district) for row in found] == ([(merger.kept, stands)] if stands else [])
    assert len(moved) == (theirs is not None)
    assert all("滨河区" not in str(one) for one in moved)


def _own(subject_id: str) -> Lens:
    return Lens(Audience.SUBJECT, BasisKind.SELF, subject_id)


async def test_what_a_record_says_counts_as_it_counts_for_the_score(town: Town) -> None:
    """The database's EXISTS and the score's own rule agree over records drawn by chance; what is contested never
    counts against anybody."""
    chance, at = random.Random(5), datetime.now(UTC)
    found: set[frozenset[RecordFact]] = set()
    async with town.house.database.writing() as unit:
        model = await unit.first(select(record).limit(1))
        nobody = await unit.first(text("SELECT id FROM subject WHERE id NOT IN (SELECT subject_id FROM record)"))
        assert model is not None
        assert nobody is not None
        for round_ in range(60):
            await unit.run(record.delete().where(record.c.id.like("drawn%")))
            drawn = [
                _drawn(chance, day_of(at), model._asdict() | {"subject_id": nobody.id}, f"drawn{round_}-{n}")
                for n in range(chance.randint(0, 3))
            ]
            for row in drawn:
                await unit.run(record.insert().values(row))
            read = (await oneself.read(unit, _own(nobody.id), at=at)).facts
            assert read == await _by_the_scores_rule(unit, nobody.id, day_of(at))
            found.add(read)
    assert len(found) == 4


def _drawn(chance: random.Random, today: date, model: dict[str, Any], id_: str) -> dict[str, Any]:
    until = chance.choice([None, today - timedelta(days=1), today, today + timedelta(days=1)])
    category, nature = chance.choice([("HONOUR", "FAVOURABLE"), ("ADMINISTRATIVE", "ADVERSE"), ("CONTRACT", "NEUTRAL")])
    marks = chance.choice([[], [], ["2026-11-20T00:00:00Z"]])
    said = {"category": category, "nature": nature, "marks": marks, "score_until": until, "document_number": id_}
    status = chance.choice([RecordStatus.CURRENT, RecordStatus.CURRENT, RecordStatus.REPAIRED]).value
    return model | said | {"id": id_, "status": status}


async def _by_the_scores_rule(unit: WriteUnit, subject_id: str, today: date) -> frozenset[RecordFact]:
    rows = await unit.all(select(record).where(record.c.subject_id == subject_id))
    facts = [Fact(row.category, row.nature, row.status, row.score_until, bool(row.marks)) for row in rows]
    counted = [fact for fact in facts if counts(fact, today)]
    holds = {
        RecordFact.NO_ADVERSE: all(fact.nature != "ADVERSE" for fact in counted),
        RecordFact.HONOUR: any(fact.category == "HONOUR" for fact in counted),
    }
    return frozenset(fact for fact, is_so in holds.items() if is_so)
