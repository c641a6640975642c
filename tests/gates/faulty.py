"""Data with one fault each, for the warning that is meant for it, of every size."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from tests.gates import sound
from tests.gates.watched import PREDICTIVE, Sheet

ALIKE = "Add the section, where anything was looked at; warn of the column that matters most"
UNEVEN = "Return robust standard errors beside the posterior's sds, and warn, if residuals are"
ROWS = (200, 2000)
Make = Callable[[np.random.Generator], Sheet]


@dataclass(frozen=True)
class Fault:
    """Data of a case with a fault, and how the kind of warning begins that is meant for it."""

    case: str
    warning: str
    make: Make

    @property
    def said(self) -> str:
        """What is wrong: the docstring's first line."""
        return (self.make.__doc__ or "").splitlines()[0].rstrip(".")


def fault(case: str, warning: str) -> Callable[[Make], Fault]:
    """Mark a function that makes data with a fault."""
    return lambda make: Fault(case, warning, make)


def faults() -> list[Fault]:
    """Return all faults of this module, in the order of its lines."""
    return [one for one in globals().values() if isinstance(one, Fault)]


def size(rng: np.random.Generator) -> int:
    """Return a number of rows at which the faults here are plain."""
    return round(sound.spread(rng, *ROWS))


def smooth(rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """Return two terms, and a weighted sum of them."""
    x = pd.DataFrame(rng.uniform(-2, 2, size=(size(rng), 2)), columns=["x1", "x2"])
    return x, (x @ [1.0, -0.5]).to_numpy()


@fault("ab_test", "Warn where the arms are filled otherwise than planned")
def lost_visitors(rng: np.random.Generator) -> Sheet:
    """One visitor in ten of an arm is lost."""
    visitors = np.array([20_000, rng.binomial(20_000, 0.9)])
    counts = {"visitors": visitors, "conversions": rng.binomial(visitors, 0.1)}
    return Sheet(pd.DataFrame({"arm": ["control", "red"], **counts}), {"control": "control"})


@fault("ab_test", ALIKE)
def visits_of_a_person(rng: np.random.Generator) -> Sheet:
    """Six visits of each person, whose rates differ: Beta(1, 4)."""
    people = size(rng) // 4
    user = np.repeat(np.arange(people), 6)
    arm = np.where(user % 2, "red", "control")
    converted = rng.random(len(user)) < rng.beta(1, 4, size=people)[user]
    table = {"arm": arm, "converted": converted.astype(int), "user_id": user}
    return Sheet(pd.DataFrame(table), {"control": "control"})


@fault("prior_sensitivity", PREDICTIVE[True])
def surprising(rng: np.random.Generator) -> Sheet:
    """A strong prior, weighing 500, at a rate ten times the true one."""
    n = size(rng)
    table = pd.DataFrame({"events": [rng.binomial(n, 0.03)], "trials": [n]})
    return Sheet(table, {"reference": 0.3, "prior_strength": 500.0})


@fault("bandit", PREDICTIVE[True])
def opposed(rng: np.random.Generator) -> Sheet:
    """A prior that weighs 500 visitors, at a rate ten times the true one."""
    n = size(rng)
    counts = {"shown": [n, n], "clicked": rng.binomial(n, 0.03, size=2)}
    prior = {"alpha": 150.0, "beta": 350.0}
    return Sheet(pd.DataFrame({"variant": ["a", "b"], **counts}), {**prior, "horizon": 100})


@fault("coal_rate", PREDICTIVE[False])
def drifting_rate(rng: np.random.Generator) -> Sheet:
    """The rate does not step, but falls from year to year, to a tenth in all."""
    n = size(rng)
    y = rng.poisson(20 * 0.1 ** np.linspace(0, 1, n))
    return Sheet(pd.DataFrame({"period": np.arange(n), "count": y}), {})


@fault("coal_rate", PREDICTIVE[False])
def bursts(rng: np.random.Generator) -> Sheet:
    """Events come several at a time: one to ten."""
    n = size(rng)
    times = rng.poisson(np.where(np.arange(n) < n / 2, 6.0, 2.0))
    y = [rng.integers(1, 11, size=one).sum() for one in times]
    return Sheet(pd.DataFrame({"period": np.arange(n), "count": y}), {})


@fault("coal_rate", "Warn where the first and the last period decide, or seem not to be whole")
def half_a_year(rng: np.random.Generator) -> Sheet:
    """Of the last period only a tenth has been counted."""
    n = size(rng)
    rate = np.where(np.arange(n) < n / 2, 80.0, 40.0)
    rate[-1] /= 10
    return Sheet(pd.DataFrame({"period": np.arange(n), "count": rng.poisson(rate)}), {})


@fault("coin_updating", PREDICTIVE[False])
def in_runs(rng: np.random.Generator) -> Sheet:
    """Every trial is with probability .75 what the one before it was."""
    changes = rng.random(size(rng)) < 0.25
    return Sheet(pd.DataFrame({"heads": np.cumsum(changes) % 2}), {})


@fault("mendel_shares", "Warn of counts that are nearer")
def mended(rng: np.random.Generator) -> Sheet:
    """Counts are the expected ones, rounded."""
    n, parts = size(rng), np.array([9, 3, 3, 1])
    table = {"kind": list("abcd"), "count": np.round(n * parts / parts.sum()).astype(int)}
    return Sheet(pd.DataFrame(table), {"expected": "9:3:3:1"})


@fault("mendel_shares", ALIKE)
def pods(rng: np.random.Generator) -> Sheet:
    """Rows of a pod have shares of their own: Dirichlet, with 2 for each of three kinds."""
    pods = size(rng) // 10
    share = rng.dirichlet([2.0, 2.0, 2.0], size=pods)
    kind = np.concatenate([rng.choice(list("abc"), size=10, p=one) for one in share])
    return Sheet(pd.DataFrame({"kind": kind, "pod_id": np.repeat(np.arange(pods), 10)}), {})


STATED: dict[str, object] = {"noise_sd": 1.0, "bias_sd": 0.5, "target_sd": 0.6}


@fault("known_noise", PREDICTIVE[False])
def noisier_than_stated(rng: np.random.Generator) -> Sheet:
    """The readings scatter half as much again as is stated."""
    return Sheet(pd.DataFrame({"reading": rng.normal(7, 1.5, size=size(rng))}), STATED)


@fault("known_noise", ALIKE)
def another_bias_each_day(rng: np.random.Generator) -> Sheet:
    """Each of ten batches of readings is off by a bias of its own, half as large as the noise."""
    batch = np.repeat(np.arange(10), size(rng) // 10)
    values = rng.normal(0, 0.5, size=10)[batch] + rng.normal(size=len(batch))
    return Sheet(pd.DataFrame({"batch": batch, "reading": values}), STATED)


@fault("linear_regression", PREDICTIVE[False])
def wild_noise(rng: np.random.Generator) -> Sheet:
    """The noise has the tails of a Student-t with 2 degrees of freedom."""
    x, mu = smooth(rng)
    return Sheet(x.assign(y=mu + rng.standard_t(2, size=len(x))), {})


@fault("linear_regression", PREDICTIVE[False])
def bent(rng: np.random.Generator) -> Sheet:
    """The square of a term is left out, which adds as much variance as the noise has."""
    x, mu = smooth(rng)
    return Sheet(x.assign(y=mu + 0.84 * x["x2"] ** 2 + rng.normal(size=len(x))), {})


@fault("linear_regression", PREDICTIVE[False])
def growing_noise(rng: np.random.Generator) -> Sheet:
    """The noise grows with a term, fourfold over its range."""
    x, mu = smooth(rng)
    return Sheet(x.assign(y=mu + np.exp(0.35 * x["x1"]) * rng.normal(size=len(x))), {})


@fault("linear_regression", ALIKE)
def sites(rng: np.random.Generator) -> Sheet:
    """Rows of a site share a third of the noise's variance, and one term is that of the site."""
    x, _ = smooth(rng)
    site = rng.integers(20, size=len(x))
    x["x1"] = rng.normal(size=20)[site]
    y = x["x1"] + rng.normal(size=20)[site] * 0.7 + rng.normal(size=len(x))
    return Sheet(x.assign(y=y, site=site), {"formula": "y ~ x1 + x2"})


@fault("linear_regression", "Warn, on the first screen, where the prior keeps the terms")
def held(rng: np.random.Generator) -> Sheet:
    """A price is that of a list less a discount, under a prior for each column by itself."""
    x, _ = smooth(rng)
    x["x2"] = x["x1"] + 0.02 * x["x2"]
    y = 50 * (x["x1"] - x["x2"]) + 0.5 * rng.normal(size=len(x))
    return Sheet(x.assign(y=y), {"prior": "independent", "slope_sd": 0.5})


@fault("robust_regression", PREDICTIVE[False])
def lopsided(rng: np.random.Generator) -> Sheet:
    """The noise has one long tail: it is exponential."""
    x, mu = smooth(rng)
    return Sheet(x.assign(y=mu + rng.exponential(size=len(x))), {})


@fault("sparse_regression", PREDICTIVE[False])
def no_square(rng: np.random.Generator) -> Sheet:
    """The square of a term is not among the terms, which adds as much variance as the noise has."""
    x, mu = smooth(rng)
    return Sheet(x.assign(y=mu + 0.84 * x["x1"] ** 2 + rng.normal(size=len(x))), {})


@fault("count_regression", PREDICTIVE[False])
def bent_counts(rng: np.random.Generator) -> Sheet:
    """The square of a term is left out, which multiplies counts by up to 50."""
    x, mu = smooth(rng)
    y = rng.poisson(np.exp(1 + mu / 2 + x["x2"] ** 2) * rng.gamma(4, 1 / 4, size=len(x)))
    return Sheet(x.assign(y=y), {})


@fault("ordinal_regression", PREDICTIVE[False])
def other_slopes(rng: np.random.Generator) -> Sheet:
    """A term tells whether a rating is above the lowest, and nothing of the others."""
    x, _ = smooth(rng)
    low = rng.random(len(x)) < expit(-0.7 - 1.5 * x["x1"])
    return Sheet(x.assign(y=np.where(low, 1, 2 + rng.integers(3, size=len(x)))), {})


@fault("proportion_regression", PREDICTIVE[False])
def bent_shares(rng: np.random.Generator) -> Sheet:
    """The square of a term is left out, which moves shares from a third to nine tenths."""
    x, mu = smooth(rng)
    share = expit(mu / 2 - 0.5 + 0.7 * x["x2"] ** 2)
    return Sheet(x.assign(y=rng.beta(20 * share, 20 * (1 - share)).clip(1e-9, 1 - 1e-9)), {})


@fault("quantile_regression", PREDICTIVE[False])
def bent_quantiles(rng: np.random.Generator) -> Sheet:
    """The square of a term is left out: lines are too low at both ends of it, or too high."""
    x, mu = smooth(rng)
    y = mu + x["x2"] ** 2 + rng.normal(size=len(x))
    return Sheet(x.assign(y=y), {"quantiles": "0.25,0.5,0.75"})


@fault("noise_models", PREDICTIVE[False])
def growing_errors(rng: np.random.Generator) -> Sheet:
    """The noise grows with a term, fourfold over its range: no loss of one scale knows of it."""
    x, mu = smooth(rng)
    return Sheet(x.assign(y=mu + np.exp(0.35 * x["x1"]) * rng.normal(size=len(x))), {})


@fault("logistic_regression", "Warn of perfect separation, which the likelihood alone cannot")
def told_apart(rng: np.random.Generator) -> Sheet:
    """A term is known only after the event."""
    x, mu = smooth(rng)
    y = (rng.random(len(x)) < expit(mu)).astype(int)
    return Sheet(x.assign(after=y + 0.1 * rng.random(len(x)), y=y), {})


@fault("logistic_regression", "Warn where rows are alike that belong together")
def both_sides(rng: np.random.Generator) -> Sheet:
    """Six rows a person, whose outcome is a coin of the person's, on both sides of the split."""
    people = size(rng) // 4
    person = np.repeat(np.arange(people), 6)
    x = pd.DataFrame(rng.normal(size=(len(person), 2)), columns=["x1", "x2"])
    y = (rng.random(len(person)) < rng.beta(0.3, 0.3, size=people)[person]).astype(int)
    return Sheet(x.assign(person=person, y=y), {"formula": "y ~ x1 + x2"})


@fault("diagnosis", PREDICTIVE[False])
def another_arrow(rng: np.random.Generator) -> Sheet:
    """Smoking makes tuberculosis more probable, too: .1 instead of .4, an arrow that is missing."""
    p = np.array([0.3, 0.5, 0.1, 0.2, 0.1, 0.3, 0.3, 0.6, 0.05, 0.9, 0.1, 0.8, 0.7, 0.9])
    table = sound.patients(rng, size(rng), p)
    smokers = table["smoking"] == 1
    again = sound.patients(rng, len(table), np.where(np.arange(14) // 2 == 1, 0.4, p))
    return Sheet(again.where(smokers, table).assign(smoking=table["smoking"]), {})


@fault("spam_words", "Warn of held-out messages whose number of words is not as predicted")
def phrases(rng: np.random.Generator) -> Sheet:
    """Words come in phrases of four."""
    n = size(rng)
    spam = rng.random(n) < 0.4
    has = np.repeat(rng.random((n, 6)) < np.where(spam, 0.4, 0.1)[:, None], 4, axis=1)
    names = [f"word{a}{b}" for a in "abcdef" for b in "wxyz"]
    return Sheet(sound.numbered(spam, has, names), {})


@fault("spam_words", PREDICTIVE[True])
def far_prior(rng: np.random.Generator) -> Sheet:
    """A strong prior, weighing 51 messages, that has each word in nearly all of them."""
    return Sheet(sound.messages(rng, rng.random(size(rng)) < 0.4, 40), {"alpha": 50.0, "beta": 1.0})


@fault("spam_words", PREDICTIVE[True])
def stiff_prior(rng: np.random.Generator) -> Sheet:
    """A prior of the right mean, weighing 600 messages, that has all words equally often."""
    table = sound.messages(rng, rng.random(size(rng)) < 0.4, 40)
    return Sheet(table, {"alpha": 50.0, "beta": 550.0})


@fault("spam_words", "Warn where events are clearly more, or less, common")
def other_mix(rng: np.random.Generator) -> Sheet:
    """Held out are messages of another time: 60% of them are spam, of the counted 10%."""
    n = size(rng)
    held_out = np.arange(n) % 4 == 3
    return Sheet(sound.messages(rng, rng.random(n) < np.where(held_out, 0.6, 0.1), 20), {})


HELD = "Warn where the prior decides, or holds the sd away from what the pieces alone say"
CORRIDOR: dict[str, object] = {"lower": -4.0, "upper": 4.0}


@fault("process_corridor", PREDICTIVE[False])
def two_machines(rng: np.random.Generator) -> Sheet:
    """Pieces of two machines, whose means are four sds apart."""
    n = size(rng)
    values = rng.normal(size=n) + 4 * (rng.random(n) < 0.4)
    return Sheet(pd.DataFrame({"value": values}), {"lower": -4.0, "upper": 8.0})


@fault("process_corridor", PREDICTIVE[False])
def odd_pieces(rng: np.random.Generator) -> Sheet:
    """Pieces with the tails of a Student-t with 3 degrees of freedom."""
    return Sheet(pd.DataFrame({"value": rng.standard_t(3, size=size(rng))}), CORRIDOR)


@fault("process_corridor", "Warn that Cpk is not that of now, where a check of the order warns")
def tool_wears(rng: np.random.Generator) -> Sheet:
    """The mean moves by two sds from the first piece to the last."""
    n = size(rng)
    values = rng.normal(size=n) + np.linspace(0, 2, n)
    return Sheet(pd.DataFrame({"value": values}), {**CORRIDOR, "ordered": True})


@fault("process_corridor", HELD)
def far_better_than_usual(rng: np.random.Generator) -> Sheet:
    """An sd a hundred times smaller than the limits would allow."""
    values = 0.013 * rng.normal(size=30)
    return Sheet(pd.DataFrame({"value": values}), CORRIDOR)


@fault("process_corridor", ALIKE)
def batches(rng: np.random.Generator) -> Sheet:
    """Five pieces of each batch, which share a third of the variance."""
    batch = np.repeat(np.arange(size(rng) // 5), 5)
    values = 0.8 * rng.normal(size=len(batch)) + 0.6 * rng.normal(size=len(batch))[batch]
    return Sheet(pd.DataFrame({"value": values, "batch": batch}), CORRIDOR)


def bends(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return x at 100 to 190 places, most of them twice, and a curve of two waves."""
    places = rng.uniform(0, 100, round(sound.spread(rng, 100, 190)))
    x = np.r_[places, places]
    return x, 2 * np.sin(x / 8)


@fault("smooth_curve", PREDICTIVE[False])
def noise_grows(rng: np.random.Generator) -> Sheet:
    """Noise that is seven times as large at the end as at the beginning."""
    x, curve = bends(rng)
    y = curve + np.interp(x, [0, 100], [0.2, 1.4]) * rng.normal(size=len(x))
    return Sheet(pd.DataFrame({"x": x, "y": y}), {})


@fault("smooth_curve", PREDICTIVE[False])
def odd_rows(rng: np.random.Generator) -> Sheet:
    """Noise with the tails of a Student-t with 2 degrees of freedom."""
    x, curve = bends(rng)
    return Sheet(pd.DataFrame({"x": x, "y": curve + 0.5 * rng.standard_t(2, size=len(x))}), {})


@fault("smooth_curve", PREDICTIVE[False])
def curve_jumps(rng: np.random.Generator) -> Sheet:
    """A jump of ten sds of the noise."""
    x, curve = bends(rng)
    y = curve + 6 * (x > 50) + 0.6 * rng.normal(size=len(x))
    return Sheet(pd.DataFrame({"x": x, "y": y}), {})


@fault("smooth_curve", PREDICTIVE[False])
def wave_between_places(rng: np.random.Generator) -> Sheet:
    """A wave that goes up and down within 0.7 of the median distance of neighbours."""
    x, curve = bends(rng)
    apart = np.median(np.diff(np.unique(x)))
    y = curve + 1.2 * np.sin(2 * np.pi * x / (0.7 * apart)) + 0.3 * rng.normal(size=len(x))
    return Sheet(pd.DataFrame({"x": x, "y": y}), {})


@fault("smooth_curve", ALIKE)
def devices(rng: np.random.Generator) -> Sheet:
    """Ten devices, each of them off by half the variance of the noise."""
    x, curve = bends(rng)
    device = rng.integers(10, size=len(x))
    y = curve + 0.7 * rng.normal(size=len(x)) + 0.7 * rng.normal(size=10)[device]
    return Sheet(pd.DataFrame({"x": x, "y": y, "device": [f"d{one}" for one in device]}), {})
