"""A real `haihe serve` in its own process, on a free port, over a copy of the city."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import MappingProxyType, TracebackType

import httpx

from api.settings import Settings
from tests.harness import forking
from tests.harness.binaries import free_port
from tests.harness.forking import ROOT
from tests.harness.postgres import wait_until


class Server:
    """A running server; its log goes where the run's logs are searched. A `fresh` one imports everything itself."""

    def __init__(
        self,
        settings: Settings,
        name: str,
        *,
        module: str = "api",
        arguments: tuple[str, ...] = ("serve",),
        environment: Mapping[str, str] = MappingProxyType({}),
        fresh: bool = False,
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = (settings.data / f"{name}.log").open("w", encoding="utf-8")
        self._output = (settings.data / f"{name}.out").open("w", encoding="utf-8")
        self.output = settings.data / f"{name}.out"
        given = {
            **surroundings(settings),
            "HAIHE_REDIS_URL": settings.redis_url,
            "HAIHE_PORT": str(self.port),
            "HAIHE_ORIGIN": settings.origin,
            "HAIHE_ANONYMOUS_PER_MINUTE": str(settings.anonymous_per_minute),
            "HAIHE_PERSON_PER_MINUTE": "1000000",  # a test's few callers ask for many
            "HAIHE_CLIENT_PER_MINUTE": "1000000",
            **environment,
        }
        command = ["-m", module, *arguments]
        self.process: forking.Process | subprocess.Popen[bytes]
        if fresh:
            self.process = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=given, stdout=self._output, stderr=self._log
            )
        else:
            self.process = forking.start(command, given, stdout=self._output, stderr=self._log)

    def ready(self) -> bool:
        """Whether it answers that it is ready; raises when it has died."""
        if self.process.poll() is not None:
            raise RuntimeError(f"the server ended with {self.process.returncode}")
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def __enter__(self) -> "Server":
        try:
            wait_until(self.ready, seconds=60)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Kill what still runs, and close the files."""
        self.kill()
        self._log.close()
        self._output.close()


def surroundings(settings: Settings) -> dict[str, str]:
    """The environment of a process that works on the settings' database and key file."""
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith("HAIHE_")},
        "HAIHE_DATA": str(settings.data),
        "HAIHE_DATABASE_URL": settings.database_url,
        "HAIHE_KEYS": str(settings.key_file),
    }


@contextmanager
def running(*servers: Server) -> Iterator[None]:
    """Servers that have been begun together, once all of them are ready."""
    with ExitStack() as stack:
        for server in servers:
            stack.callback(server.stop)
        for server in servers:
            stack.enter_context(server)
        yield
