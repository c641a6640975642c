"""--missing impute: what was put into a file is found again where complete rows are misled."""

import importlib
import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from analyses import _compare, _designs as designs
from analyses._predictions import of_rows
from data._gaps import CASES
from data._how import AS_IT_IS, Reading
from reports.publishing.trees import read_tree
from tests.conftest import SEED

LINEAR = "linear_regression"
IMPUTE, ROWS, SLOPES = Reading(missing="impute"), 800, {"x": 1.0, "w": -0.5, "v": 0.0}
FEW: dict[str, Any] = {"draws": 1000, "tune": 1000, "seed": SEED, "quick": True, "quiet": True}


def made() -> pd.DataFrame:
    """Return rows whose x, in own units a third as steep, is missing the more, the higher y is."""
    rng = np.random.default_rng(SEED)
    w, v = rng.normal(size=(2, ROWS))
    x = 0.6 * w + 0.8 * rng.normal(size=ROWS)
    y = 5 + x + SLOPES["w"] * w + 0.7 * rng.normal(size=ROWS)
    table = pd.DataFrame({"x": 10 + 3 * x, "w": w, "v": v, "y": y})
    table.loc[rng.random(ROWS) < 0.9 / (1 + np.exp(-3 * (y - 5.3))), "x"] = np.nan
    return table


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page(tmp_path_factory.mktemp("filled"), reading=IMPUTE)


@pytest.fixture(scope="module")
def dropped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page(tmp_path_factory.mktemp("dropped"), drop_missing=True)


def page(
    folder: Path, case: str = LINEAR, table: pd.DataFrame | None = None, **options: Any
) -> Path:
    (made() if table is None else table).to_csv(folder / "a.csv", index=False)
    main = importlib.import_module(f"analyses.{case}").main
    main(data=folder / "a.csv", out=folder, **FEW | options)
    return folder


def summary(folder: Path, case: str = LINEAR) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / f"{case}.json").read_text(encoding="utf-8"))
    return found


def text_of(folder: Path, case: str = LINEAR) -> str:
    html = (folder / f"{case}.html").read_text(encoding="utf-8")
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_slopes_are_found_again_where_complete_rows_are_misled(filled: Path, dropped: Path) -> None:
    """Within four posterior sds; without the rows with gaps that of x is off by more than that."""
    found = summary(filled)
    assert found["status"] != "FAIL", found["answer"]
    own = {name: true / (3 if name == "x" else 1) for name, true in SLOPES.items()}
    for name, true in own.items():
        q = found["quantities"][f"slope[{name}]"]
        assert abs(q["mean"] - true) < 4 * q["sd"], name
    q = summary(dropped)["quantities"]["slope[x]"]
    assert own["x"] - q["mean"] > 4 * q["sd"]
    beside = re.search(r"rows without gaps difference .sds. x \S+ \S+ (\S+) ", text_of(filled))
    assert beside is not None
    assert float(beside[1]) == pytest.approx(q["mean"], abs=4 * q["mcse_mean"])


def test_the_page_says_what_was_filled_and_what_is_assumed(filled: Path) -> None:
    text, gaps = text_of(filled), int(made()["x"].isna().sum())
    assert f"{gaps} gaps in {gaps} of {ROWS} rows were filled" in text
    assert "missing at random" in text
    assert f"{ROWS - gaps} rows without gaps" in text
    assert "In rows with a gap the outcome is another than in rows alike" in text
    assert "What does the prior do to the coefficients?" not in text
    assert "fill_level" in text.replace(" ", ""), "its mathematics"
    assert f"{gaps} of {ROWS} values of 'x' are missing" in text


def test_checks_of_sound_data_pass(filled: Path) -> None:
    """The model is right: no warning but that of --quick, and none of the fit."""
    warnings = summary(filled)["warnings"]
    assert [one for one in warnings if "quick" not in one] == []


