"""What two kinds of noise decide: never by few rows, and by the rule where there are enough."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.workflow.regression.test_tails import OUTCOME, TERMS, draws
from workflow.regression.rivals import Rivals, prob_heavy, scalars, share_explained
from workflow.regression.tails import GAUSSIAN, STUDENT, UNDECIDED, Fitted, quick_elpd
from workflow.regression.weights import mean_weights
from workflow.scoring.elpd import Difference

P = (np.arange(200) + 0.5) / 200
MANY = pd.DataFrame({"a": np.linspace(-3, 3, 200)}, index=range(2, 202))
DIMS = ("chain", "draw")


def posterior(slope: float = 1.0, **noise: float) -> xr.Dataset:
    """Draws close to one point, with `beta` the slope."""
    jitter = 1e-3 * np.random.default_rng(5).normal(size=(2, 200))
    values = {name: (DIMS, value + jitter) for name, value in noise.items()}
    slopes = ((*DIMS, "term"), slope + jitter[..., None])
    about = {"intercept": (DIMS, jitter), "slope": slopes, "beta": slopes}
    return xr.Dataset({**values, **about}, coords={"term": ["a"]})


def rivals(outcome: pd.Series, terms: pd.DataFrame = MANY) -> Rivals:
    """A Gaussian fit that has an elpd, and a Student-t one whose gap to it is not known."""
    sd = float((outcome - terms["a"]).std())
    elpd = quick_elpd(posterior(sigma=max(sd, 0.1)), terms, outcome)
    none = Fitted(xr.Dataset(), None, None)  # type: ignore[arg-type]
    return Rivals(none, replace(none, elpd=elpd), None, terms, outcome, slice(None))


@pytest.mark.parametrize("noise", [STUDENT, GAUSSIAN])
def test_another_posterior_is_judged_beside_the_same_rival(noise: str) -> None:
    """Of noise with rows far off the Student-t is preferred; one that is wrong by itself, not."""
    shuffled = np.random.default_rng(8).permutation(200)
    tails, thin = np.tan(np.pi * (P - 0.5)), np.sin(np.pi * (P - 0.5))
    off = (tails if noise == STUDENT else thin)[shuffled]
    mine = posterior(nu=2.5, scale=1.0)
    assert rivals(MANY["a"] + off).decide(mine, 0.975)[0] == f"{noise}; up: a"


def test_few_rows_and_a_failed_rival_decide_directions_alone() -> None:
    few, mine = MANY.head(99), posterior(nu=3.0, scale=1.0)
    assert rivals(few["a"], few).decide(mine, 0.975) == (f"{UNDECIDED}; up: a",)
    both = rivals(MANY["a"])
    failed = replace(both, gaussian=replace(both.gaussian, elpd=None))
    assert failed.decide(mine, 0.975) == (f"{UNDECIDED}; up: a",)


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
    assert list(scalars(nu, None)) == ["prob_nu_below_10"]
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
