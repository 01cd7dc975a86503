"""What can be wrong with what a provider sends.

DomainError
├── FileRefused   the file is not one of the layouts: nothing of it is loaded
├── TermsRefused  what a provider may send is not said as it must be: nothing of it is taken
├── RowRefused    one row breaks a rule: it is not loaded, the others are
└── Refused
    ├── RowNotTaken      a row that a reviewer would take breaks another rule
    ├── Decided          a row was decided before, and otherwise
    ├── TooManyBatches   so many of a provider's files arrive or wait that no more are taken
    ├── OffsetMismatch   what is appended does not begin where the file so far ends
    ├── AlreadyArrived   the whole file is here: nothing is appended or taken back
    └── LengthMismatch   the file is not as long as its sender said
"""

from core.errors import DomainError, Refused
from intake.findings import Finding


class FileRefused(DomainError):
    """The whole file is refused; the message says why, in Chinese."""


class TermsRefused(DomainError):
    """The whole list of providers is refused; the message says why, in Chinese."""


class RowRefused(DomainError):
    """One row is refused or set aside; `code` stays the same for ever, `reason` is its Chinese sentence."""

    def __init__(self, code: str, column: str = "", limit: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.column = column
        self.limit = limit

    @property
    def reason(self) -> str:
        """For the provider."""
        return self.at(0).sentence

    def at(self, line: int) -> Finding:
        """The same as data, of a line."""
        return Finding(line, self.column, self.code, self.limit)


class RowNotTaken(Refused):
    """The row breaks another rule too; `reason` says which."""

    code = "ROW_NOT_TAKEN"


class Decided(Refused):
    """Somebody decided otherwise before."""

    code = "WRONG_STATE"


class TooManyBatches(Refused):
    """So many of this provider's files arrive or wait already that no more are taken."""

    code = "TOO_MANY_BATCHES"


class OffsetMismatch(Refused):
    """What is appended does not begin where the file so far ends; `offset` says where that is."""

    code = "UPLOAD_OFFSET"


class AlreadyArrived(Refused):
    """The whole file is here already."""

    code = "UPLOAD_COMPLETE"


class LengthMismatch(Refused):
    """The file is longer or shorter than its sender said (`limit`, in bytes)."""

    code = "UPLOAD_LENGTH"
