"""How often the gates object to what is sound, and what they can never see."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pymc as pm
import xarray as xr
from scipy.stats import binomtest

from tests.gates import models
from tests.gates.examples.sampler import RUN, SHORT, in_upper_mode
from tests.gates.examples.the_model import dispersion
from tests.gates.models import compiled
from workflow.checking.checks import CONFLICT, SURPRISE, Statistic, posterior_check, prior_check
from workflow.checking.diagnostics import diagnose
from workflow.checking.status import Status
from workflow.sampling.fit import refit, sample_nuts, tries
from workflow.sampling.simulating import simulate
from workflow.variational.moments import moments

TRIALS = 200
PRIOR_DRAWS = 4000
FEW = {"draws": 100, "tune": 300, "chains": 4}


@dataclass(frozen=True)
class Rate:
    """How many of so many sound trials raised an alarm, and the rate they were meant to have.

    `nominal` is the rate that the check's own limits promise, or what is tolerated at most.
    """

    what: str
    alarms: int
    trials: int
    nominal: float

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the rate: Clopper-Pearson, exact, rather too wide than too narrow."""
        found = binomtest(self.alarms, self.trials).proportion_ci(0.95, method="exact")
        return float(found.low), float(found.high)

    @property
    def too_many(self) -> bool:
        """Whether so many alarms have a probability below .001 at the nominal rate."""
        test = binomtest(self.alarms, self.trials, self.nominal, alternative="greater")
        return float(test.pvalue) < 0.001


def of_the_sampler(seed: int, trials: int = TRIALS) -> tuple[Rate, ...]:
    """Fit the shipped A/B test with so many seeds: first tries, and what came out in the end."""
    runs = (sample_nuts(compiled(models.shop), {}, **RUN, seed=seed + i) for i in range(trials))
    statuses = [(Status(tried[0].status), Status(tried[-1].status)) for tried in map(tries, runs)]
    once, after = (Counter(status) for status in zip(*statuses, strict=True))
    return (
        Rate("sampler, after retries: WARN or FAIL", trials - after[Status.PASS], trials, 0.05),
        Rate("sampler, first try: WARN or FAIL", trials - once[Status.PASS], trials, 0.05),
        Rate("sampler, after retries: FAIL", after[Status.FAIL], trials, 0.01),
    )


def of_the_predictive_checks(seed: int, trials: int = TRIALS) -> tuple[Rate, ...]:
    """Simulate data sets from the Poisson model itself, fit each, and check prior and fit."""
    model = models.counts()
    prior = pm.sample_prior_predictive(PRIOR_DRAWS + trials, model=model, random_seed=seed)
    y = prior["prior_predictive"].to_dataset()
    data, reference = y.isel(draw=slice(None, trials)), y.isel(draw=slice(trials, None))
    mean: dict[str, Statistic] = {"mean": lambda counts, given: counts.mean("row")}
    shape: dict[str, Statistic] = {"variance / mean": dispersion}
    again = _replicated(model, data, seed)
    conflicts = surprises = 0
    for one, fitted in zip(_each(data), again, strict=True):
        tree = xr.DataTree.from_dict({"observed_data": one, "prior_predictive": reference})
        tree["posterior_predictive"] = fitted
        conflicts += prior_check(tree, "y", mean)[0].result is not Status.PASS
        surprises += posterior_check(tree, "y", shape)[0].result is not Status.PASS
    return (
        Rate("prior predictive check: mean of the counts", conflicts, trials, 2 * CONFLICT),
        Rate("posterior predictive check: variance / mean", surprises, trials, SURPRISE),
    )


def _each(data: xr.Dataset) -> Iterator[xr.Dataset]:
    return (data.isel(chain=0, draw=i, drop=True) for i in range(data.sizes["draw"]))


