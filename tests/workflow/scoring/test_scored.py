"""Bands of probability, and the log loss that honest probabilities would have."""

import numpy as np
import pytest
from scipy import stats

from workflow.scoring.scored import EDGES, bands, if_honest, score

RNG = np.random.default_rng(2)


def test_log_loss_if_honest_is_that_of_simulations() -> None:
    p = np.array([0, 0.001, 0.3, 0.9, 1.0])
    weights = np.array([5, 10, 1, 2, 3])
    y = RNG.random((100_000, weights.sum())) < np.repeat(p, weights)
    said = np.repeat(p, weights)
    with np.errstate(divide="ignore"):
        losses = -np.where(y, np.log(said), np.log1p(-said)).mean(axis=1)
    found = if_honest(p, weights)
    assert abs(found.value - losses.mean()) < 4 * losses.std() / np.sqrt(len(losses))
    assert found.error == pytest.approx(losses.std(), rel=0.03)


def test_bands_by_hand() -> None:
    p = np.array([0.0005, 0.001, 0.3, 0.3, 1.0])
    y = np.array([0, 1, 1, 0, 1])
    found = bands(y, p, [100, 2, 3, 7, 4], seed=1)
    assert [(b.lower, b.upper, b.cases, b.observed) for b in found] == [
        (0, 0.001, 100, 0),
        (0.001, 0.01, 2, 2),
        (0.1, 0.5, 10, 3),
        (0.999, 1, 4, 4),
    ]
    assert [b.expected for b in found] == pytest.approx([0.05, 0.002, 3, 4])
    assert (found[1].low, found[1].high) == (0, 0)
    assert (found[2].low, found[2].high) == tuple(stats.binom(10, 0.3).ppf([0.025, 0.975]))
    assert (found[3].low, found[3].high) == (4, 4)


def test_bands_cover_every_probability() -> None:
    assert EDGES[0] == 0
    assert EDGES[-1] == 1
    p = RNG.uniform(size=500)
    assert sum(b.cases for b in bands(RNG.binomial(1, p), p, seed=1)) == 500


def test_scores_compare_with_the_first() -> None:
    p = RNG.uniform(0.05, 0.95, 300)
    y = RNG.binomial(1, p)
    found = score(y, {"right": p, "half": np.full(300, 0.5)})
    assert found["right"].against.value == 0
    apart = found["half"].log_loss.value - found["right"].log_loss.value
    assert found["half"].against.value == pytest.approx(apart)
    assert found["half"].parts.discrimination == pytest.approx(0)
