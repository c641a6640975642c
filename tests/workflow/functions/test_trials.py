"""Expected improvement against quadrature, a batch against its own result made up, and boxes."""

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import integrate, stats

from tests.conftest import SEED
from workflow.functions.boxes import Box, explored
from workflow.functions.improvement import expected_improvement, prob_better
from workflow.functions.surrogate import Tried, some_of
from workflow.functions.trials import STOP, TRY, Search

RNG = np.random.default_rng(SEED)
X, Z = RNG.uniform(0, 1, size=(12, 2)), RNG.uniform(0, 1, size=(60, 2))


def truth(x: np.ndarray) -> np.ndarray:
    return np.asarray(4 - 10 * ((x - 0.3) ** 2).sum(axis=-1))


@pytest.mark.parametrize("mean", [-40.0, -3.0, -0.5, 0.0, 0.7, 4.0])
@pytest.mark.parametrize("sd", [1e-3, 0.3, 2.0])
def test_expected_improvement_is_the_integral(mean: float, sd: float) -> None:
    best = 0.2
    at = stats.norm(mean, sd)

    def gain(f: float) -> float:
        return (f - best) * float(at.pdf(f))

    ends = sorted({best, max(best, mean), max(best, mean + 12 * sd)})
    pieces = itertools.pairwise(ends)
    expected = sum(integrate.quad(gain, *one, epsabs=1e-14, epsrel=1e-11)[0] for one in pieces)
    found = expected_improvement(np.array(mean), np.array(sd), best)
    assert found == pytest.approx(expected, rel=1e-8, abs=1e-12)
    assert prob_better(np.array(mean), np.array(sd), best) == pytest.approx(at.sf(best), abs=1e-14)


def test_where_nothing_is_unknown_the_improvement_is_certain() -> None:
    assert expected_improvement(np.array([1.0, 3.0]), np.zeros(2), 2.0).tolist() == [0.0, 1.0]
    assert prob_better(np.array([1.0, 3.0]), np.zeros(2), 2.0).tolist() == [0.0, 1.0]


def posterior(chains: int = 4, n: int = 15, *, sigma: float = 0.1) -> xr.Dataset:
    rng = np.random.default_rng(SEED)
    shape = chains, n
    return xr.Dataset(
        {
            "log_length": (("chain", "draw", "column"), -0.5 + 0.3 * rng.normal(size=(*shape, 2))),
            "sigma_f": (("chain", "draw"), np.exp(0.5 + 0.2 * rng.normal(size=shape))),
            "sigma": (("chain", "draw"), sigma * np.exp(0.2 * rng.normal(size=shape))),
        }
    )


def search(sign: int = 1, worth: float = 0.01) -> Search:
    y = sign * truth(X)
    return Search(Tried(X, y, float(y.mean()), 1.0, 1e-8), Z, worth, sign)


def test_to_minimise_is_to_maximise_with_the_signs_turned() -> None:
    up, down = (search(sign) for sign in (1, -1))
    one, other = (of.seen(posterior())[0] for of in (up, down))
    assert one.improvement == pytest.approx(other.improvement, rel=1e-9, abs=1e-12)
    assert one.mean == pytest.approx(-other.mean, abs=1e-9)
    trials = [
        of.batch(posterior(), seen, 3, seed=1)[0].at for of, seen in ((up, one), (down, other))
    ]
    assert trials[0] == trials[1] == int(one.improvement.argmax())


