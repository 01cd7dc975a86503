"""Every look: through which lens, logged before the answer leaves, told to the person looked at (Arts. 3, 13, 14)."""
