"""A run held against the exact posterior: what it is good for, where it is off, what it decides."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from workflow.approximating.exact import Exact
from workflow.approximating.methods import NUTS, Run
from workflow.checking.exact import Known, allowed, farthest
from workflow.checking.status import Status
from workflow.deciding.threshold import Rule
from workflow.quantities import Scalar, flatten, summarise
from workflow.variational.compare import compared
from workflow.variational.moments import moments
from workflow.variational.verdict import DO_NOT, GOOD, Compared, judge

LEAST = 1e-6  # nats: what an ELBO without any Monte Carlo error is exact to
REFUSED, FLAGGED = "refused", "flagged"


@dataclass(frozen=True)
class Target:
    """One posterior that is known exactly, and the question that is asked of it.

    `asked` is the quantity that `rule` holds against its reference, in words `question`.
    """

    name: str
    about: str
    question: str
    asked: str
    rule: Rule
    exact: Exact

    @property
    def decision(self) -> str:
        """What follows from the exact posterior."""
        return self.rule.side(self.exact.below)


@dataclass(frozen=True)
class Judged:
    """One run against the exact posterior; of a refused one there are no numbers.

    `outside` is, by quantity, the share of the draws outside the exact central 95%; `ends` are
    mean and 95% interval of the draws.
    """

    run: Run
    word: str
    quantities: Mapping[str, Compared]
    outside: Mapping[str, float]
    ends: Mapping[str, tuple[float, float, float]]
    below: Scalar | None
    decision: str | None
    same: bool

    @property
    def shift(self) -> tuple[str, float]:
        """The quantity whose mean is farthest off, and how far, in exact sds."""
        return _worst({n: q.mean_shift_sd for n, q in self.quantities.items()}, abs)

    @property
    def ratio(self) -> tuple[str, float]:
        """The quantity whose sd is farthest off, and by which factor."""
        return _worst({n: q.sd_ratio for n, q in self.quantities.items()}, _times)

    @property
    def tails(self) -> tuple[str, float]:
        """The quantity with the most, or the least, outside the exact 95%, and that share."""
        return _worst(dict(self.outside), lambda share: _times(share / 0.05))


def judged(target: Target, run: Run) -> Judged:
    """Hold a run against the exact posterior: approximations by the verdict that ADVI has.

    What NUTS is off by is the luck of its draws unless it is more than that: how large it may be is
    the business of its gate, and here is asked whether it is in its own Monte Carlo errors.
    """
    if run.refused or run.posterior is None:
        return Judged(run, REFUSED, {}, {}, {}, None, None, same=False)
    posterior, independent = run.posterior, run.method != NUTS
    kept = posterior[sorted({name.partition("[")[0] for name in target.exact.known})]
    found = moments(kept, independent=independent)
    known = target.exact.known
    quantities = {name: compared(_exactly(one), found[name]) for name, one in known.items()}
    draws = dict(flatten(kept))
    outside = {
        name: float(np.mean((draws[name] < one.lower) | (draws[name] > one.upper)))
        for name, one in known.items()
    }
    asked = xr.DataArray(draws[target.asked], dims=("chain", "draw"))
    tenable = target.rule.decide(asked)
    same = target.decision in tenable
    if run.method == NUTS:
        drawn = summarise(kept)
        chance = max(farthest(drawn[name], known[name]) for name in known) <= allowed(len(known))
        word = (FLAGGED if run.warned else GOOD) if chance and same else DO_NOT
    else:
        word = judge(quantities, run.k_hat, same, Status.PASS, arrived=run.arrived)
    below = target.rule.probability(asked)
    ends = {n: (float(m), float(lo), float(hi)) for n, ((m, _, lo, hi), _) in found.items()}
    return Judged(run, word, quantities, outside, ends, below, tenable[0], same)


def _exactly(known: Known) -> tuple[np.ndarray, np.ndarray]:
    return np.array([known.mean, known.sd, known.lower, known.upper]), np.zeros(4)


def _times(ratio: float) -> float:
    """Return by which factor, either way, something is off, as a logarithm."""
    return abs(math.log(ratio)) if 0 < ratio < math.inf else math.inf


def _worst(found: Mapping[str, float], bad: Callable[[float], float]) -> tuple[str, float]:
    name = max(found, key=lambda one: math.inf if math.isnan(found[one]) else bad(found[one]))
    return name, found[name]


def beyond(targets: Sequence[Target], found: Mapping[str, Mapping[str, Judged]]) -> float:
    """Return how far, in Monte Carlo errors, the worst ELBO is above the evidence; 0 if none is."""
    over = [
        (one.run.elbo - target.exact.evidence) / max(one.run.elbo_error, LEAST)
        for target in targets
        for one in found.get(target.name, {}).values()
        if not math.isnan(one.run.elbo)
    ]
    return max([0.0, *over])


def summary(found: Mapping[str, Mapping[str, Judged]]) -> dict[str, dict[str, dict[str, object]]]:
    """Return the numbers by target and method, for other programs; None where there is none."""
    return {
        name: {method: _numbers(one) for method, one in by_method.items()}
        for name, by_method in found.items()
    }


def _numbers(one: Judged) -> dict[str, object]:
    run, known = one.run, bool(one.quantities)
    numbers = {
        "mean_shift_sd": one.shift[1] if known else None,
        "sd_ratio": one.ratio[1] if known else None,
        "outside_95": one.tails[1] if known else None,
        "k_hat": run.k_hat,
        "elbo": run.elbo,
        "elbo_error": run.elbo_error,
        "seconds": round(run.seconds, 3),
        "gradients": run.gradients,
    }
    finite = {key: x if x is not None and math.isfinite(x) else None for key, x in numbers.items()}
    return {"verdict": one.word, "decision": one.decision, **finite}
