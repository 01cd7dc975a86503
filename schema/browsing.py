"""What may be read from a copy of the database: what is the same for everybody, asked by nobody in particular."""

from core.principal import ANONYMOUS
from schema.audiences import Lens
from schema.requests import Asked

# Not what organisations have published: a mark, a repair and an end are felt by the next request (design §3).
_BROWSED = frozenset({Lens.OFFERS, Lens.PARTIES})


def is_browsing(asked: Asked) -> bool:
    """Whether an operation only browses. Whoever shows a token may have been frozen a moment ago, which only the
    primary knows."""
    reaches = asked.operation.reaches.values()
    return bool(reaches) and asked.principal is ANONYMOUS and all(reach.root.lens in _BROWSED for reach in reaches)
