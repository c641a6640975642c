"""The gate: may anyone believe these draws? A table of checks and one overall status.

`arviz_stats.diagnose` passes NaN and constant quantities and looks at the bulk ESS alone, so it
cannot be the gate. Thresholds: Vehtari et al. (2021), Rank-normalization, folding, and
localization. What no gate can see is a part of the posterior that no chain has ever been to.
"""

import itertools
import math
from collections.abc import Hashable, Sequence

import numpy as np
import xarray as xr

from workflow.checking import sampler_checks
from workflow.checking.status import Check, Diagnosis, Status, grade
from workflow.quantities import SAMPLE, diagnostics, stack

AGREE, APART = 1.01, 1.05  # the R-hat up to which chains agree, and from which they do not
MIX = "Run longer; if it stays, the chains differ: reparametrise, or look for two modes."
MORE = "Draw more (--draws); if it grows no faster than the draws, reparametrise."
IMPROPER = "A quantity that does not vary, or is not a number, has no posterior: look at the model."
ALONE = "One chain cannot disagree with another: run several (--chains 4)."
COPIES = "A copy of a chain is no second opinion: start every chain with a seed of its own."


def diagnose(tree: xr.DataTree, var_names: list[str] | None = None) -> Diagnosis:
    """Check the draws of `tree` (groups posterior and sample_stats); whatever is in it, no error.

    Looks at all continuous quantities of the posterior, or at `var_names` of them; indicators,
    probabilities and losses do not belong in the posterior group. A missing statistic fails: what
    was not recorded cannot be vouched for. So does a quantity without draws, or none at all.
    """
    posterior = _group(tree, "posterior")
    posterior = posterior[var_names] if var_names else posterior
    names, draws, without = _draws(posterior)
    found = _found(draws)
    stats = _group(tree, "sample_stats")
    shape = draws.shape[1], draws.shape[2]
    enough, hopeless = max(400, 100 * shape[0]), 25 * shape[0]
    return Diagnosis(
        (
            _proper(names, draws, without),
            _distinct(draws),
            _agreement(names, found["r_hat"], shape[0]),
            _smallest("bulk ESS", names, found["ess_bulk"], enough, hopeless, MORE),
            _smallest("tail ESS", names, found["ess_tail"], enough, hopeless, MORE),
            _largest("MCSE / sd", names, found["relative"], 0.05, math.inf, MORE),
            *sampler_checks.of_method(stats, shape),
        )
    )


def least_mixed(tree: xr.DataTree, var_names: Sequence[str], most: int = 6) -> xr.Dataset:
    """Return the draws of the scalars with the largest R-hat among some variables, worst first."""
    posterior = tree["posterior"].to_dataset()
    names, draws = stack(posterior[list(var_names)])
    order = np.argsort(-diagnostics(draws)["r_hat"])[:most]
    found = {names[i]: (SAMPLE, draws[i]) for i in order}
    return xr.Dataset(found, coords={dim: posterior[dim] for dim in SAMPLE})


def _group(tree: xr.DataTree, name: str) -> xr.Dataset:
    return tree[name].to_dataset() if name in tree.children else xr.Dataset()


def _draws(posterior: xr.Dataset) -> tuple[list[str], np.ndarray, list[Hashable]]:
    """Return the scalars and their draws (scalar, chain, draw), and the variables without any."""
    drawn, without = [], []
    for name, values in posterior.data_vars.items():
        sample = [values.sizes.get(dim, 0) for dim in SAMPLE]
        if not all(sample) or values.dtype.kind not in "biuf":
            without.append(name)
        elif values.size:  # a dimension without labels has no quantities, which is no fault
            drawn.append(name)
    if not drawn:
        return [], np.empty((0, 0, 0)), without
    names, draws = stack(posterior[drawn])
    return names, draws, without


def _found(draws: np.ndarray) -> dict[str, np.ndarray]:
    """Return the diagnostics of every scalar; ArviZ gives NaN for fewer than four draws.

    None depends on the unit, but squares overflow: the draws are scaled by powers of 2, exactly.
    """
    if not draws.size:
        return dict.fromkeys(("r_hat", "ess_bulk", "ess_tail", "relative"), np.empty(0))
    with np.errstate(all="ignore"):
        size = np.abs(draws).max(axis=(1, 2), keepdims=True)
        exponent = np.frexp(np.where(np.isfinite(size), size, 1))[1]
        scaled = np.ldexp(draws, -exponent)
        found = diagnostics(scaled)
        return found | {"relative": found["mcse_mean"] / scaled.std(axis=(1, 2), ddof=1)}


def _proper(names: list[str], draws: np.ndarray, without: list[Hashable]) -> Check:
    """Fail on a quantity that is infinite, NaN or constant in any chain, or has no draws."""
    with np.errstate(all="ignore"):
        varies = (draws != draws[:, :, :1]).any(axis=2).all(axis=1)
        fine = np.isfinite(draws).all(axis=(1, 2)) & varies
    bad = [name for name, good in zip(names, fine, strict=True) if not good]
    bad += [f"{name} (no draws)" for name in without]
    where = ", ".join(bad[:5]) or ("none" if names else "an empty posterior")
    status = Status.FAIL if bad or not names else Status.PASS
    return Check.of("constant or not finite", len(bad), where, "0 quantities", status, IMPROPER)


def _distinct(draws: np.ndarray) -> Check:
    """Fail on two chains that are the same: R-hat would praise them."""
    pairs = itertools.combinations(range(draws.shape[1]), 2)
    same = [(a, b) for a, b in pairs if np.array_equal(draws[:, a], draws[:, b], equal_nan=True)]
    where = f"chains {same[0][0]} and {same[0][1]}" if same else "none"
    status = Status.FAIL if same else Status.PASS
    return Check.of("copies of a chain", len(same), where, "0 pairs", status, COPIES)


def _agreement(names: list[str], r_hat: np.ndarray, chains: int) -> Check:
    """Check R-hat; of a single chain there is none, and what helps is more chains."""
    return _largest("R-hat", names, r_hat, AGREE, APART, ALONE if chains == 1 else MIX)


def _largest(
    name: str, names: list[str], values: np.ndarray, good: float, bad: float, advice: str
) -> Check:
    where, worst = _extreme(names, values, sign=1)
    status = grade(good=worst <= good, bad=worst > bad or math.isnan(worst))
    return Check.of(name, worst, where, f"<= {good}", status, advice)


def _smallest(
    name: str, names: list[str], values: np.ndarray, good: float, bad: float, advice: str
) -> Check:
    where, worst = _extreme(names, values, sign=-1)
    status = grade(good=worst >= good, bad=worst < bad or math.isnan(worst))
    return Check.of(name, worst, where, f">= {good}", status, advice)


def _extreme(names: list[str], values: np.ndarray, sign: int) -> tuple[str, float]:
    """Return name and value of the largest (sign 1) or smallest (-1) element; NaN is the worst.

    By position, since two elements may have the same name.
    """
    if not names:
        return "no quantity", math.nan
    at = int(np.argmax(np.where(np.isnan(values), np.inf, sign * values)))
    return names[at], float(values[at])
