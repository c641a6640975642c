"""No pooling, complete pooling and partial pooling side by side, and which was nearest later on."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workflow.groups.observed import Observed
from workflow.predicting.counts import next_events

NONE, COMPLETE, PARTIAL = "no pooling", "complete pooling", "partial pooling"
JAMES_STEIN = "James-Stein"


def estimates(observed: Observed, partial: np.ndarray) -> dict[str, np.ndarray]:
    """Return what each way says of each group; `partial` are the posterior means."""
    return {
        NONE: observed.raw,
        COMPLETE: np.full(len(observed.names), observed.pooled),
        PARTIAL: np.asarray(partial, dtype=float),
    }


def later_of(table: pd.DataFrame) -> np.ndarray | None:
    """Return what came later of each group, as shown; None where the file does not say."""
    if "later_trials" in table:
        return (table["later_successes"] / table["later_trials"]).to_numpy(float)
    return table["later"].to_numpy(float) if "later" in table else None


def squared_errors(found: Mapping[str, np.ndarray], later: np.ndarray) -> dict[str, float]:
    """Return the sum over groups of squared differences from what came later."""
    return {way: float(((one - later) ** 2).sum()) for way, one in found.items()}


@dataclass(frozen=True)
class Arcsine:
    """Rates on the scale on which they have about the variance 1: sqrt(n) arcsin(2 p - 1).

    Efron and Morris (1975) compare estimates there. `n` is the number of trials, the same for all.
    """

    n: float

    def of(self, rate: np.ndarray) -> np.ndarray:
        """Return rates on that scale."""
        return np.asarray(np.sqrt(self.n) * np.arcsin(2 * np.asarray(rate) - 1))

    def james_stein(self, rate: np.ndarray) -> np.ndarray:
        """Return the estimates of James and Stein on that scale, drawn towards their mean.

        Source: Efron and Morris (1975), with the positive part.
        """
        x = self.of(rate)
        off = x - x.mean()
        kept = 1 - (len(x) - 3) / (off @ off) if off @ off > 0 else 0.0
        return np.asarray(x.mean() + max(kept, 0.0) * off)


def arcsine(observed: Observed) -> Arcsine | None:
    """Return that scale where groups have counts of the same number of trials, and enough of it."""
    if not observed.counted or len({*observed.second}) > 1 or len(observed.names) <= 3:
        return None
    return Arcsine(float(observed.second[0]))


def on_arcsine(
    observed: Observed, found: Mapping[str, np.ndarray], later: np.ndarray
) -> dict[str, float]:
    """Return squared errors there, James and Stein beside; nothing where the scale does not do."""
    scale = arcsine(observed)
    if scale is None:
        return {}
    truth = scale.of(later)
    ways = {way: scale.of(one) for way, one in found.items()}
    return squared_errors(ways | {JAMES_STEIN: scale.james_stein(observed.raw)}, truth)


def held(rates: np.ndarray, table: pd.DataFrame, *, seed: int) -> int | None:
    """Return how many later counts are inside what was predicted of them with probability .95.

    `rates` has draws (draw, group). None where there are no later counts.
    """
    if "later_trials" not in table:
        return None
    inside = 0
    for at, (events, trials) in enumerate(
        table[["later_successes", "later_trials"]].itertuples(index=False)
    ):
        found = next_events(rates[:, at], int(trials), seed=seed)
        inside += found.lower <= events <= found.upper
    return inside
