"""How large a proof runs: small by default, in full with HAIHE_TEST_SCALE=full (`make prove`)."""

import os

FULL = os.environ.get("HAIHE_TEST_SCALE") == "full"


def scaled(small: int, full: int) -> int:
    """The small number, or the full one."""
    return full if FULL else small
