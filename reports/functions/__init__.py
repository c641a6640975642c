"""What a page says of a curve, and of what to try next: sentences, tables, figures."""
