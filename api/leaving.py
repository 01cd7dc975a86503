"""Whether this process is about to stop. It says that it is not ready and still answers for a while, so that whoever
shares out the calls stops sending them here before it is closed."""

import time


class Leaving:
    """Begins once, and lasts `seconds` unless it is cut short. Asked, and not waited for: a signal may come at any
    line, and wakes nobody."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: float | None = None

    @property
    def begun(self) -> bool:
        """Whether nobody should come here any more."""
        return self._until is not None

    @property
    def over(self) -> bool:
        """Whether it has lasted long enough."""
        return self._until is not None and time.monotonic() >= self._until

    def begin(self) -> None:
        """From now on; a second time changes nothing."""
        if self._until is None:
            self._until = time.monotonic() + self._seconds

    def cut_short(self) -> None:
        """Nobody is waited for."""
        self._until = time.monotonic()
