"""What one request spends of its caller's allowance: a point before it is read, the rest before anything is done.

What it costs hangs on the document, the variables and the caller alone. So does what is given back: all of it for an
answer of 503, all but the first point for a call that was refused before it ran. What was found changes neither.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import ceil

from api.limits import Caller, Limits
from core.errors import BadCall
from core.principal import ANONYMOUS, Principal, Proof
from schema.errors import Answer

_ALL_BACK = 503


def charge(limits: Limits, callers: Sequence[Caller], points: int, *, now: float) -> None:
    """Spend points of all of them; raises `BadCall(RATE_LIMITED)` when one has not so many, and then spends none."""
    wait = limits.spend(callers, points, now=now)
    if wait > 0:
        raise BadCall("RATE_LIMITED", seconds=ceil(wait))


class Purse:
    """One request's points."""

    def __init__(self, limits: Limits, address: str, now: float) -> None:
        self._limits = limits
        self._address = address
        self._now = now
        self._callers: Sequence[Caller] = ()
        self._requested = self._spent = 0
        self.told = False

    def opened(self, sender: Callable[[], tuple[Principal, Proof | None]]) -> tuple[Principal, Proof | None]:
        """Who calls, with a point spent. A token that proves nothing is paid for by its address. Raises `BadCall`."""
        try:
            principal, proof = sender()
        except BadCall:
            self._begin(ANONYMOUS)
            raise
        self._begin(principal)
        return principal, proof

    def _begin(self, principal: Principal) -> None:
        self._callers = self._limits.callers(principal, self._address)
        self._take(1)

    def spend(self, points: int) -> None:
        """Spend what an operation costs. Raises `BadCall(RATE_LIMITED)`, with no more than the first point spent."""
        self._requested = points
        if points > self._spent:
            self._take(points - self._spent)

    def _take(self, points: int) -> None:
        charge(self._limits, self._callers, points, now=self._now)
        self._spent += points

    def settled(self, answer: Answer) -> Answer:
        """The answer, with what was spent for nothing given back."""
        kept = self._spent
        if answer.status == _ALL_BACK:
            kept = 0
        elif 400 <= answer.status < 500:
            kept = min(kept, 1)
        if kept < self._spent:
            self._limits.give_back(self._callers, self._spent - kept, now=self._now)
            self._spent = kept
        if self.told:
            cost = {"requested": self._requested, "actual": self._spent}
            answer = replace(answer, body={**answer.body, "extensions": {"cost": cost}})
        return answer

    def headers(self) -> dict[str, str]:
        """What the caller has left."""
        return self._limits.headers(self._callers, now=self._now) if self._callers else {}
