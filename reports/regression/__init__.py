"""What a page says of regressions: sentences, tables, figures."""
