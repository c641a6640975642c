"""Functions that nobody wrote down, in words, tables and figures."""
