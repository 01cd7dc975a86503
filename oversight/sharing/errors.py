"""What can go wrong in sharing out. Two of its refusals are everybody's: `NotAvailable`, `VersionChanged`.

Refused
├── ShareState      the share does not stand where this act begins, or its last day is over
├── ShareForgotten  what changed after this place is kept no more
└── ShareDayFull    as much was read as is read in a day
"""

from core.errors import Refused


class ShareState(Refused):
    """Decided, reviewed, refused or ended before; or over."""

    code = "SHARE_STATE"


class ShareForgotten(Refused):
    """Whoever was away for too long begins again with what is kept, and looks by law at what lies before."""

    code = "SHARE_FORGOTTEN"


class ShareDayFull(Refused):
    """The rest is read tomorrow, from the same cursor."""

    code = "SHARE_DAY_FULL"
