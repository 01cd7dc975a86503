"""A copy of everything about oneself: who gets one, how often, what is in it, and when it is gone."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from api import personas
from api.__main__ import main
from api.clock import now
from credit import exports
from tests.harness import everything, exporting, organs, reporting
from tests.harness.callers import Town
from tests.harness.exporting import Copy
from tests.harness.sealing import keys_of, seal
from tests.harness.servers import ROOT

_CASE = "海纪查〔2026〕9号"
_LOOK = """query($q: GrantedQueryInput!) { granted(query: $q) { subject { name }
  objections { filedAt } records { edges { node { title items { code } objections { filedAt } } } } } }"""
_OWN = """{ me { name identity { masked } records(filter: { includeEnded: true }, first: 100) { edges { node {
  id title status version items { code value } } } } grants { edges { node { id steps { act } } } }
  accessHistory(includeOwn: true, eachEvent: true, first: 100) { edges { node { id summary } } }
  notices(first: 100) { edges { node { id kind message } } } claims { edges { node { id status } } }
  reports { edges { node { id data } } } } }"""


async def _lived(town: Town) -> None:
    """Something of every kind has happened to citizen-1."""
    notice = await town.notice("SCORE_OPEN")
    await town.act("citizen-1", "scoreOpen", {"noticeHash": notice, "idempotencyKey": "s"}, "replayed")
    await town.redeem(await town.code("citizen-1", key="c"), key="r", orderNumber="D-1")
    grant = (await town.grant("citizen-1", key="g"))["grant"]["id"]
    asked = {"grantId": grant, "stage": "PRE_LOAN", "operator": "信贷员甲"}
    await town.data("bank-1", _LOOK, {"q": asked})
    await town.act("citizen-1", "grantRevoke", {"grantId": grant}, "replayed")
    await town.act("citizen-1", "partyBlock", {"partyId": await town.party("海津示例银行")}, "replayed")
    await reporting.issued(town, "citizen-1", "p")
    assert (await organs.look(town, "citizen-1"))["data"]["agency"]


async def _withheld(town: Town) -> None:
    """A look at citizen-1 under an order in force."""
    given = {"code": "HINDERS_LAWFUL_DUTY", "caseNumber": _CASE, "idempotencyKey": "o"}
    until = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    order = await town.act("agency-1", "withholdingOrder", {**given, "until": until}, "withholding { id }")
    agreed = {"withholdingId": order["withholding"]["id"], "expectedVersion": 1}
    await town.act("agency-2", "withholdingAgree", agreed, "replayed")
    under = {"caseNumber": _CASE, "withholdingId": agreed["withholdingId"]}
    assert (await organs.look(town, "citizen-1", **under))["data"]["agency"]


def _nodes(own: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [edge["node"] for edge in own[name]["edges"]]


def _check(copy: Copy, own: dict[str, Any]) -> None:
    """What the API shows stands in the copy, and no less."""
    parts = copy.parts
    for mine in _nodes(own, "records"):
        (said,) = [one for one in parts["records"] if one["id"] == mine["id"]]
        items = [{"code": item["code"], "value": item["value"]} for item in said["items"]]
        assert (said["title"], said["status"], said["version"]) == (mine["title"], mine["status"], mine["version"])
        assert items == mine["items"]
    told = [one["id"] for one in _nodes(own, "notices") if one["kind"] != "EXPORT_READY"]
    assert [one["id"] for one in parts["notices"]] == told
    for name in ("records", "grants", "claims", "reports"):
        assert [one["id"] for one in parts[name]] == [one["id"] for one in _nodes(own, name)], name
    assert [[step["act"] for step in one["steps"]] for one in parts["grants"]] == [
        [step["act"] for step in one["steps"]] for one in _nodes(own, "grants")
    ]
    shown = {one["id"]: one["summary"] for one in _nodes(own, "accessHistory")}
    for one in parts["accesses"]:
        assert shown[one["id"]] == one["summary"]


async def test_everything_is_in_it_and_nobody_else(town: Town, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.exporting.AT_ONCE", 3)  # every list is more than a portion
    await _lived(town)
    await _withheld(town)
    await seal(town.house)
    copy = await exporting.exported(town, "citizen-1")
    own = (await town.data("citizen-1", _OWN))["me"]
    _check(copy, own)
    _is_described(copy)
    me, other = organs.identity("citizen-1"), organs.identity("citizen-2")
    (subject,) = copy.parts["subject"]
    assert (subject["name"], subject["identityNumber"]) == (me["name"], me["number"])
    assert copy.text.count(me["number"]) == 1
    assert other["number"] not in copy.text
    assert copy.manifest["demonstration"] is True
    (score,) = copy.parts["score"]
    assert score["status"] == "OPEN"
    assert all(factor["message"] for factor in score["factors"])
    (claim,) = copy.parts["claims"]
    assert [used["orderNumber"] for used in claim["redemptions"]] == ["D-1"]
    assert copy.parts["unheard"][0]["cause"] == "BLOCKED"
    assert copy.parts["grants"][0]["notice"]["text"]
    assert [link["name"] for link in copy.parts["sign-ins"]] == ["citizen-1"]
    looks = await town.count("SELECT count(*) FROM access WHERE case_number = :c", c=_CASE)
    assert looks == 1
    assert _CASE not in copy.text
    assert "信贷员甲" in {one["actor"]["operator"] for one in copy.parts["accesses"] if one["basis"] == "GRANT"}
    (tmp_path / "accesses.json").write_bytes(orjson.dumps(copy.parts["accesses"]))
    (tmp_path / "keys").write_text("\n".join(map(str, keys_of(town.house))) + "\n", "utf-8")
    held = CliRunner().invoke(main, ["verify", "--keys", str(tmp_path / "keys"), str(tmp_path / "accesses.json")])
    assert held.exit_code == 0, held.output


def _is_described(copy: Copy) -> None:
    """Every file and every field of it stands in docs/export.md."""
    lines = (ROOT / "docs" / "export.md").read_text("utf-8").splitlines()
    for name, entries in copy.parts.items():
        (line,) = [one for one in lines if one.startswith(f"| `{name}.json` |")]
        assert all(f"`{field}`" in line for entry in entries for field in entry), name


async def test_making_one_is_a_look_of_its_own(town: Town) -> None:
    copy = await exporting.exported(town, "citizen-1")
    trail = "{ me { accessHistory(includeOwn: true) { edges { node { id summary purpose recordCount fields } } } } }"
    lines = _nodes((await town.data("citizen-1", trail))["me"], "accessHistory")
    (line,) = [one for one in lines if one["purpose"] == "SELF_EXPORT"]
    assert line["summary"].startswith("您通过手机应用导出了自己的信息：")
    assert line["recordCount"] == len(copy.parts["records"])
    assert {"Me.identity", "Me.accessHistory"} <= set(line["fields"])
    assert line["id"] not in copy.text, "a copy cannot hold the look that making it is"


async def test_one_at_a_time_one_a_day_and_gone_after_its_term(town: Town) -> None:
    first = await exporting.request(town, "citizen-1")
    export_id = first["export"]["id"]
    assert (first["export"]["state"], first["replayed"]) == ("REQUESTED", False)
    assert (await exporting.request(town, "citizen-1"))["replayed"]
    assert (await exporting.request(town, "citizen-1", "other"))["code"] == "EXPORT_PENDING"
    assert (await exporting.ticket(town, "citizen-1", export_id))["code"] == "EXPORT_NOT_READY"
    await exporting.make_all(town)
    soon = await exporting.request(town, "citizen-1", "soon")
    asked = datetime.fromisoformat(first["export"]["requestedAt"])
    assert (soon["code"], datetime.fromisoformat(soon["retryAt"])) == ("EXPORT_TOO_SOON", asked + exports.APART)
    (listed,) = _nodes((await town.data("citizen-1", exporting.EXPORTS))["me"], "exports")
    assert listed["state"] == "READY"
    ended = datetime.fromisoformat(listed["readyAt"]) + exports.LIFE
    assert datetime.fromisoformat(listed["expiresAt"]) == ended
    path = (await exporting.ticket(town, "citizen-1", export_id))["path"]
    assert (await town.http.get(path)).headers["content-type"] == "application/zip"
    assert (await town.http.get(path)).status_code == 404, "a ticket is good once"

    for at, left in ((ended - timedelta(seconds=1), 1), (ended, 0)):
        async with town.house.database.writing() as unit:
            assert await exports.sweep(unit, town.house.blobs, at=at) == 1 - left
        assert await town.count("SELECT count(*) FROM blob") == left
    async with town.house.database.writing() as unit:
        await unit.run(exports.export.update().values(requested_at=asked - exports.APART, expires_at=now()))
    assert (await exporting.ticket(town, "citizen-1", export_id))["code"] == "EXPORT_EXPIRED"
    assert (await exporting.request(town, "citizen-1", "next"))["export"]["state"] == "REQUESTED"


async def test_another_persons_copy_is_absent(town: Town) -> None:
    await exporting.exported(town, "citizen-1")
    (mine,) = _nodes((await town.data("citizen-1", exporting.EXPORTS))["me"], "exports")
    before = await everything.stored(town)
    absent = await exporting.ticket(town, "citizen-2", "exp_00000000000000000000")
    assert await exporting.ticket(town, "citizen-2", mine["id"]) == absent
    assert absent["code"] == "NOT_AVAILABLE"
    assert await everything.stored(town) == before
    path = (await exporting.ticket(town, "citizen-1", mine["id"]))["path"]
    wrong = await town.http.get(path.replace(mine["id"], "exp_00000000000000000000"))
    assert wrong.status_code == 404
    assert (await town.http.get(path)).status_code == 200, "the wrong name has not spent it"


async def test_who_only_reads_for_another_gets_none(town: Town) -> None:
    code = (await town.data("citizen-6", "{ viewer { helperOffer { code } } }"))["viewer"]["helperOffer"]["code"]
    until = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    given = {"helperCode": code, "validUntil": until, "idempotencyKey": "h"}
    mandate = (await town.act("citizen-5", "mandateGive", given, "helper { id }"))["helper"]["id"]
    token = personas.mint(town.house.rings, "citizen-6", None, audience="haihe", at=datetime.now(UTC), mandate=mandate)
    before = await everything.stored(town)
    document = 'mutation { exportRequest(input: { idempotencyKey: "k" }) { __typename } }'
    answer = await town.ask(None, document, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status, answer.code) == (403, "FORBIDDEN")
    assert await everything.stored(town) == before


async def test_a_guardian_asks_for_the_ward_and_the_wards_trail_says_so(town: Town) -> None:
    helpers = "{ me { helpers { id kind } } }"
    (guardian,) = (await town.data("ward-1", helpers))["me"]["helpers"]
    token = personas.mint(
        town.house.rings, "citizen-3", None, audience="haihe", at=datetime.now(UTC), mandate=guardian["id"]
    )
    document = 'mutation { exportRequest(input: { idempotencyKey: "k" }) { __typename } }'
    answer = await town.ask(None, document, headers={"Authorization": f"Bearer {token}"})
    assert answer["data"]["exportRequest"]["__typename"] == "ExportRequestPayload"
    await exporting.make_all(town)
    trail = "{ me { name accessHistory(includeOwn: true) { edges { node { summary purpose basis } } } } }"
    lines = _nodes((await town.data("ward-1", trail))["me"], "accessHistory")
    (line,) = [one for one in lines if one["purpose"] == "SELF_EXPORT"]
    assert line["basis"] == "MANDATE"
    assert line["summary"].startswith("您的监护人代您通过手机应用导出了您的信息：")


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_eight_at_once_are_one(town: Town) -> None:
    said = await asyncio.gather(*(exporting.request(town, "citizen-1", f"k{n}") for n in range(8)))
    assert sorted(one.get("code", "") for one in said) == ["", *["EXPORT_PENDING"] * 7]
    assert await town.count("SELECT count(*) FROM export") == 1


async def test_an_organisations_copy_names_none_of_its_people(town: Town) -> None:
    copy = await exporting.exported(town, "company-1-legal")
    (subject,) = copy.parts["subject"]
    assert subject["identityType"] == "USCC"
    assert copy.parts["organisation"][0]["name"] == subject["name"]
    assert copy.parts["settings"] == [{"marksFromTwoPeople": False}]
    for persona in ("citizen-1", "citizen-2", "citizen-3"):
        assert organs.identity(persona)["number"] not in copy.text
