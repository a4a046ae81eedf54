"""Measurements, each a command that ends with one JSON line; results are committed in `benchmarks/results/`."""
