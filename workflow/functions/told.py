"""What is told of a curve: its sure stretches in numbers, what is not known, and a gap."""

from dataclasses import dataclass

import numpy as np

from workflow.functions.course import Course, Stretch, stretches
from workflow.quantities import TAILS

WIDE = 1.959963984540054  # sds to either end of a central 95%


@dataclass(frozen=True)
class Sure:
    """A stretch from x `first` to `last`: a side is sure at each x of it.

    `throughout` is the probability that it is that side at all of them at once; `size` is by how
    much the curve changes there, or its mean distance from the level, with the ends of a central
    95%; `draws` are what both are computed from.
    """

    first: float
    last: float
    side: str
    throughout: float
    size: float
    lower: float
    upper: float
    draws: int


def sure_stretches(course: Course, sure: float, *, seed: int) -> list[Sure]:
    """Return the stretches on which a side is sure, from joint draws over the whole grid."""
    found = stretches(course.upwards[0], sure, course.sides)
    drawn = course.joint(seed) if found else np.empty((0, len(course.grid)))
    return [_sure(course, one, drawn) for one in found]


def _sure(course: Course, one: Stretch, drawn: np.ndarray) -> Sure:
    part, x = drawn[:, one.first : one.last + 1], course.grid[one.first : one.last + 1]
    high = one.side == course.sides[1]
    throughout = float(((part > 0) if high else (part < 0)).all(1).mean())
    slope = course.level is None
    size = np.trapezoid(part, x, axis=1) if slope else part.mean(1)
    lower, upper = np.quantile(size, TAILS)
    ends = float(x[0]), float(x[-1])
    mean = float(size.mean())
    return Sure(*ends, one.side, throughout, mean, float(lower), float(upper), len(drawn))


def unknown(course: Course, wanted: float) -> tuple[float, list[tuple[float, float]]]:
    """Return where the central 95% of the curve are wider than `wanted` to either side.

    The share of the range, and the stretches, first and last place of the grid included.
    """
    wide = WIDE * np.sqrt(course.curve_variance) > wanted
    codes = stretches(np.where(wide, 1.0, 0.5), 1.0, ("", "wide"))
    found = [(float(course.grid[one.first]), float(course.grid[one.last])) for one in codes]
    return float(wide.mean()), found


@dataclass(frozen=True)
class Gap:
    """What is not known in a gap, at x in the middle of it: sds with its rows and without.

    `factor` says to within which factor the noise's sd is known there (95%); 1 where it has one
    size everywhere. `covered` of `rows` rows that were left out lie in the central 95% of a new
    row there.
    """

    x: float
    noise: float
    without: float
    beside: float
    rows: int
    covered: int
    factor: float = 1.0


def gap(course: Course, whole: Course, inside: Course, y: np.ndarray) -> Gap:
    """Compare the curve without the rows of a gap with that of the `whole`, at its one x.

    `inside` is the curve at the rows that were left out, whose values are `y`.
    """
    sd = np.sqrt(inside.curve_variance + inside.noise_variance)
    covered = int((np.abs(y - inside.mean) <= WIDE * sd).sum())
    noise, without, beside = (
        float(np.sqrt(one))
        for one in (course.noise_variance[0], course.curve_variance[0], whole.curve_variance[0])
    )
    changes = any(one.theta.change is not None for one in course.solved)
    factor = float(np.exp(WIDE * np.log(course.noise[:, 0]).std())) if changes else 1.0
    return Gap(float(course.grid[0]), noise, without, beside, len(y), covered, factor)
