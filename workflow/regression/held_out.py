"""Unseen rows of two classes: were probabilities honest, and what does acting on them cost?"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from workflow.deciding.costs import Cost, Errors, Stakes, cost_curve, costs, errors_of, least
from workflow.quantities import Scalar
from workflow.regression.discrimination import Discrimination, area_by_draw, discriminate
from workflow.regression.logistic import held_out_scores, near_cut, predictive
from workflow.scoring.by_chance import Chance
from workflow.scoring.calibration import Mean, Reliability, reliability
from workflow.scoring.paired import paired
from workflow.scoring.scored import Scored, if_honest, score

BINS = 10  # of the expected calibration error


@dataclass(frozen=True)
class HeldOut:
    """Rows that the fit has not seen, and what is at stake when one acts on such rows.

    `outcome` is 0 or 1 by row, `terms` in their own units; `options` are to follow the model, to
    act on everyone, to act on no one.
    """

    outcome: pd.Series
    terms: pd.DataFrame
    stakes: Stakes
    options: tuple[str, str, str]

    def probabilities(self, posterior: xr.Dataset) -> np.ndarray:
        """Return P(event) of each row, averaged over the posterior."""
        return predictive(posterior, self.terms)

    def costs(self, posterior: xr.Dataset) -> dict[str, Cost]:
        """Return the expected cost per person of each option."""
        p, above = near_cut(posterior, self.terms, self.stakes.cut)
        n = posterior.sizes["chain"] * posterior.sizes["draw"]
        return costs(self.outcome, p, above, self.stakes, self.options, draws=n)

    def cheapest(self, posterior: xr.Dataset, errors: float = 2) -> tuple[str, ...]:
        """Return the option of least expected cost, and those within Monte Carlo error of it."""
        return least(self.costs(posterior), errors=errors)

    def measure(self, posterior: xr.Dataset) -> dict[str, Scalar]:
        """Return the scores of the predictive probabilities, and the cost of following them."""
        cost = self.costs(posterior)[self.options[0]]
        found = held_out_scores(posterior, self.terms, self.outcome)
        return found | {f"cost[{self.options[0]}]": Scalar(cost.value, cost.mcse)}

    def errors(self, p: np.ndarray) -> Errors:
        """Count the errors of acting on rows of probability `p`, as the stakes say."""
        return errors_of(self.outcome, p >= self.stakes.cut)

    def told_apart(self, posterior: xr.Dataset, p: np.ndarray) -> Discrimination:
        """Return how well probabilities `p` of the rows tell those with the event from others."""
        draws = area_by_draw(posterior, self.outcome, self.terms)
        return discriminate(self.outcome, p, self.stakes.cut, draws)

    def by_prevalence(self, p: np.ndarray) -> dict[str, dict[float, Cost]]:
        """Return each option's cost at many prevalences."""
        return cost_curve(self.outcome, p, self.stakes, self.options)


@dataclass(frozen=True)
class Evaluation:
    """Two sets of probabilities of unseen rows, scored; the first is that of the analysis.

    `honest` is the log loss that its probabilities claim for themselves, `chance` how far off they
    would be by chance, with coefficients as unsure as here, `paired` has the differences of the
    scores on the same rows, the first set's less the other's.
    """

    diagrams: dict[str, Reliability]
    scored: dict[str, Scored]
    honest: Mean
    chance: Chance
    paired: dict[str, Mean]

    @property
    def names(self) -> tuple[str, ...]:
        """What the sets are called."""
        return tuple(self.scored)

    @property
    def own(self) -> Scored:
        """The scores of the first set."""
        return self.scored[self.names[0]]


def evaluate(
    outcome: pd.Series, sets: Mapping[str, np.ndarray], chance: Chance, *, seed: int
) -> Evaluation:
    """Score two sets of probabilities of the same rows."""
    return Evaluation(
        diagrams={name: reliability(outcome, p, seed=seed) for name, p in sets.items()},
        scored=score(outcome, dict(sets), bins=BINS),
        honest=if_honest(next(iter(sets.values()))),
        chance=chance,
        paired=paired(outcome, *sets.values(), bins=BINS, seed=seed),
    )
