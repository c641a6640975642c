"""`--seen` and its refusals; new patients of a saved network, row by row, by the command."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import typer

from analyses import _designs as designs
from analyses._numbers import findings
from analyses.diagnosis import main
from data.diagnosis import NAMES
from models.diagnosis import DISEASES
from tests.analyses.test_predict import predictions, run
from tests.cases.diagnosis import ROWS, TRUTH
from tests.saved import saved
from tests.workflow.networks.test_asked import NETWORK, SURE, asked
from workflow.networks.exact import prob

HEAD = ",".join(NAMES) + "\n"


def fit(folder: Path) -> Path:
    """A network whose tables are known: those of the book."""
    table = np.broadcast_to(np.array(list(TRUTH.values())), (4, 250, len(ROWS)))
    return saved(folder, {"table": (("row",), table)}, designs.of_network(asked()))


def test_what_was_seen_is_read() -> None:
    assert findings("dyspnoea=1, visit=no", NAMES) == {"dyspnoea": 1, "visit": 0}
    assert findings("", NAMES) == {}
    assert findings("xray=yes,xray=1", NAMES) == {"xray": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cough=1", "'cough' is not one of visit, smoking"),
        ("xray", "'xray' is not xray=1 or xray=0"),
        ("xray=2", "'xray=2' is not"),
        ("xray=1,xray=0", "xray cannot be there and not there"),
    ],
)
def test_what_cannot_be_seen_is_refused(text: str, said: str) -> None:
    with pytest.raises(typer.BadParameter, match=said):
        findings(text, NAMES)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"disease": "flu"}, "flu is not one of tuberculosis, cancer, bronchitis"),
        ({"seen": "cancer=1", "disease": "cancer"}, "cancer was seen already"),
    ],
)
def test_a_disease_that_cannot_be_decided_on_is_refused(
    options: dict[str, Any], said: str, tmp_path: Path
) -> None:
    with pytest.raises(typer.BadParameter, match=said):
        main(out=tmp_path, quick=True, quiet=True, **options)


def test_new_patients_are_predicted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Blanks are what was not seen; a cell that is neither yes nor no is told, with its line."""
    new = tmp_path / "new.csv"
    rows = ("1,,,,,,yes", "NA,,,,,,", "2,,,,,,1", "1,NA,,,,1,1")
    new.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    path = fit(tmp_path)
    assert run(monkeypatch, path, "--data", new) == 0
    found = predictions(path)
    assert found["line"].tolist() == [2, 3, 4, 5]
    known: list[dict[str, int] | None]
    known = [{"visit": 1, "dyspnoea": 1}, {}, None, {"visit": 1, "dyspnoea": 1, "xray": 1}]
    for at, seen in enumerate(known):
        for name in DISEASES:
            if seen is None:
                assert np.isnan(found[name][at])
            else:
                assert found[name][at] == pytest.approx(prob(NETWORK, SURE, seen, name))
    assert found["decision"].fillna("").tolist() == ["xray first", "wait", "", "treat"]
    assert "line 4, column 'visit': '2' is not 0 or 1" in found["note"][2]
    said = capsys.readouterr()
    assert "3 of 4 patients predicted; 1 not" in said.out
    assert "The decision is on tuberculosis, by the costs 10" in said.out


def test_a_column_that_is_missing_refuses_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, new = fit(tmp_path), tmp_path / "new.csv"
    pd.DataFrame([[1] * 6], columns=NAMES[:6]).to_csv(new, index=False)
    assert run(monkeypatch, path, "--data", new) == 3
    assert "column 'dyspnoea' is missing" in capsys.readouterr().err
    assert run(monkeypatch, path) == 2
    assert "a CSV with a column for each finding" in capsys.readouterr().err
