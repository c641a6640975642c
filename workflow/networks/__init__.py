"""Networks of findings: what is seen of one says of the others."""
