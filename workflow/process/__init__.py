"""One process and its limits: exact posteriors of a normal mean and sd, capability, drift."""
