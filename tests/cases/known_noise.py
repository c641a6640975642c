"""Readings with known noise and a common bias: everything is normal, so that all of it is exact.

Small has 3 readings with the noise of the prior, and earlier ones: an error of the prior, or of how
the two priors are made one, shows there. Nothing in this model is transformed, so what is dropped
is the Jacobian of one who states the prior for the logarithm of what he samples.
"""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
from scipy import stats

from analyses.known_noise import main
from data._table import DataError
from data.known_noise import load, read
from models.known_noise import readings
from tests.calibration.mutants import Mutant, replaced
from tests.conftest import SEED
from tests.contract import fitted
from workflow.checking.exact import WORST, farthest
from workflow.measuring.gaussian import Instrument
from workflow.measuring.target import CALIBRATE, DONE, MEASURE, Target, with_next
from workflow.quantities import summarise

SPEEDS = load()
OWN = {"prior_mean": 1000.0, "prior_sd": 1000.0, "bias_sd": 50.0, "noise_sd": 80.0}
PRIORS = [
    {"prior_mean": 700.0, "prior_sd": 40.0, "bias_sd": 90.0, "noise_sd": 60.0},
    {"prior_sd": 200.0, "n_before": 7.0, "mean_before": 790.0},
]
FEW = {"prior_mean": 0.0, "prior_sd": 1.0, "bias_sd": 0.7, "noise_sd": 1.0}
FEW |= {"n_before": 1.0, "mean_before": 0.5}


def shipped(**knobs: float) -> pm.Model:
    return readings(SPEEDS, **knobs)


def small(**knobs: float) -> pm.Model:
    return readings(pd.Series([0.0, 1.0, 0.3], index=range(3)), **FEW | knobs)


