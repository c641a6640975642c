"""Losses, choices, projections, and the statistics of experiments."""

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from data.ab_test import load
from models.ab_test import conversion
from tests.conftest import SEED
from workflow.deciding.decision import UNDECIDED, choose, is_best, project, regret, surest
from workflow.quantities import Scalar, expectations, label, named, original_scale, summarise
from workflow.rates.experiment import allocation_p, worse_by
from workflow.sampling.fit import CompiledPyMCModel
from workflow.sampling.simulating import simulate


def rates(*means: float, sd: float = 0.01) -> xr.DataArray:
    draws = np.random.default_rng(2).normal(means, sd, size=(4, 1000, len(means)))
    arms = [f"arm {i}" for i in range(len(means))]
    return xr.DataArray(draws, dims=("chain", "draw", "arm"), coords={"arm": arms})


def test_regret_is_zero_for_the_best_and_never_negative() -> None:
    rate = rates(0.1, 0.2, 0.3)
    loss = regret(rate, "arm")
    assert float(loss.min()) == 0
    assert bool(((loss == 0) == is_best(rate, "arm")).all())
    assert float(is_best(rate, "arm").sum("arm").mean()) == 1


def test_choose_needs_a_loss_below_the_limit() -> None:
    assert choose(rates(0.1, 0.3), "arm", 0.001) == ("choose arm 1",)
    even = rates(0.2, 0.21)
    loss = float(regret(even, "arm").mean(("chain", "draw")).min())
    assert choose(even, "arm", loss, errors=0) == (UNDECIDED,)
    assert choose(even, "arm", loss * 1.001, errors=0) == ("choose arm 1",)
    assert set(choose(even, "arm", loss)) == {UNDECIDED, "choose arm 1"}


def test_a_tie_is_no_flip() -> None:
    """Two arms that are equally good: whichever comes out ahead, the other stays tenable."""
    rng = np.random.default_rng(9)
    for _ in range(200):
        draws = rng.normal(0.1, 0.001, size=(4, 500, 2))
        rate = xr.DataArray(draws, dims=("chain", "draw", "arm"), coords={"arm": ["a", "b"]})
        assert {"choose a", "choose b"} == set(choose(rate, "arm", 0.01, errors=4))


def test_worse_by_compares_with_the_rival() -> None:
    rate = rates(0.30, 0.28, 0.34, sd=1e-6)
    worse = worse_by(rate, 0.01).mean(("chain", "draw"))
    assert worse.to_numpy().tolist() == [1, 1, 0]  # control by arm 2; arm 1 by control
    assert worse_by(rate, 0.05).sum() == 0


def test_allocation() -> None:
    """Two arms exactly (two-sided binomial), more by chi-squared; Cookie Cats' published sizes."""
    assert allocation_p([44700, 45489], [1, 1]) == pytest.approx(0.0087, abs=5e-5)
    assert allocation_p([200, 100], [2, 1]) == pytest.approx(1)
    assert allocation_p([10, 20, 30], [1, 1, 1]) == pytest.approx(stats.chi2.sf(10, 2))


def test_simulated_data_come_from_the_posterior() -> None:
    """With the rate fixed, new conversions are Binomial; with it spread, they spread more."""
    arms = load().assign(visitors=[1000, 1000], conversions=[100, 100])
    model = conversion(arms[["arm", "visitors", "conversions"]])
    rate = rates(0.1, 0.5, sd=1e-9).rename(arm="arm").assign_coords(arm=["gate_30", "gate_40"])
    new = simulate(model, rate.to_dataset(name="rate"), ["conversions"], size=400, seed=SEED)
    drawn = new["conversions"].transpose("sample", "arm").to_numpy()
    assert drawn.shape == (400, 2)
    for values, p in zip(drawn.T, (0.1, 0.5), strict=True):
        sd = np.sqrt(1000 * p * (1 - p))
        assert abs(values.mean() - 1000 * p) < 4 * sd / 20
        assert values.std(ddof=1) == pytest.approx(sd, rel=4 / np.sqrt(800))


