"""`haihe verify`: receipts, gaps, and that today's log goes on from the one that somebody kept."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
import httpx

from audit.merkle import Broken
from audit.notes import Checkpoint, VerifierKey
from audit.tiles import Tile
from audit.verifying import Checked, check_extends, check_receipt, check_together, found_in

_SECONDS = 20


def verify(files: Sequence[Path], keys_file: Path, kept: Sequence[Path], log: str | None) -> None:
    """Check and say what held; raises `Broken` at the first thing that does not, and `OSError` without the files."""
    keys = [VerifierKey.parse(line) for line in keys_file.read_text("utf-8").splitlines() if line]
    receipts = [receipt for file in files for receipt in found_in(_json(file))]
    if files and not receipts:
        raise Broken("no receipt in what was given")
    checked = [check_receipt(receipt, keys) for receipt in receipts]
    gaps = check_together(checked)
    if checked:
        click.echo(f"{len(checked)} receipts hold{_numbers(checked)}")
    old = [Checkpoint.opened(path.read_text("utf-8"), keys) for path in kept]
    if log is not None:
        _check_log(log, keys, [*old, *(one.checkpoint for one in checked)])
    elif old:
        raise Broken("a kept checkpoint is checked against a log: give --log")
    if gaps:
        missing = ", ".join(f"{first}-{last}" if first < last else str(first) for first, last in gaps)
        raise Broken(f"missing between them: {missing} (own looks are only in a history with includeOwn: true)")


def _json(file: Path) -> object:
    try:
        return json.loads(file.read_text("utf-8"))
    except ValueError:
        raise Broken(f"{file} is not JSON") from None


def _numbers(checked: Sequence[Checked]) -> str:
    numbers = [one.link["sequence"] for one in checked if one.link is not None and one.link["sequence"] is not None]
    return f"; looks {min(numbers)} to {max(numbers)}" if numbers else ""


def _check_log(prefix: str, keys: Sequence[VerifierKey], old: Sequence[Checkpoint]) -> None:
    """`prefix` is where the log is served, or a folder with a copy of it."""

    def read(path: str) -> bytes:
        if not prefix.startswith(("https://", "http://")):
            return (Path(prefix) / path).read_bytes()
        try:
            return httpx.get(f"{prefix.rstrip('/')}/{path}", timeout=_SECONDS).raise_for_status().content
        except httpx.HTTPError as error:
            raise OSError(f"the log does not answer: {error}") from None

    def tile(wanted: Tile) -> bytes:
        return read(f"tile/{wanted.path}")

    now = Checkpoint.opened(read("checkpoint").decode(), keys)
    for checkpoint in {(one.size, one.root): one for one in old}.values():
        check_extends(checkpoint, now, tile)
    click.echo(f"the log of {now.size} looks ({now.withheld} withheld) goes on from {len(old)} kept checkpoints")
