"""What can go wrong with the log: nothing of its own.

A log that cannot be written is a dependency that is down (`core.errors.DependencyDown`): 503, and no data.
"""
