"""What was made before a ring changes still works, is made again, and its key forgotten when nothing needs it."""

import dataclasses
import json
import os
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api import keeping
from api.__main__ import main
from api.backfills import BACKFILLS, SEALED, is_done
from api.house import House
from audit.sealing import private_key
from core import backfill, keys
from core.backfill import SealedColumn
from core.database import metadata
from core.keys import KeyRefused, KeysMissing, Purpose
from core.vault import Ahead, Tampered, Vault
from credit import entering, subjects
from tests.harness.callers import Town
from tests.harness.commands import haihe

_AT = datetime.now(UTC) - timedelta(days=1)


def _rotate(path: Path, purpose: Purpose, *, at: datetime = _AT) -> None:
    keys.promote(path, purpose, keys.publish(path, purpose, at=at).kid, at=at)


async def test_a_code_shown_before_the_change_is_redeemed_after_it(town: Town, tmp_path: Path) -> None:
    code = await town.code("citizen-2", key="before")
    path = tmp_path / "keys.json"
    shutil.copy(town.house.settings.key_file, path)
    _rotate(path, Purpose.CODE)
    town.house.vault.renew(keys.load(path))
    redeemed = await town.redeem(code, key="after")
    assert redeemed["__typename"] == "ClaimRedeemPayload", redeemed
    fresh = await town.code("citizen-2", key="fresh")
    assert (await town.redeem(fresh, key="fresh"))["__typename"] == "ClaimRedeemPayload"


async def test_stored_values_are_made_again_and_the_old_keys_forgotten(own: House) -> None:
    path = own.settings.key_file
    old = {purpose: own.rings.active(purpose).kid for purpose in (Purpose.DATA, Purpose.LOOKUP)}
    for purpose in old:
        _rotate(path, purpose)
        refused = await haihe(own, "keys", "drop", purpose.value, old[purpose])
        assert (refused.exit_code, "values still need" in refused.output) == (1, True), refused.output
    for name in BACKFILLS:
        done = await haihe(own, "backfill", name)
        assert (done.exit_code, f"{name}: done" in done.output) == (0, True), done.output
    for purpose, kid in old.items():
        dropped = await haihe(own, "keys", "drop", purpose.value, kid)
        assert dropped.exit_code == 0, dropped.output
        assert kid not in (await haihe(own, "keys", "show")).output
    assert own.keys.look()
    assert len(own.rings.all(Purpose.DATA)) == 1
    async with own.database.reading() as unit:
        from sqlalchemy import select

        from credit.tables import subject

        rows = await unit.all(select(subject))
        assert len(rows) > 60
        for row in rows:
            number = unit.vault.open("subject.identity_sealed", row.id, row.identity_sealed)
            name = unit.vault.open("subject.name_sealed", row.id, row.name_sealed)
            assert row.identity_hash == unit.vault.lookup(row.identity_type, number)
            assert row.name_hash == unit.vault.lookup("name", name)


async def test_a_backfill_that_is_broken_off_goes_on_where_it_was(own: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill, "BATCH", 20)
    _rotate(own.settings.key_file, Purpose.DATA)
    own.keys.look()
    sealed, kid, seen = SEALED[0], own.vault.data_kid, list[int | None]()
    for _ in range(2):
        async with own.database.writing() as unit:
            seen.append(await backfill.step(unit, sealed, kid, hashes=False, at=_AT))
    with pytest.raises(ZeroDivisionError):
        await _die_in_a_step(own, sealed)
    async with own.database.reading() as unit:
        left, total = await backfill.left(unit, sealed, kid), await backfill.rows_of(unit, sealed)
    assert (seen, left) == ([20, 20], total - 40)
    assert not await is_done(own.database, own.rings, BACKFILLS["data"])
    assert (await haihe(own, "backfill", "data")).exit_code == 0
    assert await is_done(own.database, own.rings, BACKFILLS["data"])


async def _die_in_a_step(own: House, sealed: SealedColumn) -> None:
    async with own.database.writing() as unit:
        await backfill.step(unit, sealed, own.vault.data_kid, hashes=False, at=_AT)
        raise ZeroDivisionError


