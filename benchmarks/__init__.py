"""Speed, as ratios in one run: the home query beside a hand-written endpoint and a stock GraphQL server."""
