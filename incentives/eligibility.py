"""Does a standing meet an offer's condition, and if not, what is missing? Pure.

Offers are for natural persons: a limit per person would mean nothing if each of one's companies had its own. A missing
score meets no condition on the tier; an offer without a condition is open to everyone. The answer is for
the citizen alone: a merchant only ever meets people who already hold a claim.
"""

from collections.abc import Mapping
from dataclasses import dataclass

TIER_NAMES: Mapping[int, str] = {1: "起步", 2: "良好", 3: "优良", 4: "优秀", 5: "卓越"}


@dataclass(frozen=True)
class Gap:
    """One unmet condition: what is needed, and what there is (None when there is no score)."""

    condition: str
    message: str
    needed: str
    have: str | None


@dataclass(frozen=True)
class Standing:
    """What an offer may ask about somebody: whether they are a natural person, and the tier of an open score."""

    natural_person: bool
    tier: int | None


def gaps(*, min_tier: int | None, standing: Standing) -> tuple[Gap, ...]:
    """What stands between this standing and the offer; empty when the person is eligible."""
    if not standing.natural_person:
        return (Gap("SUBJECT_KIND", "此项权益仅面向自然人", "自然人", None),)
    tier = standing.tier
    if min_tier is None or (tier is not None and tier >= min_tier):
        return ()
    needed = TIER_NAMES[min_tier]
    if tier is None:
        return (Gap("TIER", f"开通海河分并达到“{needed}”后可享受此项权益", needed, None),)
    return (Gap("TIER", f"海河分达到“{needed}”后可享受此项权益", needed, TIER_NAMES[tier]),)


def requirement(min_tier: int | None) -> str:
    """The condition as everyone may read it."""
    return "人人可享" if min_tier is None else f"海河分“{TIER_NAMES[min_tier]}”及以上"
