"""Every look: through which lens, written before the answer leaves, and told to the person looked at (Arts. 3, 13, 14)."""
