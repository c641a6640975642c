"""Leave-one-out of a regression with Gaussian noise, exactly: no draws and no refits.

    y = level + z beta + tau e,  level ~ Normal(0, 1),  beta ~ Normal(0, C)
    tau ~ Gamma(2, 2 / noise)

Given tau, coefficients and data are Gaussian, and a row's density given the others follows from its
residual and its leverage (Rasmussen and Williams, 2006, section 5.4.2). By Bayes' rule that of tau
given the others is that given all rows over that of the row, so one quadrature over log tau does
for each row. Of counts what is scored is the probability of the interval around each (`width`),
which can be held against that of a count. Where rows have groups, offsets are coefficients of a
prior sd that is unknown, too: then there is a quadrature for each place of a lattice of its ratio
to tau.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logsumexp

from workflow.regression.gaussian_given import COARSE, LATTICE, Given, given_of
from workflow.regression.gaussian_lattice import likely_of, several
from workflow.scoring.elpd import QUADRATURE, Elpd, Looked

WHOLE = slice(None)
AT_ONCE = 1000  # rows of which the densities are in memory at every tau
MATTERS = 50.0  # nats below the greatest density: what lies lower adds nothing
CLOSE = 1e-7  # nats that half the step changes, at the end
SEEN, HALVINGS = 16, 20  # places that matter of each row, at least; and steps, at most


def log_densities(z: np.ndarray, y: np.ndarray, covariance: np.ndarray, noise: float) -> np.ndarray:
    """Return log p(y[i] | the other rows) of every row.

    Parameters
    ----------
    z, y
        Standardised terms (row, term) and outcome (row).
    covariance
        Of the prior of beta (term, term); it may be singular.
    noise
        Prior mean of tau.
    """
    return densities([given_of(z, y, covariance, noise)], np.arange(len(y)))


def densities(several: Sequence[Given], rows: np.ndarray) -> np.ndarray:
    """Return the densities of rows, over regressions that count alike."""
    parts = np.split(rows, range(AT_ONCE, len(rows), AT_ONCE))
    return np.concatenate([_over(several, part) for part in parts])


def _over(several: Sequence[Given], part: np.ndarray) -> np.ndarray:
    scored, rest = zip(*(_integrated(given, part) for given in several), strict=True)
    return np.asarray(logsumexp(scored, axis=0) - logsumexp(rest, axis=0))


def _integrated(given: Given, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Integrate over log tau, on a lattice that is refined, where it matters, until it is enough.

    Returns the logarithms of the integrals with what is scored of each row of `at`, and without it.

    A row far off has a tau without it that is far from that with it: there may be several places.
    """
    step, places = COARSE, LATTICE / COARSE
    before = np.full(len(at), np.inf)
    for _ in range(HALVINGS):
        whole = given.log_joint(step * places)
        rest = whole - given.log_rows(at, step * places)
        scored = rest + given.log_around(at, step * places) if given.half else whole[None]
        total, others = logsumexp(scored, axis=1), logsumexp(rest, axis=1)
        found = total - others
        both = np.vstack([rest, scored])
        high = both > both.max(1, keepdims=True) - MATTERS
        if np.all(np.abs(found - before) < CLOSE) and high.sum(1).min() >= SEEN:
            break
        near = places[high.any(0)] + np.array([[-1], [0], [1]])
        places = np.unique(2 * near + np.array([[[-1]], [[0]], [[1]]]))
        before, step = found, step / 2
    return np.asarray(total + np.log(step)), np.asarray(others + np.log(step))


def elpd(
    data: Mapping[str, ArrayLike],
    lines: Sequence[int],
    at: slice | np.ndarray = WHOLE,
    *,
    width: float = 0.0,
) -> Elpd:
    """Return the elpd of `models.linear_regression.gaussian` with these `pm.Data`, without error.

    `lines` are the names of all rows, `at` the positions of those that are looked at. For the
    others stands in what they have given the likeliest tau. With a `width` it is that of the
    probability of the interval of that width around each outcome: of counts 1, in place of the
    density, which may be above 1 and is no probability of a count.
    """
    of = {name: np.asarray(value, dtype=float) for name, value in data.items()}
    every_sd = several(of, width / 2 / float(of["outcome_sd"]))
    given = max(every_sd, key=likely_of)
    every, unit = np.arange(len(of["y_data"])), 0.0 if width else np.log(of["outcome_sd"])
    pointwise = densities(every_sd, every[at]) - unit
    looked = None
    if not isinstance(at, slice):
        scored = given.log_around if width else given.log_rows
        looked = Looked(at, scored(every, given.likeliest()).ravel() - unit)
    rows, known = tuple(int(lines[i]) for i in every[at]), np.zeros(len(pointwise))
    k = np.full_like(known, np.nan)
    return Elpd(QUADRATURE, rows, pointwise, known, k, np.inf, looked=looked)
