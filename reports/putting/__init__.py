"""What the page says of putts, and of the two curves."""
