"""Python's collector of cycles, in a process that serves or loads for long."""

import gc


def quiet_collector() -> None:
    """What was loaded at start never becomes garbage, and an operation makes few cycles: look for them seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
