"""Shares of kinds: their posterior is a Dirichlet distribution, each by itself a Beta.

Small has 5 observations and a prior that weighs 8. Without its Jacobian a Dirichlet prior has one
pseudo-count less of each kind.
"""

import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from scipy import integrate, stats

from analyses._expected import of_next
from analyses.mendel_shares import main
from data.mendel_shares import load
from models.mendel_shares import shares
from tests.calibration.mutants import Mutant, doubled, replaced, with_twice_the_sd, without_jacobian
from tests.conftest import SEED
from tests.contract import fitted
from workflow.rates import ratio_course
from workflow.rates.looking import SIMULATED
from workflow.rates.ratio import ALL, CANNOT, HOLDS, NEARLY, NOT, Ratio, log_bayes_factor
from workflow.rates.squares import chi_square, squares

COUNTS = load()
N = COUNTS.to_numpy()
NONE = np.zeros(4)
RATIO = Ratio(tuple(COUNTS.index), np.array([9, 3, 3, 1]) / 16, 0.05, 0.95, 10)
THREE = Ratio(("a", "b", "c"), np.array([0.5, 0.3, 0.2]), 0.2, 0.6, 1.5)
PRIORS: list[dict[str, Any]] = [
    {"concentration": 0.5, "before": (3.0, 0.0, 40.0, 7.0)},
    {"concentration": 30.0},
]
FEW, WEIGHT = 5, 2.0


def shipped(**knobs: Any) -> pm.Model:
    return shares(COUNTS, **knobs)


def small(**knobs: Any) -> pm.Model:
    few = COUNTS * 0
    few.iloc[0] = FEW
    return shares(few, **{"concentration": WEIGHT} | knobs)


def log_density(share: Any, *, concentration: float = 1.0, before: Any = (0, 0, 0, 0)) -> float:
    weights = np.asarray(before, float) + concentration
    p = np.asarray(share) / np.sum(share)
    prior = stats.dirichlet(weights).logpdf(p)
    return float(prior + stats.multinomial(N.sum(), p).logpmf(N))


def reference(
    *, concentration: float = 1.0, before: Any = (0, 0, 0, 0)
) -> dict[str, tuple[float, ...]]:
    """Exact: each share is Beta(a, b), a = concentration + before + count of its kind, b the sum of
    the same of the other kinds.
    """
    weights = concentration + np.asarray(before, float) + N
    exact = stats.beta(weights, weights.sum() - weights)
    moments = zip(COUNTS.index, exact.mean(), exact.std(), strict=True)
    return {f"share[{kind}]": (float(mean), float(sd), 0.0, 0.0) for kind, mean, sd in moments}


def wide_prior() -> Mutant:
    weight, _ = with_twice_the_sd(WEIGHT, 3 * WEIGHT)
    told = f"concentration {weight:g}, with twice the sd of {WEIGHT:g}"
    return replaced(told, concentration=weight)


def wrong_likelihood() -> Mutant:
    return doubled("trials", "count_data")


def dropped_jacobian() -> Mutant:
    return Mutant("no Jacobian of the simplex of the shares", without_jacobian(small(), "share"))


def test_the_known_numbers() -> None:
    """Bayes factor, means and sds, chi-square and its probability."""
    assert math.exp(log_bayes_factor(N, RATIO.expected, 1)) == pytest.approx(3245.63, abs=0.005)
    known = [(0.56429, 0.02093), (0.18214, 0.01630), (0.19464, 0.01672), (0.05893, 0.00994)]
    for (mean, sd, *_), expected in zip(reference().values(), known, strict=True):
        assert (mean, sd) == pytest.approx(expected, abs=6e-6)
    value = float(chi_square(N, RATIO.expected))
    assert value == pytest.approx(0.470, abs=5e-4)
    assert stats.chi2(3).sf(value) == pytest.approx(0.9254, abs=5e-5)


def test_the_bayes_factor_is_a_ratio_of_probabilities() -> None:
    """Of two kinds by quadrature of all shares, of three by the Dirichlet-multinomial of scipy."""
    for a, b, weight in ((0, 1, 1.0), (7, 3, 0.5), (40, 60, 3.0)):
        prior = stats.beta(weight, weight)
        any_share = integrate.quad(
            lambda p, a=a, b=b, prior=prior: p**a * (1 - p) ** b * prior.pdf(p), 0, 1
        )[0]
        expected = math.log(0.25**a * 0.75**b / any_share)
        found = log_bayes_factor(np.array([a, b]), np.array([0.25, 0.75]), weight)
        assert float(found) == pytest.approx(expected, abs=1e-6)
    for counts in ((0, 0, 9), (5, 1, 0), (400, 300, 200)):
        point = stats.multinomial(sum(counts), THREE.expected).logpmf(counts)
        among = stats.dirichlet_multinomial([2.5] * 3, sum(counts)).logpmf(counts)
        found = log_bayes_factor(np.array(counts), THREE.expected, 2.5)
        assert float(found) == pytest.approx(float(point - among), abs=1e-9)


