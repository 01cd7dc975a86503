"""A real server with other constants than the product's: `python -m tests.harness.tuned module:NAME=NUMBER…`.

The product has no switch for them. What is made longer shows that something else than it is at work; what is made
shorter is waited for.
"""

import importlib
import sys
from collections.abc import Mapping

from api.settings import Settings
from tests.harness.servers import Server


class TunedServer(Server):
    """A server that sets these constants, named as `package.module:NAME`, before it serves."""

    def __init__(self, settings: Settings, name: str, constants: Mapping[str, float]) -> None:
        for constant in constants:
            _owner(constant)  # said here, and not in a log of a process that did not start
        arguments = tuple(f"{constant}={value}" for constant, value in constants.items())
        super().__init__(settings, name, module="tests.harness.tuned", arguments=arguments)


def _owner(constant: str) -> tuple[object, str]:
    """The module, and the constant's name in it; raises `LookupError` when it has none, or no number."""
    module, _, name = constant.partition(":")
    owner = importlib.import_module(module)
    if not isinstance(getattr(owner, name, None), int | float):
        raise LookupError(f"{constant} is no number: it was renamed or removed")
    return owner, name


def _main() -> None:
    import api.__main__
    import api.commands.serving

    for argument in sys.argv[1:]:
        constant, _, value = argument.partition("=")
        owner, name = _owner(constant)
        setattr(owner, name, type(getattr(owner, name))(float(value)))
    sys.argv[1:] = ["serve"]
    api.__main__.main()


if __name__ == "__main__":
    _main()
