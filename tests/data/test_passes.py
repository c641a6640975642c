"""Cells that pass at once are those of which pandera finds nothing wrong, and no others."""

import pandas as pd
import pandera.pandas as pa
import pytest

from data import _table
from data._counts import not_zero, whole
from data._passes import passes
from data._table import cell_problems

SCHEMA = pa.DataFrameSchema({"n": pa.Column(str, [*whole(), not_zero()]), "arm": pa.Column(str)})


@pytest.mark.parametrize(
    ("cells", "fine"),
    [(["1", "20"], True), (["1", "0"], False), (["1", "x"], False), (["", "2"], False)],
)
def test_what_passes_is_what_pandera_passes(
    monkeypatch: pytest.MonkeyPatch, cells: list[str], *, fine: bool
) -> None:
    table = pd.DataFrame({"n": cells, "arm": ["a", "b"]}, dtype="str")
    assert passes(table, SCHEMA) is fine
    at_once = cell_problems(table, SCHEMA)
    monkeypatch.setattr(_table, "passes", lambda table, schema: False)
    assert cell_problems(table, SCHEMA) == at_once
    assert (at_once == []) is fine


def test_what_is_no_plain_schema_is_pandera_s() -> None:
    table = pd.DataFrame({"n": ["1", "2"], "arm": ["a", "b"]}, dtype="str")
    numbers = table.assign(n=[1, 2])
    assert not passes(numbers, SCHEMA)
    assert not passes(table, pa.DataFrameSchema({"n": pa.Column(str, unique=True)}))
    assert not passes(table, pa.DataFrameSchema({"n": pa.Column(int)}))
    assert not passes(table, pa.DataFrameSchema({"n": pa.Column(str)}, unique=["n", "arm"]))
    assert not passes(table, pa.DataFrameSchema({"n": pa.Column(str)}, pa.Check(lambda t: True)))
    twice = pd.DataFrame([["1", "2"]], columns=["n", "n"], dtype="str")
    assert not passes(twice, pa.DataFrameSchema({"n": pa.Column(str)}))
