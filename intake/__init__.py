"""What information providers send: file layouts, checks, loading and what was rejected (Arts. 2, 5)."""
