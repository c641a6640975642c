"""What two kinds of noise decide, under the prior of the analysis and under another one."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from scipy import stats

from models.linear_regression import gaussian
from models.robust_regression import student_t
from tests.conftest import SEED
from tests.workflow.regression.test_tails import OUTCOME, TERMS, draws
from workflow.regression import gaussian_loo
from workflow.regression.rivals import Rivals, assess, prob_heavy, scalars, share_explained
from workflow.regression.tail_elpd import LeftOut
from workflow.regression.tails import GAUSSIAN, STUDENT, UNDECIDED, Fitted
from workflow.regression.weights import mean_weights
from workflow.sampling.fit import CompiledPyMCModel, compile_nuts, data_of, refit
from workflow.scoring.elpd import Difference, Elpd

P = (np.arange(200) + 0.5) / 200
MANY = pd.DataFrame({"a": np.linspace(-3, 3, 200)}, index=range(2, 202))
DIMS = ("chain", "draw")
GAP = Difference(0.3, 0.6, 0.01, 200)


def posterior(slope: float = 1.0, **noise: float) -> xr.Dataset:
    """Draws close to one point, with `beta` the slope."""
    jitter = 1e-3 * np.random.default_rng(5).normal(size=(2, 200))
    values = {name: (DIMS, value + jitter) for name, value in noise.items()}
    slopes = ((*DIMS, "term"), slope + jitter[..., None])
    about = {"intercept": (DIMS, jitter), "slope": slopes, "beta": slopes}
    return xr.Dataset({**values, **about}, coords={"term": ["a"]})


def rivals(outcome: pd.Series, terms: pd.DataFrame = MANY, gap: Difference | None = GAP) -> Rivals:
    """Two fits; under another prior rows are left out by PSIS, and no refit is allowed."""
    left = LeftOut(None, {}, data_of(gaussian(terms, outcome)), terms, outcome)
    none = Fitted(xr.Dataset(), None, None)  # type: ignore[arg-type]

    def elpds(posterior: xr.Dataset) -> tuple[Elpd, Elpd]:
        return (
            left.of_student(posterior, all_up_to=0, at_most=0, seed=1),
            left.of_gaussian(posterior.attrs.get("prior")),
        )

    return Rivals(none, none, gap, len(outcome), elpds)


@pytest.mark.parametrize("noise", [STUDENT, GAUSSIAN])
def test_another_posterior_is_judged_beside_its_rival(noise: str) -> None:
    """Of noise with rows far off the Student-t is preferred; one that is wrong by itself, not."""
    shuffled = np.random.default_rng(8).permutation(200)
    tails, thin = np.tan(np.pi * (P - 0.5)), np.sin(np.pi * (P - 0.5))
    off = (tails if noise == STUDENT else thin)[shuffled]
    mine = posterior(nu=2.5, scale=1.0)
    assert rivals(MANY["a"] + off).decide(mine, 0.975)[0] == f"{noise}; up: a"


def test_the_rival_moves_with_the_prior() -> None:
    """A Gaussian whose slope is held at 0 predicts worse: its elpd is that of the same prior."""
    outcome = MANY["a"] + np.sin(np.pi * (P - 0.5))[np.random.default_rng(8).permutation(200)]
    mine = posterior(nu=30.0, scale=0.7)
    held = mine.assign_attrs(prior={"r2": 1e-6, "nu_mean": 20.0})
    both = rivals(outcome)
    assert both.decide(mine, 0.975)[0] != f"{STUDENT}; up: a"
    assert both.decide(held, 0.975) == (f"{STUDENT}; up: a",)
    exact = gaussian_loo.elpd(data_of(gaussian(MANY, outcome, r2=1e-6)), list(MANY.index))
    assert both.elpds(held)[1].total == pytest.approx(exact.total)


def test_a_row_that_cannot_be_left_out_is_not_judged() -> None:
    """Its densities hang on a few draws: then no noise is preferred, and none is the same.

    Under the prior of the analysis (of ADVI, say) its noise stands, and directions are compared.
    """
    wide = posterior(nu=2.5, scale=1.0)
    spread = np.random.default_rng(6).standard_t(2, size=(2, 200))
    wide["scale"] = (DIMS, np.exp(spread))
    both = rivals(MANY["a"] + np.tan(np.pi * (P - 0.5)))
    assert both.decide(wide.assign_attrs(prior={"r2": 0.4}), 0.975) == ()
    assert both.decide(wide, 0.975) == (f"{UNDECIDED}; up: a",)


def test_without_a_comparison_directions_alone_are_decided() -> None:
    mine = posterior(nu=3.0, scale=1.0)
    for gap in (None, Difference(22.0, 9.0, np.inf, 200)):
        both = rivals(MANY["a"], gap=gap)
        assert not both.compared
        assert both.noises == (UNDECIDED,)
        assert both.decide(mine, 0.975) == (f"{UNDECIDED}; up: a",)


def test_the_decision_is_that_of_leave_one_out() -> None:
    both = replace(rivals(MANY["a"]), gap=Difference(22.0, 9.0, 0.0, 200))
    mine = posterior(slope=-1)
    assert both.noises == (STUDENT,)
    assert both.decided(mine, 0.975) == (f"{STUDENT}; down: a",)
    near = replace(both, gap=Difference(4.1, 0.1, 0.2, 200))
    assert near.decided(mine, 0.975) == (f"{STUDENT}; down: a", f"{UNDECIDED}; down: a")


def test_scalars() -> None:
    nu = xr.Dataset({"nu": (DIMS, np.r_[[5.0] * 30, [20.0] * 70].reshape(2, 50))})
    assert prob_heavy(nu).value == pytest.approx(0.3)
    for gap in (None, Difference(2.0, 1.0, np.inf, 21)):
        assert list(scalars(nu, gap)) == ["prob_nu_below_10"]
    found = scalars(nu, Difference(2.0, 1.0, 0.1, 21))["elpd_difference"]
    assert (found.value, found.mcse) == (2.0, 0.1)


def test_weights_of_a_few_rows_have_their_lines() -> None:
    one = draws(-40, np.array([0.7, 1.3, -0.15]), nu=3.0, scale=2.0)
    found = mean_weights(xr.concat([one] * 20, "draw"), TERMS.loc[[22]], OUTCOME.loc[[22]])
    z = (OUTCOME[22] - (-40 + TERMS.loc[22].to_numpy() @ [0.7, 1.3, -0.15])) / 2
    assert list(found) == ["weight[22]"]
    assert found["weight[22]"].value == pytest.approx(3 / (3 + z**2))


def test_share_explained_counts_the_sd_of_the_noise() -> None:
    sd = 2 * np.sqrt(3)  # of a Student-t with nu 3 and scale 2
    one = draws(0, np.array([1.0, 0, 0]), log_sd=float(np.log(sd)))
    variance = float(TERMS.iloc[:, 0].var())
    found = share_explained(one, TERMS)
    assert float(found.squeeze()) == pytest.approx(variance / (variance + sd**2))


@pytest.fixture(scope="module")
def compiled() -> CompiledPyMCModel:
    """The Student-t regression on three terms."""
    return compile_nuts(student_t(TERMS, OUTCOME))


def assessed(compiled: CompiledPyMCModel, off: np.ndarray) -> tuple[Rivals, pm.Model]:
    """Two models of a line with these deviations; of the Gaussian only leave-one-out is asked."""
    rng = np.random.default_rng(4)
    terms = pd.DataFrame(rng.normal(size=(len(off), 3)), columns=list(TERMS))
    outcome = 2 * terms["air_flow"] + rng.permutation(off)
    models = student_t(terms, outcome), gaussian(terms, outcome)
    lengths: dict[str, Any] = {"draws": 300, "tune": 300, "chains": 4, "seed": SEED}
    tree = refit(compiled, data_of(models[0]), **lengths)
    both = assess((compiled, compiled), models, (tree, tree), terms, outcome, **lengths)
    return both, models[0]


def test_95_rows_can_tell_and_do_so_under_other_priors(compiled: CompiledPyMCModel) -> None:
    """Noise with the quantiles of a Cauchy: "95 rows cannot tell (+111.8, standard error 8)"."""
    quantiles = (np.arange(95) + 0.5) / 95
    both, model = assessed(compiled, np.tan(np.pi * (quantiles - 0.5)))
    assert both.noises == (STUDENT,)
    for prior in ({"r2": 0.2, "nu_mean": 3.0}, {"r2": 0.95, "nu_mean": 20.0}):
        data: dict[str, Any] = {**data_of(model), **prior}
        tree = refit(compiled, data, draws=250, tune=250, chains=4, seed=SEED)
        posterior = tree["posterior"].to_dataset().assign_attrs(prior=prior)
        decided = both.decide(posterior, 0.975)
        assert all(one.startswith(f"{STUDENT}; up: air_flow") for one in decided)
        own = both.gaussian.elpd
        assert own is not None
        assert abs(both.elpds(posterior)[1].total - own.total) > 0.01  # the rival has moved, too


def test_few_rows_with_gaussian_quantiles_do_not_tell(compiled: CompiledPyMCModel) -> None:
    both, _ = assessed(compiled, stats.norm.ppf((np.arange(60) + 0.5) / 60))
    assert both.compared
    assert both.noises == (UNDECIDED,)
