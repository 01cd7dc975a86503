"""Telling people and parties what happened: outbox, notices, letters, signed webhooks, catch-up feed (Art. 12)."""
