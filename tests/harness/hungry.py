"""A process that may take little memory beyond what it has when it begins: `python -m tests.harness.hungry MIB PATH…`.

It reads each file as a load would, twice, and prints how many rows it gave or why it was refused, and at the end its
peak in MiB above its beginning.
"""

import resource
import sys
from collections.abc import Sequence
from pathlib import Path

from intake import files
from intake.errors import FileRefused


def _peak() -> int:
    """This process's own: what getrusage says holds that of the process which began it, too."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024


def _now() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()


def _read(path: Path) -> str:
    try:
        sheet = files.inspect(path)
        return str(sum(1 for _ in files.rows(sheet)))
    except FileRefused as error:
        return str(error)


def main(mib: int, paths: Sequence[Path]) -> None:
    """Read every file within the limit; a MemoryError ends the process."""
    begun = _peak()
    most = _now() + (mib << 20)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    for path in paths:
        print(_read(path), flush=True)  # noqa: T201
    print((_peak() - begun) >> 20)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), [Path(argument) for argument in sys.argv[2:]])
