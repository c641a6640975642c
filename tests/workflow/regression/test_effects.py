"""Averaged predictions, against closed forms, numpy by hand and statsmodels' margins."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import xarray as xr

from data._formula import design
from workflow.quantities import summarise
from workflow.regression import averaged, effects
from workflow.regression.averaged import Scale

N = 80
RNG = np.random.default_rng(3)
ROWS = pd.DataFrame(
    {
        "y": RNG.normal(size=N),
        "x": RNG.normal(5, 2, N),
        "z": RNG.normal(size=N),
        "b": RNG.integers(0, 2, N).astype(float),
        "g": pd.Categorical(RNG.choice(["p", "q", "r"], N, p=[0.5, 0.3, 0.2])),
    }
)


def posterior(slopes: np.ndarray, intercept: np.ndarray, names: list[str]) -> xr.Dataset:
    """Draws (chain, draw, term) as a posterior."""
    return xr.Dataset(
        {"slope": (("chain", "draw", "term"), slopes), "intercept": (("chain", "draw"), intercept)},
        coords={"term": names},
    )


def made(formula: str, scale: Scale, *, rows: pd.DataFrame = ROWS) -> averaged.Setting:
    """A setting with random draws of the coefficients."""
    found = design(formula, rows)
    k = found.terms.shape[1]
    draws = posterior(RNG.normal(size=(2, 30, k)), RNG.normal(size=(2, 30)), list(found.terms))
    used = rows[[name for name in rows if str(name) in formula.partition("~")[2]]]
    return averaged.setting(draws, used, found.again, found.again.levels, scale, seed=1)


def of(found: list[effects.Comparison], column: str, value: object = None) -> effects.Comparison:
    return next(c for c in found if c.column == column and value in (None, c.value))


def test_a_line_is_its_slope_times_the_step() -> None:
    given = made("y ~ x + z + b + g", Scale())
    found = effects.comparisons(given)
    x, slope = of(found, "x"), given.slope[..., 0]
    step = float(x.value) - float(x.than)
    exact = summarise(xr.Dataset({"a": (("chain", "draw"), step * slope)}))["a"]
    assert x.difference.median == pytest.approx(exact.median)
    assert x.difference.lower == pytest.approx(exact.lower)
    assert x.slope is not None
    assert x.slope.median == pytest.approx(np.median(slope))
    b = of(found, "b")
    assert (b.value, b.than, b.slope) == (1, 0, None)
    assert b.difference.median == pytest.approx(np.median(given.slope[..., 2]))
    names = list(given.names)
    for level in ("q", "r"):
        at = next(i for i, name in enumerate(names) if name.startswith(f"g: {level}"))
        one = of(found, "g", level)
        assert one.than == "p"
        assert one.difference.median == pytest.approx(np.median(given.slope[..., at]))


def test_a_column_and_its_square_are_one_curve_and_a_product_is_averaged() -> None:
    given = made("y ~ x + I(x**2) + x:z + z", Scale())
    (curve,) = effects.curves(given, ["x"], ROWS["y"])
    b = dict(zip(given.names, np.moveaxis(given.slope, -1, 0), strict=True))
    x, z = np.asarray(curve.at, float)[:, None, None], ROWS["z"].mean()
    square = next(one for name, one in b.items() if "**" in name)
    product = next(one for name, one in b.items() if ":" in name)
    by_hand = given.intercept[..., 0] + b["x"] * x + square * x**2 + product * x * z + b["z"] * z
    assert curve.median == pytest.approx(np.median(by_hand, axis=(1, 2)))
    assert curve.upper == pytest.approx(np.quantile(by_hand, 0.975, axis=(1, 2)))
    slope = given.slopes("x")
    assert slope == pytest.approx(b["x"] + 2 * square * ROWS["x"].mean() + product * z, rel=1e-3)


def test_probabilities_are_averaged_over_rows_and_not_at_the_mean_row() -> None:
    given = made("y ~ x + g", Scale("logit"))
    found = given.averaged("x", [4.0])
    terms = design("y ~ x + g", ROWS.assign(x=ROWS["x"])).terms.assign(x=4.0)
    eta = given.intercept[0, 7, 0] + terms.to_numpy() @ given.slope[0, 7]
    assert found[0, 7, 0] == pytest.approx((1 / (1 + np.exp(-eta))).mean())


def test_margins_are_those_of_statsmodels() -> None:
    """With its coefficients as the only draw, slopes and the difference of 0 and 1 are the same."""
    y = (RNG.uniform(size=N) < 1 / (1 + np.exp(-(ROWS["x"] - 5) - ROWS["b"]))).astype(float)
    found = design("y ~ x + z + b", ROWS.assign(y=y))
    fit = sm.Logit(y, sm.add_constant(found.terms)).fit(disp=0)
    b = fit.params.to_numpy()
    draws = posterior(np.tile(b[1:], (1, 4, 1)), np.full((1, 4), b[0]), list(found.terms))
    given = averaged.setting(draws, ROWS[["x", "z", "b"]], found.again, {}, Scale("logit"), seed=1)
    margins = fit.get_margeff(at="overall", dummy=True).margeff
    assert given.slopes("x") == pytest.approx(margins[0], rel=1e-4)
    assert given.slopes("z") == pytest.approx(margins[1], rel=1e-4)
    one, zero = np.moveaxis(given.averaged("b", [1.0, 0.0]), -1, 0)
    assert one - zero == pytest.approx(margins[2])


def test_a_logarithm_is_told_back_as_a_share_and_in_its_unit() -> None:
    given = made("y ~ x + g", Scale("log", 10.0))
    found = effects.comparisons(given)
    x, slope = of(found, "x"), given.slope[..., 0]
    assert x.slope is not None
    assert x.slope.median == pytest.approx(np.median(10.0**slope - 1))
    assert x.ratio is not None
    step = float(x.value) - float(x.than)
    assert x.ratio.median == pytest.approx(np.median(10.0 ** (step * slope) - 1))


def test_a_term_that_jumps_has_no_slope() -> None:
    rows = ROWS.assign(x=RNG.integers(0, 10, N).astype(float))
    found = effects.comparisons(made("y ~ I(x > 4) + z", Scale(), rows=rows))
    assert of(found, "x").slope is None
    assert of(found, "z").slope is not None


def test_categories_of_numbers_are_compared_at_their_levels() -> None:
    rows = ROWS.assign(x=RNG.integers(1, 9, N).astype(float))
    given = made("y ~ C(x)", Scale(), rows=rows)
    found = effects.comparisons(given)
    assert len(found) == 7
    assert {str(c.than) for c in found if c.column == "x"} == {given.levels["x"][0] + ".0"}
    (curve,) = effects.curves(given, ["x"], rows["y"])
    assert not curve.curve
    assert list(curve.at) == [str(i) for i in range(1, 9)]


def test_a_column_whose_terms_were_left_out_is_not_there() -> None:
    given = made("y ~ x + z", Scale())
    without = replace(given, names=given.names[:1], slope=given.slope[..., :1])
    assert {c.column for c in effects.comparisons(without)} == {"x"}


def test_of_many_rows_some_are_averaged() -> None:
    rows = pd.concat([ROWS] * 8, ignore_index=True)
    given = made("y ~ x + g", Scale("logit"), rows=rows)
    assert len(given.columns) == averaged.ROWS
    (curve, levels) = effects.curves(given, ["x", "g"], (rows["y"] > 0).astype(float))
    assert len(curve.seen[0]) == 10
    assert len(levels.seen[0]) == 3
