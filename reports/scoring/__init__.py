"""Calibration and scores of predictions, as tables, figures and sentences."""