def test_projection_stops_at_the_first_multiple_that_is_enough(compiled: CompiledPyMCModel) -> None:
    tried = []

    def continuations(multiple: int) -> list[dict[str, np.ndarray]]:
        tried.append(multiple)
        clear = multiple >= 4
        data = {
            "visitors": np.array([500, 500]),
            "conversions_data": np.array([50, 50 + 99 * clear]),
        }
        return [{**data, "guardrail_data": np.array([9, 9])}] * 5

    def decides(posterior: xr.Dataset, data: object) -> bool:
        return choose(posterior["rate"], "arm", 0.001)[0] != UNDECIDED

    found = project(compiled, continuations, decides, seed=SEED)
    assert tried == [2, 4]
    assert found.decided == {2: (0, 5), 4: (5, 5)}
    assert found.enough == 4
    none = project(compiled, continuations, lambda posterior, data: False, seed=SEED)
    assert none.enough is None
    assert list(none.decided) == [2, 4, 8, 16]


def test_expectation_and_its_error() -> None:
    rng = np.random.default_rng(3)
    z = []
    for _ in range(100):
        draws = xr.DataArray(rng.uniform(size=(4, 250)) < 0.3, dims=("chain", "draw"))
        found = expectations("p", draws)["p"]
        z.append((found.value - 0.3) / found.mcse)
    assert np.sqrt(np.mean(np.square(z))) == pytest.approx(1, abs=4 / np.sqrt(200))


def test_a_probability_of_zero_still_has_an_error() -> None:
    never = xr.DataArray(np.zeros((4, 1000), dtype=bool), dims=("chain", "draw"))
    found = expectations("p", never)["p"]
    assert found == Scalar(0.0, 1.5 / 4000)
    assert expectations("p", never, ess=400)["p"].mcse == 1.5 / 400


def test_ratios_have_no_mean() -> None:
    draws = np.random.default_rng(4).normal(size=(4, 1000, 1))
    both = dict.fromkeys(("log_odds", "log1p_lift", "x"), (("chain", "draw", "arm"), draws))
    found = summarise(xr.Dataset(both, coords={"arm": ["a"]}))
    back = original_scale(found)
    assert set(back) == {"odds[a]", "lift[a]", "x[a]"}
    odds, lift, log = back["odds[a]"], back["lift[a]"], found["log_odds[a]"]
    assert (odds.mean, odds.sd, odds.mcse_mean) == (None, None, None)
    assert odds.median == pytest.approx(np.median(np.exp(draws)), rel=1e-3)
    assert odds.upper == pytest.approx(np.exp(log.upper))
    assert lift.lower == pytest.approx(odds.lower - 1)
    assert odds.r_hat == log.r_hat
    assert label("odds[a]") == "a"
    assert list(named(back, "lift")) == ["lift[a]"]


def test_surest_needs_the_probability_asked_for() -> None:
    """Two normal draws that differ by one sd of their difference: P = Phi(1) = .841."""
    means = (0.0, 0.01 * np.sqrt(2))
    posterior = rates(*means).to_dataset(name="rate")
    share = float(is_best(posterior["rate"], "arm").isel(arm=1).mean())
    assert share == pytest.approx(stats.norm.cdf(1), abs=4 * np.sqrt(0.841 * 0.159 / 4000))
    assert surest(posterior, "rate", 0.75) == ("arm 1",)
    assert surest(posterior, "rate", 0.95) == (UNDECIDED,)
    assert surest(posterior, "rate", share - 1e-4) == ("arm 1", UNDECIDED)
    assert surest(posterior, "rate", share + 1e-4) == (UNDECIDED, "arm 1")
    assert surest(posterior, "rate", share - 1e-4, errors=0) == ("arm 1",)
