"""The loader of logistic regression and its split: what they accept, and what they refuse."""

import contextlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sklearn.datasets import load_breast_cancer

from data._regression import Regression
from data._table import DataError
from data._together import copies, together
from data.logistic_regression import load, split
from tests.conftest import SEED

MANY = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "own.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_shipped_data_are_those_of_scikit_learn() -> None:
    """The ten means in its order; the event is malignant, which it codes 0."""
    found, source = load(), load_breast_cancer()
    names = [name.replace(" ", "_") for name in source.feature_names[:10]]
    assert list(found.terms) == names
    assert (found.terms.to_numpy() == source.data[:, :10]).all()
    assert (found.outcome.to_numpy() == (source.target == 0)).all()
    assert (len(found.outcome), found.outcome.sum(), found.outcome.name) == (569, 212, "malignant")


ROWS = "1,{0}\n2,{1}\n3,{0}\n5,{1}\n"
OUTCOMES = {
    "numbers": (("0", "1"), None),
    "decimals": (("0.0", "1.0"), None),
    "truth": (("FALSE", "true"), None),
    "two texts": (("well", "ill"), "ill"),
    "the other of two numbers": (("1", "0"), "0"),
    "none is a value": (("none", "severe"), "severe"),
    "none is the event": (("severe", "none"), "none"),
}


@pytest.mark.parametrize("case", OUTCOMES)
def test_outcomes_of_two_values(case: str, tmp_path: Path) -> None:
    values, event = OUTCOMES[case]
    found = load(write(tmp_path, "x,y\n" + ROWS.format(*values)), event=event)
    assert list(found.outcome) == [0, 1, 0, 1]
    assert found.outcome.dtype == np.int64
    assert list(found.terms["x"]) == [1, 2, 3, 5]


