"""A small A/B test: warned of where nothing is known of differences, shrunk where it is said."""

import json
from pathlib import Path
from typing import Any

import pytest

from analyses.ab_test import main
from tests.conftest import SEED

# 9.0% against 11.5% of 600: luck alone, or a large effect.
SMALL = Path(__file__).parent.parent / "own_data/a_small_test.csv"


def run(out: Path, **options: Any) -> dict[str, Any]:
    assert main(data=SMALL, max_loss=0.002, seed=SEED, out=out, quiet=True, **options) == 0
    found: dict[str, Any] = json.loads((out / "ab_test.json").read_text(encoding="utf-8"))
    assert found["decision"] == "choose B"
    return found


def test_what_is_known_of_differences_shrinks_the_estimate(tmp_path: Path) -> None:
    found = run(tmp_path, effect_sd=0.1, draws=300, quick=True)
    q = found["quantities"]["difference[B]"]
    assert q["mean"] == pytest.approx(0.00524, abs=4 * q["mcse_mean"])  # exact: test_alike.py
    assert not [one for one in found["warnings"] if one.startswith("Few data")]
    names = [one["statistic"] for one in found["predictive"]["prior"]]
    assert names[-1] == "log odds ratio, B to A"


@pytest.mark.validate
def test_the_whole_page(tmp_path: Path) -> None:
    alone = run(tmp_path)
    assert [one for one in alone["warnings"] if one.startswith("Few data: if the odds of arms")]
    alike = run(tmp_path, effect_sd=0.1)
    assert alike["sensitivity"]["knobs"]["effect_sd"] == [0.05, 0.1, 0.2, 0.5, 1.0]
    assert len(alike["sensitivity"]["points"]) == 30
    assert alike["advi"].keys() == {"advi", "fullrank_advi"}
