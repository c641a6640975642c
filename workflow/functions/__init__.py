"""Curves of which one knows values with noise: Gaussian processes, exactly, and their checks."""