def prior(
    *,
    prior_mean: float = 1000.0,
    prior_sd: float = 1000.0,
    bias_sd: float = 50.0,
    noise_sd: float = 80.0,
    n_before: float = 0.0,
    mean_before: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and covariance of quantity and bias, given the earlier readings.

    By the rule of joint normal distributions: of quantity, bias and the earlier mean.
    """
    mean, cov = np.array([prior_mean, 0.0]), np.diag([prior_sd**2, bias_sd**2])
    if not n_before:
        return mean, cov
    both = cov.sum(axis=0)  # covariance of each with their sum, the mean of readings
    gain = both / (cov.sum() + noise_sd**2 / n_before)
    return mean + gain * (mean_before - mean.sum()), cov - np.outer(gain, both)


def log_density(place: Any, lean: Any, **knobs: float) -> float:
    """Of each reading by itself, at the quantity and the bias that two standard numbers mean."""
    mean, cov = prior(**knobs)
    total = (mean + np.linalg.cholesky(cov) @ [float(place), float(lean)]).sum()
    own = stats.norm.logpdf([float(place), float(lean)]).sum()
    noise = knobs.get("noise_sd", 80.0)
    return float(own + stats.norm(total, noise).logpdf(SPEEDS).sum())


def reference(
    *,
    prior_mean: float = 1000.0,
    prior_sd: float = 1000.0,
    bias_sd: float = 50.0,
    noise_sd: float = 80.0,
    n_before: float = 0.0,
    mean_before: float = 0.0,
) -> dict[str, tuple[float, ...]]:
    """Exact: quantity and bias are jointly normal, by regression on the mean of the readings; so
    are place and lean, of which they are linear functions.
    """
    mean, cov = prior(
        prior_mean=prior_mean,
        prior_sd=prior_sd,
        bias_sd=bias_sd,
        noise_sd=noise_sd,
        n_before=n_before,
        mean_before=mean_before,
    )
    root = np.linalg.cholesky(cov)
    on = root.sum(axis=0)  # how the readings' mean hangs on place and lean
    gain = on / (on @ on + noise_sd**2 / len(SPEEDS))
    at, left = gain * (SPEEDS.mean() - mean.sum()), np.eye(2) - np.outer(gain, on)
    ways = {"place": [1, 0], "lean": [0, 1], "quantity": root[0], "bias": root[1], "mean": on}
    start = {"quantity": mean[0], "bias": mean[1], "mean": mean.sum()}
    return {
        name: (start.get(name, 0.0) + np.dot(w, at), math.sqrt(np.dot(w, left) @ w), 0.0, 0.0)
        for name, w in ((one, np.asarray(way, float)) for one, way in ways.items())
    }


def wide_prior() -> Mutant:
    return replaced("a prior of the quantity twice as wide", prior_sd=2.0)


def wrong_likelihood() -> Mutant:
    return replaced("a noise half as large as it is", noise_sd=0.5)


def dropped_jacobian() -> Mutant:
    model = small()
    with model:
        pm.Potential("dropped", model["place"])
    return Mutant("the exponential of place sampled under the prior of place", model)


def test_michelson_as_nist_certifies_it() -> None:
    """Mean 299.8524 and sd .0790105478190518, in thousands of km/s; five experiments."""
    values, _, cells = read()
    assert values.mean() == pytest.approx(852.4, rel=1e-13)
    assert values.std() == pytest.approx(79.01054781905178, rel=1e-13)
    of = values.groupby(cells["experiment"])
    assert of.mean().tolist() == pytest.approx([909.0, 856.0, 845.0, 820.5, 831.5], rel=1e-13)
    sds = [104.926, 61.164, 79.107, 60.042, 54.219]
    assert of.std().tolist() == pytest.approx(sds, abs=5e-4)


def test_known_noise_without_a_bias() -> None:
    """A prior of mean 0 and variance 10, noise 1, five readings of mean 3.2."""
    found = Instrument(0, math.sqrt(10), 0, 1).after(5, 3.2)
    assert found.means[0] == pytest.approx(3.137255, abs=5e-7)
    assert found.sds[0] ** 2 == pytest.approx(0.196078, abs=5e-7)
    assert found.means[1:] == pytest.approx((0, found.means[0]), abs=1e-15)


@pytest.mark.parametrize("knobs", [{}, *PRIORS], ids=str)
def test_the_closed_form_is_the_regression(knobs: dict[str, float]) -> None:
    exact = Instrument(**OWN | knobs).after(len(SPEEDS), float(SPEEDS.mean())).known()
    for name, (mean, sd, *_) in reference(**knobs).items():
        if name in exact:
            assert exact[name].mean == pytest.approx(mean, rel=1e-10, abs=1e-9), name
            assert exact[name].sd == pytest.approx(sd, rel=1e-9), name


@pytest.mark.parametrize("knobs", [{}, *PRIORS], ids=str)
def test_nuts_is_where_the_exact_posterior_is(knobs: dict[str, float]) -> None:
    """Mean, median and both ends of all four, within four Monte Carlo errors."""
    known = Instrument(**OWN | knobs)
    exact = known.after(len(SPEEDS), float(SPEEDS.mean()))
    drawn = fitted("known_noise", **knobs)["posterior"].to_dataset()
    found = summarise(with_next(drawn, known.noise_sd, seed=SEED))
    assert max(farthest(found[name], one) for name, one in exact.known().items()) < WORST
    rule = Target(30.0, known)
    assert rule.exact(len(SPEEDS)) in rule.decide(drawn)
    alike = np.corrcoef(drawn["quantity"].to_numpy().ravel(), drawn["bias"].to_numpy().ravel())
    assert alike[0, 1] == pytest.approx(exact.correlation, abs=4 / math.sqrt(2000))


def run(tmp_path: Path, values: np.ndarray, **options: Any) -> dict[str, Any]:
    """Return the summary of a quick page of some readings, by three operators in turn."""
    path = tmp_path / "own.csv"
    table = pd.DataFrame({"reading": values, "operator": np.resize(["a", "b", "c"], len(values))})
    table.to_csv(path, index=False)
    stated = {"noise_sd": 1.0, "bias_sd": 0.5, "target_sd": 0.6} | options
    main(data=path, out=tmp_path, draws=300, quick=True, quiet=True, seed=SEED, **stated)
    found: dict[str, Any] = json.loads((tmp_path / "known_noise.json").read_text("utf-8"))
    return found


SOUND = 20 + np.random.default_rng(SEED).normal(size=60)
PLACE = np.arange(60)


def test_readings_as_stated_have_no_warning_and_earlier_ones_count(tmp_path: Path) -> None:
    """Forty of sixty are told as number and mean: the posterior is that of all, to 1e-12."""
    mean = float(SOUND[:40].mean())
    known = Instrument(20, 10, 0.5, 1)
    whole = known.after(60, float(SOUND.mean()))
    parts = known.under(n_before=40, mean_before=mean).after(20, float(SOUND[40:].mean()))
    assert parts.means == pytest.approx(whole.means, rel=1e-12, abs=1e-12)
    assert parts.sds == pytest.approx(whole.sds, rel=1e-12)
    prior: dict[str, Any] = {"prior_mean": 20.0, "prior_sd": 10.0, "before": f"40:{mean!r}"}
    found = run(tmp_path, SOUND[40:], reference=20.5, **prior)
    assert len(found["warnings"]) == 1  # of --quick
    assert found["decision"] == DONE
    page = found["quantities"]["quantity"]
    assert abs(page["mean"] - whole.means[0]) < WORST * page["mcse_mean"]
    above, expected = found["scalars"]["prob_above_reference"], whole.distributions()["quantity"]
    assert abs(above["value"] - expected.sf(20.5)) < WORST * above["mcse"]


@pytest.mark.parametrize(
    ("values", "stated", "said", "decision"),
    [
        (2 * SOUND - 20, {}, "state the noise of single readings as it is", DONE),
        (SOUND + 0.03 * PLACE, {"target_sd": 0.505}, "rise from the first reading", MEASURE),
        (SOUND + np.resize([-0.8, 0.8, 0], 60), {"target_sd": 0.4}, "same operator", CALIBRATE),
        (SOUND + 6 * (PLACE == 30), {"reference": 22.5}, "farthest from the mean", DONE),
    ],
    ids=["scatter", "drift", "operators", "a slip"],
)
def test_readings_that_do_not_agree_warn(
    tmp_path: Path, values: np.ndarray, stated: dict[str, float], said: str, decision: str
) -> None:
    found = run(tmp_path, values, **stated)
    warned = " ".join(found["warnings"])
    assert said in warned
    assert ("The accepted value, 22.5, is farther off" in warned) == ("reference" in stated)
    assert found["decision"] == decision
    assert found["answer"].lower().startswith(decision)


def test_what_no_reading_tells_has_to_be_stated(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("reading\n1\n2\n4\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"--noise-sd: .* \(these scatter by 1.528\); --bias-sd"):
        main(data=path, out=tmp_path, target_sd=1.0, quick=True, quiet=True)
