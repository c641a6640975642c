"""Many rows are fitted by their sums, and looked at by themselves."""

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analyses._many_rows import MANY, by_sums
from analyses._study import Study
from models.linear_regression import gaussian
from tests.analyses.test_study import SETTINGS
from tests.models.test_sums import table
from workflow.quantities import summarise
from workflow.sampling.groups import JOINT


def test_only_many_rows_that_are_alike_are_summed() -> None:
    terms, outcome = table(MANY)
    groups = pd.Series(np.arange(MANY) % 7, terms.index)
    found = by_sums(partial(gaussian, terms, outcome, None, r2=0.4))
    assert found
    assert found.keywords == {"r2": 0.4}
    assert by_sums(partial(gaussian, terms, outcome, groups)) is None
    assert by_sums(partial(gaussian, terms.iloc[1:], outcome.iloc[1:], None)) is None
    gaps = terms.mask(terms > 3)
    assert by_sums(partial(gaussian, gaps, outcome, None)) is None


def test_a_study_of_many_rows_samples_sums_and_looks_at_rows(tmp_path: Path) -> None:
    """Slopes as by least squares, whose errors the posterior has; densities are those of rows."""
    terms, outcome = table(MANY, 3)
    terms["x1"] = np.random.default_rng(5).normal(size=MANY)
    settings = {**SETTINGS, "data": Path(__file__), "out": tmp_path}
    build = partial(gaussian, terms, outcome, None)
    study = Study("linear_regression", "What?", build, settings, knobs={"noise": (1.0,)})
    posterior = study.sample()
    assert study.fitted is not study.model
    study.describe()
    assert any("what the rows come to" in str(one) for one in study.page.sections[-1].blocks)

    x = np.column_stack([np.ones(MANY), terms])
    best, squares, *_ = np.linalg.lstsq(x, outcome)
    errors = np.sqrt(np.diag(np.linalg.inv(x.T @ x)) * squares / (MANY - 4))
    found = summarise(posterior)
    for name, value, error in zip(terms, best[1:], errors[1:], strict=True):
        one = found[f"slope[{name}]"]
        # Of 10,000 rows the prior moves a slope by far less than its error.
        assert one.mean == pytest.approx(value, abs=4 * (one.mcse_mean or 0) + 0.05 * error)
        assert one.sd == pytest.approx(error, rel=0.15)

    at = {"chain": 0, "draw": 7}
    drawn, joint = posterior.isel(at), study.tree[JOINT]["y"].isel(at)
    left = outcome - float(drawn["intercept"]) - terms @ drawn["slope"].to_numpy()
    sigma = float(drawn["sigma"])
    each = -np.log(sigma * np.sqrt(2 * np.pi)) - (left / sigma) ** 2 / 2
    assert float(joint) == pytest.approx(float(each.sum()), rel=1e-9)
    assert study.tree["log_likelihood"]["y"].sizes["row"] <= MANY
