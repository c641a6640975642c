"""Pictures of what went wrong: where the funnel was not entered, and chains that never met."""

from collections.abc import Mapping

import numpy as np
import xarray as xr
from scipy import stats

from reports.blocks import Figure
from reports.drawing import BLUE, COLOURS, GREY, canvas_of, to_svg

EVERY = 5
LOW = -4.0  # a log scale that the prior, Normal(0, 3), is below with probability .09


def funnel(centred: xr.Dataset, non_centred: xr.Dataset) -> Figure:
    """Draw the same funnel twice: what the two samplers saw of its neck."""
    v = non_centred["log_scale"].to_numpy().ravel()
    x = non_centred["z"].to_numpy()[..., 0].ravel() * np.exp(v / 2)
    seen = {
        "centred": (centred["x"].to_numpy()[..., 0].ravel(), centred["log_scale"].to_numpy()),
        "not centred": (x, v),
    }
    true, shares = float(stats.norm(0, 3).cdf(LOW)), {}
    with canvas_of("funnel", 7, 3) as canvas:
        for axes, (name, (across, up)) in zip(
            canvas.subplots(1, 2, sharey=True), seen.items(), strict=True
        ):
            up = up.ravel()
            shares[name] = float((up < LOW).mean())
            axes.plot(across[::EVERY], up[::EVERY], ".", color=BLUE, markersize=2, alpha=0.6)
            axes.axhline(LOW, color=GREY, linewidth=1)
            axes.set_xlim(-10, 10)
            axes.set_title(f"{name}: {shares[name]:.1%} below the line", fontsize=9)
            axes.set_xlabel("x[0]")
        canvas.axes[0].set_ylabel("log_scale")
        svg = to_svg(canvas, "funnel")
    told = ", ".join(f"{share:.1%} of the draws {name}" for name, share in shares.items())
    alt = f"Below log_scale = {LOW:g} are {told}; the truth is {true:.1%}."
    return Figure(
        svg, alt, f"The funnel, sampled twice. Below the grey line lies {true:.1%} of it."
    )


def traces(runs: Mapping[str, xr.DataArray]) -> Figure:
    """Draw the chains of x, one in five draws, for every run."""
    with canvas_of("traces", 7, 2.6) as canvas:
        for axes, (name, x) in zip(canvas.subplots(1, len(runs)), runs.items(), strict=True):
            for chain, colour in zip(x.to_numpy(), COLOURS, strict=False):
                axes.plot(chain[::EVERY], color=colour, linewidth=0.6)
            axes.set_title(f"modes {name}", fontsize=9)
            axes.set_xlabel(f"draw (one in {EVERY})")
        canvas.axes[0].set_ylabel("x")
        svg = to_svg(canvas, "traces")
    said = [f"{name}: chain means {_means(x)}" for name, x in runs.items()]
    return Figure(svg, f"Traces of four chains. {'; '.join(said)}.", "Chains that never meet.")


def _means(x: xr.DataArray) -> str:
    return ", ".join(f"{mean:.1f}" for mean in x.mean("draw").to_numpy())
