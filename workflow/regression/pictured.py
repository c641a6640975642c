"""What pictures of a fit show: predicted data beside the observed ones, and where they lie in them.

Sources: Gabry et al. (2019), Visualization in Bayesian workflow; Kleiber and Zeileis (2016),
Visualizing count data regressions using rootograms; Säilynoja, Bürkner and Vehtari (2022),
Graphical test for discrete uniformity, for the band of the PIT.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from arviz_stats import loo_pit
from arviz_stats.ecdf_utils import ecdf_pit
from scipy.stats import gaussian_kde

from workflow.quantities import SAMPLE, TAILS

LINES, GRID = 30, 150  # predicted data sets that are drawn, and points of a density
SMOOTHED = 2000  # rows of a density, evenly spaced
COUNTED = 25  # different values of a count at most, for bars
ROWS, DRAWS, SIMULATED = 300, 1000, 1000  # of the PIT; data sets that make its band
BAND = 0.95

type Numbers = np.ndarray
type Line = tuple[Numbers, Numbers]


@dataclass(frozen=True)
class Overlay:
    """Densities, x and height: of the outcome, and of data sets predicted from the posterior."""

    observed: Line
    predicted: Sequence[Line]


@dataclass(frozen=True)
class Rootogram:
    """How often each whole number was observed, and the central 95% of how often it is predicted.

    Predictions are rounded to whole numbers. `more`: the last one stands for itself and all above.
    """

    values: Numbers
    observed: Numbers
    lower: Numbers
    median: Numbers
    upper: Numbers
    more: bool = False

    @property
    def outside(self) -> int:
        """How many values were observed more, or less, often than that."""
        return int(((self.observed < self.lower) | (self.observed > self.upper)).sum())


@dataclass(frozen=True)
class Pit:
    """The ECDF of where outcomes lie in their leave-one-out predictions, less the uniform one.

    `lower` and `upper` are the ends of a simultaneous 95% band; `rows` were looked at, of `of`.
    `spread` is the variance of the PIT over that of a uniform one: above 1 the predictions are too
    narrow; `middle` its mean, .5 where they are neither too high nor too low.
    """

    at: Numbers
    difference: Numbers
    lower: Numbers
    upper: Numbers
    rows: int
    of: int
    spread: float
    middle: float

    @property
    def inside(self) -> bool:
        """Whether the line stays in the band."""
        out = (self.difference < self.lower - 1e-12) | (self.difference > self.upper + 1e-12)
        return not out.any()


@dataclass(frozen=True)
class Binned:
    """Groups of rows by fitted probability: its mean, the share of events, and what is predicted.

    `lower` and `upper` are the central 95% of the share in predicted data.
    """

    p: Numbers
    share: Numbers
    lower: Numbers
    upper: Numbers
    rows: Numbers

    @property
    def outside(self) -> int:
        """In how many groups the share lies outside."""
        return int(((self.share < self.lower) | (self.share > self.upper)).sum())


def counted(y: Numbers) -> bool:
    """Say whether outcomes are counts few enough for a bar each: whole numbers from 0 on."""
    whole = bool((y >= 0).all() and (y % 1 == 0).all())
    return whole and y.max() - y.min() < COUNTED and y.max() > 1


def rootogram(tree: xr.DataTree) -> Rootogram:
    """Return how often counts up to `COUNTED` were observed and are predicted, and those above."""
    y, predicted = _of(tree)
    found = _rootogram(np.minimum(y, COUNTED), np.minimum(predicted, COUNTED), 0)
    return replace(found, more=bool(y.max() > COUNTED))


def overlay(tree: xr.DataTree) -> Overlay | Rootogram:
    """Return the outcome `y` of a tree beside predicted ones: densities, or bars of counts."""
    y, predicted = _of(tree)
    if counted(y):
        return _rootogram(y, predicted)
    room = (y.max() - y.min()) / 2  # farther off a heavy tail would leave no place for the rest
    x = np.linspace(y.min() - room, y.max() + room, GRID)
    some = predicted[np.linspace(0, len(predicted) - 1, LINES).astype(int)]
    rows = np.linspace(0, len(y) - 1, min(len(y), SMOOTHED)).astype(int)
    drawn = [(x, gaussian_kde(one[rows])(x)) for one in (y, *some)]
    return Overlay(drawn[0], drawn[1:])


def pit(tree: xr.DataTree, *, seed: int) -> Pit:
    """Return where the outcomes lie in predictions from the other rows (by PSIS), and the band.

    Of more than `ROWS` rows so many, at random.
    """
    n = tree["observed_data"].sizes["row"]
    rng = np.random.default_rng(seed)
    at = np.sort(rng.choice(n, min(n, ROWS), replace=False))
    sizes = tree["posterior_predictive"].sizes
    every = max(1, -(-sizes["chain"] * sizes["draw"] // DRAWS))
    some = {"row": at, "draw": slice(None, None, every)}
    names = ("posterior_predictive", "log_likelihood", "observed_data")
    cut = {name: _plain(tree[name].to_dataset()[["y"]], some) for name in names}
    sample = cut["log_likelihood"][["chain", "draw"]]
    cut["posterior"] = sample.assign(level=(SAMPLE, np.zeros([sample.sizes[d] for d in SAMPLE])))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of k-hat: of single rows, where many are looked at
        found = loo_pit(xr.DataTree.from_dict(cut), random_state=seed)["y"].to_numpy()
    found = np.clip(found, 0, 1)
    where, ecdf, lower, upper = ecdf_pit(found, BAND, SIMULATED, rng=rng)
    line, low, high = (np.asarray(end) - where for end in (ecdf, lower, upper))
    spread, middle = float(12 * found.var()), float(found.mean())
    return Pit(where, line, low, high, len(at), n, spread, middle)


def binned(tree: xr.DataTree, p: Numbers) -> Binned:
    """Return shares of events in groups of rows with about the same fitted probability `p`."""
    y, predicted = _of(tree)
    groups = np.array_split(np.argsort(p, kind="stable"), min(12, max(2, len(y) // 20)))
    shares = np.array([predicted[:, rows].mean(axis=1) for rows in groups])
    low, high = np.quantile(shares, TAILS, axis=1)
    fitted, share = (np.array([x[rows].mean() for rows in groups]) for x in (p, y))
    return Binned(fitted, share, low, high, np.array([len(rows) for rows in groups]))


def _of(tree: xr.DataTree) -> tuple[Numbers, Numbers]:
    """Return the outcome by row, and predictions of it; dims: draw, row."""
    y = tree["observed_data"]["y"].to_numpy().astype(float)
    predicted = tree["posterior_predictive"]["y"].transpose(*SAMPLE, "row").to_numpy()
    return y, predicted.reshape(-1, len(y))


def _plain(found: xr.Dataset, some: dict) -> xr.Dataset:
    kept = found.isel({dim: at for dim, at in some.items() if dim in found.dims})
    return kept.drop_vars("row", errors="ignore")


def _rootogram(y: Numbers, predicted: Numbers, least: float | None = None) -> Rootogram:
    values = np.arange(y.min() if least is None else least, y.max() + 1)
    rounded = np.rint(predicted)
    counts = np.array([(rounded == value).sum(axis=1) for value in values])
    ends = np.quantile(counts, (TAILS[0], 0.5, TAILS[1]), axis=1)
    return Rootogram(values, np.array([(y == value).sum() for value in values]), *ends)
