"""Ranks of a calibration as figures: how far their empirical CDF is from a uniform one."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from reports.blocks.blocks import Figure
from reports.blocks.text import listed, shortened
from reports.drawing.drawing import BLUE, GREY, ORANGE, canvas_of, to_svg, where_wanted

ACROSS = 3
OTHERS = 8  # lines in a panel beside the strong one: more make the drawing large and no clearer
EVERY = 3  # of their points
LONGEST = 30  # characters of the name of a quantity


@dataclass(frozen=True)
class Panel:
    """Distances from the uniform CDF: of every quantity, and the ends of the simultaneous band.

    All have the shape (point,): evenly spaced inside 0 to 1. `worst` names the quantity drawn
    strongly.
    """

    distances: Mapping[str, np.ndarray]
    lower: np.ndarray
    upper: np.ndarray
    worst: str

    @property
    def others(self) -> list[np.ndarray]:
        """The lines that are drawn thin: those that come nearest to the end of the band."""

        def beyond(found: np.ndarray) -> float:
            return float(np.maximum(found - self.upper, self.lower - found).max())

        rest = [found for name, found in self.distances.items() if name != self.worst]
        return sorted(rest, key=beyond, reverse=True)[:OTHERS]

    @property
    def outside(self) -> list[str]:
        """The quantities that leave the band anywhere."""
        return [
            name
            for name, found in self.distances.items()
            if (found < self.lower).any() or (found > self.upper).any()
        ]


@where_wanted
def panels(name: str, shown: Mapping[str, Panel], *, caption: str, how: str) -> Figure:
    """Draw one panel a study: the worst quantity strongly, some others thin, the band grey."""
    down = math.ceil(len(shown) / ACROSS)
    with canvas_of(name, 7, 0.6 + 2.0 * down) as canvas:
        grid = canvas.subplots(down, ACROSS, squeeze=False, sharex=True).ravel()
        for axes, (title, panel) in zip(grid, shown.items(), strict=False):
            x = np.arange(1, len(panel.lower) + 1) / (len(panel.lower) + 1)
            axes.fill_between(x, panel.lower, panel.upper, color=GREY, alpha=0.3, linewidth=0)
            for found in panel.others:
                axes.plot(x[::EVERY], found[::EVERY], color=BLUE, linewidth=0.5, alpha=0.5)
            axes.plot(x, panel.distances[panel.worst], color=ORANGE, linewidth=1.4, linestyle="--")
            axes.set_title(f"{title}\n{shortened(panel.worst, LONGEST)}", fontsize=8)
            axes.tick_params(labelsize=8)
        for axes in grid[len(shown) :]:
            axes.set_axis_off()
        canvas.supxlabel("rank of the true value, as a share of the draws", fontsize=10)
        canvas.supylabel("share of ranks below, less the share expected", fontsize=10)
        svg = to_svg(canvas, name)
    calm = sum(not panel.outside for panel in shown.values())
    said = listed(f"{title}: {len(p.outside)} of {len(p.distances)}" for title, p in shown.items())
    alt = (
        f"In {calm} of {len(shown)} panels every line stays in the band. Lines that leave it, by "
        f"panel: {said}."
    )
    return Figure(svg, alt, caption, how)
