"""A sweep that judges few priors warns, on the first screen, in every kind of case."""

import importlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xarray as xr

from analyses import _sampled
from reports.page.argument import Argument
from reports.page.sweeps import warn
from tests.conftest import SEED
from tests.workflow.sensitivity.test_flips import A, B, grid
from workflow.sensitivity import fitted
from workflow.sensitivity.sensitivity import Sweep

UNKNOWN = "Whether the prior decides is not known"


def warned(found: Sweep, *options: str, more: bool = False) -> list[str]:
    """Return what is warned of a sweep."""
    page = Argument()
    warn(page, found, options, more=more)
    return [f"{one.text} {one.advice}" for one in page.warnings]


def test_half_of_the_priors_are_enough() -> None:
    assert warned(grid(A, A, A, A, A, B)) == []
    assert warned(grid(A, A, A, None, None, None)) == []
    (told,) = warned(grid(A, A, None, None, None, None), "--prior-sd")
    assert told == (
        f"{UNKNOWN}: only 2 of the 6 priors that were tried could be judged (4 fits failed). Set "
        "other priors yourself (--prior-sd) and compare the answers: a fit of its own tries longer "
        "than one of a sweep."
    )


def test_none_judged_says_why_and_what_to_do() -> None:
    failed = grid(None, None, None, None, None, None)
    (told,) = warned(failed, more=True)
    assert f"{UNKNOWN}: none of the priors that were tried could be judged (6 fits failed)" in told
    assert "Draw more (--draws)." in told
    sound = grid(A, A, A, A, A, A)
    open_ = tuple(replace(one, decision=None, tenable=()) for one in sound.points)
    (told,) = warned(replace(sound, points=open_))
    assert "(of 6 the rule could not say what it decides)" in told


def test_what_is_known_exactly_and_what_decides_nothing_is_not_warned_of() -> None:
    failed = grid(None, None, None, None, None, None)
    exact = tuple(replace(one, decision="a", tenable=("a",)) for one in failed.points)
    assert warned(replace(failed, points=exact)) == []
    assert warned(replace(failed, decision=None)) == []
    assert warned(Sweep({}, (), "a")) == []


@pytest.fixture
def spoilt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every fit of a sweep diverge, with few draws, and have no ADVI."""
    real = fitted.refit

    def diverging(compiled: Any, data: Any, **options: Any) -> xr.DataTree:
        tree = real(compiled, data, **options | {"draws": 20, "tune": 20})
        tree["sample_stats"]["diverging"][:] = True  # type: ignore[index]
        return tree

    monkeypatch.setattr(fitted, "refit", diverging)
    monkeypatch.setattr(_sampled, "in_background", lambda *_, **__: None)


MORE = [
    pytest.param(case, marks=pytest.mark.validate)
    for case in ("ab_test", "smooth_curve", "partial_pooling")
]


@pytest.mark.parametrize("case", ["linear_regression", "prior_sensitivity", *MORE])
@pytest.mark.usefixtures("spoilt")
def test_a_page_whose_sweep_failed_warns(case: str, tmp_path: Path) -> None:
    """Of every kind: rates, regressions, functions, groups; of one that is exact it does not."""
    main: Callable[..., int] = importlib.import_module(f"analyses.{case}").main
    assert main(draws=300, seed=SEED, out=tmp_path, quiet=True) == 0
    found = json.loads((tmp_path / f"{case}.json").read_text(encoding="utf-8"))
    told = [one for one in found["warnings"] if one.startswith(UNKNOWN)]
    swept = found["sensitivity"]
    assert swept["failed"] == len(swept["points"])
    page = (tmp_path / f"{case}.html").read_text(encoding="utf-8")
    section = page[page.index("<h3>Does the prior decide?</h3>") :]
    line = section[: section.index("</summary>")]
    if all(one["decision"] for one in swept["points"]):
        assert told == []
        return
    assert len(told) == 1
    assert found["status"] == "WARN"
    assert UNKNOWN in page[: page.index("<h3>")]
    assert "WARN" in line
    assert "every check passed" not in page
