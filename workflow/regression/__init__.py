"""Regressions: terms, slopes, residuals, tails, classes, separation."""
