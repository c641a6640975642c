"""Lines in the order of time, of which no column tells: a page warns of what they have in common.

Two walks that know nothing of one another are the textbook's spurious regression: taken as
independent, their rows "know" a slope.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from tests.analyses.test_grouped import page
from tests.conftest import SEED

N, STAYS = 200, 0.8


def walks() -> pd.DataFrame:
    rng = np.random.default_rng(SEED)
    steps, found = rng.normal(size=(N, 2)), np.zeros((N, 2))
    for t in range(1, N):
        found[t] = STAYS * found[t - 1] + steps[t]
    return pd.DataFrame(found.round(3), columns=["x", "y"])


def test_neighbouring_lines_that_are_alike_are_warned_of(tmp_path: Path) -> None:
    """A slope of such x and y errs sqrt((1 + .8²) / (1 - .8²)) = 2.1 times as much.

    The correlation within four standard errors, and the bias of about (1 + 4 * .8) / n; the factor
    on its side of what a page would not mind.
    """
    walks().to_csv(tmp_path / "walks.csv", index=False)
    found = page("linear_regression", tmp_path / "walks.csv", tmp_path)
    (said,) = [one for one in found["warnings"] if "not independent" in one]
    told = re.search(
        r"neighbours by their order in the file are alike \(correlation ([\d.]+)", said
    )
    assert told is not None
    assert abs(float(told[1]) - STAYS) < 4 * np.sqrt((1 - STAYS**2) / N) + (1 + 4 * STAYS) / N
    factor = re.search(r"the slope of x should be ([\d.]+) times", said)
    assert factor is not None
    assert 1.4 < float(factor[1]) < 3


def test_the_same_lines_shuffled_are_not(tmp_path: Path) -> None:
    walks().sample(frac=1, random_state=SEED).to_csv(tmp_path / "walks.csv", index=False)
    found = page("linear_regression", tmp_path / "walks.csv", tmp_path)
    assert not any("not independent" in one for one in found["warnings"])
