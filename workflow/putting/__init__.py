"""Putts by distance: a curve of one's own beside one that a formula has."""
