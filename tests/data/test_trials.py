"""Rows of counts become rows of trials, which stay together, and have the same likelihood."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from data._table import DataError
from data._trials import LINE
from data.linear_regression import load as numbers
from data.logistic_regression import load, split

FILE = Path(__file__).parents[1] / "own_data/doses.csv"
COUNTS = pd.read_csv(FILE)


@pytest.mark.parametrize(
    "formula",
    [
        "events | trials(n) ~ dose",
        "cbind(events, others) ~ dose",
        "p(events, n) ~ dose",
        "proportion(events, n) ~ dose",
    ],
)
def test_each_notation_makes_a_row_a_trial(formula: str) -> None:
    found = load(FILE, formula)
    assert found.outcome.name == "events"
    assert len(found.outcome) == COUNTS["n"].sum()
    assert found.lines is not None
    by_line = found.outcome.groupby(found.lines).agg(["sum", "size"])
    assert list(by_line["sum"]) == list(COUNTS["events"])
    assert list(by_line["size"]) == list(COUNTS["n"])
    assert list(found.terms["dose"].groupby(found.lines).first()) == list(COUNTS["dose"])
    assert "12 lines, read as 480 rows, one a trial" in found.notes[-1]
    assert LINE in found.beside.groups


def test_the_likelihood_differs_by_a_constant() -> None:
    found = load(FILE, "events | trials(n) ~ dose")
    differences = []
    for slope in (-1.0, 0.3, 2.0):
        p = 1 / (1 + np.exp(-slope * found.terms["dose"]))
        ours = stats.bernoulli(p).logpmf(found.outcome).sum()
        at = 1 / (1 + np.exp(-slope * COUNTS["dose"]))
        differences.append(ours - stats.binom(COUNTS["n"], at).logpmf(COUNTS["events"]).sum())
    assert np.ptp(differences) < 1e-9


def test_the_trials_of_a_line_are_on_one_side() -> None:
    train, held = split(load(FILE, "events | trials(n) ~ dose"), 0.3, seed=1)
    assert train.lines is not None
    sides = [{*train.lines[part.outcome.index]} for part in (train, held)]
    assert not sides[0] & sides[1]
    assert all(sides)
    assert 0.15 < len(held.outcome) / 480 < 0.45


def test_dot_is_not_about_the_counts(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    COUNTS[["dose", "events", "n"]].to_csv(path, index=False)
    assert list(load(path, "events | trials(n) ~ .").terms) == ["dose"]


BAD = {
    "3,1.5,7\n4,2,9\n": "line 2, column 'events': 1.5 is no count",
    "3,8,7\n4,2,9\n": "line 2: 8 successes in 7 trials",
    "3,-1,7\n4,2,9\n": "column 'events': -1 is no count",
    "3,10,900000\n4,2,9\n": "900,009 trials, at most 100,000",
}


@pytest.mark.parametrize("rows", BAD)
def test_what_is_no_count_is_refused(tmp_path: Path, rows: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text("dose,events,n\n" + rows)
    with pytest.raises(DataError) as refused:
        load(path, "events | trials(n) ~ dose")
    assert BAD[rows] in str(refused.value)


def test_counts_and_events_are_sent_to_the_case_that_has_them() -> None:
    for formula, said in (
        ("events | trials(n) ~ dose", "are for logistic_regression"),
        ("events['7'] ~ dose", "use logistic_regression"),
    ):
        with pytest.raises(DataError, match="logistic_regression") as refused:
            numbers(FILE, formula)
        assert said in str(refused.value)


def test_a_formula_names_the_event(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("x,state\n1,ill\n2,well\n3,ill\n5,well\n4,ill\n")
    for formula in ("state['ill'] ~ x", 'state["ill"] ~ x', "state[ill] ~ x"):
        found = load(path, formula)
        assert list(found.outcome) == [1, 0, 1, 0, 1]
        assert found.outcome.name == "state = ill"
    with pytest.raises(DataError, match="never 'sick'"):
        load(path, "state['sick'] ~ x")
