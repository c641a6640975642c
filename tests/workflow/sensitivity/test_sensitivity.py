"""The prior sweep: exact at every point, flips found and named, failures counted."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr

from models.ab_test import pseudo_counts
from reports.blocks import tables
from reports.drawing import sweep_figure
from tests.conftest import SEED
from tests.exact import BetaBinomial
from workflow.checking.diagnostics import Status, diagnose
from workflow.sampling.fit import CompiledPyMCModel, SamplerError, fit_nuts
from workflow.sensitivity import sensitivity
from workflow.sensitivity.flips import crossings, in_words, most_moved
from workflow.sensitivity.power import power_scaling
from workflow.sensitivity.sensitivity import sweep

GRID = {"prior_mean": (0.1, 0.5), "prior_strength": (2, 1000)}


def by_rate(limit: float):  # type: ignore[no-untyped-def]
    """Decide whether the control's rate is below a limit, by its mean."""

    def decide(posterior: xr.Dataset) -> tuple[str]:
        rate = float(posterior["rate"].isel(arm=0).mean())
        return ("below" if rate < limit else "above",)

    return decide


def test_every_point_is_the_exact_posterior(compiled: CompiledPyMCModel) -> None:
    found = sweep(compiled, GRID, pseudo_counts, by_rate(0.2), "below", ["rate"], seed=SEED)
    assert len(found.points) == 4
    for point in found.points:
        exact = BetaBinomial(44700, 8502, **pseudo_counts(**point.knobs))
        q = point.quantities["rate[gate_30]"]
        assert q.mcse_mean is not None
        assert q.mean is not None
        assert abs(q.mean - exact.mean) < 4 * q.mcse_mean
        assert point.status is Status.PASS
    assert found.flips == []
    assert "under all 4 priors" in in_words(found)


def test_what_is_told_of_a_posterior_can_be_other_than_its_draws(
    compiled: CompiledPyMCModel,
) -> None:
    """Twice as wide about the same mean; the decision is made by the draws as they are."""

    def wider(posterior: xr.Dataset) -> xr.Dataset:
        rate = posterior["rate"]
        mean = rate.mean(("chain", "draw"))
        return posterior.assign(rate=(mean + 2 * (rate - mean)).transpose(*rate.dims))

    grid = {"prior_mean": (0.5,), "prior_strength": (2,)}
    rule = by_rate(0.2)
    (plain,) = sweep(compiled, grid, pseudo_counts, rule, "below", ["rate"], seed=SEED).points
    (told,) = sweep(
        compiled, grid, pseudo_counts, rule, "below", ["rate"], told=wider, seed=SEED
    ).points
    assert (plain.decision, told.decision) == ("below", "below")
    for name, q in plain.quantities.items():
        assert told.quantities[name].mean == pytest.approx(q.mean, rel=1e-12)
        assert told.quantities[name].sd == pytest.approx(2 * (q.sd or 0), rel=1e-9)


def test_a_flip_is_found_where_it_is(compiled: CompiledPyMCModel) -> None:
    """Exact means of gate_30: .1902 at three points, .1969 at mean .5 and strength 1000."""
    found = sweep(compiled, GRID, pseudo_counts, by_rate(0.193), "below", ["rate"], seed=SEED)
    (flip,) = found.flips
    assert flip.knobs == {"prior_mean": 0.5, "prior_strength": 1000}
    assert "flips under 1 of the 4 priors" in in_words(found)
    assert "“above” at prior mean 0.5, prior strength 1000" in in_words(found)


