"""`python -m tests.harness.shifted`: the product's own command line, by a clock that is as wrong as a file says.

The product has no switch for this: the clock of its own process is patched.
"""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

from api import __main__ as command
from api import clock

FILE = "HAIHE_TEST_SHIFT"


def _shift(file: Path) -> None:
    right = clock.now

    def shifted() -> datetime:
        return right() + timedelta(seconds=float(file.read_text("ascii") or 0))

    clock.now = shifted


if __name__ == "__main__":
    _shift(Path(os.environ[FILE]))
    command.main(sys.argv[1:])
