"""A TCP proxy in front of PostgreSQL or Redis that can do what networks do: be slow, hang, cut, or swallow.

It runs in the test's own event loop. What it does holds for connections that are open and for those to come.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

_CHUNK = 64 * 1024


@dataclass
class Weather:
    """How the network is now."""

    latency: float = 0.0
    sending: bool = True  # what clients say arrives
    answering: bool = True  # what the server says arrives
    connecting: bool = True  # new connections reach the server; else they are accepted and swallowed


class Proxy:
    """A port that leads to another one."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._weather = Weather()
        self._changed = asyncio.Condition()
        self._open: set[asyncio.StreamWriter] = set()
        self.connections = 0
        self.port = 0

    def lead_to(self, port: int) -> None:
        """Whoever connects from now on is led to another port."""
        self._target = port

    async def slow(self, seconds: float) -> None:
        """Each piece, in each direction, arrives so much later."""
        await self._set(Weather(latency=seconds))

    async def freeze(self) -> None:
        """Nothing moves in either direction; nobody is told."""
        await self._set(Weather(sending=False, answering=False))

    async def black_hole(self) -> None:
        """Like `freeze`, and new connections are accepted by nobody who answers."""
        await self._set(Weather(sending=False, answering=False, connecting=False))

    async def mute(self) -> None:
        """What is asked arrives and is done; what is answered does not arrive."""
        await self._set(Weather(answering=False))

    async def heal(self) -> None:
        """Everything moves again, and what was held back arrives."""
        await self._set(Weather())

    async def cut(self) -> None:
        """Reset every open connection."""
        for writer in list(self._open):
            writer.transport.abort()

    async def _set(self, weather: Weather) -> None:
        async with self._changed:
            self._weather = weather
            self._changed.notify_all()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        try:
            async with self._changed:
                await self._changed.wait_for(lambda: self._weather.connecting)
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
            self._open.add(back)
            try:
                pipes = [
                    asyncio.ensure_future(p)
                    for p in (self._pipe(reader, back, "sending"), self._pipe(there, writer, "answering"))
                ]
                await asyncio.wait(pipes, return_when=asyncio.FIRST_COMPLETED)
                for pipe in pipes:
                    pipe.cancel()
                await asyncio.gather(*pipes, return_exceptions=True)
            finally:
                self._open.discard(back)
                back.transport.abort()
        except OSError:
            pass  # the server is not there: the client sees its connection end
        finally:
            self._open.discard(writer)
            writer.transport.abort()

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, direction: str) -> None:
        while piece := await reader.read(_CHUNK):
            await asyncio.sleep(self._weather.latency)
            async with self._changed:
                await self._changed.wait_for(lambda: getattr(self._weather, direction))
            writer.write(piece)
            await writer.drain()


@asynccontextmanager
async def before(port: int) -> AsyncIterator[Proxy]:
    """A proxy before a port."""
    proxy = Proxy(port)
    tasks: set[asyncio.Task[None]] = set()

    def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(proxy._meet(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.cut()
        running = list(tasks)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
