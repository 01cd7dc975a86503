"""What good standing earns: partners' stores and tills, offers, claims and redemptions (Art. 11)."""
