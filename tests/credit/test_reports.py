"""What a check gives away, who gets a PDF, and what a certificate speaks of."""

import asyncio
from datetime import date, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import select, text

from api.clock import now
from core.blobs import TICKET_LIFE
from core.moments import day_of
from credit import reports
from credit.resealing import SEALED
from tests.harness import reporting
from tests.harness.callers import Town
from tests.harness.noting import noted

PERIOD = {"kind": "NO_VIOLATION_CERTIFICATE", "from": "2023-01-01"}


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that a reading unit runs."""
    return noted(monkeypatch)


async def test_an_unknown_number_and_a_wrong_code_are_the_same_answer(town: Town, said: list[str]) -> None:
    report = await reporting.issued(town, "citizen-1", "a")
    other = await reporting.issued(town, "citizen-2", "a")
    tries = [
        (report["number"], other["code"]),
        (report["number"], report["code"][:-1] + ("0" if report["code"][-1] != "0" else "1")),
        (report["number"], ""),
        ("0000-0000-0000-0000", report["code"]),
        (report["code"], report["number"]),
        ("", ""),
        ("ß" * 500, "字" * 500),
        ("' OR 1=1 --", "%"),
    ]
    answers, statements = [], []
    for number, code in tries:
        said.clear()
        answer = await town.ask(None, reporting.CHECK, {"n": number, "c": code})
        answers.append(answer.response.content)
        statements.append([*said])
    assert len(set(answers)) == 1
    nothing = {"state": "NOT_CONFIRMED", "issuedAt": None, "validUntil": None, "subjectMasked": None}
    assert orjson.loads(answers[0]) == {"data": {"reportCheck": nothing}}
    assert all(found == statements[0] for found in statements)
    assert (await reporting.check(town, report["number"], report["code"]))["state"] == "GENUINE"


def test_a_code_has_a_hundred_bits_and_every_character() -> None:
    codes = [reports._grouped(20) for _ in range(400)]
    assert len(set(codes)) == 400
    assert set("".join(codes)) == {*reports._ALPHABET, "-"}
    assert all(len(code.replace("-", "")) * 5 >= 64 for code in codes)


async def test_no_code_and_no_name_is_stored_in_the_clear(town: Town) -> None:
    report = await reporting.issued(town, "citizen-1", "a")
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT * FROM report"))
    stored = str(tuple(row or ()))
    assert report["number"] in stored
    for secret in (report["code"], report["code"].replace("-", ""), report["said"]["subject"]["name"]):
        assert secret not in stored
        assert secret.encode().hex() not in stored


async def test_a_backfill_makes_the_hash_that_a_check_asks_for(town: Town) -> None:
    await reporting.issued(town, "citizen-1", "a")
    sealed = next(one for one in SEALED if one.hashed is not None and one.hashed.name == "code_hash")
    async with town.house.database.writing() as unit:
        row = await unit.first(select(sealed.table))
        assert row is not None
        assert sealed.fresh(row, unit.vault, hashes=True) == {}


async def test_a_ticket_is_good_once_and_for_its_own_number(town: Town) -> None:
    mine = await reporting.issued(town, "citizen-1", "a")
    other = await reporting.issued(town, "citizen-2", "a")
    await reporting.print_all(town)
    path = (await reporting.ticket(town, "citizen-1", mine["id"]))["path"]
    ticket = path.partition("=")[2]
    wrong = [
        await town.http.get(f"/reports/{other['number']}.pdf?ticket={ticket}"),
        await town.http.get(f"/reports/{mine['number']}.pdf?ticket=made-up"),
        await town.http.get(f"/reports/{mine['number']}.pdf"),
        await town.http.get("/reports/0000-0000-0000-0000.pdf?ticket=made-up"),
    ]
    assert {(answer.status_code, answer.content) for answer in wrong} == {(404, wrong[0].content)}
    assert (await town.http.head(path)).status_code == 405
    got = await town.http.get(path)  # none of these has spent it
    assert (got.status_code, got.content[:5]) == (200, b"%PDF-")
    assert got.headers["content-disposition"] == f'attachment; filename="{mine["number"]}.pdf"'
    spent = await town.http.get(path)
    assert (spent.status_code, spent.content) == (404, wrong[0].content)
    ended = (await reporting.ticket(town, "citizen-1", mine["id"]))["path"]
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE blob_ticket SET expires_at = :t"), {"t": _stored(unit, now() - TICKET_LIFE)})
    late = await town.http.get(ended)
    assert (late.status_code, late.content) == (404, wrong[0].content)


def _stored(unit: Any, at: Any) -> Any:
    return at if unit.dialect == "postgresql" else at.strftime("%Y-%m-%d %H:%M:%S.%f")


async def test_a_certificate_speaks_of_its_period_and_is_superseded_by_what_comes_late(town: Town) -> None:
    today = day_of(now())
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE record SET nature = 'ADVERSE' WHERE category = 'ADMINISTRATIVE'"))
    whole = await reporting.issued(town, "citizen-1", "w")
    adverse = [one for one in whole["said"]["records"] if one["nature"] == "ADVERSE"]
    first = date.fromisoformat(min(one["occurredOn"] for one in adverse))
    some = await reporting.issued(
        town,
        "citizen-1",
        "s",
        **{**PERIOD, "from": (today - timedelta(days=1800)).isoformat(), "to": today.isoformat()},
    )
    assert [one["id"] for one in some["said"]["records"]] == [one["id"] for one in adverse]
    before = {"from": (first - timedelta(days=30)).isoformat(), "to": (first - timedelta(days=1)).isoformat()}
    none = await reporting.issued(town, "citizen-1", "n", **{**PERIOD, **before})
    assert none["recordCount"] == 0
    assert (await reporting.check(town, none["number"], none["code"]))["state"] == "GENUINE"
    async with town.house.database.writing() as unit:
        await unit.run(
            text("UPDATE record SET sorted_on = :d WHERE id = :i"),
            {"d": first - timedelta(days=2), "i": adverse[0]["id"]},
        )
    assert (await reporting.check(town, none["number"], none["code"]))["state"] == "SUPERSEDED"


@pytest.mark.parametrize(
    ("input_", "path", "code"),
    [
        ({"kind": "NO_VIOLATION_CERTIFICATE"}, ["input", "from"], "ALL_NEEDED"),
        ({"from": "2026-02-01", "to": "2026-01-01"}, ["input", "from"], "PERIOD_ORDER"),
        ({"to": "2199-01-01"}, ["input", "to"], "DAY_TO_COME"),
    ],
)
async def test_bad_periods_are_refused_and_change_nothing(
    town: Town, input_: dict[str, Any], path: list[str], code: str
) -> None:
    refused = await reporting.issue(town, "citizen-1", "a", **input_)
    assert refused["code"] == "INVALID_INPUT"
    assert [(one["path"], one["code"]) for one in refused["details"]] == [(path, code)]
    assert await town.count("SELECT count(*) FROM report") == 0


async def test_too_many_records_are_refused(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "MOST_RECORDS", 1)
    refused = await reporting.issue(town, "citizen-1", "a")
    assert refused["code"] == "REPORT_TOO_LONG"
    assert await town.count("SELECT count(*) FROM report_record") == 0


async def test_a_company_shows_its_code_and_a_report_never_what_may_not_be_handed_on(town: Town) -> None:
    company = await reporting.issued(town, "company-1-legal", "a")
    assert company["said"]["subject"]["identityType"] == "USCC"
    assert "*" not in company["said"]["subject"]["identity"]
    for persona in ("citizen-1", "company-1-legal"):
        async with town.house.database.writing() as unit:
            await unit.run(text("UPDATE record SET publicity = 'ORGANS_ONLY'"))
        report = await reporting.issued(town, persona, "b")
        assert report["said"]["records"] == []


async def test_who_is_not_signed_in_or_has_no_scope_is_refused(town: Town) -> None:
    document = 'mutation { reportIssue(input: { idempotencyKey: "x" }) { __typename } }'
    assert (await town.ask(None, document)).code == "UNAUTHENTICATED"
    assert (await town.ask("bank-1", document)).code == "FORBIDDEN"
    inside = 'mutation { reportIssue(input: { idempotencyKey: "x", grantId: "grt_x" }) { __typename } }'
    assert (await town.ask("citizen-1", inside)).code == "FORBIDDEN"
    assert await town.count("SELECT count(*) FROM report") == 0


async def test_the_certificates_that_sign_are_published(town: Town) -> None:
    answer = await town.http.get("/.well-known/report-certificates.pem")
    assert answer.status_code == 200
    assert answer.text.count("BEGIN CERTIFICATE") == 1


async def test_two_printers_print_one_pdf_and_an_unreadable_report_holds_up_no_other(town: Town) -> None:
    bad = await reporting.issued(town, "citizen-1", "a")
    good = await reporting.issued(town, "citizen-2", "b")
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE report SET snapshot_sealed = code_sealed WHERE id = :i"), {"i": bad["id"]})
    await asyncio.gather(reporting.print_all(town), reporting.print_all(town))
    assert await town.count("SELECT count(*) FROM blob") == 1
    assert await town.count("SELECT count(*) FROM report WHERE pdf_id IS NULL") == 1
    assert (await reporting.fetch(town, "citizen-2", good["id"])).status_code == 200
