"""Who may hear of changes, and which acts end that: part of the policy table."""

from collections.abc import Mapping

from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    # Whose changes they are, and by which scope, depends on who calls (`schema/changes.py`).
    "Subscription.changes": Root(Lens.CHANGES),
}
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "Change": ("CHANGES", {Level.OWN: "cursor kind id version"}),
}
# Acts that end what somebody may do: whoever listens is asked for anew at once.
ENDING = frozenset({"partyFreeze", "partySuspend", "staffLeave", "clientKeyRetire", "mandateEnd"})
