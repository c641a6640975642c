"""Three people with different priors see the same tosses: when do they agree?"""

import numpy as np
from scipy import stats

from workflow.play.randoms import State

MEANS = {"low": 0.2, "middle": 0.5, "high": 0.8}  # of the three priors
SHARE, MOST = 0.6, 1000  # the share of heads among the tosses seen, and how many at most
NEAR = 0.01  # means that differ by less are one and the same for most ends
GRID = (np.arange(400) + 0.5) / 400
SEEN = np.arange(0.0, MOST + 1, 5)


def state(*, n: int, strength: float) -> State:
    """Return three posteriors after n tosses, of priors Beta(m strength, (1 - m) strength).

    A posterior's mean is a weighted average: the prior's mean counts strength / (strength + n).
    """
    found: State = {"share": GRID, "seen": SEEN, "n": n}
    for name, mean in MEANS.items():
        a, b = mean * strength + SHARE * n, (1 - mean) * strength + (1 - SHARE) * n
        found |= {name: stats.beta(a, b).mean(), f"{name}_density": stats.beta(a, b).pdf(GRID)}
    apart = MEANS["high"] - MEANS["low"]
    weight = strength / (strength + n)
    found |= {"weight": weight, "apart": apart * weight}
    found |= {"apart_along": apart * strength / (strength + SEEN)}
    return found | {"enough": strength * (apart / NEAR - 1)}
