"""The prior on predictions: the same however columns are written, weak where there are data.

Exact throughout: the prior is Gaussian, and the posterior is `tests.gaussian`'s.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from models._regression import axes, prior_root, steps
from tests.gaussian import LinearGaussian
from tests.regression import axes_by_hand, scales
from workflow.checking.checks import prior_check
from workflow.checking.diagnostics import Status
from workflow.regression.regression import steps as read_steps
from workflow.regression.residuals import outcome_statistics

type Terms = pd.DataFrame
ROOM = 0.25  # posterior sds from a fit with a flat prior


def spread_of(terms: Terms) -> np.ndarray:
    """Return the prior covariance of what the terms predict; (row, row)."""
    root = scales(terms).z(terms) @ prior_root(terms)
    found: np.ndarray = root @ root.T
    return found


def made(n: int, k: int, seed: int = 1) -> Terms:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, k)) @ rng.normal(size=(k, k))
    return pd.DataFrame(x, columns=[f"x{i}" for i in range(k)])


@pytest.mark.parametrize("k", [1, 2, 10, 40, 99, 150])
def test_predictions_have_one_spread_for_any_number_of_terms(k: int) -> None:
    """Also where there are fewer rows than terms; and the prior of every coefficient is proper."""
    terms = made(100, k)
    assert np.trace(spread_of(terms)) / 99 == pytest.approx(1)
    assert np.linalg.matrix_rank(axes(terms)) == k
    assert prior_root(terms, r2=0.8) == pytest.approx(2 * prior_root(terms))


def test_the_axes_are_those_of_the_correlations() -> None:
    terms = made(60, 5)
    assert axes(terms) == pytest.approx(axes_by_hand(scales(terms).z(terms)))
    covariance = prior_root(terms) @ prior_root(terms).T
    assert covariance == pytest.approx(np.linalg.inv(np.corrcoef(terms.T)) / 5)


AGE = pd.Series(np.random.default_rng(3).uniform(18, 65, 200))
GROUP = pd.Series(np.random.default_rng(4).choice(list("abc"), 200))
SIZE = pd.Series(np.random.default_rng(5).lognormal(3, 1, 200))


def products(a: pd.Series, b: pd.Series) -> Terms:
    return pd.DataFrame({"a": a, "b": b, "ab": a * b})


WRITTEN: dict[str, tuple[Terms, Terms]] = {
    "centred squares": (
        pd.DataFrame({"age": AGE, "square": AGE**2}),
        pd.DataFrame({"age": AGE, "square": (AGE - 40) ** 2}),
    ),
    "squares of years": (
        pd.DataFrame({"year": AGE + 2000, "square": (AGE + 2000) ** 2}),
        pd.DataFrame({"year": AGE, "square": AGE**2}),
    ),
    "units": (
        pd.DataFrame({"age": AGE, "size": SIZE}),
        pd.DataFrame({"age": 12e3 * AGE, "size": 1e-6 * SIZE + 5}),
    ),
    "products": (products(AGE, SIZE), products(AGE - AGE.mean(), SIZE - 20)),
    "a sum and a difference": (
        pd.DataFrame({"list": SIZE, "sale": SIZE - 0.01 * AGE}),
        pd.DataFrame({"list": SIZE, "discount": 0.01 * AGE}),
    ),
    "the level of reference": (
        pd.get_dummies(GROUP, dtype=float)[["a", "b"]],
        pd.get_dummies(GROUP, dtype=float)[["b", "c"]],
    ),
}


@pytest.mark.parametrize("what", WRITTEN)
def test_predictions_do_not_hang_on_how_columns_are_written(what: str) -> None:
    one, other = (spread_of(terms) for terms in WRITTEN[what])
    assert one == pytest.approx(other, rel=1e-6, abs=1e-6)


def off(terms: Terms, y: np.ndarray) -> float:
    """Return how far, in posterior sds, the furthest coefficient is from least squares'."""
    z, root = scales(terms).z(terms), prior_root(terms)
    standard = (y - y.mean()) / y.std(ddof=1)
    design = np.column_stack([np.ones(len(y)), z @ root])
    mean, covariance = LinearGaussian(design, standard, np.ones(design.shape[1]), 1.0).theta()
    free = np.linalg.lstsq(design, standard, rcond=None)[0]
    sd = np.sqrt(np.diag(root @ covariance[1:, 1:] @ root.T))
    return float(np.abs(root @ (mean - free)[1:] / sd).max())


def noisy(of: Callable[[np.random.Generator], Terms], slopes: list[float], sd: float) -> float:
    """Return the same for rows that are drawn, with these slopes and noise of this sd."""
    rng = np.random.default_rng(8)
    terms = of(rng)
    return off(terms, terms.to_numpy() @ slopes + rng.normal(0, sd, len(terms)))


def curve(rng: np.random.Generator, n: int = 500) -> Terms:
    age = rng.uniform(18, 65, n)
    return pd.DataFrame({"age": age, "square": age**2})


