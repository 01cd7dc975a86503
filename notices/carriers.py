"""How a message leaves: one small interface, and the two carriers that ship with the service.

`FileSms` and `FilePost` write files and send nothing. An operator's gateway to a telephone network or a print shop is
a `Carrier` in their place; it resolves the recipient's id to a number or an address, which this service does not hold.
"""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from notices.kinds import EventKind


@dataclass(frozen=True)
class Target:
    """Where a webhook goes, and the secrets that sign it."""

    url: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Message:
    """One thing to be told to one recipient. `id` is the same at every try: receivers know a repeat by it."""

    id: str
    kind: EventKind
    happened_at: datetime
    about: str
    recipient_id: str
    text: str
    target: Target | None = None
    # Beside the id of what it is about: kinds, ids and instants, never a value.
    more: Mapping[str, str] = field(default_factory=dict)


class Carrier(Protocol):
    """Takes a message to its recipient, or raises `NotDelivered`."""

    async def carry(self, message: Message, *, at: datetime) -> None:
        """Once this returns the message counts as delivered."""


class _Files:
    """Writes each message to a file of its own, named by its id: a repeat writes the same file again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def carry(self, message: Message, *, at: datetime) -> None:  # noqa: ARG002 (the interface names it)
        """Write, sync, and only then put the file where it is looked for."""
        await asyncio.to_thread(self._write, message)

    def _write(self, message: Message) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        draft, final = self._folder / f".{message.id}", self._folder / f"{message.id}.txt"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{message.recipient_id}\n{message.text}\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(final)


class FileSms(_Files):
    """Text messages as files."""


class FilePost(_Files):
    """Letters as files."""
