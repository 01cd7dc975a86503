"""POST /intake/batches over ASGI: checked or loaded, once, for whoever sent it, and for nobody else."""

import asyncio
import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.errors import BadCall
from intake import arriving, batches, unloading
from intake.loading import Loader
from tests.harness import sending
from tests.harness.callers import Town
from tests.harness.everything import TRACES, stored
from tests.harness.provider_files import TODAY, penalty
from tests.harness.sending import append, send, status, unload

_RECORDS = "SELECT count(*) FROM record"
_OURS = TRACES | {"sent_batch", "sent_part", "blob"}


async def test_a_file_is_received_loaded_and_told(town: Town) -> None:
    before = await town.count(_RECORDS)
    wrong = penalty("海津罚〔2026〕错号", 处罚决定日期=f"{TODAY.year + 1}/12/31")
    sent = await send(town, sending.sheet([penalty("海津罚〔2026〕甲号"), wrong]))
    assert (sent.status_code, sent.json()["state"]) == (202, "RECEIVED")
    path = sent.json()["status"]
    assert (sent.headers["location"], sent.headers["upload-complete"]) == (path, "?1")
    await unload(town)
    told = (await status(town, path)).json()
    assert (told["state"], told["layout"], told["rows"], told["rowsDone"]) == ("DONE", "penalty", 2, 2)
    assert (told["added"], told["changed"], told["unchanged"], told["rejected"]) == (1, 0, 0, 1)
    where = {found["code"]: (found["count"], found["lines"]) for found in told["findings"]}
    assert where == {"DATE_IN_FUTURE": (1, [3]), "LATE": (1, [2])}  # one rejected, and one taken with a warning
    assert await town.count(_RECORDS) == before + 1
    assert await town.count("SELECT count(*) FROM sent_part") == 0
    assert list(town.house.loading.glob(f"{told['id']}*")) == []
    rejected = await status(town, told["rejectedRows"])
    rows = list(csv.reader(io.StringIO(rejected.content.decode("utf-8-sig"))))
    assert (len(rows), rows[1][-2:]) == (2, ["3", "“处罚决定日期”晚于今天"])
    desk = await town.data(
        "provider-1",
        "{ provider { party { name } batches { edges { node { id state kind added rejectedPath "
        "findings { code severity message count lines } } } } } }",
    )
    node = desk["provider"]["batches"]["edges"][0]["node"]
    assert (node["state"], node["kind"], node["added"]) == ("DONE", "PENALTY", 1)
    assert node["rejectedPath"] == told["rejectedRows"]
    assert node["findings"][0]["message"] == "“…”晚于今天"
    assert [found["lines"] for found in node["findings"]] == [[3], [2]]


async def test_a_check_finds_the_same_and_changes_nothing(town: Town) -> None:
    wrong = penalty("海津罚〔2026〕错号", 证件号码="129901198001010010")
    file = sending.sheet([penalty("海津罚〔2026〕甲号"), wrong])
    before = await stored(town, but=_OURS)
    checked = await send(town, file, check=True)
    await unload(town)
    told = (await status(town, checked.json()["status"])).json()
    assert await stored(town, but=_OURS) == before
    assert (told["check"], told["state"]) == (True, "DONE")
    sent = await send(town, file)  # what was only checked is no batch of this file
    assert sent.json()["id"] != told["id"]
    await unload(town)
    loaded = (await status(town, sent.json()["status"])).json()
    names = ("rows", "added", "changed", "unchanged", "rejected", "setAside", "findings")
    assert [told[name] for name in names] == [loaded[name] for name in names]
    assert (told["added"], told["rejected"]) == (1, 1)


async def test_the_same_file_or_the_same_key_is_the_same_batch(town: Town) -> None:
    file = sending.penalties(2)
    first = await send(town, file, Idempotency_Key="k1")
    again = await send(town, b"never read", Idempotency_Key="k1")
    same = await send(town, file)
    assert {answer.json()["id"] for answer in (first, again, same)} == {first.json()["id"]}
    assert await town.count("SELECT count(*) FROM sent_batch WHERE state = 'RECEIVED'") == 1
    await unload(town)
    assert (await send(town, file)).json()["state"] == "DONE"
    other = await send(town, sending.penalties(1), check=True, Idempotency_Key="k1")
    assert (other.status_code, other.json()["errors"][0]["extensions"]["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    page = "{ provider { batches { edges { node { id } } } } }"
    assert len((await town.data("provider-1", page))["provider"]["batches"]["edges"]) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "文件为空"),
        ("甲,乙\n1,2\n".encode(), "表头不是任何一种交换格式"),
        (b"\x00\x01\x02", "不是文本文件"),
        (sending.penalties(1, 证件号码="11010519491231002X"), "演示数据库不接收真实文件"),
    ],
)
async def test_a_file_that_is_none_is_refused_whole_and_may_be_sent_again(
    town: Town, content: bytes, says: str
) -> None:
    before = await stored(town, but=_OURS)
    for _ in range(2):
        sent = await send(town, content)
        assert sent.json()["state"] == "RECEIVED"
        await unload(town)
        told = (await status(town, sent.json()["status"])).json()
        assert (told["state"], told["rejectedRows"], told["findings"]) == ("REFUSED", None, None)
        assert says in told["reason"]
    assert await stored(town, but=_OURS) == before
    assert await town.count("SELECT count(*) FROM blob") == 0


