"""Shares: what is none is refused with its lines and with what to do."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from data._table import DataError
from data.proportion_regression import load

OWN = Path(__file__).parent.parent / "own_data/occupancy.csv"


def table(folder: Path, outcomes: Sequence[object]) -> Path:
    path = folder / "own.csv"
    rows = [f"{(7 * i) % 11},{y}" for i, y in enumerate(outcomes)]
    path.write_text("\n".join(["x,share", *rows]) + "\n", encoding="utf-8")
    return path


def test_the_shipped_shares() -> None:
    found = load()
    assert found.outcome.between(0.1, 0.6).all()
    assert list(found.terms) == ["income", "persons"]
    assert len(found.outcome) == 38


def test_per_cents_with_their_sign_are_shares() -> None:
    assert load(OWN).outcome.between(0, 1, inclusive="neither").all()


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ([0.2, 0.3, 0, 0.5, 1, 0.25, 0.4], ["in 2 of 7 rows (1 of 0, 1 of 1)", "line 4: 0"]),
        ([0.2, 0.3, 0, 0.5, 1, 0.25, 0.4], ["line 6: 1", "I((share * 6 + 0.5) / 7)"]),
        ([20, 30, 5, 50, 45, 25, 40], ["I(share / 100) ~ ..."]),
        ([0, 1, 1, 0, 1, 0, 0], ["run logistic_regression"]),
        ([0.2, -0.3, 0.4, 0.5, 140, 0.25, 0.4], ["2 of 7 rows", "line 3: -0.3", "line 6: 140"]),
    ],
)
def test_what_is_no_share_is_refused(
    outcomes: list[float], said: list[str], tmp_path: Path
) -> None:
    with pytest.raises(DataError) as refused:
        load(table(tmp_path, outcomes))
    for words in said:
        assert words in str(refused.value)


@pytest.mark.parametrize(
    ("outcomes", "formula"),
    [
        ([0.2, 0.3, 0, 0.5, 1, 0.25, 0.4], "I((share * 6 + 0.5) / 7) ~ x"),
        ([20, 30, 5, 50, 45, 25, 40], "I(share / 100) ~ x"),
    ],
)
def test_the_way_out_that_is_told_works(
    outcomes: list[float], formula: str, tmp_path: Path
) -> None:
    found = load(table(tmp_path, outcomes), formula)
    assert found.outcome.between(0, 1, inclusive="neither").all()
