"""The invented city 海津: files like any provider's, loaded through the same import, and people to be in it."""
