"""Two runs of one analysis: differences in units and in posterior sds."""

import numpy as np
import pytest
import xarray as xr

from tests.fits import normal_tree, saved
from workflow.comparing.changes import both_scalars, changes, counts, largest
from workflow.quantities import summarise

RNG = np.random.default_rng(2)
Z = RNG.normal(size=40)


def test_a_difference_is_that_of_medians_in_sds_of_the_first_run() -> None:
    before, after = saved(normal_tree(Z)), saved(normal_tree(np.append(Z, np.full(20, 2.0))))
    (mu,) = changes(before, after)
    medians = [float(np.median(fit.tree["posterior"]["mu"])) for fit in (before, after)]
    sd = float(np.std(before.tree["posterior"]["mu"], ddof=1))
    assert mu.value == pytest.approx(medians[1] - medians[0])
    assert mu.sds == pytest.approx(mu.value / sd)
    assert counts(before) == {"rows": 40}
    assert counts(after) == {"rows": 60}
    assert largest([mu]) is mu


def test_a_ratio_is_measured_by_its_interval_and_what_is_new_has_no_difference() -> None:
    of = normal_tree(Z)
    q = vars(summarise(of["posterior"].to_dataset())["mu"]) | {"mean": None, "sd": None}
    before = saved(of, quantities={"lift": q | {"median": 1.0, "lower": 0.5, "upper": 1.5}})
    after = saved(of, quantities={"lift": q | {"median": 1.2}, "new": q})
    lift, new = changes(before, after)
    assert lift.sds == pytest.approx(0.2 / (1 / 3.92))
    assert new.before is None
    assert np.isnan(new.sds)
    assert largest([new]) is None


def test_coefficients_in_sds_of_other_data_are_left_out() -> None:
    of = normal_tree(Z)
    q = vars(summarise(of["posterior"].to_dataset())["mu"])
    names = ("level", "tau", "beta[x]", "gaussian_beta[x]", "odds_ratio[x]", "slope[x]", "sigma")
    fit = saved(of, quantities=dict.fromkeys(names, q))
    assert [one.name for one in changes(fit, fit)] == ["slope[x]", "sigma"]
    theta = saved(of, quantities={"theta": q})  # where there are no slopes it is a quantity itself
    assert [one.name for one in changes(theta, theta)] == ["theta"]


def test_counts_are_told_once_and_expectations_by_name() -> None:
    of = normal_tree(Z)
    of["log_likelihood"] = xr.Dataset(
        {"conversions": (("chain", "draw", "arm"), np.zeros((4, 9, 2)))}
    )
    arms = {"arm": ["a", "b"]}
    of["observed_data"] = xr.Dataset({"conversions": ("arm", [3, 4])}, arms)
    given = {"visitors": ("arm", [30, 40]), "conversions_data": ("arm", [3, 4]), "alpha": 1.0}
    of["constant_data"] = xr.Dataset(given, arms)
    fit = saved(of, scalars={"p": {"value": 0.5, "mcse": 0.01}})
    found = {"conversions[a]": 3, "conversions[b]": 4, "visitors[a]": 30, "visitors[b]": 40}
    assert counts(fit) == found
    assert both_scalars(fit, saved(of))["p"][1] is None
