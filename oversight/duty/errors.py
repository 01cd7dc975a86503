"""What can go wrong in staff's duty.

Refused
├── ReviewOver      the word on this post was given, or its time is over
├── GlassWaits      the last record that one opened in an emergency has nobody's word yet
├── GlassClosed     what was opened in an emergency is not read, or answered, any more
└── NotReleased     nobody of the institution has let this leave
"""

from core.errors import Refused


class ReviewOver(Refused):
    """The post was confirmed, ended, or its quarter's time is over."""

    code = "REVIEW_OVER"


class GlassWaits(Refused):
    """One record at a time is opened in an emergency: the last one waits for a second person."""

    code = "GLASS_WAITS"


class GlassClosed(Refused):
    """Contested, without a word within the hour, or over: nothing more is read, and nothing more is answered."""

    code = "GLASS_CLOSED"


class NotReleased(Refused):
    """What tells of many people at once waits for 保密审查, or was not let leave."""

    code = "NOT_RELEASED"
