"""Fitting by NUTS: compile once, sample, look, and try again when the draws are not good enough."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import nutpie
import pymc as pm
import xarray as xr
from numpy.typing import ArrayLike
from nutpie.compile_pymc import CompiledPyMCModel

from workflow.checking.diagnostics import Status, diagnose
from workflow.sampling.compiling import compile_nuts
from workflow.sampling.extracted import extracted
from workflow.sampling.groups import add_groups
from workflow.sampling.members import note

RETRIES = 2
CAREFUL = (0.95, 0.998)  # target acceptance of the tries after one that diverged
CORES = 2


class SamplerError(RuntimeError):
    """The sampler could not begin, or broke off: there are no draws to be judged."""


@dataclass(frozen=True)
class Try:
    """One run of the sampler: its settings, what made the next one necessary, and the diagnosis.

    `status` is that of the whole diagnosis: PASS, WARN or FAIL.
    """

    draws: int
    tune: int
    target_accept: float
    divergences: int
    least_ess: float
    seconds: float
    status: str


def refit(
    compiled: CompiledPyMCModel,
    data: Mapping[str, ArrayLike],
    *,
    draws: int,
    tune: int,
    chains: int,
    seed: int,
    target_accept: float = 0.8,
    cores: int = CORES,
) -> xr.DataTree:
    """Sample a compiled model with some of its `pm.Data` replaced by `data` (name: value).

    Returns a tree with the groups posterior (dims chain, draw, ...) and sample_stats only. The same
    seed gives the same draws, whatever the number of cores.

    Raises
    ------
    SamplerError
        No point to begin from was found, or the sampler gave up.
    """
    with no_draws_no_answer():
        sampling = nutpie.sample(
            compiled.with_data(**{name: np.asarray(value) for name, value in data.items()}),
            draws=draws,
            tune=tune,
            chains=chains,
            cores=cores,
            seed=seed,
            target_accept=target_accept,
            adaptation="low_rank",
            save_warmup=False,
            progress_bar=False,
            return_raw_trace=True,
            blocking=False,
        )
        tree = extracted(sampling, _wait_for(sampling))
    note(tree, "posterior", getattr(compiled, "members", {}))
    return tree


def _wait_for(sampling: Any) -> Any:
    """Return all draws; nutpie, when interrupted, would return those so far as if they were all."""
    try:
        return sampling.wait()
    except BaseException:
        sampling.cancel()
        raise


@contextmanager
def no_draws_no_answer() -> Iterator[None]:
    """Turn an error of nutpie, or a panic (which is no Exception), into a SamplerError."""
    try:
        yield
    except BaseException as error:
        if isinstance(error, RuntimeError) or type(error).__name__ == "PanicException":
            why = str(error).strip().partition("\n")[0]
            told = f"the sampler could not work with this model and these data ({why}); look for "
            told += "values, or priors, that are far larger or smaller than the others"
            raise SamplerError(told) from error
        raise


def fit_nuts(
    model: pm.Model,
    compiled: CompiledPyMCModel | None = None,
    *,
    draws: int = 1000,
    tune: int = 1000,
    chains: int = 4,
    seed: int,
    run: int = 1,
) -> xr.DataTree:
    """Sample the posterior of `model` by NUTS and return one tree with all groups.

    When there are divergences or too few effective draws, it samples again with a higher target
    acceptance and twice the warm-up, or with twice the draws, at most twice. Every try is recorded
    in the attribute `tries` of the tree (JSON; see `tries`), and the draws are the last try's: none
    is chosen for its looks.
    Where `compiled` could not be kept on disk, the attribute `compiling` says why.

    Parameters
    ----------
    compiled
        What `compile_nuts` made of this model, or of one that differs in its `pm.Data` alone.
    draws, tune
        Draws kept and warm-up draws of each chain.
    run
        Where there are so many rows that the groups by row have a part of them: rows are drawn in
        runs of so many neighbours (see `workflow.sampling.part`).
    """
    compiled = compiled or compile_nuts(model)
    tree = sample_nuts(compiled, data_of(model), draws=draws, tune=tune, chains=chains, seed=seed)
    return add_groups(tree, model, seed=seed, run=run)


def data_of(model: pm.Model) -> dict[str, np.ndarray]:
    """Return the values of all `pm.Data` of a model by name."""
    return {variable.name: variable.get_value() for variable in model.data_vars}


def sample_nuts(
    compiled: CompiledPyMCModel,
    data: Mapping[str, ArrayLike],
    *,
    draws: int,
    tune: int,
    chains: int,
    seed: int,
    retries: int = RETRIES,
) -> xr.DataTree:
    """Sample as `fit_nuts` does, tries and their record included, without the other groups.

    `data` replaces `pm.Data` of the compiled model, as in `refit`; after the first try there are at
    most so many `retries`.
    """
    record: list[Try] = []
    careful = iter(CAREFUL)
    target_accept = 0.8
    while True:
        start = time.perf_counter()
        tree = refit(
            compiled,
            data,
            draws=draws,
            tune=tune,
            chains=chains,
            seed=seed,
            target_accept=target_accept,
        )
        seconds = time.perf_counter() - start
        diagnosis = diagnose(tree)
        bulk, tail = diagnosis["bulk ESS"], diagnosis["tail ESS"]
        divergences = int(tree["sample_stats"]["diverging"].sum())
        least = float(np.minimum(bulk.worst, tail.worst))  # NaN where either is
        status = diagnosis.status.value
        record.append(Try(draws, tune, target_accept, divergences, least, seconds, status))
        too_few = Status.worst([bulk.status, tail.status]) is not Status.PASS
        if len(record) > retries or not (divergences or too_few):
            break
        if divergences:
            target_accept, tune = next(careful, target_accept), 2 * tune
        draws = 2 * draws if too_few else draws
    tree.attrs |= {"method": "nuts", "tries": json.dumps([asdict(one) for one in record])}
    if why := getattr(compiled, "why_slow", ""):
        tree.attrs["compiling"] = why
    return tree


def tries(tree: xr.DataTree) -> list[Try]:
    """Return the record of every try that `fit_nuts` made for `tree`."""
    return [Try(**one) for one in json.loads(tree.attrs["tries"])]
