"""A regression of more rows than the groups by row may hold: the page says so, and stays whole."""

import importlib
import json
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analyses import _sampled
from reports.publishing.trees import read_tree
from tests.brought._brought import brought
from tests.conftest import SEED
from workflow.sampling import part
from workflow.variational import advi
from workflow.variational.advi import METHODS, fit_advi


def few_iterations(build: Callable[[], Any], *, seed: int) -> dict[str, Any]:
    """Both ADVI fits, of few iterations."""
    model = build()
    return {
        METHODS[method]: fit_advi(model, method, iterations=200, longer=1, draws=400, seed=seed)
        for method in METHODS
    }


def at_once(function: object, build: Callable[[], Any], *, seed: int) -> "Future[Any]":
    """Do in this process, where the budget is a small one, less than `fit_both` does elsewhere."""
    assert function is advi.fit_both
    done: Future[Any] = Future()
    done.set_result(few_iterations(build, seed=seed))
    return done


# The one that says most about its rows always, the others in `make validate`.
@pytest.mark.parametrize(
    "case",
    [
        "robust_regression",
        pytest.param("linear_regression", marks=pytest.mark.validate),
        pytest.param("logistic_regression", marks=pytest.mark.validate),
        pytest.param("ordinal_regression", marks=pytest.mark.validate),
        pytest.param("quantile_regression", marks=pytest.mark.validate),
        pytest.param("noise_models", marks=pytest.mark.validate),
    ],
)
def test_page_and_tree_say_what_was_left_out(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module: Any = importlib.import_module(f"analyses.{case}")
    monkeypatch.setattr(part, "BUDGET", 20_000)
    monkeypatch.setattr(part, "FEWEST", 100)
    where = _sampled if hasattr(module, "Study") else module
    monkeypatch.setattr(where, "in_background", at_once)
    monkeypatch.setattr(advi.log_ratios, "__kwdefaults__", {"draws": 500})
    monkeypatch.setattr(module, "SLOPES", {name: one[:2] for name, one in module.SLOPES.items()})
    file = tmp_path / "own.csv"
    brought(case).rows(np.random.default_rng(SEED), 1000).to_csv(file, index=False)
    code = module.main(data=file, draws=200, tune=200, seed=SEED, out=tmp_path, quiet=True)
    assert code == 0
    page = " ".join((tmp_path / f"{case}.html").read_text(encoding="utf-8").split())
    rows = 700 if case == "logistic_regression" else 1000
    kept = 40 if case == "quantile_regression" else 200  # of five quantiles, five numbers a row
    assert page.count(f"uses {kept} of the {rows:,} rows, drawn at random and every") == 2
    tree = read_tree(tmp_path / f"{case}.nc")
    assert json.loads(tree.attrs["part"])["rows"] == kept
    assert tree["posterior_predictive"]["y"].sizes["row"] == kept
    assert tree["posterior"].sizes["draw"] >= 200
    if case == "robust_regression":
        assert "These are 200 of 1,000 rows" in page
        assert "of 1,000 rows have a weight below" in page
