"""Where a party stands, and which act leads where. Pure: the table is the rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class PartyState(Enum):
    """Only ACTIVE acts."""

    REGISTERED = "REGISTERED"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    FROZEN = "FROZEN"


class PartyAct(Enum):
    """What is done to a party."""

    ADMIT = "ADMIT"
    SUSPEND = "SUSPEND"
    REINSTATE = "REINSTATE"
    FREEZE = "FREEZE"
    LIFT = "LIFT"


@dataclass(frozen=True)
class Step:
    """From which states an act starts, where it leads, how many people it takes, and whether it puts somebody out."""

    starts: frozenset[PartyState]
    leads: PartyState
    people: int
    puts_out: bool = False


def _from(*states: PartyState) -> frozenset[PartyState]:
    return frozenset(states)


# ADMIT's first person is the one who registered. FREEZE takes one: the second look comes when it is lifted.
STEPS: Mapping[PartyAct, Step] = {
    PartyAct.ADMIT: Step(_from(PartyState.REGISTERED), PartyState.ACTIVE, 2),
    PartyAct.SUSPEND: Step(_from(PartyState.ACTIVE, PartyState.FROZEN), PartyState.SUSPENDED, 2, puts_out=True),
    PartyAct.REINSTATE: Step(_from(PartyState.SUSPENDED), PartyState.ACTIVE, 2),
    PartyAct.FREEZE: Step(_from(PartyState.ACTIVE), PartyState.FROZEN, 1, puts_out=True),
    PartyAct.LIFT: Step(_from(PartyState.FROZEN), PartyState.ACTIVE, 2),
}


def allowed(act: PartyAct, state: PartyState) -> bool:
    """Whether the act starts from this state."""
    return state in STEPS[act].starts
