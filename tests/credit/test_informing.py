"""After a correction: who may have seen the wrong value is told so, without it; the subject sees who was told."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from audit import withholding
from credit import repair, seeing, withdrawing
from credit.informing import SETTLES, Informer
from tests.harness.callers import Town
from tests.harness.monitoring import BANK, events, record_of, report

_LOOK = """query($q: GrantedQueryInput!) { granted(query: $q) { lookId
  objections { filedAt } records { edges { node { title objections { filedAt } } } } } }"""
_TOLD = """{ me { notices(first: 1) { edges { node { kind message } } } corrections { edges { node {
  recordId category informed { lookId grantId party { name } } } } } } }"""


async def _inform(town: Town) -> None:
    """As the duty would, and a minute later."""
    informer, at = Informer(town.house.database), datetime.now(UTC)
    await informer.run_once(at)
    while await informer.run_once(at + SETTLES + timedelta(seconds=1)) == 0.0:
        pass


async def _look(town: Town, grant_id: str, stage: str = "PRE_LOAN") -> str:
    query = {"q": {"grantId": grant_id, "stage": stage, "operator": "甲"}}
    return str((await town.data("bank-1", _LOOK, query))["granted"]["lookId"])


async def _granted(town: Town, key: str, persona: str = "citizen-2", **terms: Any) -> str:
    return str((await town.grant(persona, key=key, **terms))["grant"]["id"])


async def _corrected(town: Town) -> list[dict[str, Any]]:
    return await events(town, "RECORD_CORRECTED")


async def test_whoever_saw_the_wrong_value_is_told_and_the_subject_sees_who(town: Town, tmp_path: Path) -> None:
    grant_id = await _granted(town, "saw")
    await _look(town, grant_id)  # before it was wrong
    await report(town, tmp_path)
    await _look(town, grant_id)
    last = await _look(town, grant_id)
    await town.act("citizen-2", "grantRevoke", {"grantId": grant_id}, "replayed")  # what it holds is wrong all the same
    await report(town, tmp_path, 处罚内容="罚款1000元")
    await _inform(town)
    (event,) = await _corrected(town)
    assert (event["about"], event["category"], event["lookId"]) == (grant_id, "ADMINISTRATIVE", last)
    assert event["lookedAt"] < event["at"]
    seen = (await town.data("citizen-2", _TOLD))["me"]
    told = seen["notices"]["edges"][0]["node"]
    assert (told["kind"], BANK in told["message"]) == ("RECORD_CORRECTED", True)
    (correction,) = [edge["node"] for edge in seen["corrections"]["edges"]]
    assert correction == {
        "recordId": await record_of(town),
        "category": "ADMINISTRATIVE",
        "informed": [{"lookId": last, "grantId": grant_id, "party": {"name": BANK}}],
    }
    await _inform(town)
    assert len(await _corrected(town)) == 1


async def test_a_withheld_look_is_not_known_by_its_correction(town: Town, tmp_path: Path) -> None:
    """Whoever looked under an order to withhold is told, and the subject hears nothing of it until the order ends."""
    grant_id = await _granted(town, "withheld")
    await report(town, tmp_path)
    look_id, now = await _look(town, grant_id), datetime.now(UTC)
    before = (await town.data("citizen-2", _TOLD))["me"]
    async with town.house.database.writing() as unit:
        case = {"party_id": "pty_1", "case_number": "津示例 1"}
        code, until = withholding.WithholdingCode.CONFIDENTIAL_BY_LAW, now + timedelta(days=1)
        order = await withholding.order(unit, code, **case, by="stf_1", until=until, at=now)
        await withholding.agree(unit, order, party_id="pty_1", expected=1, by="stf_2", at=now)
        await unit.run(text("UPDATE access SET withholding_id = :o WHERE id = :i"), {"o": order, "i": look_id})
    await report(town, tmp_path, 处罚内容="罚款1000元")
    await _inform(town)
    assert len(await _corrected(town)) == 1
    assert (await town.data("citizen-2", _TOLD))["me"] == before
    async with town.house.database.writing() as unit:
        await withholding.end(unit, order, party_id="pty_1", at=datetime.now(UTC))
    (edge,) = (await town.data("citizen-2", _TOLD))["me"]["corrections"]["edges"]
    assert [one["lookId"] for one in edge["node"]["informed"]] == [look_id]


async def test_who_did_not_see_it_is_not_told(town: Town, tmp_path: Path) -> None:
    early, other = await _granted(town, "a"), await _granted(town, "b", "citizen-1")
    honours = await _granted(town, "c", categories=["HONOUR"])
    await report(town, tmp_path)
    await _look(town, other)
    await _look(town, honours)
    await town.data("citizen-2", "{ me { records { edges { node { title } } } } }")
    refused = await town.ask("bank-1", _LOOK, {"q": {"grantId": early, "stage": "POST_LOAN", "operator": "甲"}})
    assert refused.code == "NOT_GRANTED"
    await report(town, tmp_path, 处罚内容="罚款1000元")
    await _inform(town)
    # Told is the look at this subject's records of this kind, and neither the refused one nor the subject's own.
    assert await town.count("SELECT count(*) FROM correction") == 0
    assert await _corrected(town) == []


_AT = datetime(2026, 11, 25, 8, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_MERGED = _AT - timedelta(days=1, hours=6)
_MERGES = [seeing.Merge("m", "sub_2", "sub_1", _MERGED)]
_SEEN: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any] | None, bool]] = {
    "between": ({}, {}, {}, True),
    "by statute": ({"publicity": "ORGANS_ONLY"}, {}, None, True),
    "before it was wrong": ({}, {"at": _AT - timedelta(days=3)}, {}, False),
    "a clock's difference before": ({}, {"at": _AT - timedelta(days=2, seconds=1)}, {}, True),
    "after it was put right": ({}, {"at": _AT + timedelta(minutes=1)}, {}, False),
    "read before the commit, seen after it": ({}, {"at": _AT - timedelta(seconds=1)}, {}, True),
    "another kind went out": ({}, {"categories": ["HONOUR"]}, {}, False),
    "nothing went out": ({}, {"categories": []}, {}, False),
    "at somebody else": ({}, {"subject_id": "sub_2"}, {}, False),
    "organs alone saw it": ({"publicity": "ORGANS_ONLY"}, {}, {}, False),
    "its query period was over": ({"query_until": date(2026, 11, 1)}, {}, {}, False),
    "before the window": ({"sorted_on": date(2020, 1, 1)}, {}, {}, False),
    "of a strand that the grant reaches": ({"strand": "m.a"}, {}, {"strands": ["m.a"]}, True),
    "of one that it does not": ({"strand": "m.k"}, {}, {"strands": ["m.a"]}, False),
    "of a merged subject, by law": ({"strand": "m.a"}, {}, None, True),
    "under the other's id before the merge": ({"strand": "m.a"}, {"at": _MERGED - _HOUR}, None, False),
    "under its own id before the merge": (
        {"strand": "m.a"},
        {"subject_id": "sub_2", "at": _MERGED - _HOUR},
        None,
        True,
    ),
    "under its own id after the merge": ({"strand": "m.a"}, {"subject_id": "sub_2"}, None, False),
    "the kept one's, before the merge": ({"strand": "m.k"}, {"at": _MERGED - _HOUR}, None, True),
    "of both, under the absorbed id": ({"strand": "m.0"}, {"subject_id": "sub_2", "at": _MERGED - _HOUR}, None, True),
    "a grant without a window": ({"sorted_on": date(2020, 1, 1)}, {}, {"window_months": None}, True),
}


@pytest.mark.parametrize("name", _SEEN)
def test_who_may_have_seen_it(name: str) -> None:
    changed, looked, granted, seen = _SEEN[name]
    wrong = SimpleNamespace(**{
        "subject_id": "sub_1", "category": "ADMINISTRATIVE", "publicity": "PUBLIC", "query_until": None,
        "sorted_on": date(2026, 1, 5), "wrong_since": _AT - timedelta(days=2), "noticed_at": _AT, "strand": None,
        **changed,
    })  # fmt: skip
    look = SimpleNamespace(**{
        "subject_id": "sub_1", "at": _AT - timedelta(days=1), "categories": ["ADMINISTRATIVE", "HONOUR"], **looked,
    })  # fmt: skip
    grant = (
        None
        if granted is None
        else SimpleNamespace(**{"window_months": 60, "retention_days": 30, "strands": None, **granted})
    )
    assert seeing.may_have_seen(wrong, look, grant, _MERGES) is seen


async def test_whoever_holds_nothing_any_more_is_not_told(town: Town, tmp_path: Path) -> None:
    grant_id = await _granted(town, "kept", retentionDays=0, noticeHash=await _notice(town, retentionDays=0))
    await report(town, tmp_path)
    await _look(town, grant_id)
    await report(town, tmp_path, 处罚内容="罚款1000元")
    await _inform(town)
    assert await _corrected(town) == []
    assert await town.count("SELECT count(*) FROM correction") == 0


async def _notice(town: Town, **about: Any) -> str:
    asked = {"recipientId": await town.party(BANK), "purpose": "FINANCING", "categories": ["ADMINISTRATIVE"], **about}
    return await town.notice("GRANT", **asked)


async def test_a_withdrawal_is_told_to_whoever_saw_any_version_and_a_repair_to_nobody(
    town: Town, tmp_path: Path
) -> None:
    grant_id = await _granted(town, "any")
    await report(town, tmp_path)
    await _look(town, grant_id)
    await report(town, tmp_path, number="监2号")
    await _look(town, grant_id)
    async with town.house.database.writing() as unit:
        await withdrawing.withdraw(unit, await record_of(town), at=datetime.now(UTC))
        await repair.report_repaired(unit, await record_of(town, "监2号"), at=datetime.now(UTC))
    await _inform(town)
    (event,) = await _corrected(town)
    assert event["about"] == grant_id
    assert await town.count("SELECT count(*) FROM correction_told") == 1
    query = {"q": {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "甲"}}
    answer = await town.data("bank-1", _LOOK, query)
    assert "监1号" not in str(answer)
