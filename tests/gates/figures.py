"""Pictures of what went wrong: where the funnel was not entered, and chains that never met."""

from collections.abc import Mapping

import numpy as np
import xarray as xr
from scipy import stats

from reports.blocks.blocks import Figure
from reports.drawing.drawing import BLUE, COLOURS, GREY, MARKS, canvas_of, to_svg

HOW_FUNNEL = (
    "Each dot is a draw: the log scale upwards, and along the axis a value that is narrower the "
    "smaller that scale is. Left the sampler that fails, right the one that does not. The neck of "
    "the funnel, below the grey line, should hold the share that the caption says; dots that stop "
    "short of it are a sampler that did not enter."
)
HOW_TRACES = (
    "Each mark is a draw, in the order in which they came, and each shape and colour a chain. "
    "Chains that mix into one cloud have met. Chains that each stay at a height of their own have "
    "not: none has seen what the others have, and their shares say nothing."
)
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
            axes.set_xlabel("first element of x")
        canvas.axes[0].set_ylabel("log scale of x")
        svg = to_svg(canvas, "funnel")
    told = ", ".join(f"{share:.1%} of the draws {name}" for name, share in shares.items())
    alt = f"Below a log scale of {LOW:g} are {told}; the truth is {true:.1%}."
    caption = f"The funnel, sampled twice. Below the grey line lies {true:.1%} of it."
    return Figure(svg, alt, caption, HOW_FUNNEL)


def traces(runs: Mapping[str, xr.DataArray]) -> Figure:
    """Draw the chains of x, one in five draws, for every run."""
    with canvas_of("traces", 7, 2.6) as canvas:
        for axes, (name, x) in zip(canvas.subplots(1, len(runs)), runs.items(), strict=True):
            looks = zip(MARKS, COLOURS, strict=True)
            for i, (chain, (mark, colour)) in enumerate(zip(x.to_numpy(), looks, strict=False)):
                at = np.arange(0, len(chain), EVERY)
                axes.plot(at, chain[at], mark, color=colour, markersize=2.5, label=f"chain {i}")
            axes.set_title(f"modes {name}", fontsize=9)
            axes.set_xlabel(f"draw (one in {EVERY} shown)")
        canvas.axes[0].set_ylabel("x")
        handles = canvas.axes[0].get_legend_handles_labels()
        canvas.legend(*handles, frameon=False, fontsize=8, loc="outside right center")
        svg = to_svg(canvas, "traces")
    said = [f"with modes {name} their means are {_means(x)}" for name, x in runs.items()]
    caption = "Traces of x: chains whose modes are far apart never meet, near ones do."
    return Figure(svg, f"Four chains: {'; '.join(said)}.", caption, HOW_TRACES)


def _means(x: xr.DataArray) -> str:
    return ", ".join(f"{mean:.1f}" for mean in x.mean("draw").to_numpy())
