"""To make a likelihood as great as it can be is to minimise its loss, as other packages do.

The likelihoods are those of the models that are fitted, as functions of level, theta and scale; the
losses are minimised by statsmodels and scikit-learn, which know nothing of these models.
"""

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import statsmodels.api as sm
from pytensor.gradient import grad
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression, QuantileRegressor
from statsmodels.miscmodels.tmodel import TLinearModel
from statsmodels.othermod.betareg import BetaModel

from data import logistic_regression, noise_models, proportion_regression
from models.count_regression import negative_binomial, poisson
from models.linear_regression import gaussian
from models.logistic_regression import bernoulli
from models.noise_models import BEND, huber, laplace
from models.proportion_regression import beta_shares
from models.robust_regression import student_t
from workflow.regression.noises import ones

STACKS, BOOKED = noise_models.load(), noise_models.load(noise_models.BOOKINGS)
X, Y = sm.add_constant(STACKS.terms), STACKS.outcome.astype(float)
HOURS, COUNTS = sm.add_constant(BOOKED.terms), BOOKED.outcome.astype(float)
NU = 4.0
MODE = "FAST_COMPILE"


@dataclass(frozen=True)
class Likelihood:
    """The density of the outcome of a model, as a function of its parameters; some are fixed."""

    model: pm.Model
    fixed: dict[str, float]

    @cached_property
    def free(self) -> list[Any]:
        return [one for one in self.model.value_vars if one.name not in self.fixed]

    @cached_property
    def both(self) -> Any:
        log_p = self.model.logp(vars=self.model["y"])
        slopes: Any = grad(log_p, self.free)
        inputs = self.model.value_vars
        return self.model.compile_fn([log_p, *slopes], inputs=inputs, mode=MODE)

    def point(self, x: np.ndarray) -> dict[str, np.ndarray]:
        first = self.model.initial_point()
        ends = np.cumsum([first[one.name].size for one in self.free])[:-1]
        parts = zip(self.free, np.split(x, ends), strict=True)
        found = {one.name: part.reshape(first[one.name].shape) for one, part in parts}
        return found | {name: np.array(value) for name, value in self.fixed.items()}

    def surprise(self, x: np.ndarray) -> tuple[float, np.ndarray]:
        value, *slopes = self.both(self.point(x))
        return -float(value), -np.concatenate([np.ravel(one) for one in slopes])

    def greatest(self) -> dict[str, np.ndarray]:
        """Return the point of greatest likelihood, with what the model makes of it."""
        first = self.model.initial_point()
        x = np.concatenate([np.ravel(first[one.name]) for one in self.free])
        for _ in range(4):  # begun again, BFGS forgets a curvature from far away
            x = minimize(self.surprise, x, jac=True, method="BFGS", options={"gtol": 1e-8}).x
        point = self.point(x)
        names = [one.name for one in self.model.deterministics]
        made = self.model.replace_rvs_by_values(self.model.deterministics)
        told = self.model.compile_fn(
            made, inputs=self.model.value_vars, on_unused_input="ignore", mode=MODE
        )(point)
        return dict(zip(names, told, strict=True))


