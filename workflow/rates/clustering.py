"""What clustered trials are worth: as many independent ones as would leave the same variance.

The variance of a rate that clusters (families, hospitals) show, beside the one that independent
trials would have, is the design effect; events and trials are divided by it. Source: Rao and Scott
(1992), A simple method for the analysis of clustered binary data.
"""

import numpy as np
import pandas as pd

LEAST = 2  # clusters, below which nothing says how alike their trials are


def worth(counts: pd.DataFrame, clusters: pd.DataFrame | None) -> pd.DataFrame:
    """Return the one row of events and trials divided by the design effect, in whole numbers.

    `clusters` has a row a cluster, with the columns of `counts`; for None nothing is divided.
    """
    if clusters is None:
        return counts
    events, trials = counts.columns
    effect = design_effect(clusters[events].to_numpy(), clusters[trials].to_numpy())
    n = max(round(float(counts[trials].iloc[0]) / effect), 1)
    rate = float(counts[events].iloc[0]) / float(counts[trials].iloc[0])
    return pd.DataFrame({events: [round(rate * n)], trials: [n]})


def design_effect(events: np.ndarray, trials: np.ndarray) -> float:
    """Return by what factor the variance of the rate is that of independent trials, 1 at least.

    By cluster: events, trials. Where all trials came out the same way, or there is one cluster,
    nothing says how alike those of a cluster are: they are taken for copies.
    """
    n, rate, k = trials.sum(), events.sum() / trials.sum(), len(trials)
    if rate in (0, 1) or k < LEAST:
        return float((trials**2).sum() / n)
    variance = k / (k - 1) * ((events - rate * trials) ** 2).sum() / n**2
    return max(float(variance * n / (rate * (1 - rate))), 1.0)
