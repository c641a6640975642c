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
from models._changing_noise import changing
from models.smooth_curve import smooth
from reports.blocks import tables
from reports.blocks.blocks import Table
from reports.blocks.numbers import figure
from reports.functions import curve as words
from workflow.functions import quadrature, sizes
from workflow.functions.basis import Basis
from workflow.functions.many_places import looked_for
from workflow.functions.points import Points, Theta
from workflow.functions.spacing import Spacing, spacing
from workflow.quantities import Quantity

CONSTANT, CHANGING = "constant", "changing"
EACH = 5  # rows that tell a size of the noise, at least
FINEST = 30  # changes of the noise within less than this share of the range are not looked for
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
    "normal: the curve is no matter of draws. The size of the noise is: its logarithm is a sum of "
    "waves, smooth as the curve is. Beyond the first row and the last none tells it, and it goes "
    "back to its middle. ",
}


@dataclass(frozen=True)
class Scatter:
    """The model of a study, its prior's knobs and their sweep.

    `waves` make the size of the noise, where it changes; `apart` is the spacing of lengths which
    are looked for.
    """

    kind: str
    model: Callable[..., pm.Model]
    prior: Mapping[str, float]
    sweep: dict[str, tuple[float, ...]]
    apart: Spacing
    waves: Basis | None = None

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
    x = rows.iloc[:, 0]
    apart = looked_for(spacing(x.to_numpy()))
    prior, sweep = curves.own_prior(knobs, apart)
    if kind == CONSTANT:
        wrong = next((name for name, value in noise.items() if value is not None), None)
        if wrong:
            raise typer.BadParameter(f"--{wrong.replace('_', '-')} needs --scatter {CHANGING}")
        return Scatter(kind, smooth, prior, sweep, apart)
    slow = of_noise(rows)
    usual = {"typical_length_noise": slow.typical, "length_noise_spread": slow.spread}
    usual |= {"change": CHANGE}
    prior |= {name: usual[name] if value is None else value for name, value in noise.items()}
    sweep = {name: tuple(k * prior[name] for k in of) for name, of in SCALES.items()}
    return Scatter(kind, changing, prior, sweep, apart, waves_for(prior, x))


def waves_for(prior: Mapping[str, float], x: pd.Series) -> Basis:
    """Return the waves of which the size of the noise is made.

    Raises
    ------
    typer.BadParameter
        The prior has shorter lengths of its changes than the most waves can tell.
    """
    of = prior["typical_length_noise"], prior["length_noise_spread"]
    found = sizes.waves(np.unique(x.to_numpy(dtype=float)), *of)
    if least := sizes.least_typical(found, *of):
        least = float(np.ceil(least / 10 ** (up := np.floor(np.log10(least)) - 1)) * 10**up)
        raise typer.BadParameter(
            f"--typical-length-noise {of[0]:g}: so fast changes of the noise would need more than "
            f"{sizes.MOST} waves. Give {least:.2g} at least, in the unit of {x.name}, or a "
            f"--length-noise-spread below {of[1]:g}"
        )
    return found


def of_noise(rows: pd.DataFrame) -> Spacing:
    """Return the least length of changes of the noise that is looked for, and the range."""
    x = rows.iloc[:, 0].to_numpy(dtype=float)
    reach = float(np.ptp(x))
    return Spacing(float(np.clip(EACH / len(x), 1 / FINEST, 1)) * reach, reach)


def estimates(
    study: Study,
    found: Scatter,
    quantities: Mapping[str, Quantity],
    known: Points,
    names: Sequence[str],
) -> Table:
    """Return the table of length and sds: exact beside the draws where the noise has one size."""
    x, y = names
    if found.changes:
        return tables.estimates(
            f"Length ({x}) and sd of the curve ({y}); sigma, the middle that the noise goes up and "
            f"down about ({y}), not its size at any {x}, which is told above; length of its "
            f"changes ({x}), and sd of its logarithm",
            quantities,
        )
    caption = f"Length ({x}), sd of the curve and of the noise ({y})"
    expected = quadrature.prior_of(found.prior, float(known.y.std(ddof=1)))
    exact = quadrature.known(known, expected)
    return exactly.quantities(study, quantities, exact, caption=caption)
