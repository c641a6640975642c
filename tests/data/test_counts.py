"""Columns that say whether something happened: cells that say neither are never a no."""

from pathlib import Path

import pandas as pd
import pytest

from data import ab_test, bandit, coin_updating, prior_sensitivity
from data._counts import happened
from data._table import DataError

NEITHER = {
    "measurements": ["9.3", "9.5", "10.2"],
    "one word": ["maybe", "maybe"],
    "one number": ["5", "5"],
    "three words": ["well", "ill", "dead"],
}


@pytest.mark.parametrize("case", NEITHER)
def test_a_column_of_which_no_cell_says_yes_or_no_is_refused(case: str) -> None:
    cells = pd.Series(NEITHER[case], name="heads")
    assert len(happened(cells)[1]) == len(cells)


@pytest.mark.parametrize(
    ("read", "header"),
    [
        (ab_test.load, "arm,converted"),
        (bandit.load, "variant,clicked"),
        (coin_updating.load, "number,heads"),
        (prior_sensitivity.load, "number,girl"),
    ],
)
def test_no_case_takes_measurements_for_failures(read: object, header: str, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(f"{header}\nA,9.3\nB,9.5\nA,9.6\nB,9.7\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"'9\.3'"):
        read(tmp_path / "own.csv")  # type: ignore[operator]


def test_a_variant_may_be_new_an_arm_of_a_test_not(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("variant,shown,clicked\nold,100,9\nnew,0,0\n", encoding="utf-8")
    assert bandit.load(own)["visitors"].tolist() == [100, 0]
    own.write_text("variant,shown,clicked\nold,0,0\nnew,0,0\n", encoding="utf-8")
    with pytest.raises(DataError, match="no variant was shown to anyone"):
        bandit.load(own)
    own.write_text("arm,visitors,conversions\nold,100,9\nnew,0,0\n", encoding="utf-8")
    with pytest.raises(DataError, match="'0' is not 1 or more"):
        ab_test.load(own)
