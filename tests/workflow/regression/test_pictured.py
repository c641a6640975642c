"""What the pictures of a fit show: sound fits look sound, and faults of one kind show as theirs."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.stats import binom, norm

from workflow.regression import left_over, pictured
from workflow.regression.pictured import Overlay, Rootogram

RNG = np.random.default_rng(8)


def tree(y: np.ndarray, sd: float = 1.0, draws: int = 400) -> xr.DataTree:
    """Predictions Normal(0, sd) of an outcome, with mu known but for a little."""
    mu = RNG.normal(0, 0.02, size=(2, draws, 1))
    predicted = mu + RNG.normal(0, sd, size=(2, draws, len(y)))
    dims = ("chain", "draw", "row")
    return xr.DataTree.from_dict(
        {
            "posterior_predictive": xr.Dataset({"y": (dims, predicted)}),
            "log_likelihood": xr.Dataset({"y": (dims, norm(mu, sd).logpdf(y))}),
            "observed_data": xr.Dataset({"y": ("row", y)}),
        }
    )


def test_the_pit_of_a_known_distribution() -> None:
    """With all but no uncertainty of mu it is the CDF at each outcome."""
    y = np.array([-1.5, 0.0, 0.7, 1.9] * 5)
    found = pictured.pit(tree(y, draws=4000), seed=1)
    assert found.spread == pytest.approx(12 * norm.cdf(y).var(), abs=0.05)
    assert found.middle == pytest.approx(norm.cdf(y).mean(), abs=0.02)


def test_the_pit_tells_too_narrow_from_too_wide_and_a_shift() -> None:
    y = norm.ppf((np.arange(400) + 0.5) / 400)  # as even as can be
    sound = pictured.pit(tree(y), seed=1)
    assert sound.inside
    assert (sound.rows, sound.of) == (pictured.ROWS, 400)
    narrow, wide, low = (pictured.pit(tree(x), seed=1) for x in (1.5 * y, 0.6 * y, y + 0.6))
    assert [one.inside for one in (narrow, wide, low)] == [False] * 3
    assert wide.spread < 0.8 < 1.2 < narrow.spread
    assert low.middle > 0.6


def test_an_outcome_is_drawn_as_density_or_as_counts() -> None:
    y = RNG.normal(size=60)
    found = pictured.overlay(tree(y))
    assert isinstance(found, Overlay)
    assert len(found.predicted) == pictured.LINES
    x, height = found.observed
    assert np.trapezoid(height, x) == pytest.approx(1, abs=0.02)
    counts = RNG.integers(0, 6, 60).astype(float)
    bars = pictured.overlay(tree(counts))
    assert isinstance(bars, Rootogram)
    assert bars.observed.tolist() == [(counts == k).sum() for k in range(6)]
    assert bars.median[0] > bars.median[3]  # of Normal(0, 1)
    assert not pictured.counted(np.array([0.0, 1.0, 1.0]))
    assert not pictured.counted(np.array([0.0, 40.0]))


def test_predicted_shares_are_binomial() -> None:
    n = 200
    y = (np.arange(n) % 2).astype(float)
    predicted = RNG.binomial(1, 0.5, size=(2, 4000, n))
    sets = xr.DataTree.from_dict(
        {
            "posterior_predictive": xr.Dataset({"y": (("chain", "draw", "row"), predicted)}),
            "observed_data": xr.Dataset({"y": ("row", y)}),
        }
    )
    found = pictured.binned(sets, np.linspace(0.4, 0.6, n))
    assert found.rows.tolist() == [20] * 10
    assert found.outside == 0
    error = 4 * np.sqrt(0.025 * 0.975 / 8000)  # of the share of draws below an end
    for ends, share in ((found.lower, 0.025), (found.upper, 0.975)):
        low, high = binom(20, 0.5).ppf([share - error, share + error]) / 20
        assert ((ends >= low - 1e-9) & (ends <= high + 1e-9)).all()


def test_the_column_along_which_residuals_bend_comes_first_and_is_named() -> None:
    n = 150
    columns = pd.DataFrame(RNG.normal(size=(n, 3)), columns=["a", "b", "c"])
    noise = pd.Series(RNG.normal(0, 0.3, n))
    bent = columns["b"] ** 2 - 1 + noise
    fanned = noise * np.exp(columns["c"])
    for left, key, column in ((bent, left_over.BEND, "b"), (fanned, left_over.SCATTER, "c")):
        assert left_over.along(left, columns)[key] == column
        first, second, *_ = left_over.panels(pd.Series(0.0, left.index), left, columns)
        assert (first.name, second.name) == (left_over.FITTED, column)
    ordered = left_over.panels(noise, noise, columns, ordered=True)
    assert ordered[1].name == left_over.ORDER


def test_groups_of_rows_have_their_mean_and_its_error() -> None:
    levels = pd.Series(["u", "v"] * 30)
    left = pd.Series(RNG.normal(size=60))
    *_, panel = left_over.panels(left, left, pd.DataFrame({"g": levels}))
    assert panel.levels == ("u", "v")
    of_u = left[levels == "u"]
    assert panel.mean[0] == pytest.approx(of_u.mean())
    assert panel.error[0] == pytest.approx(norm.ppf(0.975) * of_u.sem())
    p = pd.Series(0.3, left.index)
    known = left_over.panels(p, left, pd.DataFrame({"g": levels}), sd=np.sqrt(p * (1 - p)))
    assert known[-1].error[0] == pytest.approx(norm.ppf(0.975) * np.sqrt(0.21 / 30))


def test_columns_of_two_values_do_not_bend() -> None:
    left = pd.Series(RNG.normal(size=60))
    assert left_over.along(left, pd.DataFrame({"b": [0.0, 1.0] * 30}))[left_over.BEND] == "b"
    assert left_over.uneven(left, pd.Series([0.0, 1.0] * 30), spread=False) == 0
