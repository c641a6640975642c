"""Losses beside one another: densities are those of the models, verdicts by their rule."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from scipy import stats

from analyses import _noises as losses
from data import noise_models, proportion_regression
from data._regression import Regression
from reports.regression import noise_answer
from tests.conftest import SEED
from workflow.checking.diagnostics import Diagnosis
from workflow.quantities import Scalar
from workflow.regression import noise_rivals, noises
from workflow.regression.assessed import Fitted
from workflow.regression.noise_rivals import Beside, decided
from workflow.regression.noises import Noisy
from workflow.scoring.elpd import PSIS, Elpd

STACKS, BOOKED = noise_models.load(), noise_models.load(noise_models.BOOKINGS)
SHARES = proportion_regression.load()
FOUND = {noises.REAL: STACKS, noises.COUNTS: BOOKED, noises.SHARES: SHARES}
EVERY = [(kind, noise) for kind, there in noises.OF.items() for noise in there]
MODE = "FAST_COMPILE"


def drawn(noise: str, found: Regression, draws: int = 3) -> tuple[xr.Dataset, np.ndarray]:
    """Return draws of the prior as a posterior, and PyMC's log density of each row."""
    model = losses.model_of(noise, found, {"r2": 0.5}, 1.0)()
    with model:
        prior = pm.sample_prior_predictive(draws, random_seed=SEED)["prior"].to_dataset()
        tree = xr.DataTree.from_dict({"posterior": prior})
        log_p = pm.compute_log_likelihood(tree, progressbar=False, extend_inferencedata=False)
    return prior, log_p["y"].transpose("chain", "draw", "row").to_numpy()


@pytest.mark.parametrize(("kind", "noise"), EVERY)
def test_the_density_of_each_row_is_that_of_the_model(kind: str, noise: str) -> None:
    """Of Gaussian counts it is the probability of the interval around the count."""
    found = FOUND[kind]
    prior, theirs = drawn(noise, found)
    rows = Noisy(noise, kind, found.terms, found.outcome)
    mine = rows.density(prior.assign_coords(term=list(map(str, found.terms)))).to_numpy()
    if (kind, noise) == (noises.COUNTS, noises.GAUSSIAN):
        line = prior["intercept"].to_numpy()[..., None]
        line = line + prior["slope"].to_numpy() @ found.terms.to_numpy(dtype=float).T
        law = stats.norm(line, prior["sigma"].to_numpy()[..., None])
        y = found.outcome.to_numpy()
        within = np.log(law.cdf(y + 0.5) - law.cdf(y - 0.5))
        some = within > -20  # where the difference of two probabilities has digits
        assert some.mean() > 0.5
        assert mine[some] == pytest.approx(within[some], abs=1e-6)
        return
    assert mine == pytest.approx(theirs, rel=1e-9, abs=1e-9)


def fit(name: str, mean: float, error: float = 0.0, rows: int = 200) -> Fitted:
    """Return a fit whose elpd of each row is `mean` on average, with a little noise of its own."""
    noise = np.random.default_rng(len(name)).normal(0, 0.01, rows)
    pointwise = mean + noise - noise.mean()
    elpd = Elpd(PSIS, tuple(range(rows)), pointwise, np.full(rows, error), np.zeros(rows), 0.7)
    empty: Any = xr.DataArray(0.0)
    return Fitted(name, xr.Dataset(), Diagnosis(()), empty, elpd)


def test_one_is_best_where_all_others_are_worse() -> None:
    fits = [fit("Huber", -1.1), fit("Gaussian", -1.3), fit("Laplace", -1.0)]
    assert decided(fits, 200) == ("Laplace",)


def test_rows_cannot_tell_where_the_difference_is_small() -> None:
    fits = [fit("Huber", -1.005), fit("Gaussian", -1.3), fit("Laplace", -1.0)]
    assert decided(fits, 200) == ("cannot tell: Huber, Laplace",)


