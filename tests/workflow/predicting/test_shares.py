"""New shares and points, against scipy's Beta and against differences taken by hand."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats
from scipy.special import expit

from workflow.predicting.shares import predict
from workflow.regression import shares

DRAWS = 4000
TERMS = pd.DataFrame({"x": [0.0, 1.0, 2.0, 4.0], "g": [0.0, 1.0, 0.0, 1.0]}, index=[2, 3, 4, 5])


def posterior(spread: float) -> xr.Dataset:
    z = np.random.default_rng(3).normal(size=(4, DRAWS // 4, 3))
    return xr.Dataset(
        {
            "intercept": (("chain", "draw"), -0.5 + spread * z[..., 0]),
            "slope": (("chain", "draw", "term"), [0.3, -0.8] + spread * z[..., 1:]),
            "precision": (("chain", "draw"), np.full(z.shape[:2], 20.0)),
        },
        coords={"term": ["x", "g"]},
    )


def test_a_row_whose_parameters_are_known_is_a_beta() -> None:
    found = predict(posterior(0.0), TERMS, TERMS.mean().to_numpy(), seed=1)
    mu = expit(-0.5 + TERMS.to_numpy() @ [0.3, -0.8])
    assert found["mean"].to_numpy() == pytest.approx(mu)
    assert found["sd_parameters"].to_numpy() == pytest.approx(np.zeros(4), abs=1e-12)
    exact = stats.beta(20 * mu, 20 * (1 - mu))
    assert found["sd"].to_numpy() == pytest.approx(exact.std())
    for end, tail in (("lower", 0.025), ("upper", 0.975)):
        assert (np.abs(found[end] - exact.ppf(tail)) < 4 * found["mcse"]).all()
    assert (found["mcse"] < 0.01).all()


def test_the_variances_add_up_and_the_mean_is_surer_than_a_row() -> None:
    found = predict(posterior(0.1), TERMS, TERMS.mean().to_numpy(), seed=1)
    parts = found["sd_parameters"] ** 2 + found["sd_noise"] ** 2
    assert parts.to_numpy() == pytest.approx(found["sd"].to_numpy() ** 2)
    assert (found["lower"] < found["mean_lower"]).all()
    assert (found["mean_upper"] < found["upper"]).all()
    assert found[["lower", "upper"]].stack().between(0, 1).all()


def test_a_row_is_predicted_alike_wherever_it_stands() -> None:
    centre, drawn = TERMS.mean().to_numpy(), posterior(0.1)
    whole = predict(drawn, TERMS, centre, seed=1)
    alone = predict(drawn, TERMS.iloc[[2]], centre, seed=1)
    pd.testing.assert_frame_equal(whole.iloc[[2]], alone)
    assert list(predict(drawn, TERMS.iloc[:0], centre, seed=1)) == list(whole)


def test_points_are_the_differences_of_expected_shares() -> None:
    drawn = posterior(0.1)
    one = drawn.isel(chain=[1], draw=[7])
    found = shares.points(one, TERMS)["points"].to_numpy().ravel()
    level, (x, g) = float(one["intercept"].item()), one["slope"].to_numpy().ravel()
    at = level + x * TERMS["x"].to_numpy()
    assert found[1] == pytest.approx(100 * (expit(at + g) - expit(at)).mean())
    eta, step = at + g * TERMS["g"].to_numpy(), 1e-5
    rise = (expit(eta + x * step) - expit(eta - x * step)).mean() / (2 * step)
    assert found[0] == pytest.approx(100 * rise, rel=1e-6)
    signs = np.sign(shares.points(drawn, TERMS)["points"]) == np.sign(drawn["slope"])
    assert bool(signs.all())
