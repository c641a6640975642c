"""Methods beside exact posteriors: sentences, tables, figures."""
