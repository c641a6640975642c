"""Would ADVI have done? Judged quantity by quantity against NUTS, never kinder than the numbers."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from workflow.checking.status import Diagnosis, Status
from workflow.sampling.fit import tries
from workflow.variational.advi import METHODS, converged
from workflow.variational.khat import TOO_FAR
from workflow.variational.moments import moments
from workflow.variational.verdict import GOOD, SHIFT_GOOD, Compared, judge


@dataclass(frozen=True)
class Comparison:
    """One ADVI fit against NUTS: numbers, decisions, times, and the verdict with its reasons."""

    method: str
    quantities: dict[str, Compared]
    k_hat: float
    converged: bool
    decision: str | None
    nuts_decision: str | None
    seconds: float
    nuts_seconds: float
    verdict: str
    reasons: tuple[str, ...]


def compare_methods(
    nuts: xr.DataTree,
    advi: xr.DataTree,
    diagnosis: Diagnosis,
    decide: Callable[[xr.Dataset], Sequence[str]],
    *,
    nuts_seconds: float,
) -> Comparison:
    """Compare an ADVI tree with the NUTS tree of the same model.

    Parameters
    ----------
    diagnosis
        That of `nuts`: where it failed there is nothing to compare with.
    decide
        From a posterior (dims chain, draw, ...) to the decision, and behind it those that Monte
        Carlo error cannot tell from it.
    nuts_seconds
        What NUTS took, compiling included, as the seconds of `advi` do.
    """
    left, right = nuts["posterior"].to_dataset(), advi["posterior"].to_dataset()
    reference, approximate = moments(left, independent=False), moments(right, independent=True)
    quantities = {name: compared(reference[name], approximate[name]) for name in reference}
    ours, theirs = decide(right), decide(left)
    same = ours[0] in theirs or theirs[0] in ours
    k, arrived = float(advi.attrs["k_hat"]), converged(advi)
    verdict = judge(quantities, k, same, diagnosis.status, arrived=arrived)
    reasons = [] if verdict == GOOD else _reasons(quantities, k, diagnosis.status)
    family = bool(reasons) and diagnosis.status is not Status.FAIL
    if not same and diagnosis.status is not Status.FAIL:
        reasons.append(f"the decision differs: {ours[0]} under ADVI, {theirs[0]} under NUTS")
    if not arrived:
        reasons.append("not converged: it was still moving; give it more iterations")
    elif family:
        name = METHODS[advi.attrs["method"]]
        reasons.append(f"converged: it is the {name} family that does not fit")
    return Comparison(
        method=advi.attrs["method"],
        quantities=quantities,
        k_hat=k,
        converged=arrived,
        decision=ours[0],
        nuts_decision=None if diagnosis.status is Status.FAIL else theirs[0],
        seconds=float(advi.attrs["seconds"]),
        nuts_seconds=nuts_seconds,
        verdict=verdict,
        reasons=tuple(reasons),
    )


def compare_all(
    nuts: xr.DataTree,
    advi: Mapping[str, xr.DataTree],
    diagnosis: Diagnosis,
    decide: Callable[[xr.Dataset], Sequence[str]],
    *,
    compiling: float,
) -> list[Comparison]:
    """Compare every ADVI tree with the NUTS tree (see `compare_methods`).

    `compiling` are the seconds that compiling for NUTS took; those of its tries are added.
    """
    seconds = compiling + sum(one.seconds for one in tries(nuts))
    return [
        compare_methods(nuts, tree, diagnosis, decide, nuts_seconds=seconds)
        for tree in advi.values()
    ]


def worst(found: Comparison, most: int) -> Comparison:
    """Return the comparison with the quantities alone whose intervals overlap least, in order."""
    overlap = {n: -1.0 if math.isnan(q.overlap) else q.overlap for n, q in found.quantities.items()}
    kept = sorted(overlap, key=lambda name: overlap[name])[:most]
    return replace(found, quantities={n: q for n, q in found.quantities.items() if n in kept})


def compared(
    reference: tuple[np.ndarray, np.ndarray], approximate: tuple[np.ndarray, np.ndarray]
) -> Compared:
    """Compare one quantity; both are what `moments` returns of it, an exact one has no errors."""
    (m, s, lo, hi), (m_e, s_e, lo_e, hi_e) = reference
    (am, asd, alo, ahi), (am_e, asd_e, alo_e, ahi_e) = approximate
    with np.errstate(divide="ignore", invalid="ignore"):
        shift, ratio = (am - m) / s, asd / s
        shift_error = np.hypot(np.hypot(m_e, am_e) / s, shift * s_e / s)
        ratio_error = ratio * np.hypot(asd_e / asd, s_e / s)
        both, either = max(min(hi, ahi) - max(lo, alo), 0.0), max(hi, ahi) - min(lo, alo)
        inner = np.hypot(hi_e if hi < ahi else ahi_e, lo_e if lo > alo else alo_e)
        outer = np.hypot(ahi_e if hi < ahi else hi_e, alo_e if lo > alo else lo_e)
        overlap_error = np.hypot(inner / either, outer * both / either**2)
        numbers = shift, shift_error, ratio, ratio_error, both / either, overlap_error
    return Compared(*map(float, numbers))


def _reasons(quantities: dict[str, Compared], k_hat: float, nuts_status: Status) -> list[str]:
    """Name what in the approximation kept the verdict from being the best, with its number."""
    reasons = []
    if nuts_status is Status.FAIL:
        reasons.append("NUTS failed its own diagnosis, so there is nothing to compare with")
    if not k_hat < TOO_FAR:
        reasons.append(f"k-hat {k_hat:.2f} is not below {TOO_FAR}")
    if nuts_status is Status.FAIL:
        return reasons
    off = {n: q.mean_shift_sd for n, q in quantities.items() if not q.shift_within(SHIFT_GOOD)}
    if off:
        worst = max(off, key=lambda name: _badness(off[name]))
        reasons.append(f"the mean of {worst} is off by {off[worst]:+.2f} sd")
    unlike = {n: q.sd_ratio for n, q in quantities.items() if not q.ratio_good}
    if unlike:
        worst = max(unlike, key=lambda name: _badness(math.log(unlike[name] or math.nan)))
        reasons.append(f"the sd of {worst} is {unlike[worst]:.2f} times that of NUTS")
    return reasons


def _badness(deviation: float) -> float:
    return math.inf if math.isnan(deviation) else abs(deviation)
