"""Readings of an instrument: sentences, tables, figures."""
