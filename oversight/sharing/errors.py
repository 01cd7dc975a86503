"""What can go wrong in sharing out. Two of its refusals are everybody's: `NotAvailable`, `VersionChanged`.

Refused
└── ShareState      the share does not stand where this act begins, or its last day is over
"""

from core.errors import Refused


class ShareState(Refused):
    """Decided, reviewed, refused or ended before; or over."""

    code = "SHARE_STATE"
