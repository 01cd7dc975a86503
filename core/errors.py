"""What can go wrong, as one small tree. The domain raises; `schema/errors.py` translates once, by audience.

DomainError
├── Refused                 an expected no, with a stable code
│   ├── NotAvailable        absent, another's and forbidden: one answer for all three
│   ├── VersionChanged      the thing to be changed is not as the caller last read it
│   ├── Invalid             the input breaks a stated rule; details name the input paths
│   └── KeyReused           the idempotency key came back with another request
├── BadCall                 the call itself is unusable: a forged cursor, a page of 1,000
└── DependencyDown          a database or key store does not answer; the caller may retry
    ├── OutcomeUnknown      it was asked to commit and did not say whether it did
    └── TurnedOut           a subject turned out to be another while it was being read or written: begin anew
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar


@dataclass(frozen=True)
class Detail:
    """One offending input path, with its own code and, where there is one, the limit that was passed."""

    path: tuple[str, ...]
    code: str
    limit: str | None = None


class DomainError(Exception):
    """Anything the domain says on purpose."""


class Refused(DomainError):
    """An expected no. It carries a code and parameters; sentences are made at the edge."""

    code: ClassVar[str] = "REFUSED"

    def __init__(self, *details: Detail, retry_at: datetime | None = None, **params: str) -> None:
        super().__init__(self.code)
        self.details = details
        self.retry_at = retry_at
        self.params: Mapping[str, str] = params


class NotAvailable(Refused):
    """Absent, another's, or forbidden. Which of them is nobody's business (design §3)."""

    code = "NOT_AVAILABLE"


class Invalid(Refused):
    """The input breaks a rule that its sender may know."""

    code = "INVALID_INPUT"


class VersionChanged(Refused):
    """The expected version is not the present one."""

    code = "VERSION_CHANGED"


class KeyReused(Refused):
    """An idempotency key came back with a different request."""

    code = "IDEMPOTENCY_KEY_REUSED"


class BadCall(DomainError):
    """A call that cannot be answered at all; `code` is one of the edge's stable codes."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class DependencyDown(DomainError):
    """Something below us does not answer. The caller gets 503 and may retry."""


class OutcomeUnknown(DependencyDown):
    """COMMIT was sent and its answer did not come: done, or not. The same request under the same key tells which."""


class TurnedOut(DependencyDown):
    """A subject turned out to be another after the operation had begun: whoever begins anew meets that one."""
