"""Noise of one size, or of one that changes along x: what a study of a curve takes from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import typer

from analyses import _curves as curves, _exactly as exactly
from analyses._study import Study
from models._changing_noise import KNOTS, changing
from models.smooth_curve import smooth
from reports.blocks import tables
from reports.blocks.blocks import Table
from reports.blocks.numbers import figure
from reports.functions import curve as words
from workflow.functions import quadrature
from workflow.functions.many_places import looked_for
from workflow.functions.points import Points, Theta
from workflow.functions.spacing import Spacing, spacing
from workflow.quantities import Quantity

CONSTANT, CHANGING = "constant", "changing"
EACH = 5  # rows that tell a size of the noise, at least
CHANGE = 1.0  # prior scale of the sd of the logarithm of the noise's size
SCALES = {"typical_length": (0.25, 1.0, 4.0), "change": (1.0, 3.0)}  # times their own
ADVICE = {
    CONSTANT: "Where they scatter more than elsewhere the intervals are too narrow, and too wide "
    "where they scatter less: --scatter changing lets the noise change along x; or take the "
    "logarithm of y where y is positive. ",
    CHANGING: "",
}
ABOUT = {
    CONSTANT: "Given the three numbers that the sampler moves in, rows and curve are jointly "
    "normal: the curve is no matter of draws. The three are known by quadrature too, so that "
    "nobody needs NUTS or ADVI here; the exact posterior says how far each of them is from the "
    "truth. ",
    CHANGING: "Given length, sds and the size of the noise along x, rows and curve are jointly "
    f"normal: the curve is no matter of draws. The size of the noise is: at {KNOTS} x or fewer, "
    "evenly spaced from the first to the last, between which it is smooth. Beyond them no row "
    "tells it, and it goes back to its middle. ",
}


@dataclass(frozen=True)
class Scatter:
    """The model of a study, its prior's knobs and their sweep.

    `slow` is the spacing of sizes, `apart` that of lengths which are looked for.
    """

    kind: str
    model: Callable[..., pm.Model]
    prior: Mapping[str, float]
    sweep: dict[str, tuple[float, ...]]
    slow: Spacing
    apart: Spacing

    @property
    def changes(self) -> bool:
        """Whether the size of the noise may change."""
        return self.kind == CHANGING

    @property
    def names(self) -> list[str]:
        """The numbers that the page tells of."""
        return [*quadrature.NAMES, *(["length_noise", "sigma_noise"] if self.changes else [])]

    @property
    def misfit(self) -> str:
        """What a check that warns comes to."""
        return words.MISFIT_CHANGING if self.changes else words.MISFIT

    @property
    def usual(self) -> str:
        """Which half of an interval is narrow enough by default."""
        return (
            "the sd of the noise, its median over the rows" if self.changes else "the sd of a row"
        )

    @property
    def swept(self) -> str:
        """Say which knobs the sweep has."""
        last = (
            "the prior scale of how much the noise changes, up to three times it."
            if self.changes
            else "the prior scale of the curve's ups and downs, up to three times it."
        )
        return (
            "The knobs are the prior median of the length, from a quarter to four times that of "
            f"this page, and {last}"
        )

    def said(self, name: str) -> Sequence[str]:
        """Say what the prior expects of the noise's changes; `name` is that of x."""
        if not self.changes:
            return []
        low, high = (
            self.prior["typical_length_noise"]
            * np.exp(k * 1.96 * self.prior["length_noise_spread"])
            for k in (-1, 1)
        )
        return [
            "The size of the noise changes along x: its logarithm goes up and down by an sd with a "
            f"half-normal prior of scale {figure(self.prior['change'])}, within lengths of "
            f"{figure(self.prior['typical_length_noise'])} {name}, 95% from {figure(low)} to "
            f"{figure(high)}: no fewer than some {EACH} rows tell a size."
        ]

    def typical(self, theta: Theta, known: Points) -> float:
        """Return the sd of the noise, its median over the rows."""
        return float(np.median(theta.size(known.where)[known.at]))


def scatter(
    kind: str, knobs: Mapping[str, float | None], noise: Mapping[str, float | None], rows: Any
) -> Scatter:
    """Return the model that was asked for; knobs that are not given come from the spacing.

    Raises
    ------
    typer.BadParameter
        A knob of noise that changes was given for noise that does not, or there is no such kind.
    """
    apart = looked_for(spacing(rows.iloc[:, 0].to_numpy()))
    prior, sweep = curves.own_prior(knobs, apart)
    slow = of_noise(rows)
    if kind == CONSTANT:
        wrong = next((name for name, value in noise.items() if value is not None), None)
        if wrong:
            raise typer.BadParameter(f"--{wrong.replace('_', '-')} needs --scatter {CHANGING}")
        return Scatter(kind, smooth, prior, sweep, slow, apart)
    usual = {"typical_length_noise": slow.typical, "length_noise_spread": slow.spread}
    usual |= {"change": CHANGE}
    prior |= {name: usual[name] if value is None else value for name, value in noise.items()}
    sweep = {name: tuple(k * prior[name] for k in of) for name, of in SCALES.items()}
    return Scatter(kind, changing, prior, sweep, slow, apart)


def of_noise(rows: pd.DataFrame) -> Spacing:
    """Return the least length over which rows tell how the noise changes, and their range."""
    x = rows.iloc[:, 0].to_numpy(dtype=float)
    reach = float(np.ptp(x))
    return Spacing(min(EACH * reach / len(x), reach), reach)


def estimates(
    study: Study,
    found: Scatter,
    quantities: Mapping[str, Quantity],
    known: Points,
    names: Sequence[str],
) -> Table:
    """Return the table of length and sds: exact beside the draws where the noise has one size."""
    caption = f"Length ({names[0]}), sd of the curve and of the noise ({names[1]})"
    if found.changes:
        more = f"; length of the noise's changes ({names[0]}), and sd of its logarithm"
        return tables.estimates(caption + more, quantities)
    expected = quadrature.prior_of(found.prior, float(known.y.std(ddof=1)))
    exact = quadrature.known(known, expected)
    return exactly.quantities(study, quantities, exact, caption=caption)
