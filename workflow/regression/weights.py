"""How much each row counts in a fit with Student-t noise."""

import pandas as pd
import xarray as xr
from arviz_stats.base import array_stats

from workflow.quantities import SAMPLE, TAILS, Scalar, expectations
from workflow.regression.imputed import fitted
from workflow.sampling.part import BUDGET, FEWEST, step

LOW = 0.5  # a row of less weight is named
ROWS_AT_ONCE = 2500  # of which numbers for each draw are in memory


def weights(posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series) -> xr.DataArray:
    """Return, draw by draw, how much a row counts beside one on the line: nu / (nu + z^2).

    z is the residual in units of `scale`. These are the weights (nu + 1) / (nu + z^2) with which a
    Student-t fit is a weighted least-squares fit, relative to the greatest that there can be.
    Source: Lange, Little and Taylor (1989), Robust statistical modeling using the t distribution.
    """
    mu = fitted(posterior, terms).transpose(*SAMPLE, "row")
    z = (mu.copy(data=outcome.to_numpy(dtype=float) - mu.to_numpy())) / posterior["scale"]
    return posterior["nu"] / (posterior["nu"] + z**2)


def mean_weights(
    posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series
) -> dict[str, Scalar]:
    """Return the posterior mean of the weight of each of a few rows, as weight[line]."""
    return expectations("weight", weights(posterior, terms, outcome))


def by_row(posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series) -> pd.DataFrame:
    """Return observed, predicted, residual (in scales), weight and its interval; the least first.

    Posterior means but for the central 95% of the weight (lower, upper); mcse is the Monte Carlo
    error of the weight. Of very many rows all are looked at, with every so many draws (see
    `step_by_row`).
    """
    some = posterior.isel(draw=slice(None, None, step_by_row(posterior, len(terms))))
    starts = range(0, len(terms), ROWS_AT_ONCE)
    parts = [slice(start, start + ROWS_AT_ONCE) for start in starts]
    found = [_by_row(some, terms.iloc[part], outcome.iloc[part]) for part in parts]
    return pd.concat(found).sort_values("weight", kind="stable")


def step_by_row(posterior: xr.Dataset, rows: int) -> int:
    """Return that every so many draws are averaged over by `by_row`: 1, unless rows are many."""
    chains, draws = posterior.sizes["chain"], posterior.sizes["draw"]
    return step(draws, chains * min(rows, BUDGET // FEWEST))


def _by_row(posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series) -> pd.DataFrame:
    mu = fitted(posterior, terms).transpose(*SAMPLE, "row")
    weight = weights(posterior, terms, outcome).transpose(*SAMPLE, "row")
    observed = outcome.to_numpy(dtype=float)
    lower, upper = weight.quantile(TAILS, SAMPLE).to_numpy()
    errors = array_stats.mcse(weight.to_numpy(), chain_axis=0, draw_axis=1, method="mean")
    columns = {
        "observed": observed,
        "predicted": mu.mean(SAMPLE).to_numpy(),
        "residual": ((observed - mu) / posterior["scale"]).mean(SAMPLE).to_numpy(),
        "weight": weight.mean(SAMPLE).to_numpy(),
        "mcse": errors,
        "lower": lower,
        "upper": upper,
    }
    return pd.DataFrame(columns, index=outcome.index)
