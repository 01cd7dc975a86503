"""Setting in a process of its own, one report or letter at a time: no loop waits for it, and what it keeps goes with
it.

typst remembers what it has set, some 180 kB for each record, for some thirty reports: the process is replaced before
that is much. It ends with its parent, however that ends.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from functools import partial

from typst import TypstError

from credit.typeset import setting
from credit.typeset.layout import Layout
from credit.typeset.letter import Letter

_MOST_SET = 1000  # records, before the process is replaced


class SettingFailed(RuntimeError):
    """This report cannot be set; others can."""


class Setter:
    """Sets one report at a time, in another process."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._set = 0

    async def pdf(self, layout: Layout, *, code: str, link: str, at: datetime) -> bytes:
        """The report's pages, not signed yet. Raises `SettingFailed`."""
        weight = 1 + sum(len(section.entries) for section in layout.sections)
        return await self._made(partial(setting.pdf, layout, code=code, link=link, at=at), weight)

    async def letter(self, said: Letter, *, at: datetime) -> bytes:
        """A letter's pages, not signed yet. Raises `SettingFailed`."""
        return await self._made(partial(setting.letter, said, at=at), 1)

    async def _made(self, work: Callable[[], bytes], weight: int) -> bytes:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _begin)
        pool = self._pool
        try:
            made = await asyncio.get_running_loop().run_in_executor(pool, work)
        except (BrokenProcessPool, TypstError) as error:
            self.close()
            raise SettingFailed(type(error).__name__) from None
        self._set += weight
        if self._set > _MOST_SET:
            self.close()
        return made

    def close(self) -> None:
        """Let the process go; the next report has another."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool, self._set = None, 0


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says when to end
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
