"""Variants with a rate each: what draws say of the best one, and the exact posterior beside."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats

from workflow.checking.exact import Known, known
from workflow.deciding.decision import UNDECIDED, choose, is_best, regret
from workflow.quantities import SAMPLE, Scalar, expectations, summarise
from workflow.rates.arms_in_time import Seen


@dataclass(frozen=True)
class Exact:
    """The posterior of every rate: independent Beta distributions.

    `counts` has `arm`, `visitors` and `conversions`; `alpha` and `beta` are the prior's.
    """

    counts: pd.DataFrame
    alpha: float
    beta: float

    @property
    def parameters(self) -> tuple[np.ndarray, np.ndarray]:
        """Both parameters by variant."""
        return self._seen(self.alpha, self.beta).parameters

    def distributions(self) -> dict[str, Any]:
        """Return the exact posterior of each rate by variant, as distributions of scipy."""
        both = zip(self.counts["arm"], *self.parameters, strict=True)
        return {str(arm): stats.beta(a, b) for arm, a, b in both}

    def rates(self) -> dict[str, Known]:
        """Return mean, sd and quantiles of each rate, called rate[variant]."""
        return {f"rate[{arm}]": known(one) for arm, one in self.distributions().items()}

    def best(self) -> dict[str, float]:
        """Return the probability of each variant to be best, called prob_best[variant]."""
        found = self._seen(self.alpha, self.beta).best()
        return {
            f"prob_best[{arm}]": float(p) for arm, p in zip(self.counts["arm"], found, strict=True)
        }

    def decision_under(self, *, alpha: float, beta: float, limit: float) -> str:
        """Return the decision under another prior."""
        losses = self._seen(alpha, beta).losses()
        least = int(losses.argmin())
        return f"choose {self.counts['arm'].iloc[least]}" if losses[least] < limit else UNDECIDED

    def _seen(self, alpha: float, beta: float) -> Seen:
        visitors, events = (
            self.counts[name].to_numpy(float) for name in ("visitors", "conversions")
        )
        return Seen(visitors, events, alpha, beta)


def least_loss(posterior: xr.Dataset, limit: float, errors: float = 2) -> tuple[str, ...]:
    """Choose the variant of least expected loss, if that is below `limit`."""
    return choose(posterior["rate"], "variant", limit, errors=errors)


def best(posterior: xr.Dataset) -> dict[str, Scalar]:
    """Return the probability of each variant to be best, by draws."""
    return expectations("prob_best", is_best(posterior["rate"], "variant"))


def measure(posterior: xr.Dataset) -> dict[str, Scalar]:
    """Return P(best) and the expected loss of each variant, by draws."""
    rate = posterior["rate"]
    ess = min(q.ess_bulk for q in summarise(posterior[["rate"]]).values())
    scale = float(rate.std(SAMPLE).max())
    losses = expectations("expected_loss", regret(rate, "variant"), ess=ess, scale=scale)
    return best(posterior) | losses
