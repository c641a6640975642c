"""Searches by several policies where the truth is known: how far from the best they are, and when.

Each search begins with the same few settings drawn at random. A policy sees the results of the
settings that were tried, and chooses the next among the others. The lengths and sds are either the
likeliest (which is what a plug-in search does: scikit-optimize's, say) or some draws of their
posterior by importance sampling about its mode, in place of NUTS. Source: Jones, Schonlau and Welch
(1998); Snoek, Larochelle and Adams (2012).
"""

from collections.abc import Callable

import numpy as np
from scipy import optimize
from scipy.linalg import cho_solve

from workflow.functions.improvement import expected_improvement
from workflow.functions.surrogate import Tried

JITTER, DRAWS, FIRST = 1e-8, 16, 5  # of the model; of the unknowns; settings that all begin with
STEP, ROUNDS = 1e-3, 100
DF = 6  # of the t that draws are proposed by
SPREAD, NOISE = 0.75, 0.3  # of the prior of lengths, and the mean of that of sigma

type Policy = Callable[[Tried, np.ndarray, np.random.Generator], np.ndarray]  # a score a setting


def search(policy: Policy, x: np.ndarray, y: np.ndarray, trials: int, *, seed: int) -> np.ndarray:
    """Return the best result after each trial, of settings x (row, column) with results y.

    The first `FIRST` are those of the seed, whatever the policy.
    """
    rng = np.random.default_rng(seed)
    tried = list(rng.choice(len(y), FIRST, replace=False))
    while len(tried) < trials:
        rest = np.setdiff1d(np.arange(len(y)), tried)
        score = policy(seen(x[tried], y[tried]), x[rest], rng)
        tried.append(int(rest[score.argmax()]))
    return np.maximum.accumulate(y[tried])


def seen(x: np.ndarray, y: np.ndarray) -> Tried:
    """Return what was tried; the level is as unknown as in the model."""
    sd = float(y.std(ddof=1)) or 1.0
    return Tried(x, y, float(y.mean()), sd, JITTER * sd**2)


