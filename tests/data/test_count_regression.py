"""Counts and exposures of a file: what is refused, and with which way out."""

from pathlib import Path

import numpy as np
import pytest

from data._table import DataError
from data.count_regression import load, per_unit

OWN = Path(__file__).parents[1] / "own_data/traps.csv"


def written(path: Path, **columns: list) -> Path:
    lines = [
        ",".join(columns),
        *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True)),
    ]
    (path / "own.csv").write_text("\n".join(lines) + "\n")
    return path / "own.csv"


def test_the_shipped_file_has_its_exposure() -> None:
    found = load()
    assert list(found.terms) == ["roach1_hundreds", "treatment", "senior"]
    assert list(found.also) == ["exposure2"]
    assert found.outcome.dtype == "int64"
    assert (len(found.outcome), int(found.outcome.max())) == (262, 357)
    assert (found.outcome == 0).mean() == pytest.approx(0.36, abs=0.005)


def test_a_file_of_ones_own() -> None:
    found = load(OWN, exposure="days")
    assert [str(term).partition(":")[0] for term in found.terms] == ["edge", "edge", "net"]
    rate = found.outcome / found.also["days"]
    assert per_unit(found).outcome.to_numpy() == pytest.approx(rate.to_numpy())
    assert "days" in load(OWN).terms
    assert (load(OWN).also == 1).all(axis=None)


X, Y = [1, 2, 3, 5, 4, 7, 9, 8], [0, 1, 4, 2, 7, 3, 0, 1]


@pytest.mark.parametrize(
    ("columns", "options", "said"),
    [
        ({"x": X, "y": [-1, *Y[1:]]}, {}, "line 2, column 'y': -1 is no count"),
        ({"x": X, "y": [0.5, *Y[1:]]}, {}, "run linear_regression, of rates take the counts"),
        ({"x": X, "y": [min(y, 1) for y in Y]}, {}, "run logistic_regression"),
        ({"x": X, "y": [10**10, *Y[1:]]}, {}, "at most 1,000,000,000 is a count here"),
        ({"x": X, "y": Y}, {"exposure": "t"}, "--exposure: there is no column 't'"),
        ({"x": X, "t": [0, *X[1:]], "y": Y}, {"exposure": "t"}, "line 2, column 't': 0: an exp"),
        ({"x": X, "t": [-2, *X[1:]], "y": Y}, {"exposure": "t"}, "an exposure is above 0"),
        ({"x": X, "t": list("abcdabcd"), "y": Y}, {"exposure": "t"}, "column 't' is text"),
        ({"x": X, "t": [1, 2] * 4, "y": Y}, {"exposure": "t", "formula": "y ~ x + t"}, "both"),
        ({"x": X, "y": Y}, {"formula": "log(y + 1) ~ x"}, "is no count"),
    ],
)
def test_what_is_refused_says_how_to_fix_it(
    columns: dict, options: dict, said: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError) as refused:
        load(written(tmp_path, **columns), **options)
    assert said in str(refused.value)


def test_a_missing_exposure_is_refused_or_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, x=X, t=["", *[2.5] * 7], y=Y)
    with pytest.raises(DataError, match="missing"):
        load(path, exposure="t")
    found = load(path, exposure="t", drop_missing=True)
    assert len(found.outcome) == len(found.also) == 7
    assert np.isfinite(found.also).all(axis=None)
