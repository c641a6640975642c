"""A sweep that judges few priors warns, on the first screen, in every kind of case."""

import importlib
import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy.stats import norm

from analyses import _sampled, _study
from reports.page.argument import Argument
from reports.page.sweeps import drawn, warn
from tests.conftest import SEED
from tests.workflow.sensitivity.test_flips import A, B, grid
from workflow.sensitivity import sensitivity
from workflow.sensitivity.reweighting import Source
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


def drawn_by(*k_hats: float | None, fits: int = 0) -> str:
    """Return what is said of priors that were weighted with these k-hats, and of others."""
    first = grid(A, A, A, A, A, A).points[0]
    cheap = tuple(replace(first, reweighted=True, k_hat=k) for k in k_hats)
    return drawn(Sweep({}, (*cheap, *[first] * fits), "a"))


def test_the_page_says_how_many_priors_needed_no_fit() -> None:
    """And the greatest k-hat among them, which says how good they are."""
    assert drawn_by() == ""
    assert drawn_by(fits=3) == "Each of the 3 priors has a fit of its own."
    told = drawn_by(0.123, None, -0.4, fits=2)
    assert told.startswith("Of 5 priors 3 need no fit: ")
    assert "the greatest Pareto k-hat of their weights is 0.12, and below 0.5" in told
    assert told.endswith("; 2 have fits of their own.")
    assert "their weights are all the same" in drawn_by(None)
    assert drawn_by(0.1, fits=1).endswith("; 1 has a fit of its own.")
    assert "own" not in drawn_by(0.1)


@pytest.fixture
def spoilt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every prior of a sweep need a fit, and each diverge, with few draws; have no ADVI."""
    real = sensitivity.refit

    def diverging(compiled: Any, data: Any, **options: Any) -> xr.DataTree:
        tree = real(compiled, data, **options | {"draws": 20, "tune": 20})
        tree["sample_stats"]["diverging"][:] = True  # type: ignore[index]
        return tree

    monkeypatch.setattr(sensitivity, "refit", diverging)
    monkeypatch.setattr(Source, "under", lambda *_, **__: None)
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


SIX = (
    "ab_test",
    "linear_regression",
    "logistic_regression",
    "robust_regression",
    "spam_words",
    "prior_sensitivity",
)


@pytest.mark.validate
@pytest.mark.parametrize("case", SIX)
def test_weights_decide_as_fits_do(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole sweep of the shipped data, with weights and without: decisions, every summary."""
    monkeypatch.setattr(_sampled, "in_background", lambda *_, **__: None)
    real, found = _study.sweep, []

    def kept(*about: Any, source: Source, **how: Any) -> Sweep:
        found.extend([real(*about, source=source, **how), real(*about, source=None, **how)])
        return found[0]

    monkeypatch.setattr(_study, "sweep", kept)
    importlib.import_module(f"analyses.{case}").main(seed=SEED, out=tmp_path, quiet=True)
    weighted, fits = found
    assert weighted.reweighted
    assert not fits.reweighted
    assert [p.knobs for p in weighted.flips] == [p.knobs for p in fits.flips]
    off = []
    for one, other in zip(weighted.points, fits.points, strict=True):
        if one.decision and other.decision:
            assert {*one.tenable} & {*other.tenable}
        for name, a in one.quantities.items() if one.reweighted else ():
            b = other.quantities[name]
            off += [(a.median - b.median) / math.hypot(a.mcse_median, b.mcse_median)]
            off += [(a.lower - b.lower) / math.hypot(a.mcse_lower, b.mcse_lower)]
            off += [(a.upper - b.upper) / math.hypot(a.mcse_upper, b.mcse_upper)]
    assert np.abs(off).max() < norm.isf(0.0005 / len(off))