def at_random(tried: Tried, rest: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Score settings at random."""
    return rng.random(len(rest))


def plug_in(tried: Tried, rest: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Score settings by expected improvement at the likeliest unknowns, by likelihood alone."""
    return _expected(tried, rest, climbed(tried, prior=False))


def averaged(tried: Tried, rest: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Score settings by expected improvement, averaged over draws of the unknowns."""
    draws = posterior(tried, rng)
    return np.mean([_expected(tried, rest, at) for at in draws], axis=0)


def thompson(tried: Tried, rest: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Score settings by a function drawn from what is known: the unknowns first, then it."""
    at = posterior(tried, rng)[0]
    return tried.given(*_unknowns(at)).drawn(rest, rng)


POLICIES: dict[str, Policy] = {
    "at random": at_random,
    "expected improvement, likeliest lengths": plug_in,
    "expected improvement, averaged": averaged,
    "Thompson sampling": thompson,
}


def posterior(tried: Tried, rng: np.random.Generator, draws: int = DRAWS) -> np.ndarray:
    """Return draws of the logarithms of lengths, sigma_f and sigma, by importance resampling.

    Proposed by a multivariate t about the mode, with the inverse of the curvature there as scale.
    """
    mode = climbed(tried, prior=True)
    values, vectors = np.linalg.eigh(_curvature(tried, mode))
    root = vectors / np.sqrt(np.maximum(values, 0.5))
    z = rng.normal(size=(8 * draws, len(mode)))
    z /= np.sqrt(rng.chisquare(DF, len(z)) / DF)[:, None]
    proposed = mode + z @ root.T
    of = np.array([height(tried, one, prior=True)[0] for one in proposed])
    logs = of + (DF + len(mode)) / 2 * np.log1p((z**2).sum(axis=1) / DF)
    weights = np.minimum(np.exp(logs - logs.max()), np.exp(np.median(logs) - logs.max() + 3))
    return proposed[rng.choice(len(z), draws, p=weights / weights.sum())]


def _start(tried: Tried) -> np.ndarray:
    """Return where to look from: usual lengths, all of the spread, a third of it noise."""
    unit = np.sqrt(tried.x.shape[1]) * np.maximum(tried.x.std(axis=0, ddof=1), 1e-6)
    return np.log([*unit, tried.level, 0.3 * tried.level])


def _unknowns(at: np.ndarray) -> tuple[np.ndarray, float, float]:
    return np.exp(at[:-2]), float(np.exp(at[-2])), float(np.exp(at[-1]))


def height(tried: Tried, at: np.ndarray, *, prior: bool) -> tuple[float, np.ndarray]:
    """Return the log density of the results at the logarithms of the unknowns, and its slope.

    With the prior, that of the logarithms is in it: the default of the model. Without it lengths
    stay within a factor of a thousand of the usual, and sds of the spread.
    """
    usual = _start(tried)
    inside = np.clip(at, usual - 7, usual + 7)
    found, slope = _of_results(tried, inside)
    slope = np.where(at == inside, slope, 0)
    found, slope = found - 10 * float(((at - inside) ** 2).sum()), slope - 20 * (at - inside)
    if not prior:
        return found, slope
    z = (at[:-2] - usual[:-2]) / SPREAD
    sigma_f, sigma = np.exp(np.minimum(at[-2:], 300)) / tried.level
    own = at[-2] - sigma_f**2 / 2 + 2 * (at[-1] - sigma / NOISE) - (z**2).sum() / 2
    prior_slope = np.array([*(-z / SPREAD), 1 - sigma_f**2, 2 - 2 * sigma / NOISE])
    return found + float(own), slope + prior_slope


def _of_results(tried: Tried, at: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the log density of the results and its slope in the logarithms of the unknowns.

    Source: Rasmussen and Williams (2006), equation 5.9.
    """
    length, sigma_f, sigma = _unknowns(at)
    given = tried.given(length, sigma_f, sigma)
    n = len(tried.y)
    inverse = cho_solve((given.factor, True), np.eye(n))
    pull = np.outer(given.weights, given.weights) - inverse
    squares = ((tried.x[:, None] - tried.x[None]) / length) ** 2
    apart = np.sqrt(5 * squares.sum(axis=2))
    near = sigma_f**2 * np.exp(-apart)
    of_lengths = np.einsum("ij,ijk->k", pull * near * (1 + apart) * 5 / 3, squares) / 2
    of_sigma_f = (pull * near * (1 + apart + apart**2 / 3)).sum()
    return given.log_evidence, np.array([*of_lengths, of_sigma_f, sigma**2 * np.trace(pull)])


def climbed(tried: Tried, *, prior: bool) -> np.ndarray:
    """Return where the height is greatest."""
    found = optimize.minimize(
        lambda at: tuple(-one for one in height(tried, at, prior=prior)),
        _start(tried),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": ROUNDS},
    )
    return np.asarray(found.x)


def _curvature(tried: Tried, at: np.ndarray) -> np.ndarray:
    """Return minus the second derivatives with the prior, by differences of the slope."""
    steps = STEP * np.eye(len(at))
    ends = [[height(tried, at + i * one, prior=True)[1] for i in (1, -1)] for one in steps]
    found = -np.array([up - down for up, down in ends]) / (2 * STEP)
    return (found + found.T) / 2


def _expected(tried: Tried, rest: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the expected improvement of settings at unknowns."""
    given = tried.given(*_unknowns(at))
    mean, variance, _ = given.at(np.concatenate([rest, tried.x]))
    best = mean[len(rest) :].max()
    sd = np.sqrt(np.maximum(variance[: len(rest)], 0))
    return expected_improvement(mean[: len(rest)], sd, best)
