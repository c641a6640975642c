"""Figures of how a fit went: ranks of the chains (NUTS), course of the optimisation (ADVI)."""

from collections.abc import Mapping

import arviz_plots as azp
import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import StrMethodFormatter

from reports.blocks import how
from reports.blocks.blocks import Figure
from reports.blocks.numbers import figure
from reports.blocks.text import listed, told_apart
from reports.drawing.drawing import (
    BLUE,
    COLOURS,
    GREEN,
    ORANGE,
    PURPLE,
    canvas_of,
    style,
    to_svg,
    where_wanted,
)
from workflow.checking.diagnostics import AGREE, APART

RANKED = 200  # draws of a chain in a rank plot: more make it large and no clearer
RANKS_ABREAST = 3
TITLE = 30  # characters above a rank plot
STROKES = ("-", "--", "-.", ":")


def ranks(name: str, draws: xr.Dataset, *, r_hat: float) -> Figure:
    """Draw the rank ECDF of every chain, as differences from uniform (Sailynoja et al. 2022).

    `draws` are scalars, one a panel.
    """
    every = max(1, draws.sizes["draw"] // RANKED)
    allowed = {n: str(n).replace("/", "\u2215") for n in draws}  # a tree has no "/" in its names
    few = draws.isel(draw=slice(0, None, every)).rename(allowed)
    thinned = xr.DataTree.from_dict({"posterior": few})
    with style(name):
        plot = azp.plot_rank(
            thinned,
            backend="matplotlib",
            col_wrap=RANKS_ABREAST,
            aes={one: ["chain"] for one in ("color", "linestyle", "overlay")},
            color=[BLUE, ORANGE, GREEN, PURPLE],
            linestyle=list(STROKES),
            visuals={"ecdf_lines": {"width": 1}, "xlabel": False, "remove_axis": False},
        )
        canvas = plot.viz["figure"].item()
        canvas.set_size_inches(7, 0.4 + 2.0 * -(-len(canvas.axes) // RANKS_ABREAST))
        short = told_apart([str(one) for one in draws], TITLE)
        for ring in [one for axes in canvas.axes for one in axes.collections if r_hat <= AGREE]:
            ring.remove()  # nothing is marked that the table passes
        p = _label_ranks(canvas, short)
        svg = to_svg(canvas, name)
        plt.close(canvas)
    agree = "agree" if r_hat <= AGREE else "agree roughly" if r_hat <= APART else "do not agree"
    said = listed(f"{one}, {text}" for one, text in zip(short, p, strict=True))
    alt = (
        f"The chains {agree}: the largest R-hat is {r_hat:.3f}. Evenness of the ranks of the least "
        f"mixed quantities: {said}."
    )
    some = f", one draw in {every}" if every > 1 else ""
    caption = f"Do the chains agree? Ranks of the draws, one line a chain{some}."
    return Figure(svg, alt, caption, how.RANKS)


def _label_ranks(canvas: Canvas, names: list[str]) -> list[str]:
    """Put names and axes on the panels of a rank plot; return the p-values that they show."""
    drawn = [axes for axes in canvas.axes if axes.texts]  # the last places can be empty
    for axes, title in zip(drawn, names, strict=True):
        axes.set_title(title, fontsize=8)
        axes.tick_params(labelsize=8)
        axes.texts[0].set(text=_p_value(axes.texts[0].get_text()), fontsize=8)
    for axes in drawn[-RANKS_ABREAST:]:
        axes.tick_params(labelbottom=True)
    for axes in drawn[::RANKS_ABREAST]:
        axes.set_ylabel("share of ranks\nbelow, less expected", fontsize=9)
    canvas.supxlabel("rank among the draws of all chains, as a share", fontsize=9)
    return [axes.texts[0].get_text() for axes in drawn]


def _p_value(text: str) -> str:
    """Return what ArviZ writes into a panel, as p=0.79(α=0.01), in the words of the page."""
    p = text.partition("(")[0].replace("=", " = ")
    return "p < 0.01" if p == "p = 0.00" else p


@where_wanted
def elbo(name: str, trees: Mapping[str, xr.DataTree]) -> Figure:
    """Draw the ELBO's history of every ADVI fit, as means of 100 blocks of iterations."""
    with canvas_of(name, 7, 2.4) as canvas:
        axes = canvas.subplots()
        said, ends = [], {}
        for (label, tree), (colour, stroke) in zip(
            trees.items(), zip(COLOURS, STROKES, strict=False), strict=False
        ):
            blocks = np.array_split(tree["optimization"]["elbo"].to_numpy(), 100)
            at = np.cumsum([len(block) for block in blocks])
            means = np.array([block.mean() for block in blocks])
            axes.plot(at, means, stroke, color=colour, label=label)
            said.append(
                f"{label}: {figure(means[50], 5)} half-way, {figure(means[-1], 5)} at the end"
            )
            ends[label] = means[-1]
        axes.set_ylim(*_upper_part([np.asarray(line.get_ydata()) for line in axes.get_lines()]))
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        axes.set_xlabel("iteration")
        axes.set_ylabel("ELBO (nats)")
        axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
        svg = to_svg(canvas, name)
    best = max(ends, key=ends.__getitem__)
    same = len({figure(end, 5) for end in ends.values()}) == 1
    where = f"at {figure(ends[best], 5)}" if same else f"highest for {best}"
    alt = f"The ELBO ends {where}. Mean ELBO by iteration, {listed(said)}."
    return Figure(svg, alt, "Did the optimisation arrive? Mean ELBO by iteration.", how.ELBO)


def _upper_part(lines: list[np.ndarray]) -> tuple[float, float]:
    """Return limits that show where the lines level off, not where they come from."""
    late = np.concatenate([line[20:] for line in lines])
    late = late[np.isfinite(late)]
    low, high = (float(late.min()), float(late.max())) if late.size else (0.0, 1.0)
    room = 0.1 * (high - low) or 1.0
    return low - room, high + room
