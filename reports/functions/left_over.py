"""What is left over of a curve's rows, in words: under which numbers, and what cannot be seen."""

import numpy as np

from reports.blocks.numbers import figure
from workflow.functions.points import Points, Theta


def middle_of(theta: Theta) -> str:
    """Say under which numbers the leftovers are computed."""
    noise = figure(theta.sigma)
    if theta.change is not None:
        noise = "as its size is at each x"
    return (
        f"They are computed with the posterior medians: length {figure(theta.length)}, sd of the "
        f"curve {figure(theta.sigma_f)}, noise {noise}."
    )


def evenly(points: Points) -> list[str]:
    """Say that waves shorter than the spacing cannot be seen where places are evenly spaced."""
    apart = np.diff(points.where)
    if apart.max() > 1.01 * apart.min():
        return []
    return [
        "The places are evenly spaced: a wave shorter than twice their distance looks like a "
        "longer one, or like none, and no check can see it."
    ]
