"""An identity as it is typed: a number of some type, and the name it belongs to."""

from datetime import datetime

import strawberry

from core.errors import Detail, Invalid
from core.identity import BadIdentity, IdentityNumber, IdentityType, parse
from core.moments import day_of

_LONGEST_NAME, _LONGEST_NUMBER = 120, 40


@strawberry.input(description="A number and the name it belongs to. One that does not belong to the name is nobody's.")
class IdentityInput:
    """An identity as it is typed."""

    type: IdentityType
    number: str
    name: str

    def typed(self) -> dict[str, object]:
        """As it was typed, for the attempt that a refusal is."""
        return {"type": self.type, "number": self.number, "name": self.name}

    def parsed(self, *path: str, at: datetime) -> IdentityNumber:
        """The number, well-formed; raises `Invalid` with the path at which this input stands."""
        if not 1 <= len(self.name.strip()) <= _LONGEST_NAME:
            raise Invalid(Detail((*path, "name"), "LENGTH", f"1..{_LONGEST_NAME}"))
        if len(self.number) > _LONGEST_NUMBER:
            raise Invalid(Detail((*path, "number"), "LENGTH", f"1..{_LONGEST_NUMBER}"))
        try:
            return parse(self.type, self.number, today=day_of(at))
        except BadIdentity as error:
            raise Invalid(Detail((*path, "number"), f"NUMBER_{error.code}")) from None
