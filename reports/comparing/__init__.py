"""Saved fits side by side, in words and tables."""
