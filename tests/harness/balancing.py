"""What stands in front of several processes: it asks each whether it is ready, and sends calls to those that are."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx

from tests.harness.servers import Server

_CHECK_EVERY, _PATIENCE = 0.1, 30.0
# So many calls are on their way to a process; the others wait here. A pool of connections takes a time for each call
# that grows with all that wait for it, and never catches up again once it has fallen behind.
_AT_ONCE = 64


class Balancer:
    """Sends each call to one of the processes that said last that they are ready, as a city's balancer does. The
    tokens are shown in turn."""

    def __init__(self, tokens: Sequence[str], document: str) -> None:
        self.tokens, self._body = tokens, {"query": document}
        self._ready: dict[str, httpx.AsyncClient] = {}
        self._turn = 0
        self._ways = asyncio.Semaphore(_AT_ONCE)
        self.answers: Counter[object] = Counter()
        self.states: set[tuple[int, str]] = set()
        self.by: Counter[str] = Counter()
        self.seconds: list[float] = []

    async def check(self, server: Server) -> None:
        """Ask it every so often for as long as it runs."""
        async with self._client(server) as checking, self._client(server) as asking:
            try:
                while True:
                    await self._look(server.url, checking, asking)
                    await asyncio.sleep(_CHECK_EVERY)
            finally:
                self._ready.pop(server.url, None)  # before its client is closed

    async def _look(self, url: str, checking: httpx.AsyncClient, asking: httpx.AsyncClient) -> None:
        try:
            said = await checking.get("/readyz")
            self.states.add((said.status_code, said.json()["state"]))
            ready = said.status_code == 200
        except httpx.TransportError:
            ready = False
        if ready:
            self._ready[url] = asking
        else:
            self._ready.pop(url, None)

    def _client(self, server: Server) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=server.url, timeout=_PATIENCE)

    async def ask(self) -> None:
        """One call, to the next in turn; what became of it, and how long it took from now on."""
        began = time.perf_counter()
        async with self._ways:
            while not self._ready:  # nothing has been checked yet
                await asyncio.sleep(0.01)
            self._turn += 1
            url = sorted(self._ready)[self._turn % len(self._ready)]
            headers = {"Authorization": f"Bearer {self.tokens[self._turn % len(self.tokens)]}"}
            try:
                answer = await self._ready[url].post("/graphql", json=self._body, headers=headers)
                self.answers["data" in answer.json()] += 1
            except httpx.TransportError as error:
                self.answers[type(error).__name__] += 1
        self.seconds.append(time.perf_counter() - began)
        self.by[url] += 1

    @asynccontextmanager
    async def asked_without_rest(self, many: int, rest: float = 0.0) -> AsyncIterator[None]:
        """So many ask while the body runs, each again when it is answered."""

        async def ask() -> None:
            while True:
                await self.ask()
                await asyncio.sleep(rest)

        tasks = [asyncio.create_task(ask()) for _ in range(many)]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def more(self, url: str, n: int) -> None:
        """Until one has answered so many more."""
        wanted = self.by[url] + n
        async with asyncio.timeout(_PATIENCE):
            while self.by[url] < wanted:
                await asyncio.sleep(0.01)