async def test_it_goes_on_where_it_ends_and_nowhere_else(town: Town) -> None:
    file = sending.penalties(3)
    opened = await send(town, file[:100], Upload_Complete="?0", Upload_Length=str(len(file)))
    path = opened.headers["location"]
    assert (opened.status_code, opened.headers["upload-offset"]) == (201, "100")
    assert (await status(town, path)).json()["state"] == "ARRIVING"
    for start in (0, 99, 101, 10**9):
        bad = await append(town, path, file[start:], start=start, complete=True)
        assert (bad.status_code, bad.headers["upload-offset"]) == (409, "100")
    assert (await append(town, path, file[100:200], start=100, complete=False)).status_code == 204
    head = await town.http.head(path, headers=await sending.bearer(town))
    said = {name: head.headers[f"upload-{name}"] for name in ("offset", "complete", "length")}
    assert (head.status_code, said) == (204, {"offset": "200", "complete": "?0", "length": str(len(file))})
    short = await append(town, path, b"", start=200, complete=True)
    assert (short.status_code, short.json()["errors"][0]["extensions"]["code"]) == (422, "UPLOAD_LENGTH")
    whole = await append(town, path, file[200:], start=200, complete=True)
    assert (whole.status_code, whole.json()["received"]) == (202, len(file))
    after = await append(town, path, b"x", start=len(file), complete=True)
    assert (after.status_code, after.json()["errors"][0]["extensions"]["code"]) == (409, "UPLOAD_COMPLETE")
    assert (await town.http.delete(path, headers=await sending.bearer(town))).status_code == 409
    await unload(town)
    assert (await status(town, path)).json()["added"] == 3


async def test_a_repeated_upload_shows_the_batch_it_repeats(town: Town) -> None:
    file = sending.penalties(1)
    first = (await send(town, file)).json()
    opened = await send(town, file[:50], Upload_Complete="?0")
    path = opened.headers["location"]
    again = await append(town, path, file[50:], start=50, complete=True)
    assert again.json()["id"] == (await status(town, path)).json()["id"] == first["id"]
    assert await town.count("SELECT count(*) FROM sent_part WHERE batch_id <> :id", id=first["id"]) == 0


async def test_what_is_given_up_or_never_arrives_goes(town: Town) -> None:
    paths = [(await send(town, b"half", Upload_Complete="?0")).headers["location"] for _ in range(2)]
    headers = await sending.bearer(town)
    assert (await town.http.delete(paths[0], headers=headers)).status_code == 204
    assert (await status(town, paths[0])).status_code == 404
    late = datetime.now(UTC) + arriving.ARRIVES_WITHIN
    for at, swept in ((late - timedelta(hours=1), 0), (late + timedelta(minutes=1), 1)):
        async with town.house.database.writing() as unit:
            assert await batches.sweep(unit, town.house.blobs, at=at) == swept
    assert (await status(town, paths[1])).status_code == 404
    for table in ("sent_batch", "sent_part", "blob"):
        assert await town.count(f"SELECT count(*) FROM {table}") == 0


async def test_rejected_rows_go_after_their_term_and_the_same_file_is_another_batch_then(town: Town) -> None:
    file = sending.penalties(1, 公示截止期="x")
    told = (await send(town, file)).json()
    await unload(town)
    path = f"{told['status']}/rejected.csv"
    assert (await status(town, path)).status_code == 200
    async with town.house.database.writing() as unit:
        at = datetime.now(UTC) + batches.TERM + timedelta(minutes=1)
        assert await batches.sweep(unit, town.house.blobs, at=at) == 1
    assert (await status(town, path)).status_code == 404
    assert (await status(town, told["status"])).json()["rejected"] == 1
    assert await town.count("SELECT count(*) FROM blob") == 0
    assert (await send(town, file)).json()["id"] != told["id"]


async def test_anothers_batch_is_as_absent_as_a_made_up_one(town: Town) -> None:
    told = (await send(town, sending.penalties(1, 公示截止期="x"))).json()
    await unload(town)
    arriving_ = (await send(town, b"half", Upload_Complete="?0")).headers["location"]
    other = await sending.other_provider(town)
    before = await stored(town)
    answers = []
    for path in (told["status"], arriving_, f"{sending.PATH}/bat_{'0' * 20}"):
        headers = {"Authorization": f"Bearer {other}"}
        partial = {**headers, **sending.PARTIAL, "Upload-Offset": "4", "Upload-Complete": "?1"}
        answers += [
            await town.http.get(path, headers=headers),
            await town.http.get(path + "/rejected.csv", headers=headers),
            await town.http.delete(path, headers=headers),
            await town.http.patch(path, content=b"rest", headers=partial),
        ]
        assert (await town.http.head(path, headers=headers)).status_code == 404
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    assert await stored(town) == before


