"""What can go wrong with a department's models.

Refused
└── NotTheAuthor   a draft is written and handed in by whoever began it
"""

from core.errors import Refused


class NotTheAuthor(Refused):
    """Somebody else began this draft: with two authors nobody would be left to review it."""

    code = "NOT_THE_AUTHOR"
