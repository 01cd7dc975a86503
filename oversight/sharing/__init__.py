"""Sharing out (Art. 5): what a department or a district needs, within a scope and until a day, as a feed of changes."""