def test_new_rows_are_predicted_and_fits_are_not_compared(
    filled: Path, dropped: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Predictions are by the slopes; a new row with a gap is refused as ever."""
    tree = read_tree(filled / "linear_regression.nc", ("posterior", designs.GROUP))
    rows = pd.DataFrame({"x": [10.0, 13.0], "w": 0.0, "v": 0.0})
    rows.to_csv(tmp_path / "new.csv", index=False)
    table = of_rows(tree, designs.kept(tree), tmp_path / "new.csv", AS_IT_IS).table
    slope = summary(filled)["quantities"]["slope[x]"]["mean"]
    assert float(table["mean"].diff().iloc[1]) == pytest.approx(3 * slope, rel=1e-3)
    fits = [folder / "linear_regression.nc" for folder in (dropped, filled)]
    code = _compare.compare(fits, tmp_path, None)
    assert code == _compare.NOT_USABLE
    assert "--missing impute" in capsys.readouterr().err


def of_shares() -> pd.DataFrame:
    """Return 300 rows with shares as the outcome, of which x is missing where y is high."""
    rng, n = np.random.default_rng(SEED + 1), 300
    w, v = rng.normal(size=(2, n))
    x = 0.6 * w + 0.8 * rng.normal(size=n)
    mu = expit(-0.5 + x + SLOPES["w"] * w)
    y = rng.beta(3 * mu, 3 * (1 - mu))
    holes = rng.random(n) < 0.98 * expit(30 * (y - 0.5))
    return pd.DataFrame({"x": np.where(holes, np.nan, 10 + 3 * x), "w": w, "v": v, "y": y})


def linear(n: int, seed: int) -> tuple[np.random.Generator, pd.DataFrame, np.ndarray]:
    """Return w, v and an x in own units a third as steep, and the line of them, of n rows."""
    rng = np.random.default_rng(SEED + seed)
    w, v = rng.normal(size=(2, n))
    x = 0.6 * w + 0.8 * rng.normal(size=n)
    terms = pd.DataFrame({"x": 10 + 3 * x, "w": w, "v": v})
    return rng, terms, x + SLOPES["w"] * w


def with_holes(terms: pd.DataFrame, y: np.ndarray, holes: np.ndarray) -> pd.DataFrame:
    return terms.assign(x=terms["x"].where(~holes), y=y)


def of_tails() -> pd.DataFrame:
    """Return 200 rows with noise of a Student-t of three degrees of freedom."""
    rng, terms, line = linear(200, 2)
    y = 5 + line + 0.5 * rng.standard_t(3, size=len(terms))
    return with_holes(terms, y, rng.random(len(terms)) < 0.9 * expit(3 * (y - 5.3)))


def of_counts() -> pd.DataFrame:
    """Return 250 rows with counts that scatter more than Poisson's."""
    rng, terms, line = linear(250, 3)
    y = rng.poisson(np.exp(1 + line) * rng.gamma(2, 1 / 2, len(terms)))
    return with_holes(terms, y, rng.random(len(terms)) < 0.9 * expit(y - 4.0))


def of_ratings() -> pd.DataFrame:
    """Return 300 rows with ratings from 1 to 4."""
    rng, terms, line = linear(300, 4)
    y = 1 + np.digitize(line + rng.logistic(size=len(terms)), [-1.0, 0.0, 1.5])
    return with_holes(terms, y, rng.random(len(terms)) < 0.9 * expit(3 * (y - 3.5)))


OTHERS = {
    "proportion_regression": of_shares,
    "robust_regression": of_tails,
    "count_regression": of_counts,
    "ordinal_regression": of_ratings,
}
LEFT_OUT = "a row with a gap is predicted from the terms that it has"


QUICKLY = ("proportion_regression", "ordinal_regression")  # in `make test`


@pytest.mark.parametrize(
    "case",
    [
        case if case in QUICKLY else pytest.param(case, marks=pytest.mark.validate)
        for case in OTHERS
    ],
)
def test_other_outcomes_find_what_was_put_in(case: str, tmp_path: Path) -> None:
    """Slopes within four posterior sds of the truth; no check of the fit warns: the model is right.

    The page says how rows that were left out were scored, if it has that. How far rows without gaps
    are misled is a matter of many rows: see `tests/models/test_imputed.py`.
    """
    page(tmp_path, case, OTHERS[case](), reading=IMPUTE, draws=400, tune=400)
    found, text = summary(tmp_path, case), text_of(tmp_path, case)
    assert found["status"] != "FAIL", found["answer"]
    assert not [one for one in found["warnings"] if "does not reproduce" in one]
    for name, true in SLOPES.items():
        q = found["quantities"][f"slope[{name}]"]
        assert abs(q["mean"] - true / (3 if name == "x" else 1)) < 4 * q["sd"], name
    assert "In rows with a gap the outcome is another than in rows alike" in text
    assert "rows without a gap alone" in text
    assert "missing at random" in text
    assert "rows that were left out are predicted is computed of rows without" not in text
    assert (LEFT_OUT in text) == (case == "robust_regression")  # of counts not with --quick


def test_the_list_of_cases_is_in_the_readme() -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert "--missing impute" in text
    for case in CASES:
        assert f"`{case}`" in text
