"""How often ADVI's 95% intervals have the true value, on the replicates of the small design."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scipy.stats import binomtest

from tests.calibration.store import Store
from tests.calibration.study import SEED, By, Order, Study, about, fill, here, own_seed
from workflow.calibrating.sbc import LOG_LIKELIHOOD, RANKED, covered, simulate
from workflow.variational.optimise import CompiledAdvi, arrived

CASES = ("linear_regression", "prior_sensitivity")  # many correlated parameters, and a single one
ITERATIONS, LONGER, DRAWS = 20_000, 3, 4000  # as in an analysis, with fewer draws


@dataclass(frozen=True)
class Coverage:
    """How many of the intervals of a quantity had the true value inside."""

    inside: int
    of: int

    @property
    def share(self) -> float:
        """The share of intervals with the true value inside."""
        return self.inside / self.of

    @property
    def p_value(self) -> float:
        """The probability of a share as far from .95 as this one, if that is the truth."""
        return float(binomtest(self.inside, self.of, 0.95).pvalue)

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% Clopper-Pearson interval of that share."""
        found = binomtest(self.inside, self.of).proportion_ci(0.95, method="exact")
        return float(found.low), float(found.high)


@dataclass(frozen=True)
class AdviStudy:
    """Mean-field ADVI of so many replicates: coverage by quantity, and how many fits arrived."""

    case: str
    coverage: dict[str, Coverage]
    replicates: int
    arrived: int


def run_advi(
    case: str,
    replicates: int,
    folder: Path,
    *,
    seed: int = SEED,
    progress: Callable[[int], object] = lambda done: None,
    by: By | None = None,
) -> AdviStudy:
    """Return the study from what `folder` has of it and what is still to be computed (see `run`).

    A fit that did not arrive counts like any other.
    """
    store = Store(folder / f"{case}-advi.jsonl", about(case, "advi", seed))
    order = {"case": case, "variant": "advi", "replicates": replicates, "seed": seed}
    fill(store, order, by or here(replicate_of), progress)
    found = [store.found[i] for i in range(replicates)]
    coverage = {
        name: Coverage(sum(one["covered"][name] for one in found), replicates)
        for name in found[0]["covered"]
    }
    return AdviStudy(case, coverage, replicates, sum(one["arrived"] for one in found))


def by_ranks(study: Study, replicates: int) -> dict[str, Coverage]:
    """Return how often NUTS ranked the true value among the central 95 of 101 ranks.

    Of the first so many replicates. For uniform ranks that is 94.06%.
    """
    edge = (RANKED + 1 - 95) // 2
    first = {name: ranks[:replicates] for name, ranks in study.ranks.items()}
    return {
        name: Coverage(int(((ranks >= edge) & (ranks <= RANKED - edge)).sum()), len(ranks))
        for name, ranks in first.items()
        if name != LOG_LIKELIHOOD
    }


def replicate_of(order: Order) -> Callable[[int], dict[str, Any]]:
    """Return what computes a replicate by its number."""
    model = importlib.import_module(f"tests.cases.{order['case']}").small()
    simulated = simulate(model, order["replicates"], seed=order["seed"])
    advi = CompiledAdvi(model, seed=order["seed"])

    def replicate(i: int) -> dict[str, Any]:
        own = own_seed(order["seed"], i)
        truth, data = simulated[i]
        advi.again(data, seed=own)
        drift = advi.fit(ITERATIONS, LONGER)
        draws = advi.sample(DRAWS, seed=own)["posterior"].to_dataset()
        return {"covered": covered(truth, draws), "arrived": arrived(drift)}

    return replicate
