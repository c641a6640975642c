"""Words in spam against closed forms, published tables and a density written by hand."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats
from scipy.special import expit, logit

from data._messages import tokens
from data.spam_words import load
from models.spam_words import naive_bayes, pseudo_counts
from tests.conftest import SEED
from tests.exact import BetaBinomial, prob_above
from workflow.checking.diagnostics import Status, diagnose
from workflow.quantities import expectations
from workflow.sampling.fit import CompiledPyMCModel, compile_nuts, refit
from workflow.variational.moments import moments
from workflow.words.naive_bayes import (
    averaged,
    posterior_means,
    predictive,
    prob_spam,
    ratio_of_rates,
)

Fit = Callable[[pd.DataFrame, float], xr.Dataset]
WORDS = load()
MESSAGE = tokens("Urgent! My client died and he left his money to your name: reply or call")


def table(rows: dict[str, tuple[int, int]], spam: int, ham: int) -> pd.DataFrame:
    """Return word counts from `word: (with in spam, with in ham)` and the totals."""
    return pd.DataFrame(
        [(word, *pair) for word, pair in rows.items()], columns=["word", "spam_with", "ham_with"]
    ).assign(spam_total=spam, ham_total=ham)


VIAGRA = table({"viagra": (450, 2)}, 500, 500)
MEETING = table({"meeting": (100, 4000)}, 3000, 7000)
IIR = table(
    {"chinese": (3, 1), "japan": (0, 1), "tokyo": (0, 1)}
    | dict.fromkeys(("beijing", "macao", "shanghai"), (1, 0)),
    3,
    1,
)


@pytest.fixture(scope="module")
def compiled() -> CompiledPyMCModel:
    """The model of one word, compiled once: counts, message and prior are its pm.Data."""
    return compile_nuts(naive_bayes(VIAGRA, {"viagra"}, spam_share=0.5, alpha=1, beta=1))


@pytest.fixture(scope="module")
def fit(compiled: CompiledPyMCModel) -> Fit:
    """A function that fits the one-word model to other data."""
    return partial(_fit, compiled)


def _fit(compiled: CompiledPyMCModel, words: pd.DataFrame, share: float) -> xr.Dataset:
    """Return posterior draws; the rate's order is that of the model: spam, ham."""
    model = naive_bayes(words, set(words["word"]), spam_share=share, alpha=1, beta=1)
    data = {variable.name: variable.get_value() for variable in model.data_vars}
    tree = refit(compiled, data, draws=4000, tune=1000, chains=4, seed=SEED)
    assert diagnose(tree).status is Status.PASS
    return tree["posterior"].to_dataset()


def test_viagra(fit: Fit) -> None:
    """Rates with their intervals, and P(spam | word) three ways, with equal class priors."""
    posterior = fit(VIAGRA, 0.5)
    found = moments(posterior, independent=False)
    published = {"spam": (0.89841, 0.8705, 0.9233), "ham": (0.00598, 0.00124, 0.01435)}
    for label, (mean, low, high) in published.items():
        values, errors = found[f"rate[viagra, {label}]"]
        rounding = np.array([5e-6, 5e-5, 5e-5])
        apart = np.abs(values[[0, 2, 3]] - (mean, low, high))
        assert (apart < 4 * errors[[0, 2, 3]] + rounding).all(), label
    integrated = predictive(posterior["rate"], np.array([True]), 0.5)
    assert abs(integrated.value - 0.99339) < 4 * integrated.mcse + 5e-6
    mean_of = averaged(posterior["log_odds"])
    assert abs(mean_of.value - 0.99341) < 4 * mean_of.mcse + 5e-6
    exact, plugged = (
        float(prob_spam(posterior_means(VIAGRA, a, a), np.array([True]), 0.5)[0]) for a in (1, 0)
    )
    assert (round(exact, 5), round(plugged, 5)) == (0.99339, 0.99558)


def test_meeting(fit: Fit) -> None:
    posterior = fit(MEETING, 0.3)
    integrated = predictive(posterior["rate"], np.array([True]), 0.3)
    assert abs(integrated.value - 0.02461) < 4 * integrated.mcse + 5e-6
    plugged = float(prob_spam(posterior_means(MEETING, 0, 0), np.array([True]), 0.3)[0])
    assert plugged == pytest.approx(100 / 4100)


def test_table_13_1() -> None:
    """The Bernoulli classifier of Introduction to Information Retrieval, table 13.1."""
    rates = posterior_means(IIR, 1, 1)
    by_word = dict(zip(IIR["word"], rates.tolist(), strict=True))
    assert by_word["chinese"] == pytest.approx([4 / 5, 2 / 3])
    for word in ("japan", "tokyo"):
        assert by_word[word] == pytest.approx([1 / 5, 2 / 3])
    for word in ("beijing", "macao", "shanghai"):
        assert by_word[word] == pytest.approx([2 / 5, 1 / 3])
    present = IIR["word"].isin(["chinese", "tokyo", "japan"]).to_numpy()
    likelihood = np.where(present[:, None], rates, 1 - rates).prod(axis=0)
    assert likelihood * (0.75, 0.25) == pytest.approx([0.005184, 0.02194787], abs=5e-9)
    assert prob_spam(rates, present, 0.75)[0] == pytest.approx(0.19107, abs=5e-6)


def test_model_uses_the_class_share_and_the_absent_words() -> None:
    """`log_odds` at the posterior means of table 13.1 gives its scores; the share is 3 of 4."""
    model = naive_bayes(IIR, {"chinese", "tokyo", "japan", "unknown"}, alpha=1, beta=1)
    log_odds = model.compile_fn(model["log_odds"], inputs=[model["rate"]], on_unused_input="ignore")
    value = log_odds({"rate": posterior_means(IIR, 1, 1)})
    assert expit(value) == pytest.approx(0.19107, abs=5e-6)


def test_density_is_the_one_written_by_hand() -> None:
    words = table({"a": (3, 0), "b": (0, 7)}, 10, 20)
    model = naive_bayes(words, alpha=0.5, beta=5.5)
    rate = np.array([[0.3, 0.01], [0.002, 0.4]])
    by_hand = (
        stats.binom([[10, 20]], rate).logpmf([[3, 0], [0, 7]]).sum()
        + stats.beta(0.5, 5.5).logpdf(rate).sum()
        + np.log(rate * (1 - rate)).sum()  # the Jacobian of the logit
    )
    log_p = model.compile_logp()({"rate_logodds__": logit(rate)})
    assert float(log_p) == pytest.approx(by_hand, abs=1e-9)


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
    present, share = WORDS["word"].isin(MESSAGE).to_numpy(), 473 / 3879
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
