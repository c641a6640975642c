"""The density of each regression with groups is the one written by hand: (1 | group)."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pymc as pm
import pytest
from scipy import stats
from scipy.special import expit, logit

from models.count_regression import negative_binomial, poisson
from models.linear_regression import gaussian
from models.logistic_regression import bernoulli
from models.ordinal_regression import cumulative
from models.proportion_regression import beta_shares
from models.robust_regression import student_t
from tests.regression import axes_by_hand, scales

N, G = 24, 5
RNG = np.random.default_rng(3)
TERMS = pd.DataFrame({"a": RNG.normal(size=N), "b": RNG.normal(size=N) * 3 + 1})
OF = np.array([*range(G), *RNG.integers(0, G, N - G)])
GROUPS = pd.Series([f"g{i}" for i in OF], TERMS.index)
REAL = pd.Series(RNG.normal(5, 2, N), name="y")
EVENT = pd.Series(RNG.integers(0, 2, N), name="y")
COUNT = pd.Series(RNG.poisson(4, N), name="y")
EXPOSURE = pd.Series(RNG.uniform(0.5, 2, N))
SHARE = pd.Series(RNG.beta(3, 4, N), name="y")
RATING = pd.Series(np.arange(N) % 4, name="y")
SCALES = scales(TERMS)
Z, AXES = SCALES.z(TERMS), axes_by_hand(SCALES.z(TERMS))
BETWEEN, QUICK = 0.7, "FAST_COMPILE"

type Point = dict[str, np.ndarray]


def line(at: Point, spread: float) -> np.ndarray:
    """Return the linear predictor, without its level, in its own unit: terms and groups."""
    offset = np.exp(at["group_tau_log__"]) * at["group_z"]
    found: np.ndarray = spread * at["theta"] @ AXES @ Z.T + offset[OF]
    return found


def shared(at: Point) -> float:
    """Return the log prior of what all have: theta, and the sd and z of groups."""
    tau = np.exp(at["group_tau_log__"])
    own = stats.norm.logpdf(at["theta"]).sum() + stats.norm.logpdf(at["group_z"]).sum()
    return float(own + stats.halfnorm(scale=BETWEEN).logpdf(tau) + at["group_tau_log__"])


def of_gaussian(at: Point) -> float:
    tau, m, s = np.exp(at["tau_log__"]), REAL.mean(), REAL.std()
    mu = m + s * (at["level"] + line(at, 1.0))
    own = stats.norm.logpdf(at["level"]) + stats.gamma(2, scale=0.5).logpdf(tau) + at["tau_log__"]
    return float(stats.norm(mu, s * tau).logpdf(REAL).sum() + own)


def of_student(at: Point) -> float:
    tau, m, s = np.exp(at["tau_log__"]), REAL.mean(), REAL.std()
    excess = np.exp(at["excess_log__"])
    mu = m + s * (at["level"] + line(at, 1.0))
    own = stats.norm.logpdf(at["level"]) + stats.gamma(2, scale=0.5).logpdf(tau) + at["tau_log__"]
    own += stats.expon(scale=18).logpdf(excess) + at["excess_log__"]
    return float(stats.t(2 + excess, mu, s * tau).logpdf(REAL).sum() + own)


def of_bernoulli(at: Point) -> float:
    p = expit(at["level"] + line(at, np.pi / np.sqrt(3) * np.sqrt(3)))  # r2 is .75
    own = stats.norm(0, 2.5).logpdf(at["level"])
    return float(stats.bernoulli(p).logpmf(EVENT).sum() + own)


def rate(at: Point) -> np.ndarray:
    m = np.log(COUNT.sum() / EXPOSURE.sum())
    found: np.ndarray = EXPOSURE.to_numpy() * np.exp(m + at["level"] + line(at, 1.0))
    return found


def of_poisson(at: Point) -> float:
    return float(stats.poisson(rate(at)).logpmf(COUNT).sum() + stats.norm.logpdf(at["level"]))


def of_counts(at: Point) -> float:
    mu, cv = rate(at), np.exp(at["cv_log__"])
    size = 1 / cv**2
    own = stats.norm.logpdf(at["level"]) + stats.halfnorm.logpdf(cv) + at["cv_log__"]
    return float(stats.nbinom(size, size / (size + mu)).logpmf(COUNT).sum() + own)


def of_shares(at: Point) -> float:
    logits, tau = logit(SHARE), np.exp(at["tau_log__"])
    mu = expit(logits.mean() + logits.std() * (at["level"] + line(at, 1.0)))
    phi = (SHARE.mean() * (1 - SHARE.mean()) / SHARE.var() - 1) / tau**2
    own = stats.norm.logpdf(at["level"]) + stats.gamma(2, scale=0.5).logpdf(tau) + at["tau_log__"]
    return float(stats.beta(mu * phi, (1 - mu) * phi).logpdf(SHARE).sum() + own)


def of_ratings(at: Point) -> float:
    """The shares at equal ones: their prior and the Jacobian are those without groups."""
    eta = line(at, np.pi / np.sqrt(3))
    cuts = logit(np.arange(1, 4) / 4)
    below = np.column_stack([np.zeros(N), expit(cuts - eta[:, None]), np.ones(N)])
    p = np.diff(below, axis=1)[np.arange(N), RATING]
    return float(np.log(p).sum()) + float(np.log(6)) + float(np.log(4) + 4 * np.log(0.25))


CASES: dict[str, tuple[pm.Model, Callable[[Point], float]]] = {
    "linear": (gaussian(TERMS, REAL, GROUPS, between=BETWEEN), of_gaussian),
    "robust": (student_t(TERMS, REAL, GROUPS, between=BETWEEN), of_student),
    "logistic": (bernoulli(TERMS, EVENT, GROUPS, between=BETWEEN), of_bernoulli),
    "count": (negative_binomial(TERMS, COUNT, EXPOSURE, GROUPS, between=BETWEEN), of_counts),
    "Poisson": (poisson(TERMS, COUNT, EXPOSURE, GROUPS, between=BETWEEN), of_poisson),
    "proportion": (beta_shares(TERMS, SHARE, GROUPS, between=BETWEEN), of_shares),
    "ordinal": (cumulative(TERMS, RATING, [*"abcd"], GROUPS, between=BETWEEN), of_ratings),
}


@pytest.mark.parametrize("case", CASES)
def test_the_density_is_the_one_written_by_hand(case: str) -> None:
    model, by_hand = CASES[case]
    density, rng = model.compile_logp(mode=QUICK), np.random.default_rng(9)
    assert list(model.coords["group"]) == [f"g{i}" for i in range(G)]
    for _ in range(5):
        first = {name: np.asarray(one, float) for name, one in model.initial_point().items()}
        at = {
            name: np.asarray(rng.normal(scale=0.5, size=one.shape)) for name, one in first.items()
        }
        if "share_simplex__" in at:
            at["share_simplex__"] = np.zeros(3)
        assert float(density(at)) == pytest.approx(shared(at) + by_hand(at), rel=1e-10)


@pytest.mark.parametrize("case", CASES)
def test_offsets_are_told_in_the_unit_of_the_linear_predictor(case: str) -> None:
    """In the outcome's own unit, or logits of shares; and not by row, so that rows can be cut."""
    model, _ = CASES[case]
    scale = {"linear": REAL.std(), "robust": REAL.std(), "proportion": logit(SHARE).std()}
    with model:
        tree = pm.sample_prior_predictive(5, random_seed=1, compile_kwargs={"mode": QUICK})
    drawn = tree["prior"].to_dataset()
    sd = scale.get(case, 1.0) * drawn["group_tau"]
    assert drawn["group_sd"].to_numpy() == pytest.approx(sd.to_numpy())
    assert drawn["offset"].to_numpy() == pytest.approx((sd * drawn["group_z"]).to_numpy())
    assert all("row" not in one.dims for one in drawn.data_vars.values())
