"""Saved fits side by side: of the same outcome, which predicts best; of two runs, what changed."""
