"""What a page says of proportions: sentences, tables, figures."""
