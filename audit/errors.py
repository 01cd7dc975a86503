"""What can go wrong with the log. One that cannot be written is a dependency that is down: 503, and no data."""

from core.errors import DomainError


class NotSealed(DomainError):
    """A look that is not in the tree yet, or not at all, cannot be erased from it."""
