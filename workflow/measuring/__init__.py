"""Readings of an instrument: noise that averages out, and a bias that does not."""
