"""How well does a model predict? Leave-one-out, calibration, proper scores, paired differences."""
