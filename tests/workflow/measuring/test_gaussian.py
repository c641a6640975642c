"""The closed form against a grid, the sizes that reach a target, and what stays."""

import math

import numpy as np
import pytest
from scipy import stats

from workflow.measuring.gaussian import Instrument
from workflow.measuring.target import CALIBRATE, DONE, MEASURE, Target

KNOWN = [
    Instrument(3, 2, 0.5, 1),
    Instrument(-1, 0.3, 0.7, 2, 4, 0.5),
    Instrument(1000, 1000, 50, 80),
]


@pytest.mark.parametrize("known", KNOWN, ids=str)
def test_the_posterior_is_what_a_grid_adds_up_to(known: Instrument) -> None:
    n, mean = 6, known.prior_mean + 0.8 * known.prior_sd
    found = known.after(n, mean)
    wide = [np.linspace(-9, 9, 2001) * sd for sd in found.sds[:2]]
    q, b = np.meshgrid(found.means[0] + wide[0], found.means[1] + wide[1], indexing="ij")
    log = stats.norm(known.prior_mean, known.prior_sd).logpdf(q)
    log += stats.norm(0, known.bias_sd).logpdf(b)
    log += stats.norm(q + b, known.noise_sd / math.sqrt(n)).logpdf(mean)
    if known.n_before:
        error = known.noise_sd / math.sqrt(known.n_before)
        log += stats.norm(q + b, error).logpdf(known.mean_before)
    p = np.exp(log - log.max())
    p /= p.sum()
    for at, x in enumerate((q, b, q + b)):
        m = float((p * x).sum())
        assert m == pytest.approx(found.means[at], abs=1e-6 * found.sds[at])
        sd = math.sqrt(float((p * (x - m) ** 2).sum()))
        assert sd == pytest.approx(found.sds[at], rel=1e-6)
    together = float((p * (q - found.means[0]) * (b - found.means[1])).sum())
    assert together / found.sds[0] / found.sds[1] == pytest.approx(found.correlation, rel=1e-6)


@pytest.mark.parametrize("known", KNOWN, ids=str)
def test_the_mean_gets_known_and_the_quantity_does_not(known: Instrument) -> None:
    many = np.array([1e6, 4e6])
    means, quantities = known.sd_of_mean(many), known.sd_of_quantity(many)
    assert means[0] / means[1] == pytest.approx(2, rel=1e-4)
    assert quantities == pytest.approx([known.floor] * 2, rel=1e-4)
    assert known.sd_of_quantity(0) >= known.sd_of_quantity(5) > known.floor
    now = known.sd_of_quantity(5) ** 2
    assert known.reducible(5) ** 2 + known.floor**2 == pytest.approx(now, rel=1e-9)


@pytest.mark.parametrize("known", KNOWN, ids=str)
def test_so_many_readings_reach_a_target_and_one_less_does_not(known: Instrument) -> None:
    target = 1.02 * known.floor
    needed = math.ceil(known.needed(target))
    assert known.sd_of_quantity(needed) <= target * (1 + 1e-12)
    assert needed == 0 or known.sd_of_quantity(needed - 1) > target
    assert known.needed(0.99 * known.floor) == math.inf
    assert known.needed(1.01 * known.prior_sd) == 0
    rule = Target(target, known)
    assert rule.exact(needed) == DONE
    assert needed == 0 or rule.exact(needed - 1) == MEASURE
    assert Target(0.99 * known.floor, known).exact(10**9) == CALIBRATE


@pytest.mark.parametrize("known", KNOWN, ids=str)
def test_a_bias_known_so_well_reaches_a_target(known: Instrument) -> None:
    target = 0.7 * known.floor
    n = 10 * math.ceil((known.noise_sd / target) ** 2)
    allowed = known.bias_allowed(target, n)
    assert known.under(bias_sd=allowed).sd_of_quantity(n) == pytest.approx(target, rel=1e-9)
    assert math.isnan(known.under(n_before=0).bias_allowed(0.1 * known.noise_sd, 1)) or (
        known.prior_sd < 0.1 * known.noise_sd
    )
    assert known.bias_allowed(2 * known.prior_sd, 1) == math.inf
