"""Watching the watchers: staff duty, supervision, sharing out and industry evaluation (Arts. 4, 5, 9, 13, 14)."""
