"""What the public record says: subjects, records, the catalogue of items and the Haihe score (Arts. 7, 11)."""
