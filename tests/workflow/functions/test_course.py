"""What a curve surely does, and what is told of it, from posteriors that are known."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats

from data.smooth_curve import load
from workflow.functions.course import (
    FALLS,
    NOWHERE,
    RISES,
    Course,
    Rule,
    Stretch,
    course,
    in_turn,
    stretches,
)
from workflow.functions.points import Theta, points
from workflow.functions.spacing import spacing
from workflow.functions.told import WIDE, gap, sure_stretches, unknown

ROWS = load()
KNOWN = points(ROWS, 1.0)


def posterior(draws: int = 60) -> xr.Dataset:
    """Draws near those of the shipped data."""
    rng = np.random.default_rng(1)
    of = {"length": (5.2, 0.8), "sigma_f": (50.0, 10.0), "sigma": (22.8, 1.5)}
    return xr.Dataset(
        {
            name: (("chain", "draw"), np.abs(mean + sd * rng.normal(size=(2, draws // 2))))
            for name, (mean, sd) in of.items()
        }
    )


def test_stretches_and_their_order() -> None:
    up = np.array([0.5, 0.99, 0.98, 0.6, 0.01, 0.02, 0.99, 0.4, 0.999])
    found = stretches(up, 0.975, (FALLS, RISES))
    assert found == [
        Stretch(1, 2, RISES),
        Stretch(4, 5, FALLS),
        Stretch(6, 6, RISES),
        Stretch(8, 8, RISES),
    ]
    assert in_turn(found) == "rises, then falls, then rises"
    assert in_turn([]) == NOWHERE


def test_sides_are_probabilities_of_joint_draws() -> None:
    """Those at each x are exact given the draws; whole curves agree, within their errors."""
    found = course(KNOWN, posterior(), most=60)
    up, _ = found.upwards
    some = [found.joint(seed) > 0 for seed in range(12)]
    share = np.mean(some, axis=(0, 1))
    error = np.sqrt(up * (1 - up) / (12 * len(found.solved)))
    assert (np.abs(share - up) < 4.5 * error + 1e-3).all()


@pytest.mark.parametrize("level", [None, -20.0])
def test_the_rule_by_hand(level: float | None) -> None:
    """One draw: the side at each x follows from mean and sd alone."""
    one = xr.Dataset(
        {
            name: (("chain", "draw"), [[value]])
            for name, value in (("length", 5.2), ("sigma_f", 50.0), ("sigma", 22.8))
        }
    )
    found = course(KNOWN, one, level)
    solved = KNOWN.solved(Theta(5.2, 50.0, 22.8))
    mean, covariance = solved.curve(found.grid, slope=level is None)
    z = (mean - (level or 0)) / np.sqrt(np.diag(covariance))
    codes = np.where(z > stats.norm.ppf(0.975), 1, np.where(z < -stats.norm.ppf(0.975), 0, -1))
    runs = [code for i, code in enumerate(codes) if code >= 0 and (i == 0 or codes[i - 1] != code)]
    names = [found.sides[one] for i, one in enumerate(runs) if i == 0 or runs[i - 1] != one]
    assert Rule(KNOWN, 0.975, level).decide(one) == (", then ".join(names),)


def test_variances_add_up() -> None:
    """That of the curve is one of a mixture: by drawing whole curves."""
    found = course(KNOWN, posterior(), most=60)
    drawn = np.concatenate([found.curves(seed) for seed in range(15)])
    error = found.curve_variance * np.sqrt(2 / len(drawn))
    assert (np.abs(drawn.var(0) - found.curve_variance) < 6 * error).all()
    assert found.noise_variance == pytest.approx(float((posterior()["sigma"] ** 2).mean()))


def test_a_stretch_is_as_probable_as_all_of_it() -> None:
    """Throughout is never more probable than at the least sure x of it, and the change is right."""
    found = course(KNOWN, posterior(), most=60)
    for one in sure_stretches(found, 0.975, seed=4):
        part = (found.grid >= one.first) & (found.grid <= one.last)
        up = found.upwards[0][part]
        least = min(up.min(), (1 - up).max()) if one.side == FALLS else up.min()
        at_least = (1 - up).min() if one.side == FALLS else least
        assert one.throughout <= at_least + 4 * np.sqrt(0.03 / one.draws)
        ends = found.mean[part]
        assert one.size == pytest.approx(ends[-1] - ends[0], abs=(one.upper - one.lower) / 3)
        assert one.lower < one.size < one.upper


def test_where_it_is_not_known() -> None:
    found = course(KNOWN, posterior(), most=60)
    wide = WIDE * np.sqrt(found.curve_variance)
    share, where = unknown(found, float(np.median(wide)))
    assert share == pytest.approx(0.5, abs=0.02)
    assert where[-1][1] == pytest.approx(found.grid[-1])
    assert unknown(found, float(wide.max()) * 1.01) == (0.0, [])


def test_a_gap_widens_the_curve_and_not_the_noise() -> None:
    """Rows of a gap left out: the curve's sd grows in it, that of the noise is what it was."""
    inside = ROWS["time_ms"].between(20, 30)
    kept, out = ROWS[~inside], ROWS[inside]
    middle = np.array([25.0])
    without, whole = (course(points(rows, 1.0), posterior(), grid=middle) for rows in (kept, ROWS))
    rows = course(points(kept, 1.0), posterior(), grid=out["time_ms"].to_numpy())
    found = gap(without, whole, rows, out["acceleration_g"].to_numpy())
    assert found.without > 3 * found.beside
    assert without.noise_variance == whole.noise_variance
    assert found.noise == pytest.approx(np.sqrt(whole.noise_variance))
    assert (found.rows, found.x) == (int(inside.sum()), 25.0)
    sd = np.sqrt(rows.curve_variance + rows.noise_variance)
    off = np.abs(out["acceleration_g"].to_numpy() - rows.mean) > WIDE * sd
    assert found.covered == found.rows - off.sum()


def test_a_course_may_have_one_draw() -> None:
    found = Course(np.linspace(3, 50, 7), (KNOWN.solved(Theta(5.0, 50.0, 20.0)),))
    assert found.curves(1).shape == (1, 7)


def test_lengths_come_from_the_spacing() -> None:
    """98% of the prior lie from the distance of neighbours to the range."""
    found = spacing(np.array([5.0, 0, 1, 1, 2, 3, 4, 100]))
    assert (found.apart, found.range) == (1.0, 100.0)
    assert found.typical == 10.0
    ends = stats.lognorm(found.spread, scale=found.typical).ppf([0.01, 0.99])
    assert ends == pytest.approx([1, 100], rel=0.15)
    assert spacing(pd.Series([0.0, 1, 2]).to_numpy()).spread == 0.5
