"""Putts and both curves as tables."""

import numpy as np
import pandas as pd

from reports.blocks.blocks import NONE, Cell, Table
from reports.blocks.numbers import estimate, figure, number, percent
from workflow.checking.exact import Known
from workflow.putting.contest import GEOMETRY, LOGISTIC, Contest, pearson
from workflow.quantities import Quantity
from workflow.scoring.elpd import Difference

HOW_COUNTS = (
    "One row a distance. By both curves: the chance of a putt, at the mean of the posterior. Off: "
    "how many sds of a Binomial count the putts made are above what the geometry says; within ± 2 "
    "is usual, beyond ± 3 is not."
)
HOW_RESULT = {
    "ahead by": "By how much better a curve predicts distances that were left out, one at a time "
    "(log predictive density, elpd), ± its standard error. It has to be 4 or more, and more "
    "standard errors the fewer distances there are.",
    "even at": "The distance from which on a putt is more likely missed than made, by the curve: "
    "median and 95% credible interval. Not told of a curve that is clearly behind, nor of a "
    "geometry that does not fit.",
}
HOW_PARTING = (
    "One row a distance, with the chance of a putt by either curve (mean, and its 95% credible "
    "interval). Beyond the farthest putts no count says which is right; the geometry's form has a "
    "reason there, which holds as far as putts are struck long enough."
)


def by_distance(contest: Contest) -> Table:
    """Return the putts by distance, beside both curves."""
    putts, p = contest.putts, contest.curves
    off = pearson(putts, p[GEOMETRY])
    rows = tuple(
        (
            figure(row.distance_ft),
            f"{row.tries:,}",
            f"{row.successes:,}",
            percent(row.successes / row.tries, 1e-3),
            percent(p.loc[i, GEOMETRY], 1e-3),
            percent(p.loc[i, LOGISTIC], 1e-3),
            number(off[i], 0.1, sign=True),
        )
        for i, row in zip(putts.index, putts.itertuples(), strict=True)
    )
    columns = ("feet", "tries", "made", "share", "geometry", "logistic curve", "off (sds)")
    return Table("Putts by distance, beside both curves", columns, rows, HOW_COUNTS)


def parting(contest: Contest, far: float) -> Table:
    """Return both curves at a few distances, and beyond the data."""
    x = contest.putts["distance_ft"]
    at = np.unique([x.min(), x.median(), x.max(), (x.max() + far) / 2, far])
    both = [one.chances(at) for one in contest.both.values()]
    share = (contest.putts["successes"] / contest.putts["tries"]).set_axis(x)
    rows = tuple(
        (
            figure(where),
            percent(share[where], 1e-3) if where in share.index else "no putts",
            *(_chance(one.loc[i]) for one in both),
        )
        for i, where in enumerate(at)
    )
    columns = ("feet", "share made", GEOMETRY, LOGISTIC)
    return Table("Where the curves part", columns, rows, HOW_PARTING)


def _chance(found: pd.Series) -> str:
    error = max(float(found["upper"] - found["lower"]), 1e-6) / 20
    mean, low, high = (percent(one, error) for one in found)
    return f"{mean} ({low} to {high})"


def result(
    contest: Contest, gap: Difference, found: dict[str, Quantity], far: float, *, fits: bool
) -> list[Table]:
    """Return a row a curve: its numbers, how far it is ahead, and what it says."""
    logistic = contest.logistic
    own = logistic.curve.own_units(logistic.grid[0])
    level, slope = (logistic.known(one) for one in own.T)
    with np.errstate(all="ignore"):
        crossing = logistic.known(-own[:, 0] / own[:, 1])
    least = contest.least
    ahead = f"{elpd(gap)} ± {figure(gap.se, 2)}"
    told: list[tuple[Cell, ...]] = [
        (
            GEOMETRY,
            f"{estimate(found['sigma_degrees'])}°",
            ahead if gap.value >= 0 else "0",
            f"{estimate(found['even_ft'])} ft" if fits and gap.value > -least else "not told",
            _chance(contest.geometry.chances(np.array([far])).loc[0]),
        ),
        (
            LOGISTIC,
            f"{_known(level)} and {_known(slope)} a foot",
            ahead if gap.value < 0 else "0",
            _crossing(crossing) if gap.value < least else "not told",
            _chance(logistic.chances(np.array([far])).loc[0]),
        ),
    ]
    told.sort(key=lambda row: row[2] == "0")
    columns = ("curve", "its numbers", "ahead by", "even at", f"from {figure(far)} ft")
    return [Table("Two curves for the same putts", columns, tuple(told), HOW_RESULT)]


def _crossing(found: Known) -> str:
    """Format where the logistic curve is at a half, if it is anywhere near."""
    return f"{_known(found)} ft" if 0 < found.lower < found.upper < 1000 else NONE


def _known(one: Known) -> str:
    middle, low, high = (number(x, one.sd / 5) for x in (one.median, one.lower, one.upper))
    return f"{middle} ({low} to {high})"


def elpd(gap: Difference) -> str:
    """Format by how much one is ahead of the other."""
    return number(abs(gap.value), 0.1 if abs(gap.value) < 100 else 1.0)
