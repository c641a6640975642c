"""What a page says of a process and its limits: sentences, tables, figures."""
