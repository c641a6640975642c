"""How well probabilities tell rows with an event from those without: AUC, errors, gains.

Sources: DeLong, DeLong and Clarke-Pearson (1988), Comparing the areas under two or more correlated
receiver operating characteristic curves; Pepe (2003), The statistical evaluation of medical tests,
section 5.2, for the interval on the logit scale.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike
from scipy.special import expit, logit
from scipy.stats import beta, norm, rankdata

from workflow.deciding.costs import Errors, errors_of
from workflow.quantities import SAMPLE, TAILS

DRAWS, AT_ONCE = 400, 4_000_000  # of the posterior, and draws times rows

type Numbers = np.ndarray


@dataclass(frozen=True)
class Area:
    """AUC: the probability that a row with the event has the larger probability of two.

    `lower` and `upper` say what other rows would give (95%, DeLong, on the logit scale), `draws`
    the central 95% over the posterior, for these very rows: None where its draws have seen them.
    """

    value: float
    lower: float
    upper: float
    draws: tuple[float, float] | None


@dataclass(frozen=True)
class Share:
    """So many of so many, with the central 95% of Beta(k + 1/2, n - k + 1/2) (Jeffreys)."""

    k: int
    n: int

    @property
    def value(self) -> float:
        """The share."""
        return self.k / self.n

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of the interval, 0 or 1 where none or all were seen."""
        low, high = beta.ppf(TAILS, self.k + 0.5, self.n - self.k + 0.5)
        return (float(low) if self.k else 0.0, float(high) if self.k < self.n else 1.0)


@dataclass(frozen=True)
class Discrimination:
    """AUC, errors at the threshold `cut`, and gains: the share acted on, and of events found.

    `gains` has dims (point, 2), from (0, 0) to (1, 1), the most probable rows first.
    """

    area: Area
    errors: Errors
    gains: Numbers
    cut: float

    @property
    def sensitivity(self) -> Share:
        """Of the rows with the event, those acted on."""
        return Share(self.errors.events - self.errors.missed, self.errors.events)

    @property
    def specificity(self) -> Share:
        """Of the others, those not acted on."""
        return Share(self.errors.others - self.errors.false_alarms, self.errors.others)


def discriminate(
    outcome: pd.Series, p: ArrayLike, cut: float, draws: tuple[float, float] | None = None
) -> Discrimination:
    """Return how well probabilities `p` of rows tell their outcomes, 0 or 1, both present.

    `draws` are those of the area (see `area_by_draw`).
    """
    chance = np.asarray(p, dtype=float)
    y = outcome.to_numpy()
    area = Area(auc(y, chance), *area_interval(y, chance), draws)
    return Discrimination(area, errors_of(y, chance >= cut), gains(y, chance), cut)


def auc(outcome: ArrayLike, p: ArrayLike) -> float:
    """Return the area under the ROC curve: Mann and Whitney's U as a share; ties count half."""
    return float(_areas(np.asarray(outcome) == 1, np.atleast_2d(p))[0])


def area_interval(outcome: ArrayLike, p: ArrayLike) -> tuple[float, float]:
    """Return the 95% interval of the AUC over other rows of the same kind.

    Where every event ranks above every other row there is no variance to go by: then from as many
    independent pairs as the smaller class allows, all of them right, to 1.
    """
    y, chance = np.asarray(outcome) == 1, np.asarray(p, dtype=float)
    n, m, every = int(y.sum()), int((~y).sum()), rankdata(chance)
    among_events = (every[y] - rankdata(chance[y])) / m  # of each event: others below it
    found = area_of(among_events, 1 - (every[~y] - rankdata(chance[~y])) / n)
    return found.lower, found.upper


def area_of(others_below: Numbers, events_above: Numbers) -> Area:
    """Return the AUC and its interval, of each event's share of others below it, and the reverse.

    Where all pairs are ties nothing is known of other rows.
    """
    both, value = (others_below, events_above), float(others_below.mean())
    parts = [one.var(ddof=1) / len(one) if len(one) > 1 else 0.0 for one in both]
    if not sum(parts) or value in (0, 1):
        least = TAILS[0] ** (1 / min(map(len, both)))
        ends = {0.0: (0.0, 1 - least), 1.0: (least, 1.0)}
        return Area(value, *ends.get(value, (0.0, 1.0)), None)
    error = np.sqrt(sum(parts)) / (value * (1 - value))
    low, high = expit(logit(value) + norm.ppf(TAILS) * error)
    return Area(value, float(low), float(high), None)


def gains(outcome: ArrayLike, p: ArrayLike) -> Numbers:
    """Return shares of rows, the most probable first, and of the events among them.

    Rows of equal probability are one step, since nothing tells which comes first.
    """
    y, chance = np.asarray(outcome) == 1, np.asarray(p, dtype=float)
    order = np.argsort(-chance, kind="stable")
    last = np.flatnonzero(np.append(np.diff(chance[order]) != 0, True))
    found = np.column_stack([(last + 1) / len(y), np.cumsum(y[order])[last] / y.sum()])
    return np.vstack([[0.0, 0.0], found])


def _areas(y: Numbers, chance: Numbers) -> Numbers:
    """Return the AUC of each row of probabilities (draw, row)."""
    n, m = y.sum(), (~y).sum()
    ranks = rankdata(chance, axis=-1)
    found: Numbers = (ranks[:, y].sum(axis=-1) - n * (n + 1) / 2) / (n * m)
    return found


def area_by_draw(
    posterior: xr.Dataset, outcome: pd.Series, terms: pd.DataFrame
) -> tuple[float, float]:
    """Return the central 95% of the AUC at draws of the posterior; ranks need no intercept."""
    slope = posterior["slope"].transpose(*SAMPLE, "term").to_numpy()
    slope = slope.reshape(-1, slope.shape[-1])
    n = int(np.clip(AT_ONCE // len(terms), 50, DRAWS))
    some = slope[np.linspace(0, len(slope) - 1, min(n, len(slope))).astype(int)]
    drawn = _areas(outcome.to_numpy() == 1, some @ terms.to_numpy(dtype=float).T)
    low, high = np.quantile(drawn, TAILS)
    return float(low), float(high)
