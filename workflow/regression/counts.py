"""A regression of counts: what it expects of each row, and how probable the counts are.

Coefficients are those of the logarithm of counts per unit of exposure: `intercept`, `slope` (term);
`dispersion` is there where counts scatter more than Poisson, `zero_intercept` and `zero_slope` (on
the logit scale) where some rows would have no count however long one counted.
"""

from functools import partial

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats
from scipy.special import expit

from workflow.checking.alike import Residuals
from workflow.checking.checks import Statistic
from workflow.quantities import SAMPLE
from workflow.regression import dependence, imputed
from workflow.regression.along_normal import mean_expit
from workflow.regression.integrated import Line, line, log_densities
from workflow.regression.regression import linear_predictor, steps, switches

AT_ONCE = 4_000_000  # draws times rows in memory

type Numbers = np.ndarray


def expected(posterior: xr.Dataset, terms: pd.DataFrame, exposure: pd.Series) -> xr.DataArray:
    """Return the expected count of each row, draw by draw, without further zeros.

    Of gaps that were filled, with the values of each draw. Dims: chain, draw, row.
    """
    eta = imputed.fitted(posterior, terms).transpose(*SAMPLE, "row")
    return eta.copy(data=exposure.to_numpy(dtype=float) * np.exp(eta.to_numpy()))


def mean_of(eta: Numbers, exposure: Numbers) -> Numbers:
    """Return expected counts from linear predictors, whose last dim is the row."""
    return np.asarray(exposure * np.exp(eta))


def zeros(posterior: xr.Dataset, terms: pd.DataFrame) -> Numbers:
    """Return P(no count however long) of each row, draw by draw; dims: chain, draw, row."""
    own = _of_zeros(posterior)
    found: Numbers = expit(linear_predictor(own, terms).transpose(*SAMPLE, "row").to_numpy())
    return found


def _of_zeros(posterior: xr.Dataset) -> xr.Dataset:
    return xr.Dataset({"intercept": posterior["zero_intercept"], "slope": posterior["zero_slope"]})


def log_density(
    posterior: xr.Dataset,
    terms: pd.DataFrame,
    outcome: pd.Series,
    exposure: pd.Series,
    at: slice | Numbers = slice(None),
) -> xr.DataArray:
    """Return log p(outcome[row] | draw) of Poisson, negative binomial or zero inflated counts.

    Which it is, the variables of the posterior say. Of the rows at `at`; the `terms` are those of
    all rows, and where they have gaps these are integrated out. Dims: chain, draw, row.
    """
    y, over = outcome.iloc[at].to_numpy(), exposure.iloc[at].to_numpy(dtype=float)
    found = line(posterior, terms, at)
    zero = (
        line(posterior, terms, at, coefficients=_of_zeros(posterior))
        if "zero_slope" in posterior
        else None
    )
    size = (
        1 / posterior["dispersion"].transpose(*SAMPLE).to_numpy()[..., None]
        if "dispersion" in posterior
        else None
    )

    def law(eta: Numbers, row: Numbers | int) -> Numbers:
        mu = over[row] * np.exp(eta)
        if size is None:
            return np.asarray(stats.poisson.logpmf(y[row], mu))
        counted: Numbers = stats.nbinom.logpmf(y[row], size, size / (size + mu))
        return counted if zero is None else _inflated(counted, y[row], _zero(zero, found, eta, row))

    values = log_densities(found, law)
    return xr.DataArray(values, dims=(*SAMPLE, "row"), coords={"row": list(terms.index[at])})


def _zero(zero: Line, counted: Line, eta: Numbers, row: Numbers | int) -> Numbers:
    """Return P(no count however long) of rows, or of a row with gaps given its predictor `eta`.

    Both predictors hang on the same unknowns, so they are jointly normal.
    """
    if not isinstance(row, int):
        return np.asarray(expit(zero.mean))
    mine, other = zero.roots[row], counted.roots[row]
    both = (mine * other).sum(axis=-1)
    with np.errstate(all="ignore"):
        slope = np.nan_to_num(both / counted.sd(row) ** 2)
    left = np.sqrt(np.maximum(zero.sd(row) ** 2 - slope * both, 0))
    mean = zero.mean[..., row, None] + slope[..., None] * (eta - counted.mean[..., row, None])
    return mean_expit(mean, left[..., None])


