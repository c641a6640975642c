"""Texts and their classes: naive Bayes, numbers of words, held-out messages."""
