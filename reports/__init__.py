"""Results in, HTML out. Nothing here computes a statistic."""
