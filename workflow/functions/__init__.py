"""Functions of which one knows values with noise: Gaussian processes, and what to try next."""