def _replicated(model: pm.Model, data: xr.Dataset, seed: int) -> list[xr.Dataset]:
    """Fit every data set and draw from the model again what it then predicts, all at once."""
    fits = [
        refit(compiled(models.counts), {"y_data": one["y"].astype("int32")}, **FEW, seed=seed + i)
        for i, one in enumerate(_each(data))
    ]
    size = FEW["draws"] * FEW["chains"]
    rates = [fit["posterior"].to_dataset()["rate"].to_numpy().ravel() for fit in fits]
    together = xr.Dataset({"rate": (("chain", "draw"), np.concatenate(rates)[None])})
    drawn = simulate(model, together, ["y"], size=size * len(fits), seed=seed)["y"]
    parts = (drawn.isel(sample=slice(i * size, (i + 1) * size)) for i in range(len(fits)))
    return [part.rename(sample="draw").expand_dims("chain").to_dataset() for part in parts]


@dataclass(frozen=True)
class Unseen:
    """Runs on a posterior with two modes: how they ended, and what passed for its sd."""

    runs: int
    one_mode: int  # runs in which all chains ended in the same mode
    passed: int  # of these
    others_passed: int  # of the runs in which chains were apart
    sd: float  # of the last run that passed
    truth: float


def all_in_one_mode(seed: int, runs: int) -> Unseen:
    """Count how often all four chains find the same of two modes, and the gate has to pass them."""
    passed: Counter[bool] = Counter()
    alone, sd = 0, float("nan")
    for i in range(runs):
        tree = refit(compiled(models.two_modes), {}, **SHORT, seed=seed + i)
        same = in_upper_mode(tree) in (0, SHORT["chains"])
        good = diagnose(tree).status is Status.PASS
        alone += same
        passed[same] += good
        if same and good:
            sd = float(tree["posterior"].to_dataset()["x"].std())
    truth = _sd_of_two_modes()
    return Unseen(runs, alone, passed[True], passed[False], sd, truth)


def _sd_of_two_modes() -> float:
    """Return the sd of x by quadrature."""
    x = np.linspace(-30, 30, 60_001)
    modes = np.logaddexp(-0.5 * (x - models.APART) ** 2, -0.5 * (x + models.APART) ** 2)
    weight = np.exp(modes - 0.5 * (x / 10) ** 2)
    return float(np.sqrt((weight @ x**2) / weight.sum()))


@dataclass(frozen=True)
class Retried:
    """A mild funnel: how its fits ended, and how far those were off that passed after a retry."""

    runs: int
    at_once: int
    after_retry: int
    off: float  # root mean square of their z scores for the mean of log_scale
    off_sd: float  # and for its sd
    sd: float  # the mean of what they said its sd is
    truth: float

    @property
    def stopped(self) -> int:
        """The runs that did not pass."""
        return self.runs - self.at_once - self.after_retry


def passed_after_a_retry(seed: int, runs: int) -> Retried:
    """Fit a mild funnel again and again; hold what passed after a retry against the truth."""
    ends: list[tuple[int, float, float, float]] = []
    truth = 1.5
    for i in range(runs):
        tree = sample_nuts(compiled(models.funnel), {"width": truth}, **SHORT, seed=seed + i)
        if Status(tries(tree)[-1].status) is Status.PASS:
            ends.append((len(tries(tree)), *_z_scores(tree, truth)))
    again = np.array([numbers for n, *numbers in ends if n > 1]).reshape(-1, 3)
    at_once = sum(n == 1 for n, *_ in ends)
    n = len(again) or np.nan
    off, off_sd = np.sqrt((again[:, :2] ** 2).sum(axis=0) / n)
    sd = again[:, 2].sum() / n
    return Retried(runs, at_once, len(again), float(off), float(off_sd), float(sd), truth)


def _z_scores(tree: xr.DataTree, truth: float) -> tuple[float, float, float]:
    """Return how many Monte Carlo errors mean and sd of log_scale are from 0 and `truth`; its sd.

    `truth` is the sd of its prior, which no data change.
    """
    posterior = tree["posterior"].to_dataset()[["log_scale"]]
    (mean, sd, *_), (mean_error, sd_error, *_) = moments(posterior, independent=False)["log_scale"]
    return float(mean / mean_error), float((sd - truth) / sd_error), float(sd)


Rates = Callable[[int, int], tuple[Rate, ...]]
