"""Figures of how a fit went: ranks of the chains (NUTS), course of the optimisation (ADVI)."""

from collections.abc import Mapping

import arviz_plots as azp
import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

from reports.blocks import Figure
from reports.drawing import COLOURS, canvas_of, style, to_svg

RANKED = 200  # draws of a chain in a rank plot: more make it large and no clearer
RANKS_ABREAST = 3


def ranks(name: str, draws: xr.Dataset, *, r_hat: float) -> Figure:
    """Draw the rank ECDF of every chain, as differences from uniform (Sailynoja et al. 2022)."""
    every = max(1, draws.sizes["draw"] // RANKED)
    allowed = {n: str(n).replace("/", "\u2215") for n in draws}  # a tree has no "/" in its names
    few = draws.isel(draw=slice(0, None, every)).rename(allowed)
    thinned = xr.DataTree.from_dict({"posterior": few})
    with style(name):
        plot = azp.plot_rank(thinned, backend="matplotlib", col_wrap=RANKS_ABREAST)
        canvas = plot.viz["figure"].item()
        canvas.set_size_inches(7, 2.2 * -(-len(canvas.axes) // RANKS_ABREAST))
        for axes in canvas.axes:
            axes.title.set_fontsize(8)
        svg = to_svg(canvas, name)
        plt.close(canvas)
    names = ", ".join(map(str, draws))
    alt = f"Rank plots of the chains for {names}; the largest R-hat is {r_hat:.3f}."
    how = (
        "Each line is a chain: how often its draws are among the smaller ones of all chains, "
        "less what equal chains would have. p is the probability of lines as uneven as these "
        "from chains that sample the same distribution: a small p is evidence that they do not. It "
        "takes the draws for independent, so it is too small where the ESS is well below their "
        "number; the table above judges, these are the least mixed quantities."
    )
    return Figure(svg, alt, f"Do the chains agree? One draw in {every}.", how)


def elbo(name: str, trees: Mapping[str, xr.DataTree]) -> Figure:
    """Draw the ELBO's history of every ADVI fit, as means of 100 blocks of iterations."""
    with canvas_of(name, 7, 2.4) as canvas:
        axes = canvas.subplots()
        said = []
        for (label, tree), colour in zip(trees.items(), COLOURS, strict=False):
            blocks = np.array_split(tree["optimization"]["elbo"].to_numpy(), 100)
            at = np.cumsum([len(block) for block in blocks])
            means = np.array([block.mean() for block in blocks])
            axes.plot(at, means, color=colour, label=label)
            said.append(f"{label}: {means[50]:.5g} half-way, {means[-1]:.5g} at the end")
        axes.set_ylim(*_upper_part([np.asarray(line.get_ydata()) for line in axes.get_lines()]))
        axes.set_xlabel("iteration")
        axes.set_ylabel("ELBO (nats)")
        axes.legend(frameon=False, fontsize=8)
        svg = to_svg(canvas, name)
    return Figure(
        svg, f"ELBO by iteration. {'; '.join(said)}.", "Did the optimisation arrive? Mean ELBO."
    )


def _upper_part(lines: list[np.ndarray]) -> tuple[float, float]:
    """Return limits that show where the lines level off, not where they come from."""
    late = np.concatenate([line[20:] for line in lines])
    late = late[np.isfinite(late)]
    low, high = (float(late.min()), float(late.max())) if late.size else (0.0, 1.0)
    room = 0.1 * (high - low) or 1.0
    return low - room, high + room
