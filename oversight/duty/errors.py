"""What can go wrong in staff's duty.

Refused
└── ReviewOver    the word on this post was given, or its time is over
"""

from core.errors import Refused


class ReviewOver(Refused):
    """The post was confirmed, ended, or its quarter's time is over."""

    code = "REVIEW_OVER"