def test_what_was_counted_before_is_worth_as_much() -> None:
    """For every cut: decision and course are those of all at once."""
    rng = np.random.default_rng(SEED)
    codes = rng.permutation(np.repeat(np.arange(4), N))
    whole = ratio_course.course(codes, NONE, RATIO, 1)
    assert whole.counts[-1].tolist() == N.tolist()
    for cut in (1, 300, 555):
        before = np.bincount(codes[:cut], minlength=4).astype(float)
        rest = ratio_course.course(codes[cut:], before, RATIO, 1)
        assert rest.n.tolist() == whole.n[cut:].tolist()
        assert rest.log_factor == pytest.approx(whole.log_factor[cut:], abs=1e-9)
        assert rest.outside == pytest.approx(whole.outside[cut:], abs=1e-12)
        assert RATIO.exact(N - before, before, concentration=1) == HOLDS


def test_each_probability_is_an_integral_and_that_of_all_a_lower_bound() -> None:
    """The bound is below the true probability by no more than how often two are outside."""
    weights = N / 4 + 1
    exact = RATIO.known(weights)
    low, high = RATIO.range
    for k, kind in enumerate(RATIO.kinds):
        one = stats.beta(weights[k], weights.sum() - weights[k])
        expected = integrate.quad(one.pdf, low[k], high[k], epsabs=1e-12)[0]
        assert exact[f"prob_as_expected[{kind}]"] == pytest.approx(expected, abs=1e-8)
    drawn = np.random.default_rng(SEED).dirichlet(weights, size=200_000)
    outside = ((drawn < low) | (drawn > high)).sum(axis=1)
    error = math.sqrt(0.25 / len(drawn))
    assert abs(max(0, 1 - outside.mean()) - exact[ALL]) < 8 * error
    assert exact[ALL] < (outside == 0).mean() + 4 * error


RULED: list[tuple[list[int], str]] = [
    ([315, 101, 108, 32], HOLDS),
    ([9, 3, 3, 1], CANNOT),
    ([5860, 1770, 1770, 600], CANNOT),  # practically so, and the Bayes factor is near 1
    ([580_000, 180_000, 180_000, 60_000], NEARLY),
    ([250, 250, 250, 250], NOT),
    ([900, 300, 300, 0], NOT),  # of the last kind none where 94 were expected
    ([57, 25, 12, 6], CANNOT),
]


@pytest.mark.parametrize(("counts", "decision"), RULED)
def test_the_rule(counts: list[int], decision: str) -> None:
    assert RATIO.exact(np.array(counts), NONE, concentration=1) == decision


def test_draws_decide_as_the_exact_posterior_does() -> None:
    """Under the prior of the analysis and under that of a sweep; what is near the line is open."""
    posterior = fitted("mendel_shares")["posterior"].to_dataset()

    def factor(concentration: float) -> np.ndarray:
        return log_bayes_factor(N, RATIO.expected, concentration)

    assert RATIO.decide(posterior, factor=factor, concentration=1) == (HOLDS,)
    posterior.attrs["prior"] = {"concentration": 3.0}
    assert RATIO.decide(posterior, factor=lambda one: 3 - one, concentration=1) == (CANNOT,)
    assert RATIO.decide(posterior, factor=lambda one: 6 - one, concentration=9) == (HOLDS,)
    near = Ratio(RATIO.kinds, RATIO.expected, 0.05, RATIO.known(N + 1.0)[ALL], 10)
    assert set(near.decide(posterior, factor=factor, concentration=1)) == {HOLDS, CANNOT}
    measured = RATIO.measure(posterior)
    for name, p in RATIO.known(N + 1.0).items():
        assert abs(measured[name].value - p) < 4 * measured[name].mcse, name


def outcomes(n: int, kinds: int) -> Iterator[tuple[int, ...]]:
    """Yield all counts of `n` observations."""
    if kinds == 1:
        yield (n,)
        return
    for first in range(n + 1):
        for rest in outcomes(n - first, kinds - 1):
            yield first, *rest


def exactly_decided(n: int, ratio: Ratio, share: np.ndarray) -> tuple[float, float]:
    """Return how often a rule decides at some look, and for NOT or NEARLY, by every path."""
    going, decided, against = {(0,) * len(share): 1.0}, 0.0, 0.0
    for _ in range(n):
        moved: dict[tuple[int, ...], float] = {}
        for counts, p in going.items():
            for k, q in enumerate(share):
                at = tuple(c + (i == k) for i, c in enumerate(counts))
                moved[at] = moved.get(at, 0.0) + p * q
        going = {}
        for counts, p in moved.items():
            what = ratio.exact(np.array(counts), np.zeros(len(share)), concentration=1)
            if what == CANNOT:
                going[counts] = p
            else:
                decided, against = decided + p, against + p * (what != HOLDS)
    return decided, against


