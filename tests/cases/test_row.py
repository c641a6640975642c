"""Of every case a row of many data sets can be made: no page, and the numbers of the page."""

import importlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reports.blocks.wanted import numbers_only
from tests.conftest import SEED
from tests.test_layers import CASES
from workflow.sampling.shared import shared_compiles

SAME = ("quantities", "diagnostics", "predictive")  # a page has a sweep besides, and its scalars
QUICK = {"ab_test", "mendel_shares", "process_corridor", "known_noise"}  # the others take longer


@pytest.mark.parametrize(
    "case",
    [one if one in QUICK else pytest.param(one, marks=pytest.mark.validate) for one in CASES],
)
def test_a_row_has_the_numbers_of_the_page(
    made: Callable[[str], tuple[Path, int]], case: str, tmp_path: Path
) -> None:
    folder, code = made(case)
    main = importlib.import_module(f"analyses.{case}").main
    out = tmp_path / "none"
    with numbers_only() as found, shared_compiles():
        assert main(draws=300, seed=SEED, out=out, quick=True, quiet=True) == code
    assert not out.exists()
    page = json.loads((folder / f"{case}.json").read_text(encoding="utf-8"))
    row = json.loads(json.dumps(found[0]))
    assert {key: row[key] for key in SAME} == {key: page[key] for key in SAME}
    assert row["answer"]
