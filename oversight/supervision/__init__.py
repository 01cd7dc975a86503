"""Supervision (Art. 4): counts for the city and its districts, samples, complaints, orders, the compliance audit."""
