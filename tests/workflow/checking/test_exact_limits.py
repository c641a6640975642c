"""How far NUTS may be from many exact numbers by chance: as improbable as from a few."""

import pytest
from scipy import stats

from workflow.checking.exact import FEW, WORST, allowed


def test_a_few_quantities_have_the_usual_limit() -> None:
    assert allowed(1) == WORST
    assert allowed(FEW) == pytest.approx(WORST, rel=1e-12)


@pytest.mark.parametrize("quantities", [8, 50, 1000])
def test_of_many_any_is_beyond_the_limit_as_seldom(quantities: int) -> None:
    few, many = FEW * stats.norm.sf(WORST), quantities * stats.norm.sf(allowed(quantities))
    assert many == pytest.approx(few, rel=1e-9)
