"""What a caller accepts (RFC 9110 12.5.1), as far as we tell kinds of answers apart."""

import re
from collections.abc import Sequence


def ranges(accept: str) -> Sequence[str]:
    """The media ranges of an Accept header that are not refused by `q=0`, without their parameters."""
    return [part.split(";")[0].strip().lower() for part in accept.split(",") if not _forbids(part)]


def _forbids(part: str) -> bool:
    return re.search(r";\s*q\s*=\s*0(\.0*)?\s*($|;)", part) is not None
