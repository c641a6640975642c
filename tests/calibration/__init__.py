"""Calibration of every model: designs, models that are wrong on purpose, and the page about both.

`<case>.py` has `shipped()` and `small()`, two models to be calibrated, and a function of each name
in `mutants.NAMES`: a wrong model, which simulations of the small one have to find out.
"""
