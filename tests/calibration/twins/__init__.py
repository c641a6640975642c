"""Models beside those of the cases, which a case takes for other files, and their calibration."""