async def test_while_the_lookup_key_changes_nobody_is_entered_twice(own: House) -> None:
    from api.demo import people
    from core.identity import IdentityType, parse
    from credit.entering import NewSubject
    from credit.kinds import SubjectKind

    someone = people.citizen(901, 5, _AT.date())
    new = NewSubject(
        SubjectKind.NATURAL_PERSON, parse(IdentityType.RESIDENT_ID, someone.number, today=_AT.date()), "甲"
    )
    async with own.database.writing() as unit:
        assert (await entering.add_subjects(unit, [new], at=_AT)).added == 1
    _rotate(own.settings.key_file, Purpose.LOOKUP)
    own.keys.look()
    async with own.database.writing() as unit:
        again = await entering.add_subjects(unit, [new], at=_AT)
        found = await entering.known(unit, [new.identity])
    assert (again.added, again.unchanged, len(found)) == (0, 1, 1)
    async with own.database.reading() as unit:
        shown = await subjects.published(unit, uscc=None, name="海津示例餐饮管理有限公司")
    assert shown is not None


def test_what_was_hashed_ahead_is_hashed_again_by_the_keys_of_now(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys.create(path)
    kept = keeping.KeyFile(path)
    ahead = Ahead(kept.vault)
    ahead.make("name", "甲")
    assert ahead.lookups("name", "甲") == kept.vault.lookups("name", "甲")
    assert ahead.lookups("name", "乙") == kept.vault.lookups("name", "乙")
    _rotate(path, Purpose.LOOKUP)
    kept.look()
    assert len(ahead.lookups("name", "甲")) == 2
    assert ahead.lookups("name", "甲") == kept.vault.lookups("name", "甲")


def test_every_sealed_column_is_made_again_by_a_backfill() -> None:
    """A column that a context seals and does not name here would be lost with its key."""
    sealed = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.name.endswith("sealed")
    }
    assert sealed == {column.place for column in SEALED}


def test_a_changed_file_is_taken_up_and_a_broken_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys.create(path)
    kept = keeping.KeyFile(path)
    assert not kept.look()
    sealed, old = kept.vault.seal("a.b", "1", "x"), kept.vault.data_kid
    _rotate(path, Purpose.DATA)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [child.name for child in tmp_path.iterdir()] == ["keys.json"]
    assert kept.look()
    assert kept.vault.data_kid == kept.rings.active(Purpose.DATA).kid != old
    assert kept.vault.open("a.b", "1", sealed) == "x"
    whole = path.read_text("utf-8")
    short = json.loads(whole)
    short["data"][0]["secret"] = "eHh4"  # three bytes are no key
    no_pem = json.loads(whole)
    no_pem["token"][0]["secret"] = "-----BEGIN PRIVATE KEY-----"
    for text in ("", "[]", "{}", '{"data": [{}]}', '{"data": 1}', json.dumps(short), json.dumps(no_pem)):
        path.write_text(text, "utf-8")
        assert not kept.look()
        with pytest.raises(KeysMissing):
            keys.load(path)
    assert kept.vault.open("a.b", "1", sealed) == "x"


def test_a_file_from_before_gets_the_rings_that_came_later_and_no_others(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys.create(path)
    before = json.loads(path.read_text("utf-8"))
    old = {purpose: before[purpose] for purpose in ("code", "cursor", "data", "lookup", "token")}
    path.write_text(json.dumps(old), "utf-8")
    with pytest.raises(KeysMissing, match=r"log, nonce, offline, pdf, pseudonym, webhook; `haihe migrate` adds them"):
        keys.load(path)
    assert keys.complete(path) == [
        Purpose.LOG,
        Purpose.NONCE,
        Purpose.OFFLINE,
        Purpose.PDF,
        Purpose.PSEUDONYM,
        Purpose.WEBHOOK,
    ]
    after = json.loads(path.read_text("utf-8"))
    assert {purpose: after[purpose] for purpose in old} == old
    keys.load(path)
    assert keys.complete(path) == []
    del after["data"]
    path.write_text(json.dumps(after), "utf-8")
    keys.complete(path)
    with pytest.raises(KeysMissing, match=r"no active key for: data$"):
        keys.load(path)


def test_a_log_ring_from_before_the_log_was_signed_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys.create(path)
    before = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**before, "log": before["pdf"]}), "utf-8")
    assert keys.complete(path) == [Purpose.LOG]
    after = json.loads(path.read_text("utf-8"))
    assert {**after, "log": None} == {**before, "log": None}
    assert isinstance(private_key(keys.load(path).active(Purpose.LOG)), Ed25519PrivateKey)
    assert keys.complete(path) == []