def test_what_is_not_known_is_not_ruled_out() -> None:
    fits = [fit("Huber", -2, np.inf), fit("Laplace", -1.0), replace(fit("Gaussian", -2), elpd=None)]
    assert decided(fits, 200) == ("cannot tell: Huber, Laplace, Gaussian",)
    assert decided(fits[::2], 200) == ("cannot tell: Huber, Gaussian",)


def test_monte_carlo_error_makes_decisions_tenable() -> None:
    """5 above, with a rule of 4: an error of 1 leaves both open."""
    fits = [fit("Huber", -1.025, 1 / np.sqrt(200)), fit("Laplace", -1.0)]
    assert decided(fits, 200) == ("Laplace", "cannot tell: Huber, Laplace")
    assert decided(fits, 200, errors=0.1) == ("Laplace",)


def test_the_answer_names_what_is_worse_and_what_cannot_be_told() -> None:
    fits = [fit("negative binomial", -1.0), fit("Poisson", -1.01), fit("Gaussian", -1.5)]
    (decision,) = decided(fits, 200)
    out = Scalar(0.223, 0.001)
    said = noise_answer.answer(fits, decision, 200, "bookings", out)
    assert "cannot tell which of 2 losses predicts unseen bookings best" in said
    assert "below its log predictive density (elpd) come the Poisson deviance by 2.0" in said
    assert "Clearly worse: the squared error by 100.0" in said
    assert "22.3% are ones that bookings cannot have" in said
    (table,) = noise_answer.result(fits, decision, out)
    verdicts = [row[-1] for row in table.rows]
    assert verdicts == ["highest", "cannot tell", "worse"]
    assert [row[3] for row in table.rows] == ["0%", "0%", "22.3%"]
    alone = noise_answer.answer(fits[::2], "negative binomial", 200, "bookings", None)
    assert alone.startswith("Minimise the negative binomial deviance")
    assert "the squared error by 100.0" in alone


def test_the_share_of_impossible_values_is_that_of_the_normal_tail() -> None:
    """Of draws of one point: the mean over the rows of P(below 0) by scipy."""
    model = losses.model_of(noises.GAUSSIAN, BOOKED, {"r2": 0.5}, 1.0)()
    point: dict[str, Any] = {"level": 0.1, "theta": np.array([0.1, -0.1, 0.2]), "tau": 0.8}
    dims = {"level": (), "theta": ("direction",), "tau": ()}
    repeated = {
        name: (("chain", "draw", *dims[name]), np.broadcast_to(value, (1, 400, *np.shape(value))))
        for name, value in point.items()
    }
    posterior = xr.Dataset(repeated)
    found = noise_rivals.impossible(model, posterior, noises.COUNTS, 168, seed=SEED)
    made = model.replace_rvs_by_values([model["intercept"], model["slope"], model["sigma"]])
    own = model.compile_fn(made, on_unused_input="ignore", mode=MODE)
    values = {"level": 0.1, "theta": point["theta"], "tau_log__": np.log(0.8)}
    intercept, slope, sigma = own({k: np.asarray(v) for k, v in values.items()})
    line = intercept + BOOKED.terms.to_numpy(dtype=float) @ slope
    assert found.value == pytest.approx(stats.norm.cdf(-line / sigma).mean(), abs=4 * found.mcse)
    assert 0 < found.mcse < 0.003


def test_many_rows_are_not_judged_under_other_priors() -> None:
    many = pd.DataFrame({"x": np.arange(noise_rivals.JUDGED + 1.0)})
    rows = Noisy(noises.HUBER, noises.REAL, many, many["x"])
    nothing: Any = None
    one = noise_rivals.One(rows, nothing, nothing)
    beside = Beside((one,), (fit("Huber", -1),), {})
    posterior = xr.Dataset(attrs={"prior": {"r2": 0.2}})
    assert beside.decide(posterior) == ()
    assert beside.decide(xr.Dataset()) == ("Huber",)
