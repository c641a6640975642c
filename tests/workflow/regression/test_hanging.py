"""Coefficients that hang on one row are named with it; those of sound data are not."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats
from scipy.special import expit

from workflow.regression.hanging import Hanging, hanging

DRAWS = 4000


def gaussian(terms: pd.DataFrame, y: pd.Series, rng: np.random.Generator) -> xr.Dataset:
    """Return exact draws of the posterior under a flat prior of the line and of log sigma."""
    n, k = terms.shape
    x = np.column_stack([np.ones(n), terms - terms.mean()])
    root = np.linalg.cholesky(np.linalg.inv(x.T @ x))
    b = root @ root.T @ (x.T @ y.to_numpy())
    left = y.to_numpy() - x @ b
    sigma = np.sqrt(left @ left / rng.chisquare(n - k - 1, DRAWS))
    drawn = b + sigma[:, None] * (rng.normal(size=(DRAWS, k + 1)) @ root.T)
    intercept = drawn[:, 0] - drawn[:, 1:] @ terms.mean().to_numpy()
    return dataset(terms, drawn[:, 1:], intercept, sigma=sigma)


def dataset(
    terms: pd.DataFrame, slope: np.ndarray, intercept: np.ndarray, **more: np.ndarray
) -> xr.Dataset:
    one = {name: (("chain", "draw"), values[None]) for name, values in more.items()}
    both = {"slope": (("chain", "draw", "term"), slope[None])}
    one["intercept"] = (("chain", "draw"), intercept[None])
    return xr.Dataset(both | one, coords={"term": [str(name) for name in terms]})


def design(n: int, k: int, rng: np.random.Generator) -> pd.DataFrame:
    columns = [f"x{j}" for j in range(k)]
    return pd.DataFrame(rng.normal(size=(n, k)), columns=columns, index=range(2, n + 2))


def test_a_level_on_one_row_stands_alone() -> None:
    """Exactly, by leverage: the issue's +11.3 under PASS came from one row of 60."""
    rng = np.random.default_rng(1)
    terms = design(60, 2, rng).assign(**{"g: b rather than a": 0.0})
    terms.loc[17, "g: b rather than a"] = 1
    y = terms["x0"] + 11.3 * terms["g: b rather than a"] + rng.normal(size=60)
    found = hanging(gaussian(terms, y, rng), terms, y)
    assert found.alone == {"g: b rather than a": 17}
    assert found.moved == {}
    assert found.terms == ("g: b rather than a",)


def test_where_the_reference_is_on_one_row_every_level_is() -> None:
    rng = np.random.default_rng(2)
    terms = design(40, 1, rng)
    terms["b"] = [0.0] + [1.0] * 20 + [0.0] * 19
    terms["c"] = [0.0] * 21 + [1.0] * 19
    y = terms["x0"] + rng.normal(size=40)
    assert hanging(gaussian(terms, y, rng), terms, y).alone == {"b": 2, "c": 2}


def test_a_row_far_away_that_decides_a_slope_is_named_with_how_far() -> None:
    """By how far is what a fit without the row says, in the sds of the fit with it."""
    rng = np.random.default_rng(3)
    terms = design(60, 2, rng)
    terms.loc[30, "x1"] = 15.0
    y = pd.Series(rng.normal(size=60), terms.index)
    y[30] = 6.0
    found = hanging(posterior := gaussian(terms, y, rng), terms, y)
    assert found.alone == {}
    line, shift = found.moved["x1"]
    assert line == 30
    assert {*found.moved} == {"x1"}
    rest = terms.index != 30
    without = gaussian(terms[rest], y[rest], rng)["slope"].sel(term="x1").mean()
    own = posterior["slope"].sel(term="x1")
    exact = float((own.mean() - without) / own.std())
    assert shift == pytest.approx(exact, rel=0.15)


def test_an_outcome_nobody_expects_is_named_where_it_moves_a_slope() -> None:
    rng = np.random.default_rng(4)
    terms = design(40, 1, rng)
    terms.loc[12, "x0"] = 2.5
    y = terms["x0"] + 0.3 * rng.normal(size=40)
    y[12] = -3.0
    assert hanging(gaussian(terms, y, rng), terms, y).moved["x0"][0] == 12


def test_of_zeros_and_ones() -> None:
    """At the mode of a fit whose odd row is the only one that speaks against the slope."""
    rng = np.random.default_rng(5)
    terms = design(80, 1, rng)
    terms.loc[9, "x0"] = 9.0
    eta = 1.2 * terms["x0"].to_numpy()
    y = pd.Series((rng.random(80) < expit(eta)).astype(int), terms.index)
    drawn = rng.normal([0, 1.2], [0.3, 0.35], (DRAWS, 2))
    posterior = dataset(terms, drawn[:, 1:], drawn[:, 0])
    y[9] = 1
    assert hanging(posterior, terms, y) == Hanging()
    y[9] = 0
    assert hanging(posterior, terms, y).moved["x0"][0] == 9


def test_student_noise_lets_an_odd_row_go() -> None:
    rng = np.random.default_rng(6)
    terms = design(40, 1, rng)
    y = terms["x0"] + 0.3 * rng.normal(size=40)
    y[12] = -30.0
    drawn = rng.normal([0, 1], 0.06, (DRAWS, 2))
    noise = {"nu": np.full(DRAWS, 3.0), "scale": np.full(DRAWS, 0.3)}
    assert hanging(dataset(terms, drawn[:, 1:], drawn[:, 0], **noise), terms, y) == Hanging()


def test_few_rows_and_other_outcomes() -> None:
    rng = np.random.default_rng(7)
    terms = design(5, 3, rng)
    y = pd.Series(rng.poisson(3, 5), terms.index)
    assert hanging(dataset(terms, np.zeros((4, 3)), np.zeros(4)), terms, y) == Hanging()
    terms = design(30, 1, rng).assign(level=[1.0] + [0.0] * 29)
    y = pd.Series(rng.poisson(3, 30), terms.index)
    found = hanging(dataset(terms, np.zeros((4, 2)), np.zeros(4)), terms, y)
    assert found.alone == {"level": 2}


@pytest.mark.parametrize(("n", "k"), [(20, 5), (60, 10), (400, 10)])
def test_sound_data_raise_no_alarm(n: int, k: int) -> None:
    """100 data sets each: a rate of 1 in 100 (see `Hanging`) gives more than 5 once in 2,000."""
    rng = np.random.default_rng(8)
    alarms = 0
    for _ in range(100):
        terms = design(n, k, rng)
        y = terms.sum(axis=1) / np.sqrt(k) * rng.uniform(0, 1) + rng.normal(size=n)
        alarms += bool(hanging(gaussian(terms, y, rng), terms, y).terms)
    assert alarms <= stats.binom(100, 0.01).isf(1 / 2000)


def test_trials_are_told_as_lines_of_the_file() -> None:
    lines = pd.Series([2, 2, 42], index=[1, 2, 3])
    found = Hanging({"a": 3}, {"b": (2, 1.5)})
    assert found.in_lines(lines) == Hanging({"a": 42}, {"b": (2, 1.5)})
    assert found.in_lines(None) is found
