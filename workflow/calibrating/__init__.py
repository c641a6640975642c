"""Simulation-based calibration: are the posteriors of a model right on average?"""
