"""Faults and attacks, each really done: what was done, what should happen, what happened.

One list, `tests.faults.gallery.FAULTS`, serves the tests and the page (`python -m tests.faults`).
"""
