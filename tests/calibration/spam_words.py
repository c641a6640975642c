"""The model of word rates; small: four words, 20 messages a class."""

import pandas as pd
import pymc as pm

from data.spam_words import load
from models.spam_words import naive_bayes
from tests.calibration.mutants import Mutant, doubled, replaced, with_twice_the_sd, without_jacobian


def shipped() -> pm.Model:
    return _judging_two(load())


def small() -> pm.Model:
    none = {"spam_with": 0, "spam_total": 20, "ham_with": 0, "ham_total": 20}
    return _judging_two(load().head(4).assign(**none))


def wide_prior() -> Mutant:
    alpha, beta = with_twice_the_sd(0.5, 5.5)
    told = f"prior of the rates Beta({alpha:g}, {beta:g}), with twice the sd of Beta(0.5, 5.5)"
    return replaced(told, alpha=alpha, beta=beta)


def wrong_likelihood() -> Mutant:
    return doubled("messages", "having_data")


def dropped_jacobian() -> Mutant:
    return Mutant("no Jacobian of the logit of the rates", without_jacobian(small(), "rate"))


def _judging_two(words: pd.DataFrame) -> pm.Model:
    """Return the model for a message with the first two words."""
    return naive_bayes(words, list(words["word"][:2]))
