"""合并: two subjects turn out to be one, and nothing of either is lost or stands twice."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import String, text

from audit.verifying import check_receipt, check_together
from core.database import metadata
from credit.recomputing import Recomputer
from tests.harness import asking, exporting, merging, reporting, sealing
from tests.harness.callers import Town
from tests.harness.merging import SECOND
from tests.harness.provider_files import counts

_MINE = """{ me { id name identity { masked } scoreStatus score { value objections { filedAt } }
  formerly { until basis identity { masked } }
  records(first: 100, filter: {includeEnded: true}) {
    edges { node { id documentNumber status withdrawal objections { filedAt } } } }
  grants(first: 100) { edges { node { id status } } } claims(first: 100) { edges { node { id status } } }
  notices(first: 100) { edges { node { id kind } } } reports { edges { node { number state } } }
  accessHistory(first: 100, includeOwn: true) { edges { node { id } } } } }"""
_GRANTED = """query($q: GrantedQueryInput!) { granted(query: $q) { subject { name identity { masked } }
  objections { filedAt } records(first: 100) { edges { node { documentNumber objections { filedAt } } } } } }"""
# The log and the pointers: what may go on naming the absorbed subject.
_NAMES_IT = {
    ("subject", "id"), ("former_identity", "first_of"), ("subject_merge", "absorbed_id"),
    ("trail_joined", "absorbed_id"), ("access", "subject_id"), ("log_leaf", "subject_id"), ("outbox", "about"),
    ("access", "officer_id"), ("grant_step", "actor_id"), ("change", "owner_id"), ("change", "about"),
}  # fmt: skip


async def _open(town: Town, persona: str, key: str) -> None:
    notice = await town.notice("SCORE_OPEN")
    await town.act(persona, "scoreOpen", {"noticeHash": notice, "idempotencyKey": key}, "replayed")


def _nodes(me: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [edge["node"] for edge in me[name]["edges"]]


async def _me(town: Town, persona: str = "citizen-1") -> dict[str, Any]:
    return dict((await town.data(persona, _MINE))["me"])


async def _lived(town: Town, folder: Path) -> tuple[merging.Pair, dict[str, Any], dict[str, Any]]:
    """Both subjects have something of everything; what each reads before."""
    who = await merging.pair(town, folder)
    for index, number in enumerate((who.kept_number, who.absorbed_number)):
        assert counts(await merging.fined(town, folder, who, number, f"合并{index}")) == (1, 0, 0, 0)
        assert counts(await merging.fined(town, folder, who, number, "同一号")) == (1, 0, 0, 0)
    for persona in ("citizen-1", SECOND):
        await _open(town, persona, f"open {persona}")
        grant = (await town.grant(persona, key=f"g {persona}"))["grant"]["id"]
        assert (await _granted(town, grant)).isdisjoint({"其他"})
        await town.claim(persona, await town.open_offer(), key=f"c {persona}")
        await reporting.issued(town, persona, f"r {persona}")
    return who, await _me(town), await _me(town, SECOND)


async def _granted(town: Town, grant_id: str, by: str = "bank-1") -> set[str]:
    query = {"q": {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "甲"}}
    found = (await town.data(by, _GRANTED, query))["granted"]
    return {edge["node"]["documentNumber"] for edge in found["records"]["edges"]}


async def test_everything_of_both_is_the_ones(town: Town, tmp_path: Path) -> None:
    who, own, theirs = await _lived(town, tmp_path)
    await merging.merge(town, tmp_path, who)
    me = await _me(town)
    assert (await _me(town, SECOND))["id"] == me["id"] == who.kept == own["id"]
    assert [(one["until"], one["basis"]) for one in me["formerly"]] == [("2026-05-01", merging.BASIS)]
    for name in ("records", "grants", "claims", "notices", "accessHistory"):
        had = {node["id"] for one in (own, theirs) for node in _nodes(one, name)}
        assert had <= {node["id"] for node in _nodes(me, name)}, name
    same = [node for node in _nodes(me, "records") if node["documentNumber"] == "同一号"]
    twice = [node for node in _nodes(me, "records") if node["withdrawal"] == "DUPLICATE"]
    assert ([node["status"] for node in same], [node["documentNumber"] for node in twice]) == (["CURRENT"], [None])
    assert {node["kind"] for node in _nodes(me, "notices")} >= {"SUBJECT_MERGED"}
    assert {node["state"] for node in _nodes(me, "reports")} == {"SUPERSEDED"}
    assert [node["status"] for node in _nodes(me, "claims")] == ["CLAIMED", "CLAIMED"]
    assert me["scoreStatus"] == "OPEN"
    await Recomputer(town.house.database).run_once(merging.now())
    assert (await _me(town))["score"]["value"] == me["score"]["value"] != theirs["score"]["value"]


async def test_nothing_but_the_log_and_the_pointers_names_the_absorbed_subject(town: Town, tmp_path: Path) -> None:
    who, _, _ = await _lived(town, tmp_path)
    await merging.merge(town, tmp_path, who)
    naming = set()
    async with town.house.database.reading() as unit:
        for table in metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, String):
                    named = text(f'SELECT count(*) FROM "{table.name}" WHERE "{column.name}" = :i')
                    row = await unit.first(named, {"i": who.absorbed})
                    naming |= {(table.name, column.name)} if row is not None and row[0] else set()
    assert naming <= _NAMES_IT
    assert ("access", "subject_id") in naming


async def test_a_grant_shows_what_it_covered_and_what_is_entered_since(town: Town, tmp_path: Path) -> None:
    who, _, _ = await _lived(town, tmp_path)
    old = {
        persona: (await town.grant(persona, key=f"old {persona}"))["grant"]["id"] for persona in ("citizen-1", SECOND)
    }
    before = {persona: await _granted(town, grant) for persona, grant in old.items()}
    await merging.merge(town, tmp_path, who)
    assert {persona: await _granted(town, grant) for persona, grant in old.items()} == before
    assert counts(await merging.fined(town, tmp_path, who, who.absorbed_number, "新号")) == (1, 0, 0, 0)
    for persona, grant in old.items():
        assert await _granted(town, grant) == before[persona] | {"新号"}
    fresh = (await town.grant(SECOND, key="fresh"))["grant"]["id"]
    assert await _granted(town, fresh) == before["citizen-1"] | before[SECOND] | {"新号"}


async def test_the_trail_reads_both_and_every_receipt_holds(town: Town, tmp_path: Path) -> None:
    who, _, _ = await _lived(town, tmp_path)
    await sealing.seal(town.house)
    kept = {one["id"]: one["receipt"] for one in await sealing.history(town, SECOND)}
    leaves = await town.count("SELECT count(*) FROM log_leaf")
    await merging.merge(town, tmp_path, who)
    await sealing.seal(town.house)
    lines = await sealing.history(town, "citizen-1")
    keys = sealing.keys_of(town.house)
    checked = [check_receipt(line["receipt"], keys) for line in lines if line["receipt"]]
    assert check_together(checked) == []
    assert {one.link["subject"] for one in checked if one.link} == {who.kept, who.absorbed}
    found = {line["id"]: line["receipt"] for line in lines if line["receipt"]}
    for look, receipt in kept.items():
        if receipt is not None:
            assert {name: found[look][name] for name in ("data", "salt", "link")} == {
                name: receipt[name] for name in ("data", "salt", "link")
            }
    assert await town.count("SELECT count(*) FROM log_leaf") > leaves
    asked = await town.act(
        "citizen-1", "accessQuestion", {"accessId": next(iter(kept)), "idempotencyKey": "q"}, "questionedAt replayed"
    )
    assert asked["__typename"] == "AccessQuestionPayload"


async def test_the_same_record_sent_again_under_either_number_is_unchanged(town: Town, tmp_path: Path) -> None:
    who, _, _ = await _lived(town, tmp_path)
    await merging.merge(town, tmp_path, who)
    for number in (who.kept_number, who.absorbed_number):
        for document in ("合并0", "合并1", "同一号"):
            assert counts(await merging.fined(town, tmp_path, who, number, document)) == (0, 0, 1, 0)


async def test_a_copy_of_everything_has_both(town: Town, tmp_path: Path) -> None:
    who, own, theirs = await _lived(town, tmp_path)
    await merging.merge(town, tmp_path, who)
    copy = await exporting.exported(town, "citizen-1")
    looks = {entry["id"] for entry in copy.parts["accesses"]}
    assert {node["id"] for one in (own, theirs) for node in _nodes(one, "accessHistory")} <= looks
    (subject,) = copy.parts["subject"]
    assert [one["identityNumber"] for one in subject["formerly"]] == [who.absorbed_number]


async def test_what_was_merged_is_written_down_row_by_row(town: Town, tmp_path: Path) -> None:
    who, own, theirs = await _lived(town, tmp_path)
    await merging.merge(town, tmp_path, who)
    async with town.house.database.reading() as unit:
        rows = await unit.all(text("SELECT place, row_key, was FROM subject_merge_row"))
    said = [(row.place, row.row_key if isinstance(row.row_key, list) else json.loads(row.row_key)) for row in rows]
    for place, name in (("record", "records"), ("consent_grant", "grants"), ("claim", "claims"), ("outbox", "notices")):
        assert {node["id"] for node in _nodes(theirs, name)} <= {key[0] for where, key in said if where == place}
    values = {str(one["score"]["value"]) for one in (own, theirs)}
    assert not any(value in str(row.was) for row in rows if row.place == "score" for value in values)


async def test_the_town_finds_the_one_by_either_number(town: Town, tmp_path: Path) -> None:
    who = await merging.pair(town, tmp_path)
    await merging.merge(town, tmp_path, who)
    made = await asking.ask(
        town,
        "by the old number",
        subject={"identity": {"type": "RESIDENT_ID", "number": who.absorbed_number, "name": who.name}},
    )
    waiting = {node["id"] for node in _nodes(await _me(town), "grants")}
    assert made["grant"]["id"] in waiting