async def test_who_sends_nothing_and_how_not_to(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await stored(town)
    file = sending.penalties(1)
    monkeypatch.setattr(arriving, "LARGEST", 2000)

    async def flowing() -> Any:
        for _ in range(30):
            yield b"x" * 100

    cases = [
        (await town.http.post(sending.PATH, content=file), 401, "UNAUTHENTICATED"),
        (await send(town, file, persona="bank-1"), 403, "FORBIDDEN"),
        (await send(town, file, persona="citizen-1"), 403, "FORBIDDEN"),
        (await send(town, b"x" * 2001), 413, "BODY_TOO_LARGE"),
        (await send(town, flowing()), 413, "BODY_TOO_LARGE"),
        (await send(town, b"x", Upload_Length="2001"), 413, "BODY_TOO_LARGE"),
        (await send(town, file, Content_Encoding="gzip"), 415, "MEDIA_TYPE"),
        (await send(town, file, Upload_Complete="yes"), 400, "BAD_REQUEST"),
        (await send(town, file, Upload_Length="-1"), 400, "BAD_REQUEST"),
        (await send(town, file, Upload_Offset="7"), 400, "BAD_REQUEST"),
        (await send(town, file, Idempotency_Key="k" * 65), 422, "INVALID_INPUT"),
    ]
    for answer, status_code, code in cases:
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (status_code, code), code
    assert (await town.http.get(sending.PATH)).status_code == 405
    assert await stored(town) == before


async def test_a_provider_has_so_many_in_the_works(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "MOST_WAITING", 2)
    for _ in range(2):
        assert (await send(town, sending.penalties(1))).status_code == 202
    full = await send(town, sending.penalties(1))
    assert (full.status_code, full.json()["errors"][0]["extensions"]["code"]) == (429, "TOO_MANY_BATCHES")
    await unload(town)
    assert (await send(town, sending.penalties(1))).status_code == 202


async def test_a_providers_files_are_loaded_in_their_order(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file goes past another provider's large one, and never past its own provider's."""
    monkeypatch.setattr(batches, "SMALL", 3000)
    number = "海津罚〔2026〕序号"
    large = (await send(town, sending.sheet([penalty(number)] * 20))).json()
    small = (await send(town, sending.sheet([penalty(number, 违法行为类型="更正")]))).json()
    checked = (await send(town, sending.sheet([penalty(number)]), check=True)).json()
    await unload(town)
    assert (await status(town, small["status"])).json()["state"] == "RECEIVED"
    assert (await status(town, checked["status"])).json()["state"] == "DONE"
    while await sending.unloader(town, small=False).run_once(datetime.now(UTC)) == 0:
        pass
    await unload(town)
    assert (await status(town, large["status"])).json()["added"] == 1
    assert (await status(town, small["status"])).json()["changed"] == 1


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_how_many_rows_are_done_is_told_while_they_are_read(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    path = (await send(town, sending.penalties(3))).json()["status"]
    load, seen = Loader.load, []

    async def in_steps(self: Loader, sheet: Any, *, progress: Any, **given: Any) -> Any:
        for rows in (2, 1):
            progress(rows)
            seen.append(await _told_anew(town, path, seen))
        return await load(self, sheet, progress=lambda _: None, **given)

    monkeypatch.setattr(unloading, "_BEAT_SECONDS", 0.01)
    monkeypatch.setattr(Loader, "load", in_steps)
    await unload(town)
    assert seen == [("LOADING", 2), ("LOADING", 3)]
    assert (await status(town, path)).json()["added"] == 3


async def _told_anew(town: Town, path: str, before: list[Any]) -> tuple[str, int]:
    """State and rows done, once they are others than before."""
    async with asyncio.timeout(20):
        while True:
            told = (await status(town, path)).json()
            found = told["state"], told["rowsDone"]
            if found[1] and found not in before:
                return found
            await asyncio.sleep(0.01)


async def test_what_cannot_be_loaded_is_given_up_in_the_end(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST_TRIES", 2)
    told = (await send(town, sending.penalties(1))).json()

    async def broken(*_: object, **__: object) -> None:
        raise BadCall("FAULT")

    later = timedelta()
    with monkeypatch.context() as patch:
        patch.setattr("intake.loading.Loader.load", broken)
        for _ in range(2):
            with pytest.raises(BadCall):
                await unload(town, later=later)
            later += batches.LEASE + timedelta(minutes=1)
    await unload(town, later=later)
    told = (await status(town, told["status"])).json()
    assert (told["state"], "多次未能" in told["reason"]) == ("REFUSED", True)
