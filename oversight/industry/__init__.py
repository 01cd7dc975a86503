"""Industry evaluation (Art. 9): a department's versioned scorecards, reviewed, simulated, run and contested."""
