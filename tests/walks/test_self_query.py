"""Walk 1: a citizen reads their own record, and the look shows in the next trail."""

import pytest

from api.personas import PERSONAS
from core.principal import Scope
from tests.harness.callers import Town

_WALK = """{ me {
  name identity { type masked } scoreStatus
  records(first: 20) { edges { node { title authority dateLabel occurredOn nature items { code label value masked }
    objections { filedAt } source { name kind } } } pageInfo { hasNextPage } }
  accessHistory(includeOwn: true) { edges { node { summary fields recordCount basis actor { name } } } }
} }"""
_TRAIL = "{ me { accessHistory(includeOwn: true, first: 1) { edges { node { summary fields recordCount basis } } } } }"


async def test_a_citizen_reads_their_own_record(town: Town) -> None:
    me = (await town.data("citizen-1", _WALK))["me"]
    assert me["name"] == "林海生"
    assert me["identity"]["type"] == "RESIDENT_ID"
    assert me["identity"]["masked"].startswith("1299**")
    assert me["scoreStatus"] == "OPEN"
    records = [edge["node"] for edge in me["records"]["edges"]]
    assert len(records) == 3
    assert all(record["items"] and record["source"]["name"] for record in records)
    assert not any(item["masked"] for record in records for item in record["items"])


async def test_the_look_stands_in_the_next_trail_with_its_fields(town: Town) -> None:
    await town.data("citizen-1", _WALK)
    node = (await town.data("citizen-1", _TRAIL))["me"]["accessHistory"]["edges"][0]["node"]
    assert node["basis"] == "SELF"
    assert node["recordCount"] == 3
    assert node["summary"] == "您通过手机应用查看了自己的信息：行政管理信息、诚实守信相关荣誉信息，共3条。"
    assert {"Me.name", "CreditRecord.title", "RecordItem.value", "licence.content"} <= set(node["fields"])
    assert "Me.claims" not in node["fields"]


async def test_own_looks_are_shown_on_request_only(town: Town) -> None:
    await town.data("citizen-6", "{ me { name } }")
    shown = await town.data("citizen-6", "{ me { accessHistory { edges { node { id } } } } }")
    assert shown["me"]["accessHistory"]["edges"] == []


async def test_a_disputed_record_carries_its_mark(town: Town) -> None:
    document = "{ me { records { edges { node { nature objections { filedAt } } } } } }"
    found = await town.data("citizen-4", document)
    marked = [edge["node"]["nature"] for edge in found["me"]["records"]["edges"] if edge["node"]["objections"]]
    assert marked == ["ADVERSE"]


async def test_a_repaired_record_is_for_its_subject_on_request(town: Town) -> None:
    document = "query($f: RecordFilter) { me { records(filter: $f) { edges { node { status repair } } } } }"
    current = await town.data("citizen-5", document)
    every = await town.data("citizen-5", document, {"f": {"includeEnded": True}})
    assert {edge["node"]["status"] for edge in current["me"]["records"]["edges"]} == {"CURRENT"}
    assert {"status": "REPAIRED", "repair": "REPAIRED"} in [e["node"] for e in every["me"]["records"]["edges"]]


async def test_somebody_without_records_sees_an_empty_page(town: Town) -> None:
    found = await town.data("citizen-6", "{ me { scoreStatus score { value } records { edges { cursor } } } }")
    assert found["me"] == {"scoreStatus": "NOT_OPENED", "score": None, "records": {"edges": []}}


async def test_an_organisation_is_seen_by_who_represents_it(town: Town) -> None:
    company = await town.data("company-1-legal", "{ viewer { name actingFor { name kind } } me { name kind } }")
    assert company["me"] == {"name": "海津示例餐饮管理有限公司", "kind": "LEGAL_PERSON"}
    assert company["viewer"] == {"name": "韩文博", "actingFor": {"name": company["me"]["name"], "kind": "LEGAL_PERSON"}}


async def test_a_viewer_sees_for_whom_they_may_act(town: Town) -> None:
    found = await town.data("citizen-3", "{ viewer { mandates { edges { node { kind subject { name } } } } } }")
    nodes = [edge["node"] for edge in found["viewer"]["mandates"]["edges"]]
    assert sorted(nodes, key=lambda node: str(node["kind"])) == [
        {"kind": "AGENT", "subject": {"name": "海津示例餐饮管理有限公司"}},
        {"kind": "GUARDIAN", "subject": {"name": "邓福安"}},
    ]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_every_persona_signs_in_and_sees_what_its_scopes_say(town: Town) -> None:
    for name, persona in PERSONAS.items():
        assert (await town.ask(name, "{ offers(first: 1) { edges { node { id } } } }")).status == 200, name
        me = await town.ask(name, "{ me { id } }")
        assert me.status == (200 if Scope.SELF_READ in persona.scopes else 403), name
