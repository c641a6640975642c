"""Equal rows that are counted: the density of all rows, and no kind taken for another."""

import numpy as np
import pandas as pd
import pytest

from models._counted import Counted
from models.logistic_regression import bernoulli, of_counts

KNOBS = [{"r2": 0.3, "level_sd": 1.0}, {"slope_sd": 0.7}]


def table(n: int) -> tuple[pd.DataFrame, pd.Series]:
    """Few kinds of rows: levels, a small count, and a number far from 0; and events."""
    rng = np.random.default_rng(5)
    x = pd.DataFrame({"a": rng.integers(0, 2, n), "b": rng.poisson(1.5, n)}, dtype=float)
    x["c"] = 1e6 + 0.001 * rng.integers(0, 3, n)
    p = 1 / (1 + np.exp(1 - 0.5 * x["a"] - 0.2 * x["b"]))
    return x, pd.Series((rng.random(n) < p).astype(int), name="y")


@pytest.mark.parametrize("knobs", KNOBS)
def test_the_density_is_that_of_all_rows(knobs: dict[str, float]) -> None:
    terms, outcome = table(20_000)
    rows = Counted.of(terms, outcome)
    assert rows
    assert len(rows.trials) < 60
    assert (rows.trials.sum(), rows.events.sum()) == (20_000, outcome.sum())
    by_row, counted = bernoulli(terms, outcome, **knobs), of_counts(rows, **knobs)
    one, other, rng = by_row.compile_logp(), counted.compile_logp(), np.random.default_rng(1)
    for _ in range(4):
        at = {
            name: value + rng.normal(0, 0.5, np.shape(value))
            for name, value in by_row.initial_point().items()
        }
        assert other(at) == pytest.approx(one(at), abs=1e-8, rel=1e-12)
    assert [v.name for v in counted.free_RVs] == [v.name for v in by_row.free_RVs]
    assert {v.name for v in counted.deterministics} == {v.name for v in by_row.deterministics}


def test_rows_that_are_told_apart_by_the_last_digit_are_two_kinds() -> None:
    x = pd.DataFrame({"a": [1.0, np.nextafter(1.0, 2), 1.0, 0.0]})
    found = Counted.of(x, pd.Series([1, 1, 0, 0]))
    assert found
    assert sorted(zip(found.x[:, 0], found.trials, found.events, strict=True)) == [
        (0.0, 1, 0),
        (1.0, 2, 1),
        (np.nextafter(1.0, 2), 1, 1),
    ]


def test_kinds_of_one_hash_are_not_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    terms, outcome = table(50)

    def same(data: pd.DataFrame, *, index: bool) -> pd.Series:
        return pd.Series(np.zeros(len(data), dtype=np.uint64))

    monkeypatch.setattr(pd.util, "hash_pandas_object", same)
    assert Counted.of(terms, outcome) is None
