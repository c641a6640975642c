"""The losses' loader: of which kind an outcome is, and what is refused, with the case meant."""

from pathlib import Path

import pytest
from statsmodels.datasets import stackloss

from data._table import DataError
from data.noise_models import BOOKINGS, COUNTS, PATH, REAL, SHARES, kind_of, load


def kind(folder: Path, values: list, name: str = "y", **options: str) -> str:
    path = folder / "own.csv"
    lines = [f"{i * i % 7},{v}" for i, v in enumerate(values)]
    path.write_text("\n".join([f"x,{name}", *lines]) + "\n")
    return kind_of(load(path), path, **options)


def test_stack_loss_is_that_of_statsmodels_and_real() -> None:
    found, theirs = load(), stackloss.load_pandas().data
    assert found.outcome.to_numpy().tolist() == theirs["STACKLOSS"].tolist()
    columns = ["AIRFLOW", "WATERTEMP", "ACIDCONC"]
    assert found.terms.to_numpy().tolist() == theirs[columns].to_numpy().tolist()
    assert kind_of(found, PATH) == REAL
    assert kind_of(load(BOOKINGS), BOOKINGS) == COUNTS


def test_the_kind_is_seen_or_asked_for(tmp_path: Path) -> None:
    whole, part = [0, 3, 1, 0, 7, 2, 1, 0, 12], [0.2, 0.35, 0.9, 0.11, 0.5, 0.71, 0.02]
    assert kind(tmp_path, whole) == COUNTS
    assert kind(tmp_path, part) == SHARES
    assert kind(tmp_path, [-1.5, 3, 2.25, 8, 0.5, -4]) == REAL
    assert kind(tmp_path, whole, asked=REAL) == REAL
    assert kind(tmp_path, part, asked=REAL) == REAL
    assert kind(tmp_path, [12, 30, 51, 44, 28, 39], asked=COUNTS) == COUNTS
    assert kind(tmp_path, [*part, 0.0, 1.0]) == REAL  # for which a Beta has no density


def test_a_logarithm_of_counts_is_real(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("x,y\n" + "\n".join(f"{i},{i * 7 % 5}" for i in range(12)) + "\n")
    assert kind_of(load(path, "log(y + 1) ~ x"), path, "log(y + 1) ~ x") == REAL


@pytest.mark.parametrize(
    ("values", "options", "said"),
    [
        ([0, 1, 1, 0, 1, 0], {}, "casebook run logistic_regression --data"),
        ([0, 1, 1, 0, 1, 0], {}, "its loss the cross-entropy"),
        ([1, 3, 2, 5, 4, 2, 3, 1, 3, 2], {}, "casebook run ordinal_regression --data"),
        ([1, -3, 2.5], {"asked": COUNTS}, "line 3: -3 and 1 more"),
        ([0.5, 0.2, 1.0], {"asked": SHARES}, "shares are above 0 and below 1"),
    ],
)
def test_what_has_one_noise_is_refused(
    values: list, options: dict, said: str, tmp_path: Path
) -> None:
    name = "rating" if 5 in values else "y"
    with pytest.raises(DataError, match=said.replace("+", r"\+")):
        kind(tmp_path, values, name, **options)


def test_ratings_are_real_where_that_is_asked_for(tmp_path: Path) -> None:
    assert kind(tmp_path, [1, 3, 2, 5, 4, 2, 3, 1, 3, 2], "rating", asked=REAL) == REAL