def _inflated(counted: Numbers, y: Numbers, zero: Numbers) -> Numbers:
    """Return the log density of counts of which some are 0 however long one counts."""
    with np.errstate(divide="ignore"):
        nothing = np.log(zero + (1 - zero) * np.exp(counted))
        return np.where(y == 0, nothing, np.log1p(-zero) + counted)


def factors(posterior: xr.Dataset, terms: pd.DataFrame) -> xr.DataArray:
    """Return by what factor expected counts, averaged over rows, differ for a step of each term.

    Of 0 and 1 it is that of 1 over 0 in all rows, of another column that of one sd more. Without
    further zeros it is exp(slope * step). Of gaps `terms` has one value each. Dims: chain, draw,
    term.
    """
    posterior = imputed.plain(posterior)
    step = xr.DataArray(steps(terms).to_numpy(), dims="term", coords={"term": posterior["term"]})
    found = xr.ufuncs.exp(posterior["slope"] * step)
    if "zero_slope" not in posterior:
        return found.transpose(*SAMPLE, "term")
    every = max(1, posterior.sizes["chain"] * posterior.sizes["draw"] * len(terms) // AT_ONCE)
    some = posterior.isel(draw=slice(None, None, every))
    ones = pd.Series(1.0, terms.index)

    def mean(at: pd.DataFrame) -> Numbers:
        rate = expected(some, at, ones).to_numpy()
        average: Numbers = ((1 - zeros(some, at)) * rate).mean(axis=-1)
        return average

    of_two, ratios = switches(terms), []
    for name in terms:
        low = terms.assign(**{name: 0.0}) if of_two[name] else terms
        high = terms.assign(**{name: 1.0 if of_two[name] else terms[name] + steps(terms)[name]})
        ratios.append(mean(high) / mean(low))
    dims, coords = (*SAMPLE, "term"), {"term": posterior["term"].to_numpy()}
    return xr.DataArray(np.stack(ratios, axis=-1), dims=dims, coords=coords)


def statistics(name: str) -> dict[str, Statistic]:
    """Return what a model of counts can get wrong of the outcome called `name`, as statistics."""
    return {
        f"share of zeros of {name}": _zeros,
        f"greatest {name}": partial(_of_rows, kind="max"),
        f"mean of {name}": partial(_of_rows, kind="mean"),
        f"sd of {name}": partial(_of_rows, kind="std"),
    }


def fitted(
    posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series, exposure: pd.Series
) -> tuple[pd.Series, pd.Series, Numbers]:
    """Return expected counts at the posterior mean, Pearson residuals, and each row's information.

    A Pearson residual is the count less what is expected, in the sd that the model gives it.
    """
    mu = exposure * np.exp(dependence.line(posterior, terms))
    dispersion = float(posterior["dispersion"].mean(SAMPLE))
    variance = mu + dispersion * mu**2
    return mu, (outcome - mu) / np.sqrt(variance), (mu**2 / variance).to_numpy()


def residuals(
    posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series, exposure: pd.Series
) -> Residuals:
    """Return Pearson residuals for `workflow.checking.alike`; the estimates are the slopes."""
    _, left, information = fitted(posterior, terms, outcome, exposure)
    return dependence.of_slopes(left, terms, information)


def _zeros(y: xr.DataArray, given: xr.Dataset) -> xr.DataArray:
    return (y == 0).mean("row")


def _of_rows(y: xr.DataArray, given: xr.Dataset, *, kind: str) -> xr.DataArray:
    found: xr.DataArray = getattr(y, kind)("row")
    return found


def poisson_zeros(posterior: xr.Dataset, terms: pd.DataFrame, exposure: pd.Series) -> float:
    """Return the share of rows without a count that Poisson noise expects, mean over the draws."""
    every = max(1, posterior.sizes["chain"] * posterior.sizes["draw"] * len(terms) // AT_ONCE)
    some = posterior.isel(draw=slice(None, None, every))
    return float(np.exp(-expected(some, terms, exposure)).mean())
