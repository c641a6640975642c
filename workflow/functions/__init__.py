"""Functions that nobody wrote down: Gaussian processes, and what to try next."""
