"""What a caller accepts (RFC 9110 12.5.1), as far as we tell kinds of answers apart."""

import re
from collections.abc import Sequence


def takes(accept: str, kind: str) -> bool:
    """Whether a media type is accepted: the range that names it best decides (RFC 9110 12.5.1)."""
    kept, refused = ranges(accept), {part.split(";")[0].strip().lower() for part in accept.split(",") if _forbids(part)}
    for one in (kind, f"{kind.split('/')[0]}/*", "*/*"):
        if one in kept or one in refused:
            return one in kept
    return False


def ranges(accept: str) -> Sequence[str]:
    """The media ranges of an Accept header that are not refused by `q=0`, without their parameters."""
    return [part.split(";")[0].strip().lower() for part in accept.split(",") if not _forbids(part)]


def _forbids(part: str) -> bool:
    return re.search(r";\s*q\s*=\s*0(\.0*)?\s*($|;)", part) is not None
