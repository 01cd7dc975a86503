"""A real server that dies, as by kill -9, before or after the n-th call of a named function.

`python -m tests.harness.killing STEP` patches the function and then runs the product's own command line: the product
has no switch for this. The server is harmless until its arming file exists, so that what it does at its start does
not count. A step reads `before|after package.module:name[.name][*n]`.
"""

import asyncio
import functools
import importlib
import inspect
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.settings import Settings
from tests.harness import forking
from tests.harness.servers import Server, surroundings

DIED = 9
_ARMING = "HAIHE_TEST_ARMING"


class NoSuchStep(LookupError):
    """A step names no function: it was renamed or removed. Change the table in the test that named it."""


@dataclass(frozen=True)
class Step:
    """Where a server dies."""

    when: str
    name: str
    call: int = 1

    @classmethod
    def parse(cls, text: str) -> "Step":
        """A step from its text; raises `NoSuchStep` when it has not the form."""
        when, _, rest = text.partition(" ")
        name, _, call = rest.partition("*")
        if when not in ("before", "after") or ":" not in name or not (call or "1").isdigit():
            raise NoSuchStep(f"{text!r} is not of the form 'before|after package.module:name[*n]'")
        return cls(when, name, int(call or 1))

    def find(self) -> tuple[Any, str, Callable[..., Any]]:
        """The owner of the function, its name there, and the function; raises `NoSuchStep`."""
        module, _, path = self.name.partition(":")
        *owners, last = path.split(".")
        try:
            owner: Any = importlib.import_module(module)
            for part in owners:
                owner = getattr(owner, part)
            found = getattr(owner, last)
        except (ImportError, AttributeError) as error:
            raise NoSuchStep(f"{self.name} does not exist: {error}") from None
        return owner, last, found

    def plant(self, armed: Callable[[], bool]) -> None:
        """Patch the function wherever it is known by now; raises `NoSuchStep`."""
        owner, name, original = self.find()
        deadly = _deadly(original, self, armed)
        setattr(owner, name, deadly)
        for module in list(sys.modules.values()):  # whoever imported the function itself
            for known, value in list(vars(module).items()):
                if value is original:
                    setattr(module, known, deadly)


def _deadly(original: Callable[..., Any], step: Step, armed: Callable[[], bool]) -> Callable[..., Any]:
    calls = 0

    def due() -> bool:
        nonlocal calls
        calls += armed()
        return calls == step.call

    if inspect.iscoroutinefunction(original):

        @functools.wraps(original)
        async def waiting(*arguments: Any, **named: Any) -> Any:
            now = due()
            if now and step.when == "before":
                os._exit(DIED)
            found = await original(*arguments, **named)
            if now:
                os._exit(DIED)
            return found

        return waiting

    @functools.wraps(original)
    def plain(*arguments: Any, **named: Any) -> Any:
        now = due()
        if now and step.when == "before":
            os._exit(DIED)
        found = original(*arguments, **named)
        if now:
            os._exit(DIED)
        return found

    return plain


class DoomedServer(Server):
    """A server that will die at a step, once it is armed."""

    def __init__(self, settings: Settings, name: str, step: str, *, armed: bool = False) -> None:
        Step.parse(step).find()  # said here, and not in a log of a process that did not start
        self._arming = settings.data / f"{name}.armed"
        if armed:
            self.arm()
        super().__init__(
            settings,
            name,
            module="tests.harness.killing",
            arguments=(step,),
            environment={_ARMING: str(self._arming)},
        )

    def arm(self) -> None:
        """From now on calls count."""
        self._arming.touch()

    def died(self, *, seconds: float = 15) -> bool:
        """Whether it died of its step."""
        return self.process.wait(seconds) == DIED


def dies_of_its_duties(settings: Settings, name: str, step: str) -> bool:
    """Whether a server dies at a step of what it finds to do when it begins. Armed later, it might be done by then."""
    server = DoomedServer(settings, name, step, armed=True)
    try:
        return server.died(seconds=60)
    finally:
        server.stop()


async def killed(settings: Settings, program: str, *arguments: str) -> None:
    """Run a program that plants a step in its own process and must die of it, on these settings' database."""
    with tempfile.TemporaryFile() as said:
        command = ["-c", program, *arguments]
        process = forking.start(command, surroundings(settings), stdout=said, stderr=said)
        code = await asyncio.to_thread(process.wait)
        said.seek(0)
        assert code == DIED, said.read()[-500:]


def _main() -> None:
    import api.__main__
    import api.commands.serving  # all that serves is imported before the step is planted

    arming = Path(os.environ[_ARMING])
    Step.parse(sys.argv[1]).plant(arming.exists)
    sys.argv[1:] = ["serve"]
    api.__main__.main()


if __name__ == "__main__":
    _main()
