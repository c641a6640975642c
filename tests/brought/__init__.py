"""What people bring to each case: a file a case, found by its name; see `_brought.py`."""
