"""Does the prior decide? Sweeps, where decisions flip, prior densities."""
