"""What tests stand on: real servers on free ports, a small city, and callers."""
