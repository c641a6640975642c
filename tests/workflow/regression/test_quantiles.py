"""Lines of quantiles: which rows lie below them, where they cross, and what is decided of them."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from workflow.predicting.quantiles import predict
from workflow.regression import quantiles

AT = ("chain", "draw", "quantile")


def lines(intercepts: np.ndarray, slopes: np.ndarray, q: tuple[float, ...]) -> xr.Dataset:
    """Return draws of lines by one term, x; the first dim of both is the draw."""
    return xr.Dataset(
        {
            "intercept": (AT, intercepts[None]),
            "slope": ((*AT, "term"), slopes[None, ..., None]),
            "beta": ((*AT, "term"), slopes[None, ..., None]),
        },
        coords={"quantile": list(q), "term": ["x"]},
    )


def still(intercepts: tuple[float, ...], slopes: tuple[float, ...], draws: int = 4) -> xr.Dataset:
    """Return draws that are all the same lines, of 25%, 50% and 75%."""
    level, slope = (np.tile(one, (draws, 1)) for one in (intercepts, slopes))
    return lines(level, slope, (0.25, 0.5, 0.75))


def test_lines_cross_where_a_larger_quantile_is_lower() -> None:
    """The 75% line is 2 and the 50% line x: they cross at 2; the 25% line is far below."""
    terms = pd.DataFrame({"x": [0.0, 1.9, 2.1, 5.0]}, index=[2, 3, 4, 5])
    given = still((-9.0, 0.0, 2.0), (0.0, 1.0, 0.0))
    line = quantiles.fitted(given, terms)
    assert line[0.5].tolist() == pytest.approx([0.0, 1.9, 2.1, 5.0])
    assert list(quantiles.crossed(line)) == [False, False, True, True]
    new = predict(given, terms, np.array([1.0]))
    assert list(new["crossing"]) == [False, False, True, True]
    assert new["q0.75_lower"].tolist() == [2.0] * 4


def test_the_decision_is_about_the_outermost_lines() -> None:
    """P(the 75% line is steeper than the 25% line) is .99 here, whatever the middle one does."""
    rng = np.random.default_rng(1)
    slopes = np.zeros((1000, 3))
    slopes[:, 2] = np.where(np.arange(1000) < 10, -1.0, 1.0)
    slopes[:, 1] = rng.normal(size=1000)
    rng.shuffle(slopes[:, 2])
    given = lines(np.zeros((1000, 3)), slopes, (0.25, 0.5, 0.75))
    assert quantiles.decide(given, 0.975)[0] == "spread grows with x"
    assert quantiles.decide(given, 0.999)[0] == "no change of the spread is known"
    down = given.assign(beta=-given["beta"])
    assert quantiles.decide(down, 0.975)[0] == "spread shrinks with x"
    assert quantiles.decide(given, 0.975, but=("x",)) == ("no change of the spread is known",)


def test_predictions_have_the_quantiles_of_the_draws() -> None:
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(2, 2000, 2))
    new = predict(lines(a, b, (0.1, 0.9)), pd.DataFrame({"x": [3.0, -1.0]}), np.array([0.5]))
    for j, q in enumerate((0.1, 0.9)):
        for i, x in enumerate((3.0, -1.0)):
            drawn = a[:, j] + b[:, j] * x
            assert new[f"q{q}"].iloc[i] == pytest.approx(drawn.mean())
            low, high = np.sort(drawn)[[50, 1950]]  # 2.5% and 97.5% of 2000, not interpolated
            assert new[f"q{q}_lower"].iloc[i] == pytest.approx(low)
            assert new[f"q{q}_upper"].iloc[i] == pytest.approx(high)


def checked(y: np.ndarray, x: np.ndarray) -> tuple[xr.DataArray, xr.Dataset, pd.DataFrame]:
    """Return an outcome as the model has it, lines at its true quantiles if y is x + normal."""
    terms = pd.DataFrame({"x": x})
    outcome = xr.DataArray(
        np.repeat(y[:, None], 3, axis=1),
        dims=("row", "quantile"),
        coords={"row": range(len(y)), "quantile": [0.25, 0.5, 0.75]},
    )
    return outcome, still((-0.6745, 0.0, 0.6745), (1.0, 1.0, 1.0)), terms


def test_statistics_look_at_the_rows_below() -> None:
    """Of a straight line they are what chance makes them, and a bend is seen where there is one."""
    rng = np.random.default_rng(3)
    x, noise = rng.normal(size=4000), rng.normal(size=4000)
    found = {}
    for name, bend in (("straight", 0.0), ("bent", 0.5)):
        y, given, terms = checked(x + bend * (x**2 - 1) + noise, x)
        made = quantiles.statistics(given, terms, ordered=True)
        assert len(made) == 9
        found[name] = {key: one(y, xr.Dataset()).to_numpy() for key, one in made.items()}
        assert all(one.shape == (1, 4) for one in found[name].values())
    straight, bent = found["straight"], found["bent"]
    for q in (0.25, 0.5, 0.75):
        share = straight[f"{100 * q:g}% line: rows below it"]
        assert share == pytest.approx(q, abs=4 * np.sqrt(q * (1 - q) / 4000))
        (key,) = (key for key in straight if key.startswith(f"{100 * q:g}%") and "bend" in key)
        assert straight[key].max() < 4 / np.sqrt(4000)
        assert bent[key].min() > 0.2
        (key,) = (key for key in straight if key.startswith(f"{100 * q:g}%") and "before" in key)
        assert np.abs(straight[key]).max() < 4 / np.sqrt(4000)


def test_neighbours_on_the_same_side_are_seen() -> None:
    x = np.zeros(400)
    y, given, terms = checked(np.where(np.arange(400) // 20 % 2, 5.0, -5.0), x + np.arange(400) % 3)
    made = quantiles.statistics(given, terms, ordered=True)
    (key,) = (key for key in made if key.startswith("50%") and "before" in key)
    assert float(made[key](y, xr.Dataset()).min()) > 0.85
    assert not any("before" in key for key in quantiles.statistics(given, terms))


def test_of_few_rows_nothing_is_looked_at() -> None:
    _, given, terms = checked(np.arange(7.0), np.arange(7.0))
    assert quantiles.statistics(given, terms) == {}


def test_shares_below_by_fifths() -> None:
    """Where y is twice x and the lines are by x, the lowest fifth is below its lines, say."""
    x = np.linspace(-1, 1, 100)
    terms, y = pd.DataFrame({"x": x}), pd.Series(2 * x)
    given = still((-0.5, 0.0, 0.5), (1.0, 1.0, 1.0))
    found = quantiles.below_by_group(given, terms, y)
    assert list(found.columns) == [0.25, 0.5, 0.75]
    assert found[0.5].tolist() == [1.0, 1.0, 0.5, 0.0, 0.0]
    assert found[0.25].mean() == pytest.approx((2 * x < x - 0.5).mean())
    few = quantiles.below_by_group(given, terms.iloc[:30], y.iloc[:30])
    assert len(few) == 1


def test_residuals_are_sides_of_the_middle_line() -> None:
    terms = pd.DataFrame({"x": np.arange(8.0)})
    y = pd.Series([1.0, 0, 3, 0, 5, 0, 7, 0])
    left = quantiles.residuals(still((-9.0, 0.1, 9.0), (1.0, 1.0, 1.0)), terms, y).left
    assert left.tolist() == [0.5, -0.5, 0.5, -0.5, 0.5, -0.5, 0.5, -0.5]


@pytest.mark.parametrize(
    ("q", "rows", "coefficients", "few"),
    [
        (0.25, 235, 2, False),
        (0.05, 235, 2, True),
        (0.95, 100_000, 2, True),
        (0.75, 235, 2, False),
        (0.5, 19, 2, True),
        (0.5, 20, 2, False),
        (0.25, 235, 12, True),
    ],
)
def test_which_lines_rest_on_few_rows(q: float, rows: int, coefficients: int, few: bool) -> None:
    assert quantiles.rests_on_few(q, rows, coefficients) is few
