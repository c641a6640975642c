"""Words in spam against published tables: of one word, and of a textbook's few messages."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.special import expit

from data._messages import tokens
from data.spam_words import load
from models.spam_words import naive_bayes
from tests.conftest import SEED
from workflow.checking.diagnostics import Status, diagnose
from workflow.sampling.fit import CompiledPyMCModel, compile_nuts, refit
from workflow.variational.moments import moments
from workflow.words.naive_bayes import averaged, posterior_means, predictive, prob_spam

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
