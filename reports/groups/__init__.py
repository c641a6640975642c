"""Groups drawn from one population: sentences, tables, figures."""
