"""Many rows by what they come to: the density of all rows, to the last digits."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from models._sums import BLOCK, Sums
from models.linear_regression import gaussian, of_sums
from models.sparse_regression import horseshoe, horseshoe_of_sums, laplace, laplace_of_sums

KNOBS = [{}, {"r2": 0.9, "noise": 0.3}, {"slope_sd": 0.7}]


def table(n: int, k: int = 8) -> tuple[pd.DataFrame, pd.Series]:
    """Terms far from 0, two of them nearly collinear, one of 0 and 1, and an outcome."""
    rng = np.random.default_rng(2026)
    x = pd.DataFrame(rng.normal(size=(n, k)), columns=[f"x{i}" for i in range(k)])
    x["x1"] = 1e4 + x["x0"] + 1e-3 * x["x1"]
    x["x2"] = (x["x2"] > 0).astype(float)
    return x, pd.Series(x.to_numpy() @ rng.normal(size=k) + rng.normal(size=n), name="y")


def in_more_digits(
    terms: pd.DataFrame,
    outcome: pd.Series,
    sums: Sums,
    at: dict[str, np.ndarray],
    knobs: dict[str, float],
) -> float:
    """The log likelihood, row by row, in the longest numbers that there are."""
    long = np.longdouble
    z = (terms.to_numpy().astype(long) - sums.centre) / sums.scale.astype(long)
    r2 = long(knobs.get("r2", 0.5))
    spread = np.sqrt(r2 / (1 - r2))
    beta = at["beta"] if "beta" in at else spread * (at["theta"].astype(long) @ sums.axes)
    tau = np.exp(long(at["tau_log__"]))
    y = (outcome.to_numpy().astype(long) - sums.mean) / long(sums.sd)
    left = (y - long(at["level"]) - z @ beta) / tau
    each = -np.log(tau * long(sums.sd)) - np.log(2 * long(np.pi)) / 2 - left**2 / 2
    return float(each.sum())


@pytest.mark.parametrize("knobs", KNOBS)
@pytest.mark.parametrize("n", [10, 1000, BLOCK, BLOCK + 1])
def test_the_density_is_that_of_all_rows(n: int, knobs: dict[str, float]) -> None:
    """Far from the posterior: to 1e-12 of a density of up to a million, by more digits."""
    terms, outcome = table(n)
    sums = Sums.of(terms, outcome)
    by_row, summed = gaussian(terms, outcome, **knobs), of_sums(sums, **knobs)
    one, other, rng = by_row.compile_logp(), summed.compile_logp(), np.random.default_rng(1)
    likelihood = summed.compile_fn(summed.logp(vars=summed.potentials), on_unused_input="ignore")
    for _ in range(4):
        at = {
            name: value + rng.normal(0, 0.3, np.shape(value))
            for name, value in by_row.initial_point().items()
        }
        expected = in_more_digits(terms, outcome, sums, at, knobs)
        assert likelihood(at) == pytest.approx(expected, abs=1e-8, rel=1e-12)
        assert other(at) == pytest.approx(one(at), abs=1e-8, rel=1e-12)
    assert [v.name for v in summed.free_RVs] == [v.name for v in by_row.free_RVs]
    assert {v.name for v in summed.deterministics} == {v.name for v in by_row.deterministics}


def test_where_the_sampler_goes_100_000_rows_are_known_to_1e_8() -> None:
    terms, outcome = table(BLOCK)
    sums, knobs = Sums.of(terms, outcome), {"slope_sd": 0.7}
    summed, rng = of_sums(sums, **knobs), np.random.default_rng(3)
    likelihood = summed.compile_fn(summed.logp(vars=summed.potentials), on_unused_input="ignore")
    best, *_ = np.linalg.lstsq(sums.root[:, :-1], sums.root[:, -1])
    tau = np.linalg.norm(sums.root @ [*best, -1]) / np.sqrt(sums.rows)
    for _ in range(4):
        near = best + rng.normal(0, 1e-3, len(best))
        at = {"level": near[0], "beta": near[1:], "tau_log__": np.log(tau) + rng.normal(0, 1e-3)}
        at = {name: np.asarray(value) for name, value in at.items()}
        expected = in_more_digits(terms, outcome, sums, at, knobs)
        assert likelihood(at) == pytest.approx(expected, abs=1e-8, rel=0)


def test_digits_of_collinear_terms_are_kept_where_squares_would_lose_them() -> None:
    terms, outcome = table(5000)
    terms["x1"] = 1e4 + terms["x0"] * (1 + 1e-9)
    sums = Sums.of(terms, outcome)
    z = (terms - terms.mean()) / terms.std()
    direct = float(((z["x0"] - z["x1"]) ** 2).sum())
    weights = np.array([0, 1, -1, *[0] * 7])
    assert direct < 1e-8
    assert float(((sums.root @ weights) ** 2).sum()) == pytest.approx(direct, rel=1e-3)


@pytest.mark.parametrize("n", [30, BLOCK + 1])
@pytest.mark.parametrize(
    ("by_row", "summed", "knobs"),
    [
        (laplace, laplace_of_sums, {}),
        (laplace, laplace_of_sums, {"r2": 0.9, "noise": 0.3}),
        (horseshoe, horseshoe_of_sums, {}),
        (horseshoe, horseshoe_of_sums, {"relevant": 2.0, "slab": 0.5, "noise": 0.3}),
    ],
)
def test_the_posterior_of_many_terms_is_that_of_all_rows(
    by_row: Any, summed: Any, knobs: dict[str, float], n: int
) -> None:
    """Prior and Jacobians included; what is held back knows the number of rows itself."""
    terms, outcome = table(n)
    rows, sums = by_row(terms, outcome, **knobs), summed(Sums.of(terms, outcome), **knobs)
    one, other = (model.compile_logp(mode="FAST_COMPILE") for model in (rows, sums))
    rng = np.random.default_rng(1)
    for _ in range(4):
        at = {
            name: value + rng.normal(0, 0.3, np.shape(value))
            for name, value in rows.initial_point().items()
        }
        assert other(at) == pytest.approx(one(at), abs=1e-7, rel=1e-11)
    assert [v.name for v in sums.free_RVs] == [v.name for v in rows.free_RVs]
    assert {v.name for v in sums.deterministics} == {v.name for v in rows.deterministics}
