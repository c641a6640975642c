"""Words in spam: every rate is a Beta posterior of its own, so that all is exact; and what was
published of such classifiers.
"""

import re
from typing import Any

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from scipy import stats

from data._messages import tokens
from data.spam_words import load
from models.spam_words import pseudo_counts
from tests.calibration.mutants import Mutant, doubled, replaced, with_twice_the_sd, without_jacobian
from tests.conftest import SEED
from tests.contract import model_of
from tests.exact import BetaBinomial, log_ratio, prob_above
from workflow.quantities import expectations
from workflow.words.naive_bayes import posterior_means, predictive, prob_spam, ratio_of_rates

naive_bayes = model_of("spam_words")
WORDS = load()
MESSAGE = "Urgent! My client died and he left his money to your name: reply or call"
PRIORS = [{"alpha": 1.0, "beta": 1.0, "spam_share": 0.3}]


def shipped(**knobs: float) -> pm.Model:
    return naive_bayes(WORDS, tokens(MESSAGE), **knobs)


def small(**knobs: float) -> pm.Model:
    """Four words, 20 messages a class, and a message with the first two words."""
    none = {"spam_with": 0, "spam_total": 20, "ham_with": 0, "ham_total": 20}
    words = WORDS.head(4).assign(**none)
    return naive_bayes(words, list(words["word"][:2]), **knobs)


def log_density(
    rate: Any, *, alpha: float = 0.5, beta: float = 5.5, spam_share: float | None = None
) -> Any:
    """The share of spam is no part of it; rates have the dims word and class (spam, ham)."""
    having, total = (WORDS[[f"spam_{of}", f"ham_{of}"]].to_numpy() for of in ("with", "total"))
    return (
        stats.binom(total, rate).logpmf(having).sum() + stats.beta(alpha, beta).logpdf(rate).sum()
    )


def reference(
    *, alpha: float = 0.5, beta: float = 5.5, spam_share: float = 473 / 3879
) -> dict[str, tuple[float, ...]]:
    """Exact: each rate is Beta(alpha + with, beta + without), all independent, so that log rates
    and log(1 - rates) have digamma means and trigamma variances, and sums of them add these up.
    """
    found: dict[str, tuple[float, ...]] = {}
    said = set(re.findall("[a-z]+", MESSAGE.lower()))
    mean, variance = np.log(spam_share / (1 - spam_share)), 0.0
    for _, row in WORDS.iterrows():
        word, rates, without = row["word"], [], []
        for label in ("spam", "ham"):
            total, having = int(row[f"{label}_total"]), int(row[f"{label}_with"])
            rates.append(one := BetaBinomial(total, having, alpha, beta))
            without.append(BetaBinomial(total, total - having, beta, alpha))
            found[f"rate[{word}, {label}]"] = (one.mean, one.sd, 0, 0)
        found[f"log_rate_ratio[{word}]"] = (*log_ratio(*rates), 0, 0)
        evidence = log_ratio(*(rates if word in said else without))
        mean, variance = mean + evidence[0], variance + evidence[1] ** 2
    return found | {"log_odds": (mean, np.sqrt(variance), 0, 0)}


def wide_prior() -> Mutant:
    alpha, beta = with_twice_the_sd(0.5, 5.5)
    told = f"prior of the rates Beta({alpha:g}, {beta:g}), with twice the sd of Beta(0.5, 5.5)"
    return replaced(told, alpha=alpha, beta=beta)


def wrong_likelihood() -> Mutant:
    return doubled("messages", "having_data")


def dropped_jacobian() -> Mutant:
    return Mutant("no Jacobian of the logit of the rates", without_jacobian(small(), "rate"))


def test_shipped_words() -> None:
    """P(more frequent in spam) and P(spam), integrated out, exact; draws straight from Beta."""
    rng = np.random.default_rng(SEED)
    having = WORDS[["spam_with", "ham_with"]].to_numpy()
    total = WORDS[["spam_total", "ham_total"]].to_numpy()
    draws = rng.beta(0.5 + having, 5.5 + total - having, (4, 2500, *having.shape))
    rate = xr.DataArray(
        draws,
        dims=("chain", "draw", "word", "label"),
        coords={"word": list(WORDS["word"]), "label": ["spam", "ham"]},
    )
    present, share = WORDS["word"].isin(tokens(MESSAGE)).to_numpy(), 473 / 3879
    found = predictive(rate, present, share)
    exact = float(prob_spam(posterior_means(WORDS, 0.5, 5.5), present, share)[0])
    assert abs(found.value - exact) < 4 * found.mcse
    assert found.mcse < 0.002
    more = expectations("more", rate.sel(label="spam") > rate.sel(label="ham"))
    for row in WORDS[WORDS["word"].isin(["he", "claim", "to"])].itertuples():
        spam = BetaBinomial(row.spam_total, row.spam_with, 0.5, 5.5)
        ham = BetaBinomial(row.ham_total, row.ham_with, 0.5, 5.5)
        assert abs(more[f"more[{row.word}]"].value - prob_above(spam, ham)) < 4e-4


def test_six_words_were_never_seen_in_a_class() -> None:
    assert set(WORDS["word"][WORDS["spam_with"] == 0]) == {"lt", "gt", "he", "lor"}
    assert set(WORDS["word"][WORDS["ham_with"] == 0]) == {"claim", "prize"}


def test_what_the_prior_text_claims() -> None:
    """Factors between a word's two rates: 95% range at alpha .5, share above 1000 at alpha .1."""
    rng = np.random.default_rng(SEED)
    ratio = {
        a: np.log(rng.beta(a, b, 400_000) / rng.beta(a, b, 400_000))
        for a, b in ((0.5, 5.5), (1.0, 11.0), (0.1, 1.9))
    }
    for a, b in ((0.5, 5.5), (1.0, 11.0)):
        above = np.mean(ratio[a] > np.log(ratio_of_rates(a, b)))
        assert abs(above - 0.025) < 4 * np.sqrt(0.025 * 0.975 / 400_000)
    assert np.mean(np.abs(ratio[0.1]) > np.log(1000)) == pytest.approx(0.5, abs=0.02)


def test_pseudo_counts() -> None:
    assert pseudo_counts(0.5, 2) == {"alpha": 1.0, "beta": 1.0}
