"""Who takes part: organisations, staff, who represents whom, and which token belongs to whom (Arts. 6, 13)."""
