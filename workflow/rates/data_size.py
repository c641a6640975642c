"""How much data does it take until the prior no longer matters? The same rate at several sizes."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from workflow.deciding.threshold import Rule
from workflow.rates.agreement import Agreement
from workflow.rates.beta_binomial import MOST, Count, posterior

Prior = tuple[float, float]  # mean and strength


@dataclass(frozen=True)
class Size:
    """What several priors make of one count; the posterior means and the sd are exact."""

    count: Count
    lowest: float  # of the posterior means
    highest: float
    sd: float  # of the posterior under the analysis' own prior
    decisions: dict[str, int]  # how many priors lead to each, by the exact posterior
    extremes: tuple[Agreement, ...]  # NUTS under the priors behind the lowest and the highest


def study_sizes(
    count: Count,
    priors: Sequence[Prior],
    own: Prior,
    rule: Rule,
    agree: Callable[[Count, Mapping[str, float]], Agreement],
) -> list[Size]:
    """Look at `count` and at others of its rate (see `sizes`) under all `priors`.

    Parameters
    ----------
    own
        The prior of the analysis.
    agree
        Fits a count under a prior (keywords prior_mean, prior_strength) by NUTS.
    """
    found = []
    for one in sizes(count):
        exact = posterior(one, *np.array(priors).T)
        means = exact.mean()
        sides = [rule.side(p) for p in exact.cdf(rule.reference)]
        ends = [priors[int(at)] for at in (np.argmin(means), np.argmax(means))]
        fits = [agree(one, {"prior_mean": m, "prior_strength": s}) for m, s in ends]
        sd = float(posterior(one, *own).std())
        counted = {side: sides.count(side) for side in dict.fromkeys(sides)}
        found.append(Size(one, float(means.min()), float(means.max()), sd, counted, tuple(fits)))
    return found


def sizes(count: Count) -> list[Count]:
    """Return counts at the same rate for powers of ten around the trials, the count among them.

    A hundredth and a tenth of the trials, themselves, and ten times as many, all but themselves
    rounded to powers of ten.
    """
    power = round(math.log10(count.trials))
    around = [10.0 ** (power + step) for step in (-2, -1, 1)]
    fitting = [Count(round(count.rate * n), n) for n in around if 1 <= n <= MOST]
    return sorted([*fitting, count], key=lambda one: one.trials)


def agreed_from(rate: float, rule: Rule, priors: Sequence[Prior]) -> float | None:
    """Return from how many trials at this rate on all priors give one decision; None if never.

    Looked at in steps of half a percent, up to a thousand million trials.
    """
    mean, strength = np.array(priors).T
    n = np.geomspace(1, MOST, 4200)
    p = posterior(Count(rate * n[:, None], n[:, None]), mean, strength).cdf(rule.reference)
    side = (p >= rule.sure).astype(int) - (p <= 1 - rule.sure)
    split = np.flatnonzero(np.ptp(side, axis=1) > 0)
    first = split[-1] + 1 if split.size else 0
    return float(n[first]) if first < n.size else None


def converging(rate: float, priors: Sequence[Prior], trials: np.ndarray) -> xr.DataArray:
    """Return the posterior mean under every prior at every number of trials; dims: prior, trials.

    The coordinates prior_mean and prior_strength belong to `prior`.
    """
    mean, strength = np.array(priors).T
    found = posterior(Count(rate * trials[:, None], trials[:, None]), mean, strength).mean().T
    knobs = {"prior_mean": ("prior", mean), "prior_strength": ("prior", strength)}
    return xr.DataArray(found, dims=("prior", "trials"), coords={"trials": trials, **knobs})


@dataclass(frozen=True)
class Growing:
    """What so many priors make of more and more data at the observed rate.

    `agreed` is from how many trials on they all lead to one decision, `course` their posterior
    means (see `converging`) from one trial to twenty times the data, or to 10,000 trials.
    """

    priors: int
    sizes: list[Size]
    agreed: float | None
    course: xr.DataArray


def growing(
    count: Count,
    means: Iterable[float],
    strengths: Sequence[float],
    own: Mapping[str, float],
    rule: Rule,
    agree: Callable[[Count, Mapping[str, float]], Agreement],
) -> Growing:
    """Look at `count` and at others of its rate under priors of all these means and strengths.

    `own` are the knobs of the analysis; for `agree` see `study_sizes`.
    """
    priors = [(mean, strength) for mean in means for strength in strengths]
    here = own["prior_mean"], own["prior_strength"]
    trials = np.geomspace(1, 20 * max(count.trials, 500), 120)
    return Growing(
        len(priors),
        study_sizes(count, priors, here, rule, agree),
        agreed_from(count.rate, rule, priors),
        converging(count.rate, priors, trials),
    )
