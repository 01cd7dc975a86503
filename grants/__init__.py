"""On whose authority someone may look: consent notices and grants (Arts. 6, 8, 10)."""
