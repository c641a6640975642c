"""No arm is chosen only because fewer saw it, and NUTS is held against the exact rates."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from workflow.checking.exact import WORST
from workflow.deciding.decision import UNDECIDED
from workflow.quantities import summarise
from workflow.rates.experiment import as_good, decides, least_loss, off_exact

Counts = list[tuple[int, int]]
LIMIT = 0.001


def table(counts: Counts) -> pd.DataFrame:
    visitors, conversions = zip(*counts, strict=True)
    return pd.DataFrame({"arm": list("ABC")[: len(counts)], "visitors": visitors}).assign(
        conversions=conversions
    )


def drawn(arms: pd.DataFrame, seed: int = 4) -> xr.Dataset:
    """Return independent draws of the exact posterior under Beta(1, 4)."""
    rng = np.random.default_rng(seed)
    events, others = arms["conversions"], arms["visitors"] - arms["conversions"]
    rate = rng.beta(1 + events, 4 + others, size=(4, 1000, len(arms)))
    coords = {"arm": list(arms["arm"])}
    return xr.Dataset({"rate": (("chain", "draw", "arm"), rate)}, coords)


@pytest.mark.parametrize(
    ("counts", "decision"),
    [
        ([(1000, 0), (100, 0)], UNDECIDED),  # B has the higher posterior mean: fewer saw it
        (
            [(100_000, 500), (10_000, 50)],
            "choose A",
        ),  # both within the limit: the one that more saw
        ([(10_000, 50), (100_000, 500)], "choose B"),
        ([(50_000, 500), (50_000, 500)], "choose A"),  # a tie is the control's
        ([(50_000, 500), (50_000, 500), (50_000, 500)], "choose A"),
        ([(50_000, 500), (1_000, 40)], "choose B"),  # ahead by its own data
        ([(1_000, 290), (10, 3)], "choose A"),  # behind by the prior, which is what a prior is for
        ([(1_000, 100), (1_000, 102)], UNDECIDED),
    ],
)
def test_an_arm_is_not_best_only_because_fewer_saw_it(counts: Counts, decision: str) -> None:
    arms = table(counts)
    for seed in range(5):
        limit = 0.06 if counts[1] == (10, 3) else LIMIT
        assert least_loss(drawn(arms, seed), limit, arms)[0] == decision


def test_which_arms_are_as_good() -> None:
    arms = table([(100, 10), (100, 10), (200, 22)])
    assert as_good(arms, "A") == ["C"]
    assert as_good(arms, "B") == ["C", "A"]
    assert as_good(arms, "C") == []


def test_a_continuation_is_judged_by_its_own_counts() -> None:
    arms = table([(1000, 0), (100, 0)])
    data = {"visitors": np.array([4000, 400]), "conversions_data": np.array([20, 30])}
    grown = arms.assign(visitors=data["visitors"], conversions=data["conversions_data"])
    assert decides(drawn(grown), data, LIMIT, arms)
    nothing = {**data, "conversions_data": np.array([0, 0])}
    assert not decides(drawn(arms), nothing, LIMIT, arms)


def test_nuts_is_held_against_the_exact_rates() -> None:
    arms = table([(1000, 90), (100, 12)])
    found = summarise(drawn(arms))
    exact = {"A": 91 / 1005, "B": 13 / 105}
    assert off_exact(found, exact) < WORST
    assert off_exact(found, exact | {"B": 14 / 105}) > WORST
