"""How often the rule tells a kind of noise, on data whose noise is known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from models.linear_regression import gaussian
from models.robust_regression import student_t
from workflow.regression.tail_elpd import LeftOut
from workflow.regression.tails import GAUSSIAN, STUDENT, favours
from workflow.sampling.fit import compile_nuts, data_of, refit
from workflow.scoring.elpd import difference

SEEDS = 100


@pytest.mark.validate
@pytest.mark.parametrize("n", [20, 50, 100, 200])
def test_what_is_told_is_true(n: int) -> None:
    """Gaussian and Student-t noise (3 and 10 degrees of freedom), three terms.

    What was measured stands in `workflow.scoring.elpd.errors_needed`. Wrong is Student-t of
    Gaussian noise, and Gaussian of a Student-t; at most 1% is claimed.
    """
    rng = np.random.default_rng(n)
    compiled, wrong = None, 0
    for seed in range(SEEDS):
        for df in (3.0, 10.0, np.inf):
            x = pd.DataFrame(rng.normal(size=(n, 3)), columns=list("abc"))
            noise = rng.normal(size=n) if np.isinf(df) else rng.standard_t(df, size=n)
            y = pd.Series(x["a"] + 0.5 * x["b"] + noise)
            model = student_t(x, y)
            compiled = compiled or compile_nuts(model)
            data = data_of(model)
            tree = refit(compiled, data, draws=400, tune=400, chains=4, seed=seed)
            left = LeftOut(compiled, data, data_of(gaussian(x, y)), x, y)
            # PSIS alone errs upwards, and so in favour of the Student-t.
            mine = left.of_student(tree["posterior"].to_dataset(), all_up_to=0, at_most=0, seed=1)
            gap = replace(difference(mine, left.of_gaussian()), mcse=0.0)
            wrong += favours(gap, n) == (STUDENT if np.isinf(df) else GAUSSIAN,)
    assert wrong <= 0.01 * 3 * SEEDS + 4 * np.sqrt(0.01 * 3 * SEEDS)
