"""The policy table's lines of supervision (Art. 4)."""

from collections.abc import Mapping

from core.principal import Scope
from schema.audiences import Lens, Level, Root

ROOTS: Mapping[str, Root] = {
    "Query.oversight": Root(Lens.OVERSIGHT, Scope.OVERSIGHT_READ),
}

# As in `policy`: type → (lenses, {level: fields}).
TYPES: Mapping[str, tuple[str, Mapping[Level, str]]] = {
    "Oversight": ("OVERSIGHT", {Level.OWN: "area"}),
    "SupervisedArea": ("OVERSIGHT", {Level.OPEN: "code name"}),
}
