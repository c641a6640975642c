"""The learner's pages: a question, sliders, a picture that follows them; no data and no fit."""
