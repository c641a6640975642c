"""Three estimates of one share, toss after toss: the likeliest, the mode, the posterior mean."""

import numpy as np
from scipy import stats

from workflow.play.randoms import State, uniforms

SHARE, MOST = 0.7, 1000  # the share that the tosses are drawn with, and how many there are
GRID = (np.arange(400) + 0.5) / 400
SHOWN = np.r_[1:51, 60 : MOST + 1 : 10]  # tosses after which the estimates are drawn


def state(*, n: int, prior: float) -> State:
    """Return the estimates after n tosses, under a prior Beta(prior, prior), prior at least 1.

    The maximum of the likelihood is h / n, the mode of the posterior (MAP)
    (h + a - 1) / (n + 2 a - 2), and its mean (h + a) / (n + 2 a).
    """
    heads = np.cumsum(uniforms(MOST) < SHARE)
    seen, a = np.arange(1, MOST + 1), prior
    all_of = {
        "mle": heads / seen,
        "map": (heads + a - 1) / (seen + 2 * a - 2),
        "mean": (heads + a) / (seen + 2 * a),
    }
    h = heads[n - 1]
    posterior = stats.beta(h + a, n - h + a)
    now = {name: float(values[n - 1]) for name, values in all_of.items()}
    along = {f"{name}_along": values[SHOWN - 1] for name, values in all_of.items()}
    drawn = {"share": GRID, "density": posterior.pdf(GRID), "seen": SHOWN.astype(float), "n": n}
    return {**now, **along, **drawn, "heads": int(h), "sd": posterior.std(), "truth": SHARE}
