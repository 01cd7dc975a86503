"""The door: HTTP, tokens, limits, settings and the command line."""
