"""Each method on one model: what it drew, and what it cost."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pymc as pm
import xarray as xr

from workflow.checking.diagnostics import Status, diagnose
from workflow.quantities import flatten
from workflow.sampling.fit import SamplerError, compile_nuts, data_of, sample_nuts, tries
from workflow.variational.advi import DRAWS, METHODS, converged, fit_advi
from workflow.variational.khat import bound, of_gaussian, pareto_k
from workflow.variational.laplace import Gaussian, NoModeError, laplace
from workflow.variational.pathfinder import NoPathError, pathfinder
from workflow.variational.unconstrained import Unconstrained

LAPLACE, PATHFINDER, NUTS = "Laplace", "Pathfinder", "NUTS"
ADVI = {method: f"ADVI, {said}" for method, said in METHODS.items()}


@dataclass(frozen=True)
class Run:
    """One method on one posterior.

    `posterior` (dims chain, draw, ...) is None where the method refused, and `refused` says why;
    `seconds` are those of everything, compiling included; `gradients` are slopes of the density.
    `arrived` is False where an optimisation was still moving, `warned` what a gate warns of, `note`
    what else it took, and `mode` the quantities at the mode, if it was looked for. k_hat, elbo and
    its error are NaN for NUTS, which has none.
    """

    method: str
    posterior: xr.Dataset | None
    seconds: float
    gradients: int
    k_hat: float = math.nan
    elbo: float = math.nan
    elbo_error: float = math.nan
    arrived: bool = True
    refused: str = ""
    warned: str = ""
    note: str = ""
    mode: Mapping[str, float] = field(default_factory=dict)


def by_laplace(model: pm.Model, *, seed: int) -> Run:
    """Run Laplace's approximation."""
    return _gaussian(LAPLACE, model, laplace, seed)


def by_pathfinder(model: pm.Model, *, seed: int) -> Run:
    """Run Pathfinder, one path."""
    return _gaussian(PATHFINDER, model, lambda target: pathfinder(target, seed=seed), seed)


def _gaussian(
    method: str, model: pm.Model, fit: Callable[[Unconstrained], Gaussian], seed: int
) -> Run:
    """Draw from the Gaussian that `fit` finds, and judge it as ADVI's are."""
    start = time.perf_counter()
    target = Unconstrained(model)
    try:
        found = fit(target)
    except (NoModeError, NoPathError) as error:
        return Run(method, None, time.perf_counter() - start, 0, refused=str(error))
    rng = np.random.default_rng(seed)
    drawn = rng.multivariate_normal(found.mean, found.cov, DRAWS, method="eigh")
    posterior = target.quantities(drawn)
    seconds = time.perf_counter() - start
    ratios = of_gaussian(found.mean, found.cov, target.log_density, seed=seed)
    top = target.quantities(found.mean[None]) if method == LAPLACE else xr.Dataset()
    mode = {name: float(x.item()) for name, x in flatten(top)}
    said = bound(ratios)
    return Run(
        method,
        posterior,
        seconds,
        found.gradients,
        k_hat=pareto_k(ratios),
        elbo=said["elbo"],
        elbo_error=said["elbo_error"],
        mode=mode,
    )


def of_advi(tree: xr.DataTree) -> Run:
    """Return what `fit_advi` made as a run."""
    said = tree.attrs
    return Run(
        ADVI[said["method"]],
        tree["posterior"].to_dataset(),
        seconds=float(said["seconds"]),
        gradients=int(said["iterations"]),
        k_hat=float(said["k_hat"]),
        elbo=float(said["elbo"]),
        elbo_error=float(said["elbo_error"]),
        arrived=converged(tree),
    )


def by_advi(model: pm.Model, *, seed: int) -> list[Run]:
    """Run ADVI of both families; of one parameter they are the same, and one of them is run."""
    alone = sum(np.size(x) for x in model.initial_point().values()) == 1
    first, *others = [
        of_advi(fit_advi(model, method, seed=seed)) for method in [*METHODS][: 1 if alone else None]
    ]
    return [first, *(others or [replace(first, method=name) for name in [*ADVI.values()][1:]])]


def of_nuts(tree: xr.DataTree, compiling: float) -> Run:
    """Return draws of NUTS as a run, or why its gate refused them; `compiling` in seconds."""
    found, made = diagnose(tree), tries(tree)
    why = "; ".join(found.reasons())
    refused = why if found.status is Status.FAIL else ""
    return Run(
        NUTS,
        tree["posterior"].to_dataset(),
        seconds=compiling + sum(one.seconds for one in made),
        gradients=int(tree["sample_stats"]["n_steps"].sum()),
        refused=refused,
        warned="" if refused else why,
        note=_tried(len(made), made[0].divergences),
    )


def by_nuts(model: pm.Model, *, draws: int, tune: int, chains: int, seed: int) -> Run:
    """Run NUTS as every case does: with its tries, and its gate."""
    start = time.perf_counter()
    try:
        compiled = compile_nuts(model)
        compiling = time.perf_counter() - start
        lengths = {"draws": draws, "tune": tune, "chains": chains}
        tree = sample_nuts(compiled, data_of(model), **lengths, seed=seed)
    except SamplerError as error:
        return Run(NUTS, None, time.perf_counter() - start, 0, refused=str(error))
    return of_nuts(tree, compiling)


def _tried(times: int, divergences: int) -> str:
    """Say how often NUTS began anew."""
    first = f", the first with {divergences:,} divergences" if divergences else ""
    return f"tried {times} times{first}" if times > 1 else ""
