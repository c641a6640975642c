"""Residuals of the model, draw by draw; what a prior that holds the terms back leaves over."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats

from workflow.checking.checks import posterior_check
from workflow.checking.diagnostics import Status
from workflow.regression import lines
from workflow.regression.held_back import held_back
from workflow.regression.regression import linear_predictor
from workflow.regression.residuals import BEND, SCATTER, residual_statistics

RNG = np.random.default_rng(11)
TERMS = pd.DataFrame(RNG.normal(size=(40, 3)), columns=["a", "b", "c"], index=range(2, 42))


def posterior_at(slope: np.ndarray, intercept: float, sd: float = 0.0) -> xr.Dataset:
    """Return draws of a line, with this sd of each coefficient."""
    rng = np.random.default_rng(5)
    dims = ("chain", "draw", "term")
    return xr.Dataset(
        {
            "slope": (dims, slope + sd * rng.normal(size=(2, 100, len(slope)))),
            "intercept": (dims[:2], intercept + sd * rng.normal(size=(2, 100))),
        },
        coords={"term": list(TERMS), "draw": np.arange(100), "chain": [0, 1]},
    )


def test_residuals_are_those_of_the_model() -> None:
    """Of each draw, also where it is not least squares'."""
    y = xr.DataArray(RNG.normal(size=40) ** 3, dims="row")
    posterior = posterior_at(np.array([1.0, 0.0, -1.0]), 0.3, 0.1)
    found = residual_statistics(posterior, TERMS)
    one = posterior.isel(chain=1, draw=7)
    mu = float(one["intercept"]) + TERMS.to_numpy() @ one["slope"].to_numpy()
    left = y.to_numpy() - mu
    left = (left - left.mean()) / left.std()
    z = ((TERMS - TERMS.mean()) / TERMS.std()).to_numpy()
    design = np.column_stack([np.ones(40), z])
    explained = design @ np.linalg.lstsq(design, left, rcond=None)[0]
    squares = z**2 - design @ np.linalg.lstsq(design, z**2, rcond=None)[0]
    size = np.abs(left)
    octile = [np.interp(k / 8, np.linspace(0, 1, 40), np.sort(left)) for k in range(9)]
    expected = {
        "residuals: skewness": np.mean(left**3),
        "residuals: skewness of the inner three quarters": (octile[7] - 2 * octile[4] + octile[1])
        / (octile[7] - octile[1]),
        "residuals: excess kurtosis": np.mean(left**4) - 3,
        "residuals: largest / sd": size.max(),
        "residuals: share that the terms still explain": np.mean(explained**2),
        "residuals: size against prediction (correlation)": np.corrcoef(size, mu)[0, 1],
        "residuals: against prediction squared (correlation)": np.corrcoef(
            left, (mu - mu.mean()) ** 2
        )[0, 1],
        f"{SCATTER} (largest correlation)": max(abs(np.corrcoef(size, x)[0, 1]) for x in z.T),
        f"{BEND} (largest correlation with a square)": max(
            abs(np.corrcoef(left, x)[0, 1]) for x in squares.T
        ),
    }
    here = {name: float(f(y, xr.Dataset())[1, 7]) for name, f in found.items()}
    assert here == pytest.approx(expected)


def test_what_the_prior_holds_back_is_left_over() -> None:
    """Lines held at 0: the terms explain what is left, and predictions do not."""
    rng = np.random.default_rng(2)
    y = 1.0 * TERMS["a"] + rng.normal(0, 0.3, 40)
    held, free = np.zeros(3), np.linalg.lstsq(TERMS.to_numpy(), y, rcond=None)[0]
    for slope, fine in ((held, False), (free, True)):
        posterior = posterior_at(slope, 0.0, 0.05)
        sd = 0.3 if fine else float(y.std())
        mu = linear_predictor(posterior, TERMS)
        tree = xr.DataTree.from_dict(
            {
                "observed_data": xr.Dataset({"y": ("row", y.to_numpy())}),
                "posterior_predictive": xr.Dataset({"y": mu + sd * rng.normal(size=mu.shape)}),
            }
        )
        checks = posterior_check(tree, "y", residual_statistics(posterior, TERMS))
        share = next(c for c in checks if "still explain" in c.statistic)
        assert (share.result is Status.PASS) is fine
        found = held_back(posterior.assign(sigma=0.0 * posterior["intercept"] + sd), TERMS, y)
        assert found
        assert found.clearly is not fine


def test_no_residual_statistics_without_residuals() -> None:
    assert residual_statistics(posterior_at(np.zeros(3), 0.0), TERMS.iloc[:8]) == {}


def test_lopsided_noise_is_told_from_heavy_tails() -> None:
    """Exponential noise, 250 rows: far outside what a Student-t predicts, as no third moment is."""
    rng = np.random.default_rng(7)
    usual, skewed = rng.standard_t(3.5, size=(4000, 250)), rng.exponential(size=(400, 250))
    least = np.quantile(lines.lopsided(usual), 0.9995)
    assert (lines.lopsided(skewed) > least).mean() > 0.9
    moment = [stats.skew(one, axis=-1) for one in (usual, skewed)]
    assert (moment[1] > np.quantile(moment[0], 0.9995)).mean() < 0.05
    far = np.append(skewed[0], 1e9)
    assert lines.lopsided(far) == pytest.approx(float(lines.lopsided(skewed[0])), abs=0.05)
