"""The sealed log over a whole city: receipts that hold, gaps that show, a tree that only grows, whoever seals it."""

import asyncio
import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from api.__main__ import main
from audit import receipts, sealing
from audit.merkle import Broken
from audit.notes import Checkpoint
from audit.verifying import check_extends, check_receipt, check_together
from core import keys
from core.keys import Purpose
from tests.harness.callers import Town
from tests.harness.scale import FULL, scaled
from tests.harness.sealing import Mirror, checkpoint, history, keys_of, seal, sealer_of
from tests.harness.stranger import stranger

_HISTORY = """{ me { accessHistory(includeOwn: true, first: 100) { edges { node {
  receipt { position data salt link linkSalt proof } } } } } }"""
_LOOK = """query($q: GrantedQueryInput!) { granted(query: $q) { lookId objections { filedAt } records { edges { node {
  title items { code value } objections { filedAt } } } } } }"""
_MINE = "query($id: ID!) { recipient { receipt(lookId: $id) { position data salt proof } } }"


async def _looked(town: Town, times: int, persona: str = "citizen-1") -> None:
    for _ in range(times):
        await town.data(persona, "{ me { name } }")
    await seal(town.house)


async def _granted(town: Town, persona: str, key: str) -> str:
    grant_id = (await town.grant(persona, key=key))["grant"]["id"]
    query = {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "甲"}
    return str((await town.data("bank-1", _LOOK, {"q": query}))["granted"]["lookId"])


async def test_a_subjects_receipts_hold_and_are_without_gaps(town: Town) -> None:
    await seal(town.house)
    before = len(await history(town, "citizen-1"))
    await _looked(town, 5)
    look_id = await _granted(town, "citizen-1", "receipts")
    unsealed = next(node for node in await history(town, "citizen-1") if node["id"] == look_id)
    assert unsealed["receipt"] is None
    await seal(town.house)
    found = [node["receipt"] for node in await history(town, "citizen-1")]
    assert len(found) > before + 6
    checked = [check_receipt(receipt, keys_of(town.house)) for receipt in found if receipt]
    assert check_together(checked) == []
    assert sorted(one.link["sequence"] for one in checked if one.link) == list(range(1, len(checked) + 1))
    said = next(one.said for one in checked if one.said["id"] == look_id)
    assert said["actor"]["name"] == "海津示例银行"
    assert said["actor"]["officer"]
    assert said["actor"]["operator"] == "甲"
    assert said["grantVersion"] == 1
    assert (said["stage"], said["purpose"], said["channel"]) == ("PRE_LOAN", "FINANCING", "API")
    assert "licence.certificate_number" in said["codes"]
    assert "RecordItem.value" in said["fields"]
    assert len(said["document"]) == 64
    del checked[2]
    assert check_together(checked) != []


async def test_a_recipient_has_a_receipt_that_does_not_say_how_often_others_looked(town: Town) -> None:
    look_id = await _granted(town, "citizen-2", "recipient")
    assert (await town.data("bank-1", _MINE, {"id": look_id}))["recipient"]["receipt"] is None
    await seal(town.house)
    receipt = (await town.data("bank-1", _MINE, {"id": look_id}))["recipient"]["receipt"]
    checked = check_receipt(receipt, keys_of(town.house))
    assert checked.said["id"] == look_id
    assert checked.link is None
    own = next(node["receipt"] for node in await history(town, "citizen-2") if node["id"] == look_id)
    assert own["data"] == receipt["data"]
    assert not {"sequence", "previous", "subject"} & set(checked.said)
    assert (await town.ask("bank-1", _MINE.replace("salt", "link"), {"id": look_id})).code == "FIELD_NOT_ALLOWED"
    async with town.house.database.reading() as unit:
        kept = await receipts.to_recipient(unit, checked.said["actor"]["party"], look_id)
    assert kept is not None
    assert (kept.link, kept.link_salt) == (None, None)
    for other in ("employer-1", "platform-1"):
        assert (await town.data(other, _MINE, {"id": look_id}))["recipient"]["receipt"] is None
    theirs = (await history(town, "citizen-2"))[-1]["id"]
    assert (await town.data("bank-1", _MINE, {"id": theirs}))["recipient"]["receipt"] is None


