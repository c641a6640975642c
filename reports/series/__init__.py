"""What a page says of values in their order of time: sentences, tables, figures."""
