"""Sharing out (Art. 5): what a department or a district asked for, was given, and reads by position."""
