"""Proportions: one rate, arms of an experiment, exact Beta posteriors."""
