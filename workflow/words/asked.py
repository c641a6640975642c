"""One message, and the rule by which it is quarantined or delivered."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from workflow.quantities import Scalar
from workflow.words.naive_bayes import decide, predictive, prob_spam


@dataclass(frozen=True)
class Asked:
    """Which of the words a message has, the share of spam among messages, and the threshold."""

    present: np.ndarray
    share: float
    threshold: float

    def decide(self, posterior: xr.Dataset, errors: float = 2) -> tuple[str, ...]:
        """Return "quarantine" or "deliver", and the other one if Monte Carlo error allows it."""
        return decide(posterior["rate"], self.present, self.share, self.threshold, errors=errors)

    def measure(self, posterior: xr.Dataset) -> dict[str, Scalar]:
        """Return P(spam), the rates integrated out."""
        return {"prob_spam": predictive(posterior["rate"], self.present, self.share)}

    def by_rates(self, rates: np.ndarray) -> float:
        """Return P(spam) where the rates (word, label) are known."""
        return float(prob_spam(rates, self.present, self.share)[0])
