"""Groups drawn from one population: exact posteriors, what pooling does, which one to pick."""
