"""(1 | group) in every regression: what was put into a file is found again, and new rows told."""

import importlib
import json
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import typer
from scipy.special import expit

from analyses import _compare, _designs as designs
from analyses._predictions import of_rows
from data._how import AS_IT_IS
from data.linear_regression import load
from reports.publishing.trees import read_tree
from tests.conftest import SEED
from workflow.regression.tail_elpd import log_density
from workflow.scoring.psis import psis

OWN = Path(__file__).parents[1] / "own_data"
GROUPS, EACH, SD, SLOPE = 30, 10, 0.8, 0.5
FORMULA = "y ~ x + w + (1 | person)"
REGRESSIONS = ["linear", "robust", "logistic", "count", "proportion", "ordinal"]
slowly = [
    one if one == "linear" else pytest.param(one, marks=pytest.mark.validate) for one in REGRESSIONS
]


def made(kind: str) -> pd.DataFrame:
    """Return rows of 30 people, whose offsets have an sd of .8, and a slope of x of .5; of w 0."""
    rng, n = np.random.default_rng(SEED), GROUPS * EACH
    of = np.repeat(np.arange(GROUPS), EACH)
    x, w, offset = rng.normal(size=n), rng.normal(size=n), SD * rng.normal(size=GROUPS)
    eta = SLOPE * x + offset[of]
    size, share = np.exp(1 + eta), expit(eta)
    outcomes = {
        "linear": lambda: 3 + eta + 0.6 * rng.normal(size=n),
        "robust": lambda: 3 + eta + 0.4 * rng.standard_t(3, size=n),
        "logistic": lambda: rng.binomial(1, share),
        "count": lambda: rng.negative_binomial(4, 4 / (4 + size)),
        "proportion": lambda: rng.beta(20 * share, 20 * (1 - share)).clip(1e-6, 1 - 1e-6),
        "ordinal": lambda: np.digitize(eta + rng.logistic(size=n), [-1.5, 0, 1.5]) + 1,
    }
    table = pd.DataFrame({"x": x, "w": w, "person": of + 100})
    return table.assign(y=outcomes[kind]())


def page(case: str, path: Path, out: Path, **options: Any) -> dict[str, Any]:
    main = importlib.import_module(f"analyses.{case}").main
    lengths = {"draws": 500, "tune": 500, "seed": SEED, "quick": True, "quiet": True}
    main(data=path, out=out, **lengths | options)
    found: dict[str, Any] = json.loads((out / f"{case}.json").read_text(encoding="utf-8"))
    return found


def predicted(fit: Path, rows: pd.DataFrame, folder: Path) -> pd.DataFrame:
    rows.to_csv(folder / "new.csv", index=False)
    tree = read_tree(fit, ("posterior", designs.GROUP))
    return of_rows(tree, designs.kept(tree), folder / "new.csv", AS_IT_IS).table


@pytest.mark.parametrize("kind", slowly)
def test_what_was_put_in_is_found_again_and_new_rows_are_told(kind: str, tmp_path: Path) -> None:
    """Slope and sd within four posterior sds; new people spread more than those that are known."""
    case, table = f"{kind}_regression", made(kind)
    table.to_csv(tmp_path / "a.csv", index=False)
    found = page(case, tmp_path / "a.csv", tmp_path, formula=FORMULA)
    assert found["status"] != "FAIL", found["answer"]
    for name, true in {"slope[x]": SLOPE, "slope[w]": 0.0, "group_sd": SD}.items():
        q = found["quantities"][name]
        assert abs(q["mean"] - true) < 4 * q["sd"], name
    assert not [one for one in found["warnings"] if "not independent" in one]
    assert not [one for one in found["warnings"] if "differs between groups" in one]
    offsets = [found["quantities"][f"offset[{100 + g}]"]["mean"] for g in range(GROUPS)]
    high, low = 100 + int(np.argmax(offsets)), 100 + int(np.argmin(offsets))
    rows = pd.DataFrame({"x": [0.0] * 4, "w": 0.0, "person": [high, 999, low, ""]})
    told = predicted(tmp_path / f"{case}.nc", rows, tmp_path)
    assert told["note"].tolist()[:3] == ["", "person was not fitted: any group", ""]
    assert told["note"].iloc[3] == "line 5, column 'person': no value"
    mean = told[means(told)].astype(float).to_numpy()[:3]
    assert mean[0] > mean[1] > mean[2]
    if "sd_parameters" in told:
        spread = told["sd_parameters"].astype(float).to_numpy()
        assert spread[1] > 2 * spread[0]


