"""Which offers may be used together in one order: a term of an offer's version. Pure.

Two offers combine when each lets the other; two of one offer, when it lets itself.
"""

from collections.abc import Sequence

import orjson

Combines = Sequence[str] | None


def read(text: str | None) -> Combines:
    """With which offers one may be used, from its stored text; None: with any."""
    return None if text is None else tuple(orjson.loads(text))


def text(combines: Combines) -> str | None:
    """The stored text: the same where the same is said."""
    return None if combines is None else orjson.dumps(sorted(combines)).decode()


def lets(combines: Combines, offer_id: str) -> bool:
    """Whether an offer with this term may be used beside that one, as far as it goes."""
    return combines is None or offer_id in combines
