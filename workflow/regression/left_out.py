"""Rows left out one at a time: P(event) of each from the fit to all others, and what it costs.

From the draws of the fit to all rows by Pareto-smoothed importance sampling, with refits of the
rows for which that is not sure (`workflow.scoring.loo`). So all rows are fitted, and all are judged
by probabilities that do not come from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike
from nutpie.compile_pymc import CompiledPyMCModel
from scipy.stats import norm

from workflow.deciding.costs import Cost, costs, least
from workflow.quantities import SAMPLE, Scalar
from workflow.regression.discrimination import Discrimination, discriminate, gains
from workflow.regression.grouped import as_terms
from workflow.regression.held_out import HeldOut
from workflow.regression.logistic import NEAREST
from workflow.regression.pairs_left_out import alike, area
from workflow.regression.regression import linear_predictor
from workflow.sampling.part import thinned
from workflow.scoring.elpd import Elpd
from workflow.scoring.loo import left_out, sure_k
from workflow.scoring.psis import psis_but

MOST = 20  # rows that are refitted
SHORT = 400  # draws, and warm-up draws, of a chain of a refit
STEADY = np.log(2)  # range of a row's log density over the draws up to which its weights are alike


@dataclass(frozen=True)
class LeftOut(HeldOut):
    """All rows (that are looked at), each judged by the fit to the others; see `HeldOut`.

    `found` has what is known of each posterior that was asked about. Of the analysis' own, rows
    were refitted (`refit`); of others the draws alone are used.
    """

    found: dict[bytes, Elpd] = field(default_factory=dict, repr=False)

    def elpd(self, posterior: xr.Dataset) -> Elpd:
        """Return log P(what happened) of each row given the others, in nats, with its error.

        The error is infinite where the draws cannot tell it.
        """
        key = posterior["intercept"].transpose(*SAMPLE).to_numpy().tobytes()
        if key not in self.found:
            log_lik = self._density(posterior)
            self.found[key] = psis_but(log_lik, self._steady(log_lik.transpose(*SAMPLE, "row")))
        return self.found[key]

    def refit(
        self,
        compiled: CompiledPyMCModel,
        data: Mapping[str, ArrayLike],
        posterior: xr.Dataset,
        *,
        at: np.ndarray | None = None,
        draws: int,
        chains: int,
        seed: int,
    ) -> Elpd:
        """Refit without each row of `posterior` for which PSIS is not sure, `MOST` at most.

        Those of the largest k-hat come first; `at` are the positions of the rows looked at, among
        all. What is found replaces what PSIS says.
        """
        found, whole = self.elpd(posterior), self._density(posterior)
        limit = sure_k(found.good_k, whole.sizes["chain"] * whole.sizes["draw"])
        which = [i for i in np.argsort(-found.k)[:MOST] if found.k[i] > limit]
        lengths = {"draws": min(draws, SHORT), "tune": SHORT, "chains": chains}
        again = np.array(which, dtype=int)
        values, errors = left_out(
            compiled,
            data,
            ("terms", "y_data"),
            self._density,
            whole,
            again,
            at=at,
            seed=seed,
            **lengths,
        )
        known, kept = np.isfinite(values), [a.copy() for a in (found.pointwise, found.errors)]
        kept[0][again[known]] = values[known]
        kept[1][again] = np.where(known, errors, np.inf)
        k = found.k.copy()
        k[again[known]] = np.nan
        failed = tuple(found.rows[i] for i in again[~known])
        key = posterior["intercept"].transpose(*SAMPLE).to_numpy().tobytes()
        self.found[key] = replace(
            found,
            pointwise=kept[0],
            errors=kept[1],
            k=k,
            good_k=limit,
            refitted=int(known.sum()),
            failed=failed,
        )
        return self.found[key]

    def probabilities(self, posterior: xr.Dataset) -> np.ndarray:
        """Return P(event) of each row from the fit to the others."""
        happened = np.exp(self.elpd(posterior).pointwise)
        return np.clip(np.where(self._y, happened, 1 - happened), NEAREST, 1 - NEAREST)

    def costs(self, posterior: xr.Dataset) -> dict[str, Cost]:
        """Return the expected cost per person of each option.

        A row whose error is not known may as well be on the other side of the cut.
        """
        return self._costs(posterior, unknown=0.5)

    def cheapest(self, posterior: xr.Dataset, errors: float = 2) -> tuple[str, ...]:
        """Return the option of least expected cost, and those within Monte Carlo error of it.

        Of another prior (attribute `prior`) nothing, where rows whose error is not known could
        change that: it is then not judged.
        """
        found = least(self.costs(posterior), errors=errors)
        if "prior" in posterior.attrs and len(found) > 1:
            known = least(self._costs(posterior, unknown=None), errors=errors)
            return found if known == found else ()
        return found

    def measure(self, posterior: xr.Dataset) -> dict[str, Scalar]:
        """Return the scores of the probabilities, and the cost of following them.

        The Monte Carlo error of a score is by the delta method, as if rows had independent errors,
        times the factor by which they add up to more; NaN where that of a row is not known.
        """
        cost, elpd = self.costs(posterior)[self.options[0]], self.elpd(posterior)
        wrong = 1 - np.exp(elpd.pointwise)
        values = {"log_loss": -elpd.pointwise, "brier_score": wrong**2}
        slopes = {"log_loss": 1.0, "brier_score": 2 * wrong * (1 - wrong)}
        found = {}
        for name, value in values.items():
            error = float(np.sqrt(np.square(slopes[name] * elpd.added).sum())) / len(value)
            known = np.isfinite(error)
            found[name] = Scalar(
                float(value.mean()) if known else np.nan, error if known else np.nan
            )
        return found | {f"cost[{self.options[0]}]": Scalar(cost.value, cost.mcse)}

    def told_apart(self, posterior: xr.Dataset, p: np.ndarray) -> Discrimination:
        """Return how well probabilities `p` tell rows with the event from others.

        Without what draws of the posterior say: they have seen the rows. Ranked are pairs of rows
        that are both left out; on the curve of gains, rows that are equal in all terms are one.
        """
        found, about = (
            discriminate(self.outcome, p, self.stakes.cut),
            as_terms(posterior, self.terms),
        )
        same = pd.Series(p).groupby(alike(about[1])).transform("mean")
        return replace(found, area=area(*about, self.outcome, p), gains=gains(self.outcome, same))

    @property
    def _y(self) -> np.ndarray:
        return self.outcome.to_numpy() == 1

    def _density(self, posterior: xr.Dataset) -> xr.DataArray:
        """Return log P(what happened | draw), of every so many draws where rows are many."""
        odds = linear_predictor(thinned(posterior, len(self.terms)), self.terms)
        odds = odds.transpose(*SAMPLE, "row")
        return odds.copy(data=-np.logaddexp(0, np.where(self._y, -1, 1) * odds.to_numpy()))

    def _bar(self) -> np.ndarray:
        """Return what log P(what happened) is at the cut, by row."""
        return np.log(np.where(self._y, self.stakes.cut, 1 - self.stakes.cut))

    def _steady(self, log_lik: xr.DataArray) -> np.ndarray:
        """Say whether a row's weights are nearly alike, and all draws on one side of the cut."""
        low, high = log_lik.min(SAMPLE).to_numpy(), log_lik.max(SAMPLE).to_numpy()
        bar = self._bar()
        found: np.ndarray = (high - low < STEADY) & ((low >= bar) | (high < bar))
        return found

    def _costs(self, posterior: xr.Dataset, *, unknown: float | None) -> dict[str, Cost]:
        """Return the costs; `unknown` is the chance of being above the cut without an error."""
        elpd = self.elpd(posterior)
        beyond = (elpd.pointwise - self._bar()) * np.where(self._y, 1, -1)
        with np.errstate(divide="ignore", invalid="ignore"):
            above = norm.cdf(beyond / elpd.errors)
        sure = ~(elpd.errors > 0) | (elpd.errors == np.inf)
        above = np.where(sure, beyond >= 0, above)
        if unknown is not None:
            above = np.where(elpd.errors == np.inf, unknown, above)
        n = posterior.sizes["chain"] * posterior.sizes["draw"]
        p = self.probabilities(posterior)
        return costs(self.outcome, p, above, self.stakes, self.options, draws=n)
