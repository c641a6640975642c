"""What a regression of counts asks of its files: exposures of new rows, the treatment's column."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from analyses import _certified, _counts, _designs, _effort, _predictions
from analyses._certified import TooLongError
from analyses._study import Study
from data._how import AS_IT_IS
from data._new_rows import read_new
from data._table import DataError
from data.count_regression import load
from models.count_regression import negative_binomial, poisson
from tests.analyses.test_study import SETTINGS
from workflow.checking.diagnostics import diagnose
from workflow.regression import count_rivals as rivals
from workflow.regression.count_rivals import Counted, Fitted
from workflow.sampling import effort

OWN = Path(__file__).parents[1] / "own_data/traps.csv"


def test_new_rows_have_exposures_above_0(tmp_path: Path) -> None:
    design = _designs.of_counts(load(OWN, exposure="days"), "days")
    rows = pd.read_csv(OWN, dtype=str).iloc[:5].assign(days=["0", "x", "12", "500", ""])
    rows.to_csv(tmp_path / "new.csv", index=False)
    new = read_new(tmp_path / "new.csv", design, AS_IT_IS)
    found, exposure = _predictions._exposed(new, design)
    assert list(found.terms.index) == [4, 5]
    assert list(exposure) == [12, 500]
    assert "line 2, column 'days'" in found.why[2]
    assert (found.why[[2, 3, 6]] != "").all()
    assert found.beyond[5] == "days outside 5 to 30"
    assert found.beyond[4] == ""
    without = read_new(tmp_path / "new.csv", design, AS_IT_IS)
    none = _predictions._exposed(without, design | {"exposure": None})
    assert list(none[1]) == [1] * 5


def test_the_treatment_is_a_column_or_a_term() -> None:
    found = load(OWN, exposure="days")
    assert _counts.treated(OWN, found, None) == list(found.terms)
    assert len(_counts.treated(OWN, found, "edge")) == 2
    (net,) = _counts.treated(OWN, found, "net")
    assert _counts.treated(OWN, found, net) == [net]
    with pytest.raises(DataError, match="--treatment: no term has 'days'"):
        _counts.treated(OWN, found, "days")


def a_study(out: Path) -> tuple[Study, Counted]:
    """Thirty counts with one term, and nothing fitted."""
    terms = pd.DataFrame({"x": np.linspace(-1, 1, 30)})
    outcome, over = pd.Series(np.arange(30) % 4, name="y"), pd.Series(np.ones(30))
    build = partial(negative_binomial, terms, outcome, over)
    settings = {**SETTINGS, "data": OWN, "out": out}
    study = Study("count_regression", "What?", build, settings, knobs={"scatter": (1.0,)})
    return study, Counted(terms, outcome, over)


def test_a_rivals_time_is_told_before_and_what_takes_longer_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """2,000 draws and warm-up draws of four chains on two cores, 8 gradients each of .1 s."""
    study, rows = a_study(tmp_path)
    rival = poisson(rows.terms, rows.outcome, rows.exposure)
    lengths = {"draws": 1, "tune": 1999, "chains": 2 * effort.CORES}
    begun: list[Any] = []

    def sampled(*_: Any, **how: Any) -> str:
        begun.append(how)
        return "drawn"

    monkeypatch.setattr(_certified, "compile_nuts", lambda model: "compiled")
    monkeypatch.setattr(_certified, "sample_nuts", sampled)
    monkeypatch.setattr(_effort, "gradient_seconds", lambda *_: 0.1)
    assert list(map(str, study.beside(rival, lengths, at_most=0))) == ["compiled", "drawn"]
    assert "expect" not in capsys.readouterr().err  # of so few rows, whatever the limit
    monkeypatch.setattr(_effort, "MANY", 30)
    assert list(map(str, study.beside(rival, lengths))) == ["compiled", "drawn"]
    assert "30 rows go to NUTS: expect about 53 minutes" in capsys.readouterr().err
    assert len(begun) == 2
    with pytest.raises(TooLongError) as caught:
        study.beside(rival, lengths, at_most=53)
    assert caught.value.minutes == pytest.approx(8 * 0.1 * 2000 * 2 / 60)
    assert len(begun) == 2


def drawn(name: str, rows: Counted, rng: np.random.Generator) -> Fitted:
    """Return draws of what a Poisson regression has, as far as a page tells them."""
    level, beta = rng.normal(0.4, 0.1, (4, 200)), rng.normal(0, 0.2, (4, 200, 1))
    scale = float(rows.terms["x"].std())
    found = xr.Dataset(
        {
            "level": (dims := ("chain", "draw"), level - np.log(rows.outcome.mean())),
            "theta": ((*dims, "direction"), beta),
            "beta": ((*dims, "term"), beta),
            "slope": ((*dims, "term"), beta / scale),
            "intercept": (dims, level),
        },
        {"term": ["x"], "direction": [0]},
    )
    diagnosis = diagnose(xr.DataTree.from_dict({"posterior": found}))
    return Fitted(name, found, diagnosis, rows.factors(found))


def test_a_rival_that_was_left_out_is_not_on_the_page_but_the_reason_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    study, rows = a_study(tmp_path)
    rng = np.random.default_rng(1)

    def beside(model: Any, lengths: Any, *, at_most: float) -> tuple[Any, Any]:
        if "zero_share" in model.named_vars:
            raise TooLongError(300.0)
        return "compiled", "drawn"

    monkeypatch.setattr(study, "quick", False)
    monkeypatch.setattr(study, "beside", beside)
    monkeypatch.setattr(rivals, "assess", lambda name, *_, **__: drawn(name, rows, rng))
    study.__dict__ |= {"by_row": "compiled", "_drawn": "drawn"}
    fits, left = _counts.compared(study, rows, {"scatter": 1.0}, 60.0)
    assert [one.name for one in fits] == [rivals.NEGATIVE_BINOMIAL, rivals.POISSON]
    assert len(left) == 1
    assert "5 hours, more than the 60 minutes" in left[0]
    assert "--rival-minutes 600" in left[0]
    assert "zero inflated" in " ".join(capsys.readouterr().err.split())
    zeros, share = _counts.told(study, (fits, left), rows, {"scatter": 1.0}, 0.975)
    assert share == {}
    assert zeros is not None
    assert zeros[0] == pytest.approx(8 / 30)
    assert left[0] in study.page.sections[-1].blocks
    none = _counts.told(study, ([fits[0]], left), rows, {"scatter": 1.0}, 0.975)
    assert none == (None, {})
