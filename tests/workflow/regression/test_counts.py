"""Effects, predictions and rows of a regression of counts, against numbers by hand."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats

from data.count_regression import load, per_unit
from workflow.predicting import negative_binomial
from workflow.quantities import SAMPLE
from workflow.regression import counts, effects
from workflow.regression.count_rivals import BETTER, UNDECIDED, UNKNOWN, WORSE, verdict
from workflow.regression.hanging import hanging
from workflow.scoring.elpd import Difference

RNG = np.random.default_rng(3)
FOUND = load()
TERMS, OVER = FOUND.terms, FOUND.also["exposure2"]


def posterior(draws: int = 200, **more: np.ndarray) -> xr.Dataset:
    """Draws near the shipped posterior."""
    slope = np.array([1.2, -0.75, -0.3]) + 0.1 * RNG.normal(size=(2, draws, 3))
    found = {
        "intercept": (SAMPLE, 2.9 + 0.1 * RNG.normal(size=(2, draws))),
        "slope": ((*SAMPLE, "term"), slope),
        "dispersion": (SAMPLE, 3.6 + 0.1 * RNG.normal(size=(2, draws))),
    }
    return xr.Dataset(found, coords={"term": list(TERMS)})


def test_effects_are_differences_and_ratios_of_expected_counts() -> None:
    drawn = posterior()
    made = effects.effects(drawn, per_unit(FOUND), "y", kind="count", seed=1)
    (one,) = [c for c in made.comparisons if c.column == "treatment"]
    b, s = drawn["intercept"].to_numpy()[..., None], drawn["slope"].to_numpy()
    off = TERMS.assign(treatment=0).to_numpy() @ s.transpose(0, 2, 1)
    rate = np.exp(b + off.transpose(0, 2, 1)).mean(axis=-1)
    factor = np.exp(s[..., 1])
    assert one.difference.median == pytest.approx(np.median(rate * (factor - 1)), rel=1e-9)
    assert one.ratio is not None
    assert one.ratio.median == pytest.approx(np.median(factor - 1), rel=1e-9)
    (roach,) = [c for c in made.comparisons if c.column == "roach1_hundreds"]
    assert roach.slope is not None
    assert roach.slope.median == pytest.approx(np.median(np.exp(s[..., 0]) - 1), rel=1e-6)


def test_factors_without_further_zeros_are_those_of_the_slopes() -> None:
    drawn = posterior()
    found = counts.factors(drawn, TERMS)
    steps = np.array([TERMS["roach1_hundreds"].std(), 1, 1])
    assert found.to_numpy() == pytest.approx(np.exp(drawn["slope"].to_numpy() * steps))
    none = drawn.assign(
        zero_intercept=xr.full_like(drawn["intercept"], -800.0),
        zero_slope=xr.zeros_like(drawn["slope"]),
    )
    assert counts.factors(none, TERMS).to_numpy() == pytest.approx(found.to_numpy(), rel=1e-9)


def test_new_rows_are_expected_where_the_mixture_is() -> None:
    """Mean and P(0) are those of the draws; the interval holds 95% of the mixture of counts."""
    drawn, rows, over = posterior(2000), TERMS.iloc[:3], np.array([0.5, 1.0, 2.0])
    found = negative_binomial.predict(drawn, rows, TERMS.mean().to_numpy(), over, seed=1)
    mu = counts.expected(drawn, rows, pd.Series(over, rows.index)).to_numpy().reshape(-1, 3)
    size = 1 / drawn["dispersion"].to_numpy().reshape(-1, 1)
    law = stats.nbinom(size, size / (size + mu))
    assert found["mean"].to_numpy() == pytest.approx(mu.mean(axis=0), rel=1e-9)
    assert found["prob_zero"].to_numpy() == pytest.approx(law.pmf(0).mean(axis=0), rel=1e-9)
    for end, p in (("lower", 0.025), ("upper", 0.975)):
        at = found[end].to_numpy()
        error = 4 * np.sqrt(p * (1 - p) / len(mu))
        assert (law.cdf(at).mean(axis=0) >= p - error).all()
        assert (law.cdf(at - 1).mean(axis=0) <= p + error).all()


def test_a_row_that_decides_a_term_is_named() -> None:
    """Of 60 rows one alone has a large x, and by far the largest count."""
    x = np.append(RNG.normal(size=59), 12.0)
    terms = pd.DataFrame({"x": x}, index=range(2, 62))
    y = pd.Series(np.append(RNG.poisson(3, 59), 4000), terms.index)
    drawn = xr.Dataset(
        {
            "intercept": (SAMPLE, 0.9 + 0.1 * RNG.normal(size=(4, 500))),
            "slope": ((*SAMPLE, "term"), 0.4 + 0.08 * RNG.normal(size=(4, 500, 1))),
            "dispersion": (SAMPLE, np.full((4, 500), 0.05)),
        },
        coords={"term": ["x"]},
    )
    ones = pd.Series(1.0, terms.index)
    assert hanging(drawn, terms, y, ones).moved["x"][0] == 61
    assert not hanging(drawn, terms.iloc[:-1], y.iloc[:-1], ones.iloc[:-1]).terms


def test_what_a_difference_of_elpds_tells() -> None:
    def said(value: float, se: float, mcse: float) -> str:
        return verdict(Difference(value, se, mcse, 262), 262)

    assert said(15, 5, 0.5) == BETTER
    assert said(-5000, 700, 30) == WORSE
    assert said(15, 8, 0.5) == said(3, 0.5, 0.1) == said(-11, 5, 1) == UNDECIDED
    assert said(-5000, 700, np.inf) == verdict(None, 262) == UNKNOWN
