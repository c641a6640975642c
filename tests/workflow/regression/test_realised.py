"""Statistics of rows with gaps: by hand in each draw, and no alarm where the model is right."""

from functools import partial

import numpy as np
import pandas as pd
import xarray as xr

from tests.conftest import SEED
from workflow.checking.checks import posterior_check
from workflow.quantities import SAMPLE
from workflow.regression.realised import of_draws

ROWS, GAPS, SHAPE = 120, 60, (4, 250)


def along(y: xr.DataArray, given: xr.Dataset, *, terms: pd.DataFrame) -> xr.DataArray:
    """Return the mean outcome of the quarter of rows with the largest x."""
    return y.isel(row=np.argsort(terms["x"].to_numpy())[-ROWS // 4 :]).mean("row")


def make(posterior: xr.Dataset | None, terms: pd.DataFrame) -> dict:
    return {"mean where x is large": partial(along, terms=terms)}


def tree(*, gaps: bool = True) -> tuple[xr.DataTree, pd.DataFrame, pd.Series]:
    """Return draws of the exact posterior of x where it is missing, and of y given them.

    x ~ Normal(0, 1) and y ~ Normal(x, 1), so x given y is Normal(y / 2, 1 / sqrt(2)).
    """
    rng, index = np.random.default_rng(SEED), range(2, ROWS + 2)
    x = rng.normal(size=ROWS)
    y = pd.Series(x + rng.normal(size=ROWS), index)
    drawn = y.to_numpy()[:GAPS] / 2 + rng.normal(size=(*SHAPE, GAPS)) / np.sqrt(2)
    mean = np.broadcast_to(x, (*SHAPE, ROWS)).copy()
    mean[..., :GAPS] = drawn
    posterior = xr.Dataset({"intercept": (SAMPLE, np.zeros(SHAPE))}).assign_coords(
        chain=range(4), draw=range(250), term=["x"]
    )
    posterior["slope"] = ((*SAMPLE, "term"), np.ones((*SHAPE, 1)))
    if gaps:
        posterior["missing"] = ((*SAMPLE, "gap"), drawn)
        where = {"gap_line": ("gap", list(index)[:GAPS]), "gap_term": ("gap", ["x"] * GAPS)}
        posterior = posterior.assign_coords(where)
    predicted = xr.Dataset(
        {"y": ((*SAMPLE, "row"), mean + rng.normal(size=mean.shape))},
        coords={"row": list(index), "chain": range(4), "draw": range(250)},
    )
    observed = xr.Dataset({"y": ("row", y)}, coords={"row": list(index)})
    groups = {"posterior": posterior, "posterior_predictive": predicted, "observed_data": observed}
    terms = pd.DataFrame({"x": x}, index)
    terms.iloc[:GAPS, 0] = drawn[0, 0]
    return xr.DataTree.from_dict(groups), terms, y


def test_each_draw_has_its_own_values_in_the_gaps() -> None:
    drawn, terms, y = tree()
    (statistic,) = of_draws(make, drawn, terms).values()
    predicted, seen = (
        drawn[name].to_dataset()["y"] for name in ("posterior_predictive", "observed_data")
    )
    observed = statistic(seen, xr.Dataset())
    told = statistic(predicted, xr.Dataset())
    for at in ((0, 0), (3, 17)):
        x = terms["x"].to_numpy(copy=True)
        x[:GAPS] = drawn["posterior"]["missing"].to_numpy()[at]
        rows = np.argsort(x)[-ROWS // 4 :]
        assert float(observed[at]) == y.iloc[rows].mean()
        assert float(told[at]) == predicted.to_numpy()[at][rows].mean()


def test_a_right_model_passes_where_one_value_for_all_draws_would_not() -> None:
    drawn, terms, _ = tree()
    (check,) = posterior_check(drawn, "y", of_draws(make, drawn, terms))
    (fixed,) = posterior_check(drawn, "y", make(drawn["posterior"].to_dataset(), terms))
    assert 0.02 < check.p < 0.98
    assert fixed.p < 0.01 or fixed.p > 0.99


def test_without_gaps_statistics_are_made_once() -> None:
    drawn, terms, _ = tree(gaps=False)
    made = of_draws(make, drawn, terms)
    assert [one.func for one in made.values()] == [along]  # type: ignore[attr-defined]
