"""Results as figures: labelled axes with units, inline SVG, an alternative in words."""

from collections.abc import Mapping, Sequence

import arviz_plots as azp
import matplotlib.pyplot as plt
import matplotlib.ticker
import numpy as np
import xarray as xr

from reports.blocks import Figure
from reports.drawing import BLUE, COLOURS, GREY, MARKS, ORANGE, canvas_of, style, to_svg
from workflow.checks import StatisticCheck
from workflow.quantities import INTERVAL, Quantity
from workflow.sensitivity import Sweep

RANKS_ABREAST = 3
RANKED = 200  # draws of a chain in a rank plot: more make it large and no clearer


def intervals(
    name: str,
    rows: Mapping[str, Mapping[str, Quantity]],
    *,
    label: str,
    caption: str,
    scale: float = 1,
    zero: bool = True,
    rope: float | None = None,
) -> Figure:
    """Draw medians and 95% intervals: one line a quantity, or one for each method.

    Parameters
    ----------
    rows
        Quantity name to its summaries by method.
    label, scale
        Axis label with the unit, and the factor into that unit.
    rope
        Half-width of the region of practical equality, in that unit.
    """
    methods = list(dict.fromkeys(method for found in rows.values() for method in found))
    with canvas_of(name, 7, 1.0 + 0.34 * len(rows) * len(methods)) as canvas:
        axes = canvas.subplots()
        if zero:
            axes.axvline(0, color=GREY, linewidth=1)
        if rope:
            axes.axvspan(-rope, rope, color=GREY, alpha=0.2, linewidth=0, label=f"within ±{rope:g}")
        for m, method in enumerate(methods):
            y = -np.arange(len(rows)) - 0.6 * (m - (len(methods) - 1) / 2) / len(methods)
            found = [by_method[method] for by_method in rows.values()]
            middle = scale * np.array([q.median for q in found])
            ends = scale * np.array([(q.lower, q.upper) for q in found]).T
            axes.errorbar(
                middle,
                y,
                xerr=np.abs(ends - middle),
                fmt=MARKS[m],
                color=COLOURS[m],
                label=method if len(methods) > 1 else None,
            )
        axes.set_yticks(-np.arange(len(rows)), list(rows))
        axes.set_ylim(-len(rows) + 0.4, 0.6)
        axes.set_xlabel(label)
        if len(methods) > 1 or rope:
            axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
        svg = to_svg(canvas, name)
    said = [
        f"{quantity}{f' by {method}' if len(methods) > 1 else ''}: {scale * q.median:.3g}, "
        f"{scale * q.lower:.3g} to {scale * q.upper:.3g}"
        for quantity, by_method in rows.items()
        for method, q in by_method.items()
    ]
    return Figure(svg, f"{label}; median and {INTERVAL}. {'; '.join(said)}.", caption)


def densities(name: str, panels: Mapping[str, np.ndarray], *, caption: str) -> Figure:
    """Draw histograms of draws side by side; `panels` has the draws by axis label."""
    with canvas_of(name, 7, 2.6) as canvas:
        for axes, (label, draws) in zip(
            np.atleast_1d(canvas.subplots(1, len(panels))), panels.items(), strict=True
        ):
            axes.hist(draws, bins=40, density=True, color=BLUE, alpha=0.6)
            axes.set_xlabel(label)
            axes.set_ylabel("density")
        svg = to_svg(canvas, name)
    central = {label: np.quantile(draws, (0.025, 0.975)) for label, draws in panels.items()}
    said = "; ".join(f"{label}: {low:.3g} to {high:.3g}" for label, (low, high) in central.items())
    return Figure(svg, f"Histograms. Central 95% of {said}.", caption)


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
        "from chains that sample the same distribution: a small p is evidence that they do not."
    )
    return Figure(svg, alt, f"Do the chains agree? One draw in {every}.", how)


def predictive(name: str, checks: Sequence[StatisticCheck], *, label: str, caption: str) -> Figure:
    """Draw the central 95% of each statistic's predictive draws and the observed value."""
    with canvas_of(name, 7, 1.1 + 0.4 * len(checks)) as canvas:
        axes = canvas.subplots()
        y = -np.arange(len(checks))
        axes.hlines(
            y, [c.lower for c in checks], [c.upper for c in checks], color=BLUE, linewidth=3
        )
        axes.plot(
            [c.median for c in checks], y, "|", color=BLUE, markersize=12, label="predicted (95%)"
        )
        axes.plot([c.observed for c in checks], y, "D", color=ORANGE, label="observed")
        axes.set_yticks(y, [c.statistic for c in checks])
        axes.set_ylim(-len(checks) + 0.4, 0.6)
        axes.set_xlabel(label)
        axes.locator_params(axis="x", nbins=6)
        axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
        svg = to_svg(canvas, name)
    said = "; ".join(
        f"{c.statistic}: observed {c.observed:.4g}, predicted {c.lower:.4g} to {c.upper:.4g}"
        for c in checks
    )
    return Figure(svg, f"{label}. {said}.", caption)


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


def sweep(name: str, found: Sweep, shown: str, *, label: str, scale: float = 1) -> Figure:
    """Draw a quantity under every prior: the last knob along the axis, the first as lines."""
    first, *_, last = found.knobs
    with canvas_of(name, 7, 3) as canvas:
        axes = canvas.subplots()
        axes.axhline(0, color=GREY, linewidth=1)
        for i, value in enumerate(found.knobs[first]):
            points = [p for p in found.points if p.knobs[first] == value]
            x = np.array([p.knobs[last] for p in points]) * 1.08 ** (
                i - len(found.knobs[first]) / 2
            )
            q = [p.quantities[shown] for p in points]
            middle = scale * np.array([one.median for one in q])
            ends = scale * np.array([(one.lower, one.upper) for one in q]).T
            mark, colour = MARKS[i % len(MARKS)], COLOURS[i % len(COLOURS)]
            axes.errorbar(
                x, middle, np.abs(ends - middle), fmt=mark, color=colour, label=f"{value:g}"
            )
        axes.set_xscale("log")
        axes.set_xticks(found.knobs[last], [f"{value:g}" for value in found.knobs[last]])
        axes.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
        axes.set_xlabel(f"{last.replace('_', ' ')} (axis: log scale)")
        axes.set_ylabel(label)
        axes.legend(
            frameon=False,
            fontsize=8,
            title=first.replace("_", " "),
            loc="center left",
            bbox_to_anchor=(1, 0.5),
        )
        svg = to_svg(canvas, name)
    medians = [scale * p.quantities[shown].median for p in found.points]
    span = f"{min(medians):.3g} to {max(medians):.3g}"
    alt = f"{shown} under {len(found.points)} priors: medians from {span}."
    return Figure(svg, alt, f"{shown} under every prior of the sweep: median and 95% interval.")