def test_keys_change_state_in_order_only(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys.create(path)
    active = keys.load(path).active(Purpose.DATA)
    next_ = keys.publish(path, Purpose.DATA, at=_AT)
    assert keys.publish(path, Purpose.DATA, at=_AT + timedelta(days=1)).kid == next_.kid
    assert keys.load(path).active(Purpose.DATA).kid == active.kid
    before = path.read_bytes()
    for act in (
        lambda: keys.promote(path, Purpose.DATA, active.kid, at=_AT),
        lambda: keys.drop(path, Purpose.DATA, active.kid),
        lambda: keys.drop(path, Purpose.DATA, next_.kid),
    ):
        with pytest.raises(KeyRefused):
            act()
    assert path.read_bytes() == before
    sealed = Vault(keys.load(path)).seal("a.b", "1", "x")
    keys.promote(path, Purpose.DATA, next_.kid, at=_AT)
    assert Vault(keys.load(path)).open("a.b", "1", sealed) == "x"
    keys.drop(path, Purpose.DATA, active.kid)
    with pytest.raises(Tampered):
        Vault(keys.load(path)).open("a.b", "1", sealed)


def test_the_commands(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys.create(path)
    given = {"HAIHE_DATA": str(tmp_path), "HAIHE_KEYS": str(path)}
    runner = CliRunner()
    rotated = runner.invoke(main, ["keys", "rotate", "code", "--published", "3"], env=given)
    assert rotated.exit_code == 0, rotated.output
    shown = runner.invoke(main, ["keys", "show"], env=given).output
    assert [line.split()[2] for line in shown.splitlines() if line.startswith("code")] == ["retired", "active"]
    secrets = [key["secret"] for ring in json.loads(path.read_text("utf-8")).values() for key in ring]
    assert not any(secret in shown for secret in secrets)
    retired = next(line.split()[1] for line in shown.splitlines() if "retired" in line)
    for arguments, word in (
        (("code", retired), "less than an hour ago"),
        (("code", "00000000"), "not a retired"),
        (("log", keys.load(path).active(Purpose.LOG).kid), "not a retired"),
    ):
        refused = runner.invoke(main, ["keys", "drop", *arguments], env=given)
        assert (refused.exit_code, word in refused.output) == (1, True), refused.output
    absent = runner.invoke(main, ["keys", "show"], env={"HAIHE_KEYS": os.devnull + "/none"})
    assert absent.exit_code == 1


def test_an_installations_first_keys_are_made_once(tmp_path: Path) -> None:
    path = tmp_path / "held" / "keys.json"
    given = {"HAIHE_DATA": str(tmp_path), "HAIHE_KEYS": str(path), "HAIHE_DATABASE_URL": ""}
    runner = CliRunner()
    made = runner.invoke(main, ["keys", "create"], env=given)
    assert made.exit_code == 0, made.output
    assert path.stat().st_mode & 0o777 == 0o600
    written = path.read_bytes()
    assert not any(key["secret"] in made.output for ring in json.loads(written).values() for key in ring)
    again = runner.invoke(main, ["keys", "create"], env=given)
    assert (again.exit_code, "nothing was changed" in again.output, path.read_bytes()) == (0, True, written)
    nowhere = runner.invoke(main, ["keys", "create"], env={**given, "HAIHE_KEYS": os.devnull + "/keys.json"})
    assert (nowhere.exit_code, "Traceback" in nowhere.output) == (1, False)
    stamped = runner.invoke(main, ["migrate", "--real"], env=given)
    assert stamped.exit_code == 0, stamped.output


def test_a_value_bound_to_another_column_is_made_again_for_it_and_a_null_stays_null(tmp_path: Path) -> None:
    """A webhook's secret is bound to the webhook's id, which is not its table's key."""
    path = tmp_path / "keys.json"
    keys.create(path)
    old = Vault(keys.load(path))
    sealed = next(column for column in SEALED if column.place == "webhook.secret_sealed")
    previous = next(column for column in SEALED if column.place == "webhook.previous_sealed")
    secret = old.seal(sealed.place, "whk_1", "whsec_x")
    columns = (*sealed.keys, sealed.bound_to, sealed.column, previous.column)
    values = dict(zip(columns, ("pty_1", "whk_1", secret, None), strict=True))
    row = SimpleNamespace(_mapping=values)
    assert sealed.fresh(row, old, hashes=False) == {}
    assert previous.fresh(row, old, hashes=False) == {}
    old._now = dataclasses.replace(old._now, data_kid=(fresh := "f" * 8), data={**old._now.data, fresh: _box()})
    made = sealed.fresh(row, old, hashes=False)["secret_sealed"]
    assert isinstance(made, bytes)
    assert made[:8] == fresh.encode()
    assert old.open(sealed.place, "whk_1", made) == "whsec_x"


def _box() -> AESGCM:
    return AESGCM(b"k" * 32)