def test_a_prior_under_which_nothing_can_be_sampled_is_counted(
    compiled: CompiledPyMCModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sensitivity.refit

    def without_a_start(compiled, data, **options):  # type: ignore[no-untyped-def]
        if data["alpha"] == 0.2:  # the first point: mean .1, strength 2
            raise SamplerError("no point to begin from")
        return real(compiled, data, **options)

    monkeypatch.setattr(sensitivity, "refit", without_a_start)
    settings = ("below", ["rate"])
    found = sweep(compiled, GRID, pseudo_counts, by_rate(0.2), *settings, seed=SEED)
    assert [point.status for point in found.failed] == [Status.FAIL]
    assert "all 3 priors that could be judged. 1 of the 4 fits failed" in in_words(found)
    assert np.isnan(found.points[0].quantities["rate[gate_30]"].median)
    assert most_moved(found, found.points[1].quantities) in found.points[0].quantities
    drawing = sweep_figure.sweep("s", found, "rate[gate_30]", label="rate")
    assert "nan" not in drawing.alt
    table = tables.sweep(found, "rate[gate_30]", unit="")
    assert "not a number" in str(table.rows[0])
    everywhere = {"prior_mean": (0.1,), "prior_strength": (2,)}
    with pytest.raises(SamplerError):
        sweep(compiled, everywhere, pseudo_counts, by_rate(0.2), *settings, seed=SEED)


def test_failed_fits_are_counted_and_decide_nothing(
    compiled: CompiledPyMCModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sensitivity.refit

    def spoilt(compiled, data, **options):  # type: ignore[no-untyped-def]
        tree = real(compiled, data, **options)
        if data["alpha"] + data["beta"] > 999:
            tree["sample_stats"]["diverging"][0, 0] = True  # type: ignore[index]
        return tree

    monkeypatch.setattr(sensitivity, "refit", spoilt)
    found = sweep(compiled, GRID, pseudo_counts, by_rate(0.193), "below", ["rate"], seed=SEED)
    assert len(found.failed) == 2
    assert [point.decision for point in found.failed] == [None, None]
    assert found.flips == []
    assert "2 of the 4 fits failed" in in_words(found)
    assert "all 2 priors that could be judged" in in_words(found)

    def exact(prior_mean: float, prior_strength: float) -> str:
        return "above" if prior_mean > 0.3 else "below"

    words = (compiled, GRID, pseudo_counts, by_rate(0.193), "below", ["rate"])
    known = sweep(*words, exact=exact, seed=SEED)
    assert len(known.failed) == 2
    decided = {p.decision for p in known.failed}
    assert decided == {exact(**p.knobs) for p in known.failed}
    assert [p for p in known.flips if p in known.failed] == [
        p for p in known.failed if p.decision == "above"
    ]
    assert "is known exactly" in in_words(known)
    assert any("(exact)" in str(row) for row in tables.sweep(known, "rate[gate_30]").rows)
    last = known.failed[-1].knobs
    withheld = sweep(*words[:4], None, ["rate"], exact=exact, seed=SEED)
    assert [p.decision for p in withheld.points if p.knobs == last] == [None]


def test_a_prior_has_all_draws_only_where_few_do_not_settle_it(
    compiled: CompiledPyMCModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Open at strength 1000, and 10 draws a chain are too few to be judged; else 250 are enough."""
    real, runs = sensitivity.refit, []

    def spy(compiled, data, **options):  # type: ignore[no-untyped-def]
        runs.append((options["draws"], options["tune"], data["alpha"] + data["beta"]))
        return real(compiled, data, **options)

    def decide(posterior: xr.Dataset) -> tuple[str, ...]:
        return ("below", "above") if runs[-1][2] > 999 else ("below",)

    monkeypatch.setattr(sensitivity, "refit", spy)
    words = (compiled, GRID, pseudo_counts, decide, "below", ["rate"])
    found = sweep(*words, first=250, seed=SEED)
    short, whole = (250, 250), (500, 500)
    assert [one[:2] for one in runs] == [short, short, whole, short, short, whole]
    assert not found.failed
    runs.clear()
    sweep(*words, first=10, draws=300, tune=20, seed=SEED)
    assert [one[:2] for one in runs] == [(10, 10), (300, 20)] * 4
    runs.clear()
    sweep(*words, first=900, seed=SEED)
    assert [one[:2] for one in runs] == [whole] * 4


def test_a_sweep_is_as_careful_as_the_fit_of_the_page(
    compiled: CompiledPyMCModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where that needed small steps, large ones would diverge under every prior."""
    drawn = partial(sensitivity.refit, compiled)
    asked = []

    def refit(_: CompiledPyMCModel, *data: Any, target_accept: float, **how: Any) -> xr.DataTree:
        asked.append(target_accept)
        return drawn(*data, target_accept=target_accept, **how)

    monkeypatch.setattr(sensitivity, "refit", refit)
    words = (compiled, GRID, pseudo_counts, by_rate(0.2), "below", ["rate"])
    sweep(*words, draws=250, tune=250, target_accept=0.95, seed=SEED)
    assert asked == [0.95] * 4


def test_a_prior_that_the_rule_cannot_judge_is_shown_as_such(compiled: CompiledPyMCModel) -> None:
    """It has draws and no decision; the rule sees which prior it is."""

    def decide(posterior: xr.Dataset) -> tuple[str, ...]:
        return () if posterior.attrs["prior"]["alpha"] == 0.2 else ("below",)

    settings = (pseudo_counts, decide, "below", ["rate"])
    found = sweep(compiled, GRID, *settings, draws=250, tune=250, seed=SEED)
    assert found.not_judged == [found.points[0]]
    assert found.points[0].status is Status.PASS
    assert "all 3 priors that could be judged. 1 of the 4 priors could not" in in_words(found)
    drawing = sweep_figure.sweep("s", found, "rate[gate_30]", label="rate")
    assert "is not judged under 1" in drawing.alt
    assert "Crossed: not judged" in drawing.caption


def test_no_decision_no_flip(compiled: CompiledPyMCModel) -> None:
    """Where the diagnosis of the analysis failed there is nothing that could flip."""
    grid = {"prior_mean": (0.2,), "prior_strength": (2,)}
    found = sweep(compiled, grid, pseudo_counts, by_rate(0.193), None, ["rate"], seed=SEED)
    assert found.flips == []
    assert "has no decision" in in_words(found)
    assert {(point.decision, point.tenable) for point in found.points} == {(None, ())}
    assert crossings(found) == []
    assert tables.crossings(found) == []


def test_power_scaling_of_cookie_cats(nuts: xr.DataTree) -> None:
    found = power_scaling(nuts, ["rate", "difference"])
    assert isinstance(found.table, pd.DataFrame)
    assert list(found.table.index) == ["rate[gate_30]", "rate[gate_40]", "difference[gate_40]"]
    assert (found.table["prior"] < 0.05).all()


def test_flat_prior_cannot_be_scaled(flat: xr.DataTree) -> None:
    found = power_scaling(flat, ["rate"])
    assert found.table is None
    assert "does not apply" in found.reason


def test_power_scaling_names_a_conflict() -> None:
    """priorsense's documented example: both parameters in prior-data conflict."""
    text = (
        "9.5 10.2 9.1 9.1 10.3 10.9 11.7 10.3 9.6 8.6 9.1 11.1 9.3 10.5 9.7 10.3 10.0 9.8 9.6 8.3"
    )
    y = np.array([*map(float, text.split()), 10.2, 9.8, 10.0, 10.0, 9.1])
    with pm.Model() as model:
        mu = pm.Normal("mu", 0, 1)
        sigma = pm.HalfNormal("sigma", 2.5)
        pm.Normal("y", mu, sigma, observed=pm.Data("y_data", y))
    tree = fit_nuts(model, seed=SEED)
    assert diagnose(tree).status is Status.PASS
    table = power_scaling(tree, ["mu", "sigma"]).table
    assert table is not None
    assert all("conflict" in str(one) for one in table["diagnosis"])