def test_what_looking_does_is_what_every_path_adds_up_to() -> None:
    same = np.tile(THREE.expected, (SIMULATED, 1))
    found = ratio_course.look(25, same, THREE, np.zeros(3), 1, seed=SEED)
    decided, against = exactly_decided(25, THREE, THREE.expected)
    for share, expected in ((found.decided, decided), (found.wrong, against)):
        assert 0.05 < expected < 0.99
        assert abs(share.value - expected) < 4 * math.sqrt(expected * (1 - expected) / SIMULATED)
    assert found.wrong_at_end.value < found.wrong.value
    other = np.tile([0.1, 0.1, 0.8], (SIMULATED, 1))
    elsewhere = ratio_course.look(25, other, THREE, np.zeros(3), 1, seed=SEED)
    decided, against = exactly_decided(25, THREE, other[0])
    wrong = decided - against
    error = math.sqrt(max(wrong * (1 - wrong), 1e-3) / SIMULATED)
    assert abs(elsewhere.wrong.value - wrong) < 4 * error  # there only “holds” is wrong


def test_chi_square_is_held_against_what_all_counts_add_up_to() -> None:
    """Of 12 observations of three kinds, by the probability of each possible count."""
    counts, exact = np.array([7, 2, 3]), stats.multinomial(12, THREE.expected)
    every = np.array(list(outcomes(12, 3)))
    p, values = exact.pmf(every), chi_square(every, THREE.expected)
    mine = float(chi_square(counts, THREE.expected))
    predicted = xr.DataArray(every[None], dims=("chain", "draw", "kind"))
    found = squares(counts, THREE.expected, predicted, seed=SEED)
    sides = ((found.nearer, values <= mine + 1e-9), (found.farther, values >= mine - 1e-9))
    for share, side in sides:
        expected = float(p[side].sum())
        error = math.sqrt(expected * (1 - expected) / share.of)
        assert abs(share.value - expected) < 4 * error
        low, high = share.interval
        assert low < share.value < high
    assert found.predicted.value == pytest.approx((values <= mine + 1e-9).mean())
    assert not found.too_near


def test_the_next_counts_are_dirichlet_multinomial() -> None:
    """Means within four Monte Carlo errors, ends within what the errors of draws allow."""
    tree = fitted("mendel_shares")
    design = {"kind": "shares", "kinds": list(COUNTS.index)}
    found = of_next(tree, design, 80).table.set_index("kind")
    draws = tree["posterior"].to_dataset()["share"]
    for kind, weight in zip(COUNTS.index, N + 1.0, strict=True):
        exact = stats.betabinom(80, weight, (N + 1.0).sum() - weight)
        error = 80 * float(draws.sel(kind=kind).std()) / 30  # 900 effective draws or more
        assert found["mean"][kind] == pytest.approx(exact.mean(), abs=4 * error)
        assert found["sd"][kind] == pytest.approx(exact.std(), rel=0.02)
        for end, tail in (("lower", 0.025), ("upper", 0.975)):
            assert abs(found[end][kind] - exact.ppf(tail)) <= 1


def run(tmp_path: Any, rows: list[str], **options: Any) -> dict[str, Any]:
    """Return the summary of a quick page of a file with these lines."""
    path = tmp_path / "kinds.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    main(data=path, out=tmp_path, draws=300, quick=True, quiet=True, seed=SEED, **options)
    found: dict[str, Any] = json.loads((tmp_path / "mendel_shares.json").read_text("utf-8"))
    return found


def test_counts_that_are_too_good_warn(tmp_path: Any) -> None:
    found = run(tmp_path, ["kind,count", "a,900", "b,300", "c,300", "d,100"], expected="9:3:3:1")
    assert found["decision"] == HOLDS
    assert "too good" in " ".join(found["warnings"])
    assert found["scalars"]["chi2"] == {"value": 0.0, "mcse": None}


def test_rows_that_know_of_one_another_warn(tmp_path: Any) -> None:
    """Three kinds, each plant of its own shares."""
    rng = np.random.default_rng(SEED)
    of_plant = rng.dirichlet([1.5, 1.5, 1.5], size=40)
    rows = [f"{rng.choice(list('abc'), p=of_plant[i // 10])},{i // 10}" for i in range(400)]
    found = run(tmp_path, ["kind,plant_id", *rows])
    assert "Rows are not independent: those with the same plant_id" in " ".join(found["warnings"])
    assert "come in equal shares" in found["question"]


def test_rows_in_order_say_when_it_was_known(tmp_path: Any) -> None:
    """The rule is met by the first 60 rows, of one kind alone, and no longer at the end.

    These are a drift, too.
    """
    rng = np.random.default_rng(SEED)
    rows = ["a"] * 60 + list(rng.permutation(["a"] * 240 + ["b"] * 300 + ["c"] * 300))
    found = run(tmp_path, ["kind", *rows], ordered=True, expected="a=1,b=1,c=1")
    assert f"the rule said “{NOT}”, and that is no longer so" in " ".join(found["warnings"])
    assert "by their order in the file" in " ".join(found["warnings"])
    page = (tmp_path / "mendel_shares.html").read_text("utf-8")
    assert "What does looking so often do?" in page
