"""A citizen and a company have reports issued, download them, and whoever holds one checks it."""

from api.clock import now
from audit.lens import Audience, BasisKind, Lens
from credit import marks, repair
from credit.marks import Marked, Value
from tests.harness import contesting, reporting
from tests.harness.callers import Town

TRAIL = """{ me { accessHistory(includeOwn: true, first: 20) { edges { node { basis recordCount fields } } } } }"""
OWN = "{ me { reports(first: 10) { edges { node { id number state pdfReady data } } } } }"


async def test_the_whole_walk(town: Town) -> None:
    report = await reporting.issued(town, "citizen-1", "a")
    said = report["said"]
    assert (report["state"], report["kind"], report["pdfReady"]) == ("GENUINE", "FULL", False)
    assert report["recordCount"] == len(said["records"]) > 0
    assert "score" not in report["data"].lower()
    assert said["subject"]["identity"].count("*") >= 8
    waiting = await reporting.ticket(town, "citizen-1", report["id"])
    assert waiting["code"] == "REPORT_NOT_READY"

    await reporting.print_all(town)
    answer = await reporting.fetch(town, "citizen-1", report["id"])
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/pdf"
    printed = reporting.text_of(answer.content)
    for record in said["records"]:
        assert reporting.squeezed(record["documentNumber"]) in printed
    assert "演示数据不作凭证" in printed
    assert "海河分" not in printed

    checked = await reporting.check(town, report["number"], report["code"].lower().replace("-", " "))
    assert checked["state"] == "GENUINE"
    assert checked["issuedAt"] == report["issuedAt"]
    assert checked["subjectMasked"].startswith(said["subject"]["name"][0] + "*")
    assert said["subject"]["name"] not in checked["subjectMasked"]

    node = (await town.data("citizen-1", TRAIL))["me"]["accessHistory"]["edges"][0]["node"]
    assert (node["basis"], node["recordCount"]) == ("SELF", len(said["records"]))
    listed = (await town.data("citizen-1", OWN))["me"]["reports"]["edges"]
    assert [edge["node"]["pdfReady"] for edge in listed] == [True]
    assert listed[0]["node"]["data"] == report["data"]


async def test_the_same_key_is_the_same_report_and_a_superseded_one_says_so(town: Town) -> None:
    first = await reporting.issue(town, "citizen-1", "a")
    again = await reporting.issue(town, "citizen-1", "a")
    assert again["replayed"]
    assert again["report"] == first["report"]
    report = first["report"]
    record_id = reporting.orjson.loads(report["data"])["records"][0]["id"]
    async with town.house.database.writing() as unit:
        await repair.report_repaired(unit, record_id, at=now())
    assert (await reporting.check(town, report["number"], report["code"]))["state"] == "SUPERSEDED"
    fresh = await reporting.issued(town, "citizen-1", "b")
    assert record_id not in {one["id"] for one in fresh["said"]["records"]}
    assert (await reporting.check(town, fresh["number"], fresh["code"]))["state"] == "GENUINE"
    assert await town.count("SELECT count(*) FROM report") == 2


async def test_a_mark_is_printed_and_supersedes(town: Town) -> None:
    before = await reporting.issued(town, "citizen-1", "a")
    record_id = before["said"]["records"][0]["id"]
    lens = Lens(Audience.SUBJECT, BasisKind.SELF, await contesting.subject_of(town, "citizen-1"))
    async with town.house.database.writing() as unit:
        await marks.mark(unit, Value(Marked.RECORD, lens, record_id), filed_at=now(), at=now())
    assert (await reporting.check(town, before["number"], before["code"]))["state"] == "SUPERSEDED"
    after = await reporting.issued(town, "citizen-1", "b")
    await reporting.print_all(town)
    printed = reporting.text_of((await reporting.fetch(town, "citizen-1", after["id"])).content)
    assert "异议标注：该信息已于" in printed
    assert "异议标注：该信息已于" not in reporting.text_of(
        (await reporting.fetch(town, "citizen-1", before["id"])).content
    )
