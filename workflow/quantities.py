"""Draws to numbers: named scalars, their summaries, expectations with their Monte Carlo error."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from workflow import chains

SAMPLE = ("chain", "draw")
INTERVAL = "95% equal-tailed credible interval"
TAILS = (0.025, 0.975)
DIRECTION = "direction"  # dim of coordinates that only the sampler knows: no quantities of anybody
STANDARD = "group_z"  # offsets of groups on the sampler's scale: nobody's either


@dataclass(frozen=True)
class Quantity:
    """Posterior summary of one scalar, with the diagnostics of its draws.

    `mean`, `sd` and `mcse_mean` are None for a ratio whose posterior mean may not exist;
    `mcse_median` is then what the digits of the median follow.
    """

    mean: float | None
    median: float
    sd: float | None
    mcse_mean: float | None
    lower: float
    upper: float
    interval: str
    mcse_interval: float  # the larger of the Monte Carlo errors of the interval's ends
    r_hat: float
    ess_bulk: float
    ess_tail: float
    mcse_median: float
    mcse_lower: float  # of each end by itself: a long tail makes the one far larger than the other
    mcse_upper: float


@dataclass(frozen=True)
class Scalar:
    """A posterior expectation (a probability, a loss) with its Monte Carlo standard error."""

    value: float
    mcse: float


def flatten(data: xr.Dataset) -> Iterator[tuple[str, np.ndarray]]:
    """Yield `name[label, ...]` and values for every element beside the sample dims.

    Values have the shape (chain, draw), or none where the variable has no sample dims. Left out
    are variables with the dim "direction", and standard offsets: of them others are made.
    """
    for name in data.data_vars:
        variable = data.variables[name]  # without its labels, which take longer than its numbers
        if DIRECTION in variable.dims or name == STANDARD:
            continue
        kept = [dim for dim in SAMPLE if dim in variable.dims]
        others = [dim for dim in variable.dims if dim not in SAMPLE]
        array = variable.transpose(*others, *kept).to_numpy()
        shape = array.shape[: len(others)]
        labels = [data[dim].to_numpy() for dim in others]
        for at in np.ndindex(*shape):
            where = ", ".join(str(label[i]) for label, i in zip(labels, at, strict=True))
            yield f"{name}[{where}]" if others else str(name), array[at]


def stack(posterior: xr.Dataset) -> tuple[list[str], np.ndarray]:
    """Return the names of all scalars and their draws, shape (scalar, chain, draw)."""
    names, draws = zip(*flatten(posterior), strict=True)
    return list(names), np.stack(draws).astype(float)


def diagnostics(draws: np.ndarray) -> dict[str, np.ndarray]:
    """Return r_hat, ess_bulk, ess_tail and Monte Carlo errors of draws (scalar, chain, draw).

    Rank-normalised split R-hat and bulk ESS; the tail ESS is the smaller one of the 5% and the 95%
    quantile. Source: Vehtari et al. (2021).
    """
    with np.errstate(all="ignore"):  # bad draws are the business of the gate, not of a warning
        return chains.mixing(draws)


def summarise(posterior: xr.Dataset) -> dict[str, Quantity]:
    """Return a Quantity for every scalar of `posterior` (dims chain, draw, ...), perhaps none."""
    if not any(variable.size for variable in posterior.data_vars.values()):
        return {}
    names, draws = stack(posterior)
    diagnosed = diagnostics(draws)
    with np.errstate(all="ignore"):
        means, sds = draws.mean(axis=(1, 2)), draws.std(axis=(1, 2), ddof=1)
        lower, median, upper = np.quantile(draws, (TAILS[0], 0.5, TAILS[1]), axis=(1, 2))
        middle, *ends = chains.mcse_quantiles(draws, (0.5, *TAILS))
    return {
        name: Quantity(
            mean=float(means[i]),
            median=float(median[i]),
            sd=float(sds[i]),
            mcse_mean=float(diagnosed["mcse_mean"][i]),
            lower=float(lower[i]),
            upper=float(upper[i]),
            interval=INTERVAL,
            mcse_interval=float(max(ends[0][i], ends[1][i])),
            r_hat=float(diagnosed["r_hat"][i]),
            ess_bulk=float(diagnosed["ess_bulk"][i]),
            ess_tail=float(diagnosed["ess_tail"][i]),
            mcse_median=float(middle[i]),
            mcse_lower=float(ends[0][i]),
            mcse_upper=float(ends[1][i]),
        )
        for i, name in enumerate(names)
    }


def original_scale(found: dict[str, Quantity]) -> dict[str, Quantity]:
    """Return the summaries with `log_x` replaced by `x` = exp(.) and `log1p_x` by `x` = expm1(.).

    A ratio has a median and an interval, but no mean: where an arm has no events it does not exist.
    Its diagnostics stay those of the log scale.
    """
    back = {"log1p_": np.expm1, "log_": np.exp}
    result = {}
    for name, q in found.items():
        prefix = next((prefix for prefix in back if name.startswith(prefix)), None)
        result[name.removeprefix(prefix or "")] = _transformed(q, back[prefix]) if prefix else q
    return result


def _transformed(q: Quantity, function: Callable[[float], float]) -> Quantity:
    """Return the summary of an increasing function of a quantity: what quantiles can tell."""
    with np.errstate(all="ignore"):
        median, lower, upper = (float(function(x)) for x in (q.median, q.lower, q.upper))
        return replace(
            q,
            mean=None,
            median=median,
            sd=None,
            mcse_mean=None,
            lower=lower,
            upper=upper,
            mcse_interval=float(function(q.upper + q.mcse_interval)) - upper,
            mcse_median=float(function(q.median + q.mcse_median)) - median,
            mcse_lower=float(function(q.lower + q.mcse_lower)) - lower,
            mcse_upper=float(function(q.upper + q.mcse_upper)) - upper,
        )


def label(name: str) -> str:
    """Return what stands between the brackets of a scalar's name."""
    return name.partition("[")[2].removesuffix("]")


def named[T](found: Mapping[str, T], *variables: str) -> dict[str, T]:
    """Return the summaries, or the scalars, of the elements of some variables."""
    return {name: q for name, q in found.items() if name.partition("[")[0] in variables}


def expectations(
    name: str, draws: xr.DataArray, *, ess: float | None = None, scale: float = 1.0
) -> dict[str, Scalar]:
    """Return the posterior mean of every element of `draws`, with its Monte Carlo error.

    Where nothing ever changed, the error is 1.5 / n events of the size `scale` (1 for an
    indicator): two of them reach the 95% bound 3 / n for what was never seen in n draws.

    Parameters
    ----------
    ess
        How many independent draws these are worth, for that n; else their number.
    """
    elements = dict(flatten(draws.astype(float).to_dataset(name=name)))
    if not elements:
        return {}
    stacked = np.stack([*elements.values()])
    with np.errstate(all="ignore"):
        errors = chains.mcse_mean(stacked)
    never = 1.5 * scale / (ess or stacked[0].size)
    return {
        element: Scalar(float(values.mean()), float(error) if np.ptp(values) > 0 else never)
        for (element, values), error in zip(elements.items(), errors, strict=True)
    }
