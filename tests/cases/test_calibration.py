"""Every model is calibrated, and wrong ones are found out, by as few replicates as show it.

`python -m tests.calibration --freeze` notes how many replicates find out a wrong model nearly
always. Of each case the wrong model for which that is fewest is tried here, and the right model
with as many; the others for which few are enough are tried by `make validate` (some have posteriors
that hardly end, and take minutes), which gives every study, that of the shipped designs too, 1000.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.calibration.designs import TWINS, case_of, folder, wrong
from tests.calibration.page import least
from tests.calibration.study import FAMILY_WISE, FEW, Study, run
from tests.contract import TESTED, frozen

MODELS = [*TESTED, *TWINS]
FRESH = 4  # times as many replicates where the first reject


def called(name: str) -> str:
    """Return what a test of a model is called: a twin's has the name of its case, too."""
    return f"{case_of(name)}-{name}" if name in TWINS else name


def numbers(case: str) -> dict[str, Any]:
    """Return the frozen numbers of a case, or of a model beside it."""
    return frozen(case, folder(case)).get("calibration", {"few": {}})


def few(case: str) -> dict[str, int]:
    """Return how many replicates find out a wrong model, of those that few find out."""
    return {name: one["replicates"] for name, one in numbers(case)["few"].items()}


def cheapest(case: str) -> str | None:
    """Return which wrong model the fewest replicates find out."""
    return min(few(case), key=few(case).__getitem__, default=None)


SEEN = [
    pytest.param(
        case,
        name,
        id=f"{called(case)}-{name}",
        marks=[] if name == cheapest(case) else pytest.mark.validate,
    )
    for case in MODELS
    for name in few(case)
]


@pytest.mark.parametrize("case", MODELS, ids=called)
def test_the_model_is_calibrated(case: str, tmp_path: Path) -> None:
    """On the small design, at 1% for all quantities together.

    So every hundredth right model is rejected by the luck of its truths, and there are dozens. What
    the first replicates reject is therefore asked of `FRESH` times as many others, and those have
    to reject it by themselves; a wrong model that the first find out nearly always, they find too.
    """
    first = min(few(case).values(), default=FEW[-1])
    study = run(case, "small", first, tmp_path)
    found = least(study)
    if found[1] < FAMILY_WISE:
        print(f"rejected by the first {first}: {found}")
        more = run(case, "small", (1 + FRESH) * first, tmp_path)
        study = Study(case, "small", more.replicates[first:])
        found = least(study)
    print(f"fits that failed their diagnosis: {study.failed()}")
    assert found[1] >= FAMILY_WISE, found


@pytest.mark.parametrize(("case", "mutant"), SEEN)
def test_a_wrong_model_is_found_out(case: str, mutant: str, tmp_path: Path) -> None:
    name, p = least(run(case, mutant, few(case)[mutant], tmp_path))
    assert p < FAMILY_WISE, name


@pytest.mark.parametrize("case", MODELS, ids=called)
def test_a_wrong_model_is_tried_in_every_case(case: str) -> None:
    assert few(case)


@pytest.mark.parametrize("case", MODELS, ids=called)
def test_every_wrong_model_was_found_out_by_more(case: str) -> None:
    """By 1000 replicates at most; fewer (`of`) where they were enough. Frozen, see `few`."""
    found = numbers(case)
    assert found["at 100"].keys() == {*wrong(case)}
    for variant, one in found["at 100"].items():
        assert one["adjusted_p"] < FAMILY_WISE, variant
        assert one["of"] >= 200, variant  # or the power at 100 is that of these alone
