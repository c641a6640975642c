"""Files of one's own, of the awkward kinds, end in a page that says so: no traceback."""

import importlib
import json
from pathlib import Path

import pytest

from tests.brought._brought import BROUGHT, brought
from tests.conftest import SEED
from tests.faults.names import check


@pytest.mark.parametrize("quick", [True, pytest.param(False, marks=pytest.mark.validate)])
@pytest.mark.parametrize("case", BROUGHT)
def test_a_file_of_ones_own_ends_in_a_page(
    case: str, quick: bool, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """With ADVI and the sweep in `make validate`."""
    own = brought(case).OWN
    data = tmp_path / ".own" / "own.csv"
    data.parent.mkdir()
    data.write_text(own.text, encoding="utf-8", newline="")
    main = importlib.import_module(f"analyses.{case}").main
    code = main(
        data=data, draws=300, seed=SEED, out=tmp_path, quick=quick, quiet=True, **own.options
    )
    found = json.loads((tmp_path / f"{case}.json").read_text(encoding="utf-8"))
    assert code == (4 if found["status"] == "FAIL" else 0)
    assert found["status"] != "FAIL", found["answer"]
    assert own.warning in " ".join(found["warnings"])
    check(tmp_path, case, capsys.readouterr().out)
    assert "nan" not in found["answer"].lower().split()
