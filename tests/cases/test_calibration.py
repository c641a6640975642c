"""Every model is calibrated, and wrong ones are found out, by 100 replicates and more.

The shipped designs, which take longest and hide errors of the prior, have fewer: they show that
nothing is grossly wrong there. `make validate` gives every study 1000.
"""

from pathlib import Path

import pytest

from tests.calibration.mutants import NAMES
from tests.calibration.page import family_wise, least
from tests.calibration.study import FAMILY_WISE, RIGHT, run
from tests.contract import frozen
from tests.test_layers import CASES

REPLICATES, POWERFUL = 100, 0.95
EACH = {"small": REPLICATES, "shipped": 30}


def powers(case: str) -> dict[str, float]:
    """Return how often 100 replicates find out each wrong model: frozen by `--freeze`."""
    found = frozen(case).get("calibration", {"at 100": {}})["at 100"]
    return {variant: one["power"] for variant, one in found.items()}


SEEN = [(case, name) for case in CASES for name, p in powers(case).items() if p >= POWERFUL]


@pytest.mark.parametrize("case", CASES)
def test_the_model_is_calibrated(case: str, tmp_path: Path) -> None:
    """On both designs, at 1% for all quantities together."""
    studies = {(case, design): run(case, design, EACH[design], tmp_path) for design in RIGHT}
    for (_, design), p_values in family_wise(studies).items():
        worst = min(p_values, key=p_values.__getitem__)
        assert p_values[worst] >= FAMILY_WISE, f"{design}: {worst}"
    failed = {design: study.failed() for (_, design), study in studies.items()}
    print(f"fits that failed their diagnosis: {failed}")


@pytest.mark.parametrize(("case", "mutant"), SEEN)
def test_a_wrong_model_is_found_out(case: str, mutant: str, tmp_path: Path) -> None:
    name, p = least(run(case, mutant, REPLICATES, tmp_path))
    assert p < FAMILY_WISE, name


@pytest.mark.parametrize("case", CASES)
def test_every_wrong_model_was_found_out_by_more(case: str) -> None:
    """By 1000 replicates at most; fewer (`of`) where they were enough. Frozen, see `powers`."""
    found = frozen(case)["calibration"]
    assert found["at 100"].keys() == {*NAMES}
    for variant, one in found["at 100"].items():
        assert one["adjusted_p"] < FAMILY_WISE, variant
        assert one["of"] >= 2 * REPLICATES, variant  # or the power at 100 is that of these alone
