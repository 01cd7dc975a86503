"""Contesting the record (Art. 12): filing, mark, clock, verification, answer."""