def prices(rng: np.random.Generator, n: int = 200) -> Terms:
    listed = rng.lognormal(4, 0.5, n)
    return pd.DataFrame({"list": listed, "sale": listed - rng.gamma(2, 2, n)})


def children(rng: np.random.Generator, n: int = 434) -> Terms:
    """Rows like those of kidiq: a school degree, an intelligence quotient, their product."""
    degree, iq = rng.binomial(1, 0.79, n).astype(float), rng.normal(100, 15, n)
    return pd.DataFrame({"hs": degree, "iq": iq, "both": degree * iq})


def test_effects_of_columns_that_go_together_are_not_hidden() -> None:
    """A curve of wages, a discount, an interaction: where independent priors lost the effect."""
    assert noisy(curve, [1.787, -0.01945], 10.0) < ROOM
    assert noisy(prices, [3.0, -3.0], 6.0) < ROOM
    assert noisy(children, [51.0, 0.97, -0.48], 18.0) < ROOM


def test_longley() -> None:
    """Sixteen rows, six terms nearly collinear (Longley 1967; tests/own_data/longley.csv)."""
    rows = pd.read_csv(Path(__file__).parents[1] / "own_data" / "longley.csv")
    assert off(rows.iloc[:, 1:], rows.iloc[:, 0].to_numpy()) < ROOM


@pytest.mark.parametrize("k", [1, 3, 10])
@pytest.mark.parametrize("n", [100, 400])
def test_weak_where_there_are_data(n: int, k: int) -> None:
    """Effects of many sizes, and noise from half to three times as large: nine in ten data sets.

    What is beyond has 100 rows, ten terms and a single effect of more than five standard errors.
    """
    rng = np.random.default_rng(9)
    found = []
    for i in range(50):
        terms = made(n, k, seed=i)
        mu = terms.to_numpy() @ rng.normal(size=k)
        found.append(off(terms, mu / mu.std() + rng.normal(0, rng.uniform(0.5, 3), n)))
    assert np.quantile(found, 0.9) < ROOM


def warned(terms: Terms, y: np.ndarray, *, r2: float = 0.5, noise: float = 1.0) -> bool:
    """Say whether the prior predictive check warns of conflict, from 1,000 draws of the prior."""
    rng = np.random.default_rng(10)
    z = scales(terms).z(terms) @ prior_root(terms, r2=r2)
    theta, level = rng.normal(size=(1000, terms.shape[1])), rng.normal(size=(1000, 1))
    tau = rng.gamma(2, noise / 2, size=(1000, 1))
    drawn = level + theta @ z.T + tau * rng.normal(size=(1000, len(y)))
    tree = xr.DataTree.from_dict(
        {
            "observed_data": xr.Dataset({"y": ("row", y)}),
            "prior_predictive": xr.Dataset(
                {"y": (("chain", "draw", "row"), y.mean() + y.std(ddof=1) * drawn[None])}
            ),
        }
    )
    checks = prior_check(tree, "y", outcome_statistics("y"))
    return any(check.result is not Status.PASS for check in checks)


@pytest.mark.parametrize("k", [1, 5, 15, 40])
def test_prior_and_data_are_in_conflict_only_where_they_are(k: int) -> None:
    """Sound data are passed, whatever the number of terms; a prior that is far off is not."""
    alarms = 0
    for seed in range(25):
        rng = np.random.default_rng(seed)
        terms = pd.DataFrame(rng.normal(size=(100, k)))
        mu = terms.to_numpy() @ rng.normal(size=k)
        y = 40 + mu + rng.normal(0, mu.std() * rng.uniform(0.3, 3), 100)
        alarms += warned(terms, y)
    assert alarms == 0
    # Of one term the spread under a wide prior is densest near 0: no conflict, it only is wide.
    assert warned(terms, y, r2=0.99999) is (k > 1)
    assert warned(terms, y, r2=0.001, noise=0.05)


def test_a_column_of_0_and_1_is_not_told_in_sds() -> None:
    """Models and readers scale by one rule; the default prior of slopes does not depend on it."""
    terms = pd.DataFrame(
        {"x": [1.0, 4, 2, 8, 5], "b rather than a": [0.0, 1, 0, 0, 1], "sex": [1.0, 2, 2, 1, 2]}
    )
    by_hand = [terms["x"].std(), 1, terms["sex"].std()]
    assert steps(terms) == pytest.approx(by_hand)
    assert read_steps(terms).to_numpy() == pytest.approx(by_hand)
    sd = terms.std().to_numpy()
    ours = prior_root(terms) / steps(terms)[:, None]
    z = ((terms - terms.mean()) / sd).to_numpy()
    theirs = np.linalg.inv(z.T @ z / 4) / 3 / np.outer(sd, sd)  # with r2 = .5, all in sds
    assert ours @ ours.T == pytest.approx(theirs)