def test_a_made_up_result_is_learnt_from_as_a_real_one_would_be() -> None:
    """At one draw: the second trial by rank-one updates, and by a process of one more row."""
    from workflow.functions.trials import Fantasies

    one = search()
    draw = some_of(posterior(), 1)
    kept = np.arange(len(Z))
    waiting = Fantasies(one, draw, kept, np.random.default_rng(3))
    at = int(waiting.improvement()[0].argmax())
    before = waiting.mean[0, at], waiting.variance[0, at]
    waiting.imagine(at)
    noise = draw[0][2] ** 2 + one.tried.jitter
    made_up = before[0] + np.sqrt(before[1] + noise) * np.random.default_rng(3).normal()
    more = Tried(
        np.vstack([X, Z[at]]), np.append(one.tried.y, made_up), one.tried.mean, 1.0, 1e-8
    ).given(*draw[0])
    mean, variance, _ = more.at(np.concatenate([Z, X]))
    assert waiting.mean[0] == pytest.approx(mean, abs=1e-8)
    assert waiting.variance[0] == pytest.approx(variance, abs=1e-8)
    gains = expected_improvement(
        mean[: len(Z)], np.sqrt(np.maximum(variance[: len(Z)], 0)), max(*mean[len(Z) :], mean[at])
    )
    assert waiting.improvement()[0] == pytest.approx(gains, abs=1e-7)


def test_a_batch_is_of_different_settings_and_ends_where_nothing_is_worth_it() -> None:
    one = search(worth=0.05)
    seen, of_tried = one.seen(posterior())
    trials = one.batch(posterior(), seen, 5, seed=1)
    assert len({trial.at for trial in trials}) == len(trials)
    assert all(trial.improvement.value >= one.worth for trial in trials[1:])
    gains = [trial.improvement.value for trial in trials]
    assert gains[0] == pytest.approx(seen.improvement.max(), rel=1e-9)
    assert of_tried.mean.max() == pytest.approx(truth(X).max(), abs=0.3)
    assert one.decide(posterior())[0] == TRY
    dear = search(worth=100.0)
    assert dear.decide(posterior()) == (STOP,)
    assert len(dear.batch(posterior(), seen, 5, seed=1)) == 1


def test_a_small_pool_with_noise_is_tried_once_each() -> None:
    """Where noise is large, the best setting would be tried again and again within a batch."""
    few = replace(search(worth=1e-9), candidates=Z[:3])
    of = posterior(sigma=2.0)
    trials = few.batch(of, few.seen(of)[0], 5, seed=1)
    assert sorted(trial.at for trial in trials) == [0, 1, 2]


def test_monte_carlo_error_leaves_both_decisions_tenable() -> None:
    one = search()
    seen, _ = one.seen(posterior())
    first = int(seen.improvement.argmax())
    near = search(worth=float(seen.improvement[first] + seen.error[first]))
    assert near.decide(posterior()) == (STOP, TRY)
    far = search(worth=float(seen.improvement[first] + 3 * seen.error[first]))
    assert far.decide(posterior()) == (STOP,)


def test_settings_of_a_box_are_inside_it_rounded_and_reach_its_best_place() -> None:
    table = pd.DataFrame({"a": X[:, 0], "b": X[:, 1]})
    box = Box.around(table, {"b": (0.0, 2.0)})
    assert box.low.tolist() == [X[:, 0].min(), 0.0]
    found = explored(search(), posterior(), box, seed=SEED)
    assert (found.candidates >= box.low).all()
    assert (found.candidates <= box.high).all()
    assert len(np.unique(found.candidates, axis=0)) == len(found.candidates)
    fine = np.array(np.meshgrid(*map(np.linspace, box.low, box.high, [30, 60]))).reshape(2, -1).T
    one = Search(found.tried, fine, 0.01)
    best = one.seen(posterior())[0].improvement.max()
    assert found.seen(posterior())[0].improvement.max() > 0.97 * best


def test_a_setting_of_few_values_has_no_others() -> None:
    table = pd.DataFrame({"a": [0.0, 1.0, 0.0, 4.0], "b": [1.0, 2.0, 3.0, 9.0]})
    box = Box.around(table, {})
    found = box.at(np.random.default_rng(1).random((200, 2)), np.array([True, True]))
    assert set(found[:, 0]) == {0.0, 1.0, 4.0}
    assert set(found[:, 1]) <= {1.0, 2.0, 3.0, 9.0}
    given = Box.around(table, {"b": (0.0, 4.0)})
    found = given.at(np.random.default_rng(1).random((200, 2)), np.array([True, True]))
    assert set(found[:, 1]) == {0.0, 1.0, 2.0, 3.0, 4.0}
