"""The numbers: one CSV, one codebook and one loader a case."""
