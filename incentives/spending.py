"""The reference verifier of a till without a network: `haihe till verify`, or `python -m incentives.spending`.

A code is spent before anybody hears yes: its line is in the spent file, and the file on the disk. Whoever is killed in
between has said nothing, and the code is spent; a line that was not written whole is no line, and nobody heard yes
for it. A line is what the till brings later (`offlineUpload`).

    GOOD    spent now, for good
    SPENT   spent at this till before; with the line of then
    NO      every other text and time: one word
"""

import argparse
import fcntl
import json
import os
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from incentives import offline
from incentives.offline import Broken, Bundle, Code

Line = Mapping[str, str | None]


class Word(StrEnum):
    """What a till hears."""

    GOOD = "GOOD"
    SPENT = "SPENT"
    NO = "NO"


@dataclass(frozen=True)
class Verdict:
    """The word, the line that is kept of it, and the offer's own words where the bundle has them."""

    word: Word
    line: Line | None = None
    title: str | None = None
    benefit: str | None = None


def spend(
    text: str,
    bundle: Bundle,
    spent: Path,
    *,
    order_number: str | None = None,
    order_amount_yuan: str | None = None,
    at: datetime,
) -> Verdict:
    """Spend a code at this till, once. Raises `Broken` for a spent file that cannot be read: it says yes to nothing."""
    code = offline.read(text, bundle.signers)
    told = order_number is not None and order_amount_yuan is not None
    if code is None or not offline.is_good_at(code, bundle.store_id, at=at) or (code.needs_order and not told):
        return Verdict(Word.NO)
    line: Line = {
        "code": text,
        "acceptance": secrets.token_hex(16),
        "acceptedAt": at.isoformat(),
        "orderNumber": order_number,
        "orderAmountYuan": order_amount_yuan,
    }
    with _opened(spent) as file:
        before = _lines(file).get((code.handle, code.cycle))
        if before is None:
            _append(file, code, line)
    good = next((one for one in bundle.offers if one.tag == code.offer), None)
    words = (None, None) if good is None else (good.title, good.benefit)
    return Verdict(Word.GOOD, line, *words) if before is None else Verdict(Word.SPENT, before, *words)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """The spent file, for one till's process at a time; its name is on the disk too."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        yield file
    finally:
        os.close(file)


def _lines(file: int) -> Mapping[tuple[str, int], Line]:
    """Every whole line by what it spent. What was cut off in the middle of its last line is taken away."""
    size = os.fstat(file).st_size
    data = os.pread(file, size, 0)
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < size:
        os.ftruncate(file, len(whole))
    try:
        kept = [json.loads(line) for line in whole.splitlines()]
        return {(one["handle"], one["cycle"]): one["line"] for one in kept}
    except (ValueError, KeyError, TypeError):
        raise Broken("the spent file cannot be read") from None


def _append(file: int, code: Code, line: Line) -> None:
    data = json.dumps({"handle": code.handle, "cycle": code.cycle, "line": line}, ensure_ascii=False).encode() + b"\n"
    if os.write(file, data) != len(data):
        raise Broken("the spent file cannot be written")
    os.fsync(file)


def main(given: Sequence[str] | None = None) -> int:
    """Spend one code, and print the verdict as JSON: 0 for GOOD, 1 for another word, 2 when nothing can be known."""
    asked = argparse.ArgumentParser(prog="haihe till verify", description="Spend a code without a network.")
    asked.add_argument("code", help="what the QR code says")
    asked.add_argument("--bundle", type=Path, required=True, help="the file of `partner.offlineBundle`")
    asked.add_argument("--spent", type=Path, required=True, help="the file of what was spent at this till")
    asked.add_argument("--order-number")
    asked.add_argument("--order-amount-yuan")
    said = asked.parse_args(given)
    orders = {"order_number": said.order_number, "order_amount_yuan": said.order_amount_yuan}
    try:
        bundle = offline.unpack(said.bundle.read_text("utf-8"))
        verdict = spend(said.code, bundle, said.spent, **orders, at=datetime.now(UTC))
    except (Broken, OSError, UnicodeDecodeError) as error:
        print(f"haihe till verify: {error}", file=sys.stderr)  # noqa: T201 (a command's answer)
        return 2
    shown = {"word": verdict.word, "title": verdict.title, "benefit": verdict.benefit, "line": verdict.line}
    print(json.dumps(shown, ensure_ascii=False))  # noqa: T201
    return 0 if verdict.word is Word.GOOD else 1


if __name__ == "__main__":
    sys.exit(main())