def means(told: pd.DataFrame) -> str:
    return next(one for one in ("mean", "probability", "P(4)") if one in told)


def test_known_and_new_groups_are_predicted_as_the_draws_say(tmp_path: Path) -> None:
    """A known person by its offset in each draw, exactly; a new one by the population's sd."""
    made("linear").to_csv(tmp_path / "a.csv", index=False)
    page("linear_regression", tmp_path / "a.csv", tmp_path, formula=FORMULA)
    rows = pd.DataFrame({"x": [1.0, 1.0], "w": [0.0, 0.0], "person": [117, 999]})
    told = predicted(tmp_path / "linear_regression.nc", rows, tmp_path)
    tree = read_tree(tmp_path / "linear_regression.nc", ("posterior", designs.GROUP))
    posterior = tree["posterior"].to_dataset()
    middle = posterior["intercept"] + posterior["slope"].sel(term="x")
    known = middle + posterior["offset"].sel(group="117")
    assert told["mean"][2] == pytest.approx(float(known.mean()))
    assert told["sd_parameters"][2] == pytest.approx(float(known.std()))
    n, between = known.size, float((posterior["group_sd"] ** 2).mean())
    assert abs(told["mean"][3] - float(middle.mean())) < 4 * np.sqrt(between / n)
    variance = float(middle.var()) + between
    assert told["sd_parameters"][3] ** 2 == pytest.approx(variance, rel=4 * np.sqrt(2 / n))


def test_a_page_whose_rows_agree_names_the_formula_and_that_page_does_not(tmp_path: Path) -> None:
    """Pupils of schools; and sleepstudy, where days are compared within subjects: no warning.

    With its subjects it warns that the slopes differ, which they do.
    """
    lacking = page("linear_regression", OWN / "pupils.csv", tmp_path / "c", formula="score ~ hours")
    said = next(one for one in lacking["warnings"] if "not independent" in one)
    assert "--formula 'score ~ hours + (1 | school)'" in said
    path = OWN / "sleepstudy.csv"
    without = page("linear_regression", path, tmp_path / "a", formula="reaction ~ days")
    assert not any("not independent" in one for one in without["warnings"])
    html = (tmp_path / "a/linear_regression.html").read_text(encoding="utf-8")
    assert "reaction ~ days + (1 | subject)" in unescape(html)
    found = page(
        "linear_regression", path, tmp_path / "b", formula="reaction ~ days + (1 | subject)"
    )
    assert not any("not independent" in one for one in found["warnings"])
    assert any("slope of days differs between groups" in one for one in found["warnings"])
    html = (tmp_path / "b/linear_regression.html").read_text(encoding="utf-8")
    assert "How much do groups of subject differ?" in html
    assert "The model, models._regression.with_groups" in html
    fit = _compare._read(tmp_path / "b/linear_regression.nc", "sleep")
    elpd = _compare.exact(fit)
    assert elpd is not None
    kept, rows = fit.tree["posterior"].to_dataset(), load(path, "reaction ~ days + (1 | subject)")
    drawn = psis(log_density(kept, rows.terms, rows.outcome))
    assert elpd.total == pytest.approx(drawn.total, abs=0.5)


def test_what_cannot_go_together_is_refused(tmp_path: Path) -> None:
    table = made("logistic")
    table.to_csv(tmp_path / "a.csv", index=False)
    with pytest.raises(typer.BadParameter, match="--between is about how much groups differ"):
        page("linear_regression", OWN / "sleepstudy.csv", tmp_path, between=2.0)
    with pytest.raises(typer.BadParameter, match="leave --hold-out out"):
        page("logistic_regression", tmp_path / "a.csv", tmp_path, formula=FORMULA, hold_out=0.3)
