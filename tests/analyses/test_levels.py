"""Pages of files with categories: levels against their reference, whatever the case."""

import importlib
import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data._how import Reading
from tests.conftest import SEED

OWN = Path(__file__).parents[1] / "own_data"
LEVEL = "drug: b rather than a"


def page(case: str, folder: Path, **options: Any) -> tuple[dict, str]:
    """Return the summary and the text of a page with few draws."""
    main = importlib.import_module(f"analyses.{case}").main
    main(draws=300, tune=300, seed=SEED, out=folder, quick=True, quiet=True, **options)
    found = json.loads((folder / f"{case}.json").read_text(encoding="utf-8"))
    text = (folder / f"{case}.html").read_text(encoding="utf-8")
    text = re.sub(r"<(script|style).*?</\1>", "", text, flags=re.DOTALL)
    return found, " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.mark.parametrize("case", ["linear_regression", "robust_regression"])
def test_a_level_of_an_outcome_in_numbers(case: str, tmp_path: Path) -> None:
    """West costs 102,900 less; Hafen is a single flat, which nothing is told of as known."""
    found, text = page(case, tmp_path, data=OWN / "flats.csv")
    west = found["quantities"]["slope[district: West rather than Altstadt]"]
    assert west["lower"] < -102_900 < west["upper"]
    assert re.search(r"by district, West rather than Altstadt: [\d,]+ less", found["answer"])
    assert "district: Hafen rather than Altstadt (line 22) hangs on one row" in found["answer"]
    assert found["status"] == "WARN"
    assert any("Hafen rather than Altstadt: line 22" in said for said in found["warnings"])
    assert "Hafen" not in found["decision"]
    assert "[T." not in text
    assert "per unit of district" not in text
    assert "compared with Altstadt, the most frequent" in text
    assert "one sd of a number, or for a level rather than its reference" in text


def test_odds_of_a_level_from_counts(tmp_path: Path) -> None:
    """The odds ratio is that of the level, .125, and not one “for one sd” of 0 and 1."""
    formula = "events | trials(n) ~ dose + drug"
    options = {
        "data": OWN / "doses.csv",
        "formula": formula,
        "reading": Reading(reference=("drug=a",)),
    }
    found, text = page("logistic_regression", tmp_path, **options)
    ratio, slope = (found["quantities"][f"{of}[{LEVEL}]"] for of in ("odds_ratio", "slope"))
    assert ratio["lower"] < 0.125 < ratio["upper"]
    assert ratio["median"] == pytest.approx(np.exp(slope["median"]), rel=1e-9)
    assert "12 lines, read as 480 rows, one a trial" in text
    assert "Odds ratio for one sd of a number, or for a level rather than its reference" in text
    assert "compared with a, as --reference says" in text
    assert "--reference drug=a" in text
    assert "[T." not in text
