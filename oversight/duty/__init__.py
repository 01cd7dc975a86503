"""Staff duty (Arts. 13, 14): posts reviewed, conflicts stated, broken glass, anomalies in the log, incidents."""
