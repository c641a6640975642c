"""Readings of an instrument as figures: sds against their number, and the exact posterior."""

import math

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.ticker import NullFormatter

from reports.blocks.blocks import Figure
from reports.blocks.numbers import figure
from reports.drawing.drawing import BLUE, GREEN, GREY, HALF, ORANGE, canvas_of, to_svg, where_wanted
from workflow.measuring.gaussian import Posterior
from workflow.measuring.target import Target

HOW_SDS = (
    "Sds against the number of readings, exactly, both axes logarithmic. The noise of a single "
    "reading is the same for any number. The sd of the readings' mean falls with the square root "
    "of it. The sd of the quantity falls with it at first and stops at what the bias leaves: from "
    "there on more readings tell nothing. Good is a line of the quantity that is below what was "
    "asked for where the dot, the data, stands."
)
HOW_POSTERIOR = (
    "Lines are exact posteriors: narrow that of the readings' mean, wide that of the quantity; the "
    "bars are draws of NUTS of the quantity, and should agree with its line. The dashed line is "
    "the prior. How much wider the quantity is than the mean is what the bias does."
)
FARTHEST = 1e9  # readings to which the lines are drawn at most
FINE = 200


@where_wanted
def picture(target: Target, n: int, name: str) -> Figure:
    """Draw the sds against the number of readings, with the target and the data's place."""
    known, total = target.known.under(n_before=0.0), int(target.known.n_before) + n
    needed = known.needed(target.sd)
    far = max(100 * total, 1e4, 3 * needed if math.isfinite(needed) else 0)
    at = np.geomspace(1, min(far, FARTHEST), FINE)
    quantity = known.sd_of_quantity(at)
    with canvas_of("answer", HALF, 3.5) as canvas:
        axes = canvas.subplots()
        axes.axhline(known.noise_sd, color=GREY, linestyle="-.", label="noise of one reading")
        axes.plot(at, known.sd_of_mean(at), "--", color=ORANGE, label="mean of the readings")
        axes.plot(at, quantity, color=BLUE, label=f"{name}, bias and all")
        axes.axhline(known.floor, color=BLUE, linestyle=":", label="what the bias leaves")
        axes.axhline(target.sd, color=GREEN, linewidth=1, label=f"asked for: {figure(target.sd)}")
        now = float(known.sd_of_quantity(total))
        axes.plot(total, now, "o", color="black", label=f"so far: {total:,} readings")
        _logarithmic(axes)
        canvas.legend(frameon=False, fontsize=8, loc="outside upper center", ncols=3)
        svg = to_svg(canvas, "answer")
    reach = (
        f"{math.ceil(needed):,} readings reach the {figure(target.sd)} asked for"
        if math.isfinite(needed)
        else f"none reach the {figure(target.sd)} asked for"
    )
    alt = (
        f"After {total:,} readings the sd of their mean is "
        f"{figure(float(known.sd_of_mean(total)))}, that of {name} {figure(now)}; it stops at "
        f"{figure(known.floor)}, and {reach}."
    )
    return Figure(svg, alt, "What more readings tell, and what they do not.", HOW_SDS)


def _logarithmic(axes: Axes) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_formatter(NullFormatter())
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.yaxis.set_major_formatter(lambda value, _: figure(value))
    axes.set_xlabel("readings")
    axes.set_ylabel("sd")


@where_wanted
def posterior(exact: Posterior, draws: xr.DataArray, target: Target, name: str) -> Figure:
    """Draw the posteriors of the readings' mean and of the quantity, and the quantity's prior."""
    known, of = target.known, exact.distributions()
    quantity, mean = of["quantity"], of["mean"]
    ends = [*quantity.ppf([1e-4, 1 - 1e-4]), *mean.ppf([1e-4, 1 - 1e-4])]
    ends += [] if target.reference is None else [target.reference]
    low, high = min(ends), max(ends)
    at = np.linspace(low - 0.03 * (high - low), high + 0.03 * (high - low), 400)
    prior = np.exp(-(((at - known.prior_mean) / known.prior_sd) ** 2) / 2)
    prior /= known.prior_sd * math.sqrt(2 * math.pi)
    with canvas_of("posterior", 7, 3.2) as canvas:
        axes = canvas.subplots()
        x = draws.to_numpy().ravel()
        axes.hist(x, bins=40, density=True, color=BLUE, alpha=0.3, label=f"{name}, NUTS")
        axes.plot(at, quantity.pdf(at), color=BLUE, label=f"{name}, exact")
        axes.plot(at, mean.pdf(at), "-.", color=ORANGE, label="mean of the readings, exact")
        axes.plot(at, prior, "--", color=GREY, label=f"{name}, prior")
        if target.reference is not None:
            axes.axvline(target.reference, color=GREEN, linestyle=":", label="accepted value")
        axes.set_xlim(at[0], at[-1])
        axes.set_ylim(0, 1.1 * max(mean.pdf(exact.means[2]), quantity.pdf(exact.means[0])))
        axes.set_xlabel(name)
        axes.set_ylabel("density")
        canvas.legend(frameon=False, fontsize=8, loc="outside upper center", ncols=3)
        svg = to_svg(canvas, "posterior")
    spread = exact.sds[0] / exact.sds[2]
    alt = (
        f"The quantity has the central 95% from {figure(quantity.ppf(0.025), 4)} to "
        f"{figure(quantity.ppf(0.975), 4)}, the mean of the readings from "
        f"{figure(mean.ppf(0.025), 4)} to {figure(mean.ppf(0.975), 4)}: {figure(spread, 2)} "
        "times as narrow."
    )
    return Figure(svg, alt, f"Posterior of {name}, and of the mean of the readings.", HOW_POSTERIOR)
