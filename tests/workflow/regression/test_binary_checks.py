"""Checks of a 0/1 outcome: they pass where the model is right and fail where it is not."""

import numpy as np
import pandas as pd
import xarray as xr

from workflow.checking.checks import posterior_check, prior_check
from workflow.checking.diagnostics import Status
from workflow.regression.binary_checks import fit_statistics, prior_statistics

RNG = np.random.default_rng(6)
X = np.sort(RNG.normal(size=400))
TERMS = pd.DataFrame({"x": X, "group": (X > 0).astype(float)})


def tree_of(group: str, y: np.ndarray, p: np.ndarray) -> xr.DataTree:
    """A tree with an outcome, and 1000 predictions of it from known probabilities (draw, row)."""
    drawn = RNG.random((2, 500, len(y))) < p
    observed = xr.Dataset({"y": ("row", y)}, coords={"row": np.arange(len(y))})
    predicted = xr.Dataset(
        {"y": (("chain", "draw", "row"), drawn.astype(int))}, coords={"row": np.arange(len(y))}
    )
    return xr.DataTree.from_dict({"observed_data": observed, group: predicted})


def failed(y: np.ndarray, p: np.ndarray) -> set[str]:
    found = posterior_check(
        tree_of("posterior_predictive", y, p), "y", fit_statistics(p, TERMS, ["x", "group"])
    )
    return {one.statistic for one in found if one.result is not Status.PASS}


def test_a_right_model_passes() -> None:
    p = 1 / (1 + np.exp(-1.5 * X))
    assert failed((RNG.random(400) < p).astype(int), p) == set()


def test_a_bend_is_found() -> None:
    """The event is frequent at both ends and rare between; the model says one rate for all."""
    p = np.where(abs(X) > 0.7, 0.8, 0.1)
    y = (RNG.random(400) < p).astype(int)
    said = np.full(400, y.mean())
    assert "rate, middle half of x" in failed(y, said)


def test_a_bend_along_any_term_is_found() -> None:
    """Along a term that is not among those whose middle half is looked at; none where it is right.

    Of 50 right data sets at most 2% are meant to warn, for all statistics together: more than 5
    have a probability below .001.
    """
    z = pd.DataFrame({"x": X, "z": RNG.uniform(-2, 2, size=400)})
    flat = 1 / (1 + np.exp(-X))
    p = 1 / (1 + np.exp(-(X + 0.8 * (z["z"] ** 2 - 4 / 3))))
    names = []
    for truth in (p.to_numpy(), *(flat,) * 50):
        y = (RNG.random(400) < truth).astype(int)
        tree = tree_of("posterior_predictive", y, flat)
        found = posterior_check(tree, "y", fit_statistics(flat, z, ["x"]))
        names.append({one.statistic for one in found if one.result is not Status.PASS})
    bent = {one for one in names[0] if "bend along a term" in one}
    assert bent
    assert sum(map(bool, names[1:])) <= 5


def test_rates_along_the_fitted_probability_are_found() -> None:
    """Probabilities that are twice as sure as they should be."""
    y = (RNG.random(400) < 1 / (1 + np.exp(-0.5 * X))).astype(int)
    bad = failed(y, 1 / (1 + np.exp(-3 * X)))
    assert "rate, lowest quarter of fitted probability" in bad
    assert "least probable row, −log probability (nats)" in bad


def test_a_wrong_label_is_found() -> None:
    p = 1 / (1 + np.exp(-8 * X))
    y = (RNG.random(400) < p).astype(int)
    y[0] = 1
    assert failed(y, p) == {"least probable row, −log probability (nats)"}


def test_terms_with_few_values_have_no_middle() -> None:
    names = fit_statistics(np.full(400, 0.5), TERMS, ["x", "group"])
    assert "rate, middle half of x" in names
    assert not any("group" in name for name in names)


def test_few_rows_have_fewer_quarters() -> None:
    names = fit_statistics(np.array([0.2, 0.5]), TERMS.head(2), ["x"])
    assert list(names) == [
        "rate, lowest quarter of fitted probability",
        "rate, second quarter of fitted probability",
        "least probable row, −log probability (nats)",
    ]


def test_prior_without_differences_conflicts_with_separated_rows() -> None:
    y = (X > 0).astype(int)
    z = (TERMS - TERMS.mean()) / TERMS.std()
    found = {
        one.statistic: one
        for one in prior_check(
            tree_of("prior_predictive", y, np.full(400, 0.5)), "y", prior_statistics(z, "ill")
        )
    }
    assert found["rate of ill"].result is Status.PASS
    ends = found["difference of rates, outer quarters of the main direction"]
    assert ends.observed == 1
    assert ends.result is Status.WARN
