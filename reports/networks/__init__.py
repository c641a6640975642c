"""Networks of findings on a page: sentences, tables, figures."""
