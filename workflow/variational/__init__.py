"""ADVI as an optimiser that arrives, and its verdict, quantity by quantity, against NUTS."""
