"""What a page says of a curve: sentences, tables, figures."""