def greatest(model: pm.Model, **fixed: float) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return intercept and slopes of greatest likelihood, and all that goes with them."""
    found = Likelihood(model, fixed).greatest()
    return np.r_[found["intercept"], found["slope"]], found


def same(found: Any, theirs: Any) -> None:
    assert np.asarray(found) == pytest.approx(np.asarray(theirs), rel=1e-6, abs=1e-6)


def test_gaussian_noise_is_the_squared_error() -> None:
    line, found = greatest(gaussian(STACKS.terms, STACKS.outcome))
    theirs = sm.OLS(Y, X).fit()
    same(line, theirs.params)
    same(found["sigma"], np.sqrt(theirs.ssr / len(Y)))


def test_laplace_noise_is_the_absolute_error() -> None:
    """The likelihood, given its scale, is greatest where the line goes through four of the rows.

    So it is enough to look at all choices of four, 5,985, by the density of the model itself.
    """
    model = laplace(STACKS.terms, STACKS.outcome)
    theirs = QuantileRegressor(quantile=0.5, alpha=0, solver="highs").fit(STACKS.terms, Y)
    x, choices = X.to_numpy(), np.array(list(itertools.combinations(range(len(Y)), 4)))
    through = x[choices]
    some = np.abs(np.linalg.det(through)) > 1e-6
    lines = np.linalg.solve(through[some], Y.to_numpy()[choices[some]][..., None])[..., 0]
    data = {one.name: one.get_value() for one in model.data_vars}
    beta = lines[:, 1:] * data["term_sd"] / data["outcome_sd"]
    theta = np.linalg.solve(data["axes"].T, beta.T).T  # of r2 = .5, whose spread is 1
    level = lines @ np.r_[1, data["centre"]] - data["outcome_mean"]
    log_p = model.compile_logp(vars=model["y"], mode=MODE)
    points = zip(level / data["outcome_sd"], theta, strict=True)
    heights = [log_p({"level": a, "theta": b, "tau_log__": np.log(0.2)}) for a, b in points]
    same(lines[int(np.argmax(heights))], np.r_[theirs.intercept_, theirs.coef_])


def test_hubers_noise_is_hubers_loss() -> None:
    """At the scale that statsmodels keeps: that of the residuals of least squares."""
    theirs = sm.RLM(Y, X, M=sm.robust.norms.HuberT(BEND)).fit(update_scale=False, tol=1e-12)
    fixed = float(np.log(theirs.scale / STACKS.outcome.std()))
    line, found = greatest(huber(STACKS.terms, STACKS.outcome), tau_log__=fixed)
    same(found["scale"], theirs.scale)
    same(line, theirs.params)
    assert np.abs(line - sm.OLS(Y, X).fit().params.to_numpy()).max() > 0.01


def test_student_t_noise() -> None:
    model = student_t(STACKS.terms, STACKS.outcome)
    line, found = greatest(model, excess_log__=float(np.log(NU - 2)))
    theirs = TLinearModel(Y, X, fix_df=NU)
    start = np.r_[sm.OLS(Y, X).fit().params, 3.0]
    best = theirs.fit(start_params=start, method="bfgs", gtol=1e-9, maxiter=2000, disp=0)
    same(line, best.params[:4])
    same(found["scale"], best.params[4])


def test_poisson_and_negative_binomial_noise_are_their_deviances() -> None:
    line, _ = greatest(poisson(BOOKED.terms, BOOKED.outcome, ones(BOOKED.outcome)))
    same(line, sm.GLM(COUNTS, HOURS, family=sm.families.Poisson()).fit(tol=1e-12).params)
    line, found = greatest(negative_binomial(BOOKED.terms, BOOKED.outcome, ones(BOOKED.outcome)))
    theirs = sm.NegativeBinomial(COUNTS, HOURS)
    best = theirs.fit(method="newton", tol=1e-12, maxiter=200, disp=0)
    same(line, best.params[:-1])
    same(found["dispersion"], best.params.iloc[-1])


def test_beta_noise() -> None:
    found = proportion_regression.load()
    line, more = greatest(beta_shares(found.terms, found.outcome))
    theirs = BetaModel(found.outcome.astype(float), sm.add_constant(found.terms))
    best = theirs.fit(method="newton", tol=1e-12, maxiter=200, disp=0)
    same(line, best.params[:-1])
    same(np.log(more["precision"]), best.params.iloc[-1])


def test_bernoulli_noise_is_the_cross_entropy() -> None:
    """Of which `noise_models` speaks; two terms of the file of `logistic_regression`."""
    found = logistic_regression.load()
    terms, outcome = found.terms.iloc[:, :2], found.outcome
    line, _ = greatest(bernoulli(terms, outcome))
    z = (terms - terms.mean()) / terms.std()
    theirs = LogisticRegression(C=np.inf, tol=1e-12, max_iter=1000).fit(z, outcome)
    slope = theirs.coef_[0] / terms.std().to_numpy()
    same(line, np.r_[theirs.intercept_ - slope @ terms.mean().to_numpy(), slope])


def test_bookings_are_what_their_codebook_says() -> None:
    """The file is what the lines of data/noise_models.md make."""
    text = (noise_models.PATH.parent / "noise_models.md").read_text(encoding="utf-8")
    code = text.partition("```python\n")[2].partition("```")[0]
    made: dict[str, Any] = {}
    exec(code.rpartition("pd.DataFrame")[0], made)
    pd.testing.assert_frame_equal(
        pd.DataFrame(made["table"]), pd.read_csv(noise_models.BOOKINGS), check_dtype=False
    )