async def test_both_verifiers_hold_the_same_receipts_and_the_log_goes_on_from_a_kept_checkpoint(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await _looked(town, 4)
    (tmp_path / "kept").write_text(await Mirror(town).note(), "utf-8")
    await _looked(town, scaled(30, 600))
    copy = await _copied(town, tmp_path / "log")
    (tmp_path / "keys").write_text((await town.http.get("/log/keys")).text, "utf-8")
    answer = await town.ask("citizen-1", _HISTORY)
    (tmp_path / "mine.json").write_text(answer.response.text, "utf-8")
    arguments = [str(tmp_path / "mine.json"), "--kept", str(tmp_path / "kept"), "--log", str(copy)]
    ours = CliRunner().invoke(main, ["verify", "--keys", str(tmp_path / "keys"), *arguments])
    assert ours.exit_code == 0, ours.output
    assert "receipts hold" in ours.output
    assert "goes on" in ours.output
    stranger().main(str(tmp_path / "keys"), *arguments)
    assert "goes on" in capsys.readouterr().out
    # One that both read: a full tile's hash stands in the tile above it, which is all that ours needs of it.
    tile = next(path for path in (copy / "tile" / "0").rglob("*") if path.is_file() and path.parent.suffix == ".p")
    whole = tile.read_bytes()
    tile.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(ValueError, match="forked"):
        stranger().main(str(tmp_path / "keys"), *arguments)
    edited = CliRunner().invoke(main, ["verify", "--keys", str(tmp_path / "keys"), *arguments])
    assert (edited.exit_code, "not the checkpoint's" in edited.output) == (1, True), edited.output
    tile.write_bytes(whole)
    forged = json.loads(answer.response.text)
    forged["data"]["me"]["accessHistory"]["edges"].pop(3)
    (tmp_path / "mine.json").write_text(json.dumps(forged), "utf-8")
    cut = CliRunner().invoke(main, ["verify", "--keys", str(tmp_path / "keys"), *arguments])
    assert cut.exit_code == 1
    assert "missing between them" in cut.output
    with pytest.raises(ValueError, match="missing between"):
        stranger().main(str(tmp_path / "keys"), *arguments)


async def _copied(town: Town, folder: Path) -> Path:
    mirror = Mirror(town)
    note = await mirror.note()
    await mirror.fetch(Checkpoint.opened(note, keys_of(town.house)).size)
    for tile, data in mirror.tiles.items():
        (folder / "tile" / tile.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "tile" / tile.path).write_bytes(data)
    (folder / "checkpoint").write_text(note, "utf-8")
    return folder


async def test_any_flipped_bit_of_a_receipt_is_rejected_by_both(town: Town, figures: dict[str, int]) -> None:
    await _looked(town, scaled(5, 1000))
    await _granted(town, "citizen-1", "flip")
    await seal(town.house)
    found = [node["receipt"] for node in await history(town, "citizen-1") if node["receipt"]]
    other, chance, words = stranger(), random.Random(2), [str(key) for key in keys_of(town.house)]
    for receipt in found:
        whole = json.dumps(receipt, ensure_ascii=False, separators=(",", ":")).encode()
        assert _rejected_by(lambda text: check_receipt(text, keys_of(town.house)), whole) is False
        every = FULL and receipt is found[0]
        for bit in range(8 * _unsigned(whole)) if every else chance.sample(range(8 * len(whole)), scaled(30, 10)):
            flipped = bytearray(whole)
            flipped[bit // 8] ^= 1 << bit % 8
            assert _rejected_by(lambda text: check_receipt(text, keys_of(town.house)), bytes(flipped)), bit
            assert _rejected_by(lambda text: other.receipt(text, words), bytes(flipped)), bit
            figures["bits"] = figures.get("bits", 0) + 1
    figures["receipts"] = len(found)


def _unsigned(receipt: bytes) -> int:
    """How many bytes of a receipt stand before its checkpoint, whose every bit is flipped in test_notes."""
    signature = receipt.rindex(rb"\n\n")
    return receipt.rindex(rb"\n\n", 0, signature)


def _rejected_by(check: Any, data: bytes) -> bool:
    try:
        check(json.loads(data))
    except (ValueError, LookupError, TypeError, AttributeError):
        return True
    return False


async def test_a_phone_that_kept_a_checkpoint_detects_a_cut_a_fork_and_an_edit(town: Town) -> None:
    await _looked(town, 6)
    kept = Checkpoint.opened(await Mirror(town).note(), keys_of(town.house))
    await _looked(town, 7)
    mirror = Mirror(town)
    now = Checkpoint.opened(await mirror.note(), keys_of(town.house))
    await mirror.fetch(now.size)
    check_extends(kept, now, mirror.read)
    with pytest.raises(Broken, match="cut"):
        check_extends(now, kept, mirror.read)
    with pytest.raises(Broken, match="withheld"):
        check_extends(Checkpoint(kept.origin, kept.size, kept.root, 1), now, mirror.read)
    with pytest.raises(Broken, match="forked"):
        check_extends(Checkpoint(kept.origin, kept.size, now.root, 0), now, mirror.read)
    for tile in list(mirror.tiles):
        original = mirror.tiles[tile]
        for bit in random.Random(3).sample(range(8 * len(original)), scaled(20, 400)):
            flipped = bytearray(original)
            flipped[bit // 8] ^= 1 << bit % 8
            mirror.tiles[tile] = bytes(flipped)
            with pytest.raises(Broken):
                check_extends(kept, now, mirror.read)
        mirror.tiles[tile] = original


async def test_a_row_that_was_edited_has_no_receipt_that_holds(town: Town) -> None:
    look_id = await _granted(town, "citizen-2", "edited")
    await seal(town.house)
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE access SET actor_name = 'x' WHERE id = :id"), {"id": look_id})
    receipt = next(node["receipt"] for node in await history(town, "citizen-2") if node["id"] == look_id)
    with pytest.raises(Broken, match="not in the tree"):
        check_receipt(receipt, keys_of(town.house))


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_sealers_at_once_leave_no_gap_and_no_double(town: Town) -> None:
    async def again() -> None:
        sealer = sealer_of(town.house)
        for _ in range(4):
            await sealer.run_once(datetime.now(UTC))

    for _ in range(scaled(3, 30)):
        before = Checkpoint.opened(await _note(town), keys_of(town.house))
        looks = [town.data(f"citizen-{n}", "{ me { name } }") for n in (1, 2, 4)]
        await asyncio.gather(again(), again(), again(), *looks)
        await seal(town.house)
        mirror = Mirror(town)
        now = Checkpoint.opened(await mirror.note(), keys_of(town.house))
        await mirror.fetch(now.size)
        check_extends(before, now, mirror.read)
        assert (
            now.size
            == await town.count("SELECT count(*) FROM access")
            == await town.count("SELECT max(position) FROM log_leaf")
        )


async def _note(town: Town) -> str:
    await seal(town.house)
    return (await checkpoint(town.house))[0]


async def test_a_large_backlog_is_sealed_in_pieces_across_tiles(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "MOST_AT_ONCE", 20)
    await _note(town)
    for _ in range(3):
        await asyncio.gather(*(town.data("citizen-1", "{ me { name } }") for _ in range(100)))
    await seal(town.house)
    mirror = Mirror(town)
    now = Checkpoint.opened(await mirror.note(), keys_of(town.house))
    assert now.size > 256
    await mirror.fetch(now.size)
    check_extends(now, now, mirror.read)
    found = [node["receipt"] for node in await history(town, "citizen-1") if node["receipt"]]
    checked = [check_receipt(receipt, keys_of(town.house)) for receipt in found]
    assert len(checked) >= 300
    assert check_together(checked) == []


async def test_the_log_signs_with_a_changed_key_and_old_receipts_hold(town: Town, tmp_path: Path) -> None:
    """The ring is changed in a copy: the other tests share the file."""
    await _looked(town, 2)
    old = [node["receipt"] for node in await history(town, "citizen-1") if node["receipt"]]
    path = tmp_path / "keys.json"
    path.write_bytes(town.house.settings.key_file.read_bytes())
    at = datetime.now(UTC)
    keys.promote(path, Purpose.LOG, keys.publish(path, Purpose.LOG, at=at).kid, at=at)
    town.house.rings.take_up(keys.load(path))
    await _looked(town, 2)
    verifiers = keys_of(town.house)
    assert len(verifiers) == 2
    new = [node["receipt"] for node in await history(town, "citizen-1") if node["receipt"]]
    for receipt in [*old, *new]:
        check_receipt(receipt, verifiers)
    assert old[0]["proof"].rpartition("— ")[2][:40] != new[0]["proof"].rpartition("— ")[2][:40]


async def test_what_the_log_serves_and_what_it_does_not(town: Town) -> None:
    assert (await town.http.get("/log/checkpoint")).status_code == 404
    assert (await town.http.get("/log/tile/0/000.p/1")).status_code == 404
    await _looked(town, 3)
    served = await town.http.get("/log/checkpoint")
    assert served.headers["content-type"] == "text/plain; charset=utf-8"
    size = Checkpoint.opened(served.text, keys_of(town.house)).size
    tile = await town.http.get(f"/log/tile/0/000.p/{size}")
    assert tile.headers["content-type"] == "application/octet-stream"
    assert "immutable" in tile.headers["cache-control"]
    assert len(tile.content) == 32 * size
    assert (await town.http.get("/log/tile/0/000.p/1")).content == tile.content[:32]
    for path in (
        f"0/000.p/{size + 1}",
        "0/000",
        "1/000.p/1",
        "63/000.p/1",
        "entries/000.p/1",
        "0/001.p/1",
        "x",
        "",
        "0/" + "x999/" * 9 + "999",
    ):
        assert (await town.http.get(f"/log/tile/{path}")).status_code == 404, path
    assert (await town.http.post("/log/checkpoint")).status_code == 405