BAD: dict[str, tuple[str, dict, list[str]]] = {
    "three values": ("x,y\n1,0\n2,1\n3,2\n4,1\n5,0\n", {}, ["line 4, column 'y': '2' is not 0"]),
    "a measurement": (
        "x,y\n" + "".join(f"{i},{i / 7:.2f}\n" for i in range(30)),
        {},
        ["'y' needs two values; found '0.00', '0.14'", "and 25 more"],
    ),
    "two texts": ("x,y\n" + ROWS.format("well", "ill"), {}, ["'well', 'ill'", "--event"]),
    "another event": (
        "x,y\n" + ROWS.format("well", "ill"),
        {"event": "sick"},
        ["never 'sick'", "'well', 'ill'"],
    ),
    "event of three": (
        "x,y\n1,a\n2,b\n3,c\n",
        {"event": "a"},
        ["needs two values, 'a' and one other"],
    ),
    "no event": ("x,y\n1,0\n2,0\n3,0\n", {}, ["the outcome 'y' is constant (0)"]),
    "only events": ("x,y\n1,1\n2,1\n3,1\n", {}, ["the outcome 'y' is constant (1)"]),
    "no value": ("x,y\n1,\n2,\n", {}, ["the outcome 'y' has no value in any row"]),
    "missing outcome": ("x,y\n1,0\n2,\n3,1\n", {}, ["line 3: no value in 'y'", "--drop-missing"]),
    "a copy": ("x,z,y\n1,2,0\n2,4,1\n3,6,0\n4,8,1\n", {}, ["column 'z' is a copy of 'x'"]),
    "constant column": ("x,z,y\n1,2,0\n2,2,1\n", {}, ["column 'z' is constant (2)"]),
    "outcome not there": ("x,y\n1,0\n2,1\n", {"formula": "q ~ x"}, ["no column 'q'"]),
    "transformed outcome": (
        "x,y\n1,0\n2,1\n4,1\n",
        {"formula": "I(y + 1) ~ x"},
        ["is not 0 or 1 in every row"],
    ),
    "one column": ("y\n0\n1\n", {}, ["a regression needs two"]),
    "not CSV": ('x,y\n"1,0\n', {}, ["not a CSV row"]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_file_is_refused_with_its_reason(case: str, tmp_path: Path) -> None:
    text, options, expected = BAD[case]
    path = write(tmp_path, text)
    with pytest.raises(DataError) as error:
        load(path, **options)
    assert str(path) in str(error.value)
    for part in expected:
        assert part in str(error.value)


def test_missing_outcomes_are_left_out(tmp_path: Path) -> None:
    found = load(write(tmp_path, "x,y\n1,0\n2,NA\n3,1\n5,1\n"), drop_missing=True)
    assert list(found.outcome) == [0, 1, 1]
    assert list(found.outcome.index) == [2, 4, 5]
    assert "1 of 4 rows were left out" in found.notes[0]


cells = st.sampled_from(["0", "1", "", "NA", "true", "ill", "well", "2", "1e400", "none", "x y"])


@given(st.lists(st.tuples(cells, cells), max_size=12), st.sampled_from([None, "1", "ill", "none"]))
@MANY
def test_any_file_is_split_or_refused(
    tmp_path: Path, rows: list[tuple[str, str]], event: str | None
) -> None:
    text = "x,y\n" + "".join(f"{x},{y}\n" for x, y in rows)
    with contextlib.suppress(DataError):
        for drop in (False, True):
            found = load(write(tmp_path, text), event=event, drop_missing=drop)
            check_split(found, *split(found, 0.3, 1), share=0.3)


@given(st.binary(max_size=200))
@MANY
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    with contextlib.suppress(DataError):
        load(write(tmp_path, b"x,y\n1,0\n" + content))


def check_split(whole: Regression, train: Regression, held: Regression, share: float) -> None:
    """Every row once, in order, both classes in both parts, the share of each held out."""
    lines = [*train.outcome.index, *held.outcome.index]
    assert sorted(lines) == list(whole.outcome.index)
    for part in (train, held):
        assert list(part.outcome.index) == sorted(part.outcome.index)
        assert (part.terms.index == part.outcome.index).all()
        assert (part.outcome == whole.outcome[part.outcome.index]).all()
        assert set(part.outcome) == {0, 1}
    for value in (0, 1):
        n = (whole.outcome == value).sum()
        kept = (held.outcome == value).sum()
        assert abs(kept - share * n) <= 0.5 or kept in {1, n - 1}
    assert (np.ptp(train.terms.to_numpy(), axis=0) > 0).all()


def regression(outcome: list[int], **terms: list[float]) -> Regression:
    return Regression(pd.Series(outcome, name="y"), pd.DataFrame(terms), ())


@given(st.integers(2, 60), st.integers(2, 60), st.floats(0.01, 0.99), st.integers(0, 2**32))
@MANY
def test_split_is_stratified(n: int, m: int, share: float, seed: int) -> None:
    outcome = [int(i) for i in np.random.default_rng(seed).permutation([0] * n + [1] * m)]
    found = regression(outcome, x=[float(i) for i in range(n + m)])
    check_split(found, *split(found, share, seed), share=share)


def test_split_is_seeded() -> None:
    """The same seed holds out the same rows, another seed others."""
    lines = [list(split(load(), 0.3, seed)[1].outcome.index) for seed in (1, 1, 2)]
    assert lines[0] == lines[1] != lines[2]
    assert len(lines[0]) == round(0.3 * 212) + round(0.3 * 357)


def test_terms_constant_in_the_training_rows_are_left_out() -> None:
    found = regression([0, 1] * 10, x=list(range(20)), rare=[1.0] + [0.0] * 19)
    parts = {}
    for seed in range(100):
        train, held = split(found, 0.5, seed)
        parts[0 in held.outcome.index] = (list(train.terms), list(held.terms), train.notes)
    assert parts[True] == (["x"], ["x"], ("Constant in the training rows, and so left out: rare.",))
    assert parts[False] == (["x", "rare"], ["x", "rare"], ())


def test_split_refuses_what_cannot_be_judged() -> None:
    with pytest.raises(DataError, match="'y' is 1 in 1 of 4 rows; two at least"):
        split(regression([0, 0, 1, 0], x=[1, 2, 3, 4]), 0.3, 1)
    found = regression([0, 1] * 4, x=[1.0] + [0.0] * 7)
    held_out_at = next(
        seed for seed in range(50) if np.random.default_rng(seed).permutation([0, 2, 4, 6])[0] == 0
    )
    with pytest.raises(DataError, match="every term is constant"):
        split(found, 0.1, held_out_at)


def people(rng: np.random.Generator, spread: float) -> pd.DataFrame:
    """80 people, 6 rows each, whose outcome is a coin each person throws once."""
    person = np.repeat(np.arange(80), 6)
    x = rng.normal(size=(80, 5))[person] + spread * rng.normal(size=(480, 5))
    table = pd.DataFrame(x.round(6), columns=list("abcde"))
    return table.assign(person=person, ill=rng.integers(0, 2, 80)[person])


def sides(
    table: pd.DataFrame, tmp_path: Path, group: str | None = None
) -> tuple[set[int], set[int], str]:
    """Return the people that are fitted and held out, and the notes."""
    table.to_csv(tmp_path / "own.csv", index=False)
    found = load(tmp_path / "own.csv", "ill ~ a + b + c + d + e", group=group)
    parts = split(found, 0.3, 1, group)
    fitted, held = ({*table["person"].to_numpy()[one.outcome.index - 2]} for one in parts)
    return fitted, held, " ".join(parts[0].notes)


@pytest.mark.parametrize("spread", [0, 0.001])
def test_copies_are_on_one_side(spread: float, tmp_path: Path) -> None:
    """Equal rows, and rows that are nearly equal: a held-out one would have been fitted."""
    table = people(np.random.default_rng(SEED), spread)
    fitted, held, notes = sides(table, tmp_path)
    assert not fitted & held
    assert len(held) == pytest.approx(24, abs=2)
    assert "480 rows are copies" in notes
    train, _ = split(load(tmp_path / "own.csv", "ill ~ a + b + c + d + e"), 0.3, 1)
    assert "values of all terms" in train.beside.groups  # whose rows are looked at, for they agree


def test_a_group_is_on_one_side_where_its_rows_differ(tmp_path: Path) -> None:
    table = people(np.random.default_rng(SEED), 0.5)
    fitted, held, notes = sides(table, tmp_path)
    assert fitted & held
    assert not notes
    fitted, held, notes = sides(table, tmp_path, group="person")
    assert not fitted & held
    assert "same person are on one side" in notes


def test_rows_of_a_few_values_are_no_copies() -> None:
    """Four yes or no, and one of 40 ages: rows are equal by chance."""
    rng = np.random.default_rng(SEED)
    few = pd.DataFrame(rng.integers(0, 2, (300, 4)), columns=list("abcd")).astype(float)
    ages = pd.DataFrame({"age": rng.integers(20, 60, 300).astype(float)})
    for terms in (few, ages):
        assert len(np.unique(copies(terms))) == 300


def test_copies_of_some_rows_stay_together_with_a_group() -> None:
    terms = pd.DataFrame(np.random.default_rng(SEED).normal(size=(60, 3)))
    terms.iloc[50:] = terms.iloc[:10].to_numpy()
    codes, number = together(terms, pd.Series(np.arange(60) // 2))
    assert number == 20
    assert codes[50] == codes[0] == codes[1] == codes[51]
    assert codes[20] != codes[22]


def test_one_group_of_a_class_cannot_be_on_both_sides(tmp_path: Path) -> None:
    table = people(np.random.default_rng(SEED), 0.5).assign(ill=lambda t: 1 * (t["person"] == 3))
    with pytest.raises(DataError, match="two groups of rows at least"):
        sides(table, tmp_path, group="person")


def test_a_group_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="--group: there is no column 'who'"):
        sides(people(np.random.default_rng(SEED), 0), tmp_path, group="who")
