"""The gate: may anyone believe these draws? A table of checks and one overall status.

`arviz_stats.diagnose` passes NaN and constant quantities and looks at the bulk ESS alone, so it
cannot be the gate. Thresholds: Vehtari et al. (2021), Rank-normalization, folding, and
localization; E-BFMI: Betancourt (2016), Diagnosing suboptimal cotangent disintegrations.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import xarray as xr

from workflow.quantities import SAMPLE, diagnostics, stack


class Status(Enum):
    """Outcome of a check, in order of how bad it is."""

    PASS = "PASS"
    WARN = "WARN"
    FAIL = "FAIL"

    @staticmethod
    def worst(statuses: "Iterator[Status] | list[Status]") -> "Status":
        """Return the worst of `statuses`; PASS if there are none."""
        order = list(Status)
        return max(statuses, key=order.index, default=Status.PASS)


@dataclass(frozen=True)
class Check:
    """One row of the diagnosis: the worst value of a diagnostic, where it is, and what to do."""

    check: str
    worst: float
    where: str
    threshold: str
    status: Status
    advice: str


@dataclass(frozen=True)
class Diagnosis:
    """The table of checks and the overall status: the worst of them."""

    checks: tuple[Check, ...]

    @property
    def status(self) -> Status:
        """The worst status of all checks."""
        return Status.worst([check.status for check in self.checks])

    def __getitem__(self, name: str) -> Check:
        return next(check for check in self.checks if check.check == name)

    def reasons(self) -> list[str]:
        """Say in words which checks did not pass, the failed ones first."""
        bad = [check for check in self.checks if check.status is not Status.PASS]
        bad.sort(key=lambda check: check.status is not Status.FAIL)
        return [f"{c.check} {c.worst:.4g} in {c.where} (needed: {c.threshold})" for c in bad]


def diagnose(tree: xr.DataTree, var_names: list[str] | None = None) -> Diagnosis:
    """Check the draws of `tree` (groups posterior and sample_stats).

    Looks at all continuous quantities of the posterior, or at `var_names` of them; indicators,
    probabilities and losses do not belong in the posterior group. A missing statistic fails: what
    was not recorded cannot be vouched for.
    """
    posterior = tree["posterior"].to_dataset()
    posterior = posterior[var_names] if var_names else posterior
    names, draws = stack(posterior)
    found = {name: dict(zip(names, v, strict=True)) for name, v in diagnostics(draws).items()}
    with np.errstate(all="ignore"):
        relative = np.array([*found["mcse_mean"].values()]) / draws.std(axis=(1, 2), ddof=1)
    stats = tree["sample_stats"].to_dataset() if "sample_stats" in tree.children else xr.Dataset()
    chains = draws.shape[1]
    enough, hopeless = max(400, 100 * chains), 25 * chains
    return Diagnosis(
        (
            _proper(names, draws),
            _largest("R-hat", found["r_hat"], 1.01, 1.05, MIX),
            _smallest("bulk ESS", found["ess_bulk"], enough, hopeless, MORE),
            _smallest("tail ESS", found["ess_tail"], enough, hopeless, MORE),
            _largest("MCSE / sd", dict(zip(names, relative, strict=True)), 0.05, math.inf, MORE),
            _divergences(stats),
            _depth(stats),
            _energy(stats),
        )
    )


def least_mixed(tree: xr.DataTree, var_names: Sequence[str], most: int = 6) -> xr.Dataset:
    """Return the draws of the scalars with the largest R-hat among some variables, worst first."""
    posterior = tree["posterior"].to_dataset()
    names, draws = stack(posterior[list(var_names)])
    order = np.argsort(-diagnostics(draws)["r_hat"])[:most]
    found = {names[i]: (SAMPLE, draws[i]) for i in order}
    return xr.Dataset(found, coords={dim: posterior[dim] for dim in SAMPLE})


MIX = "Run longer; if it stays, the chains differ: reparametrise, or look for two modes."
MORE = "Draw more (--draws); if it grows no faster than the draws, reparametrise."
DIVERGE = (
    "Reparametrise (non-centred) or tighten the prior; the posterior near there was not explored."
)
DEEP = "Slow rather than wrong: rescale or reparametrise, or raise the depth."
ENERGY = "The tails are explored slowly: reparametrise heavy-tailed or funnel-shaped parts."
IMPROPER = "A quantity that does not vary, or is not a number, has no posterior: look at the model."
ABSENT = "The sampler did not record this; sample again with its statistics kept."


def _proper(names: list[str], draws: np.ndarray) -> Check:
    """Fail on a quantity that is infinite, NaN or constant in any chain."""
    with np.errstate(invalid="ignore"):
        fine = np.isfinite(draws).all(axis=(1, 2)) & (np.ptp(draws, axis=2) > 0).all(axis=1)
    bad = [name for name, good in zip(names, fine, strict=True) if not good]
    where = ", ".join(bad[:5]) or "none"
    status = Status.FAIL if bad else Status.PASS
    return _row("constant or not finite", len(bad), where, "0 quantities", status, IMPROPER)


def _largest(name: str, values: dict[str, float], good: float, bad: float, advice: str) -> Check:
    where, worst = _extreme(values, sign=1)
    status = _grade(worst <= good, worst > bad or math.isnan(worst))
    return _row(name, worst, where, f"<= {good}", status, advice)


def _smallest(name: str, values: dict[str, float], good: float, bad: float, advice: str) -> Check:
    where, worst = _extreme(values, sign=-1)
    status = _grade(worst >= good, worst < bad or math.isnan(worst))
    return _row(name, worst, where, f">= {good}", status, advice)


def _extreme(values: dict[str, float], sign: int) -> tuple[str, float]:
    """Return name and value of the largest (sign 1) or smallest (-1) element; NaN is the worst."""
    flat = [(name, float(value)) for name, value in values.items()]
    return max(flat, key=lambda item: math.inf if math.isnan(item[1]) else sign * item[1])


def _grade(good: bool, bad: bool) -> Status:
    return Status.FAIL if bad else Status.PASS if good else Status.WARN


def _row(name: str, worst: float, where: str, threshold: str, status: Status, advice: str) -> Check:
    return Check(name, worst, where, threshold, status, "" if status is Status.PASS else advice)


def _absent(name: str, threshold: str) -> Check:
    return Check(name, math.nan, "sample_stats", threshold, Status.FAIL, ABSENT)


def _divergences(stats: xr.Dataset) -> Check:
    if "diverging" not in stats:
        return _absent("divergences", "0")
    chain = stats["diverging"].sum("draw")
    return _row(
        "divergences",
        int(chain.sum()),
        f"chain {int(np.argmax(chain.to_numpy()))}" if chain.any() else "none",
        "0",
        _grade(not chain.any(), bool(chain.any())),
        DIVERGE,
    )


def _depth(stats: xr.Dataset) -> Check:
    """Count draws at the greatest tree depth: nutpie and PyMC name the statistic differently."""
    name = next((n for n in ("maxdepth_reached", "reached_max_treedepth") if n in stats), None)
    if name is None:
        return _absent("tree depth reached", "0 draws")
    chain = stats[name].sum("draw")
    where = f"chain {int(np.argmax(chain.to_numpy()))}" if chain.any() else "none"
    return _row(
        "tree depth reached",
        int(chain.sum()),
        where,
        "0 draws",
        _grade(not chain.any(), False),
        DEEP,
    )


def _energy(stats: xr.Dataset) -> Check:
    if "energy" not in stats:
        return _absent("E-BFMI", ">= 0.3")
    energy = stats["energy"].transpose("chain", "draw").to_numpy()
    bfmi = np.square(np.diff(energy, axis=1)).mean(axis=1) / energy.var(axis=1)
    chain = int(np.argmin(np.where(np.isnan(bfmi), -np.inf, bfmi)))
    worst = float(bfmi[chain])
    status = _grade(worst >= 0.3, worst < 0.2 or math.isnan(worst))
    return _row("E-BFMI", worst, f"chain {chain}", ">= 0.3", status, ENERGY)
