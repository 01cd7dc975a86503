"""Proofs. The tree mirrors the house; walks, races, faults and house tests stand beside it."""
