"""Readings with known noise and a common bias: everything is normal, so that all of it is exact.

Small has 3 readings with twice the noise of the prior, and an earlier one: an error of the prior,
or of how the two priors are made one, shows there. Nothing in this model is transformed, so what is
dropped is the Jacobian of one who states the prior for the logarithm of what he samples.
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
from models.known_noise import as_written, readings
from tests.calibration.mutants import Mutant, replaced
from tests.conftest import SEED
from tests.contract import fitted
from workflow.checking.exact import WORST, farthest
from workflow.measuring.gaussian import Instrument
from workflow.measuring.target import CALIBRATE, DONE, MEASURE, Target, with_next
from workflow.quantities import summarise

SPEEDS = load()
OWN = {"prior_mean": 1000.0, "prior_sd": 1000.0, "bias_sd": 50.0, "noise_sd": 80.0}
OWN |= {"n_before": 0.0, "mean_before": 0.0}
PRIORS = [
    {"prior_mean": 700.0, "prior_sd": 40.0, "bias_sd": 90.0, "noise_sd": 60.0},
    {"prior_sd": 200.0, "n_before": 7.0, "mean_before": 790.0},
]
FEW = {"prior_mean": 0.0, "prior_sd": 1.0, "bias_sd": 1.5, "noise_sd": 2.0}
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


def log_density(
    theta: Any,
    *,
    prior_mean: float = 1000.0,
    prior_sd: float = 1000.0,
    bias_sd: float = 50.0,
    noise_sd: float = 80.0,
    n_before: float = 0.0,
    mean_before: float = 0.0,
) -> float:
    """Of quantity and bias, and of each reading by itself; theta are their coordinates."""
    mean, cov = prior(
        prior_mean=prior_mean,
        prior_sd=prior_sd,
        bias_sd=bias_sd,
        noise_sd=noise_sd,
        n_before=n_before,
        mean_before=mean_before,
    )
    error, on = noise_sd / math.sqrt(len(SPEEDS)), cov.sum(axis=0)
    rest = math.sqrt(cov[0, 0] - on[0] ** 2 / on.sum())  # sd of the quantity, the mean known
    total = SPEEDS.mean() + error * theta[0]
    quantity = mean[0] + on[0] / on.sum() * (total - mean.sum()) + rest * theta[1]
    own = stats.multivariate_normal(mean, cov).logpdf([quantity, total - quantity])
    of_readings = stats.norm(total, noise_sd).logpdf(SPEEDS).sum()
    return float(own + math.log(error * rest) + of_readings)


def reference(
    *,
    prior_mean: float = 1000.0,
    prior_sd: float = 1000.0,
    bias_sd: float = 50.0,
    noise_sd: float = 80.0,
    n_before: float = 0.0,
    mean_before: float = 0.0,
) -> dict[str, tuple[float, ...]]:
    """Exact: quantity and bias are jointly normal, and so by regression on the mean of the readings
    given that; their sum is the mean.
    """
    mean, cov = prior(
        prior_mean=prior_mean,
        prior_sd=prior_sd,
        bias_sd=bias_sd,
        noise_sd=noise_sd,
        n_before=n_before,
        mean_before=mean_before,
    )
    on = cov.sum(axis=0)
    gain = on / (on.sum() + noise_sd**2 / len(SPEEDS))
    at, left = mean + gain * (SPEEDS.mean() - mean.sum()), cov - np.outer(gain, on)
    exact = [(at[0], left[0, 0]), (at[1], left[1, 1]), (at.sum(), left.sum())]
    return {
        name: (float(m), math.sqrt(v), 0.0, 0.0)
        for name, (m, v) in zip(("quantity", "bias", "mean"), exact, strict=True)
    }


def wide_prior() -> Mutant:
    return replaced("a prior of the quantity twice as wide", prior_sd=2.0)


def wrong_likelihood() -> Mutant:
    return replaced("a noise half as large as it is", noise_sd=1.0)


def dropped_jacobian() -> Mutant:
    model = small()
    with model:
        pm.Potential("dropped", 1.0 * model["quantity"])
    return Mutant("exponentials of the quantity sampled under the prior of the quantity", model)


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


@pytest.mark.parametrize("knobs", [OWN, *(OWN | one for one in PRIORS)], ids=str)
def test_the_model_as_written_is_the_same(knobs: dict[str, float]) -> None:
    """Wherever quantity and bias are, the logarithms of both densities differ by one number."""
    models = readings(SPEEDS, **knobs), as_written(SPEEDS, **knobs)
    differences = []
    for at in ([0.0, 0.0], [0.5, -1.0], [-2.0, 0.7], [1.0, 3.0]):
        point = {"theta": np.array(at)}
        of = [models[0][name] for name in ("quantity", "bias")]
        values = models[0].replace_rvs_by_values(of)
        quantity, bias = models[0].compile_fn(values, inputs=models[0].value_vars)(point)
        unit = math.hypot(knobs["bias_sd"], knobs["noise_sd"] / 10)
        place = (quantity - SPEEDS.mean()) / unit
        mean, cov = prior(**knobs)
        expected = mean[1] + cov[0, 1] / cov[0, 0] * (quantity - mean[0])
        rest = math.sqrt(cov[1, 1] - cov[0, 1] ** 2 / cov[0, 0])
        other = {"theta": np.array([place, (bias - expected) / rest])}
        logs = [one.compile_logp()(p) for one, p in zip(models, (point, other), strict=True)]
        differences.append(logs[0] - logs[1])
    assert differences == pytest.approx([differences[0]] * 4, abs=1e-7)
