"""What lengths data can tell: from the distance of neighbours to the range."""

import math
from dataclasses import dataclass

import numpy as np

TAIL = 2.3263478740408408  # 98% of a normal distribution are within so many sds
LEAST = 0.5  # sd of the logarithm, at least: of few places neighbours are as far apart as the range


@dataclass(frozen=True)
class Spacing:
    """Median distance of neighbouring places, and the range of all.

    Where places are many `apart` may be the share 1 / `finest` of the range instead.
    """

    apart: float
    range: float
    finest: int = 0

    @property
    def typical(self) -> float:
        """The length between the two, geometrically, to a digit."""
        return float(f"{math.sqrt(self.apart * self.range):.0e}")

    @property
    def spread(self) -> float:
        """The sd of a logarithm of which 98% lie from the one to the other, to a tenth."""
        ratio = math.log(self.range / self.apart)
        return round(max(ratio / (2 * TAIL), LEAST), 1)


def spacing(x: np.ndarray) -> Spacing:
    """Return the spacing of places, of which there are at least two different ones."""
    where = np.unique(x)
    return Spacing(float(np.median(np.diff(where))), float(where[-1] - where[0]))
