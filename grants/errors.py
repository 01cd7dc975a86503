"""What can be said no to when someone gives or uses a grant.

Refused
├── NoticeChanged       the notice that was read is not the one in force
├── RecipientRefused    this party cannot be authorised for this purpose
├── MarksRequired       an organisation's grant needs two marks (Art. 8(3))
├── GrantEnded          told only to the subject and to the grant's own recipient
└── NotGranted          what was asked for is outside the grant; details name it
"""

from core.errors import Refused


class NoticeChanged(Refused):
    """The hash is not that of the notice in force for these terms: read it again."""

    code = "NOTICE_CHANGED"


class RecipientRefused(Refused):
    """The recipient is unknown or may not be authorised for this purpose."""

    code = "RECIPIENT_REFUSED"


class MarksRequired(Refused):
    """A legal person's or unincorporated organisation's grant needs seal and legal representative (Art. 8(3))."""

    code = "MARKS_REQUIRED"


class GrantEnded(Refused):
    """The grant was active once and is not now; `status` says how it stands."""

    code = "GRANT_ENDED"


class NotGranted(Refused):
    """The operation asks for something the grant does not cover. Nothing of it is answered."""

    code = "NOT_GRANTED"
