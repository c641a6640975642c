"""Parts of the study of groups: its coordinates, the exact posterior beside, ways to pool."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import xarray as xr

from analyses import _exactly as exactly
from analyses._pooled_prior import shared
from analyses._study import Study
from data.partial_pooling import Grouped
from reports.blocks.blocks import Block
from reports.blocks.numbers import figure
from reports.groups import drawn, tables, words
from workflow.checking.checks import StatisticCheck, posterior_check
from workflow.checking.status import Status
from workflow.groups import coordinates, pooling
from workflow.groups.choosing import by_loss
from workflow.groups.exact import Exact, Prior, TooFineError
from workflow.groups.exact_rows import ExactRows
from workflow.groups.observed import Observed
from workflow.groups.population import new_groups, replicated, shapes, sizes
from workflow.groups.spread import within_groups
from workflow.predicting.counts import Next, next_events
from workflow.quantities import STANDARD, Quantity, Scalar, named
from workflow.sampling.fit import data_of

BESIDE = 6  # groups with rows of their own beside the exact posterior


def other_coordinates(
    study: Study, posterior: xr.Dataset, observed: Observed
) -> tuple[xr.Dataset, list[coordinates.Funnel]]:
    """Sample the other way, too, and change places where the gate likes that one better.

    Returns the posterior that the page goes on with, and both ways, that of the page first.
    """
    study.step("other coordinates")
    lengths = {"draws": study.draws, "tune": study.tune, "chains": study.chains}
    group, data = coordinates.least_known(observed), data_of(study.model)
    retries = 0 if study.diagnosis.status is Status.PASS else 2
    ways = {"retries": retries, "seed": study.seed, **lengths}
    tree = coordinates.other_way(study.compiled, data, **ways)
    now = float(data["centred"])
    other = None if tree is None else coordinates.funnel(tree, group, 1 - now)
    mine = coordinates.funnel(study.tree, group, now)
    if other is None or not _better(other, mine):
        return posterior, [mine, *([other] if other else [])]
    study.model["centred"].set_value(1 - now)
    study.build = partial(study.build.func, study.build.args[0], 1 - now, **study.build.keywords)
    return study.sample(), [other, mine]


def _better(one: coordinates.Funnel, than: coordinates.Funnel) -> bool:
    kinder = [Status.PASS, Status.WARN, Status.FAIL].index
    return kinder(one.diagnosis.status) < kinder(than.diagnosis.status)


def ways(found: Sequence[coordinates.Funnel]) -> list[Block]:
    """Return in which coordinates the model was sampled, and how it fared in the others."""
    first, other = found[0], found[1] if len(found) > 1 else None
    told = words.coordinates(first, other)
    return [*told, tables.coordinates(found), drawn.funnels(found)]


def with_new(observed: Observed, seed: int, posterior: xr.Dataset) -> xr.Dataset:
    """Return mu, tau, the groups and a new one for every draw."""
    kept = posterior[[*shared(observed), observed.variable]]
    return kept.assign(new_group=new_groups(posterior, observed, seed=seed))


def shape(study: Study, observed: Observed) -> tuple[list[StatisticCheck], list[StatisticCheck]]:
    """Return whether the groups look like draws from one normal population.

    Then whether those of which little is known do.
    """
    outcome = str(study.model.observed_RVs[0].name)
    tree = replicated(study.tree, observed, outcome, seed=study.seed)
    first, then = (posterior_check(tree, outcome, of(observed)) for of in (shapes, sizes))
    return first, then


def spread(found: Grouped, seed: int) -> list[StatisticCheck]:
    """Return whether measurements, where the file has them, are as the model says in a group."""
    return within_groups(found.rows, seed=seed)


def beside_exact(
    study: Study,
    observed: Observed,
    found: Mapping[str, Quantity],
    measured: Mapping[str, Scalar],
    prior: Prior,
) -> list[Block]:
    """Return the exact posterior beside NUTS and ADVI, of some groups, or why there is none."""
    try:
        exact = Exact(observed, prior) if observed.squares is None else ExactRows(observed, prior)
    except TooFineError:
        return [
            "The exact posterior is left out: some groups are known so well, beside how far groups "
            "reach, that the grid of the quadrature would have to be finer."
        ]
    known = exact.known() | {"new_group": exact.new_group()}
    first = [f"{observed.variable}[{one}]" for one in by_loss(dict(measured))[:BESIDE]]
    kept = {name: known[name] for name in (*shared(observed), *first, "new_group")}
    told = partial(with_new, observed, study.seed)
    within = ", sd within (sigma)" if observed.squares is not None else ""
    population = f"Typical group (mu), sd between groups (tau){within}"
    caption = f"{population}, and groups, exactly and by draws"
    some = (
        f" Of {len(observed.names)} groups the {BESIDE} with the least expected loss."
        if len(observed.names) > BESIDE
        else ""
    )
    scale = "in log-odds" if observed.counted else f"in the unit of the {observed.variable}s"
    over = f"mu and tau (both {scale}) and every group"
    if isinstance(exact, ExactRows):
        over = f"both sds, given which all else is normal (all {scale})"
    said = f"Exactly means: by quadrature over {over}.{some}"
    if isinstance(exact, Exact):
        elpd = figure(float(exact.elpd().sum()), 4)
        said += f" Each group predicted from all the others has, in sum, the log score {elpd}."
    return [said, exactly.quantities(study, found, kept, caption=caption, told=told)]


def pooled(
    study: Study, found: Grouped, observed: Observed, quantities: Mapping[str, Quantity]
) -> dict[str, np.ndarray]:
    """Add the three ways to pool, scored on what came later; return the estimates."""
    groups = named(quantities, observed.variable)
    means = np.array([groups[f"{observed.variable}[{one}]"].mean for one in observed.names])
    ways = pooling.estimates(observed, means)
    later = pooling.later_of(found.table)
    blocks: list[Block] = [
        drawn.groups(observed, groups, later),
        tables.ways(observed, ways, later),
    ]
    if later is not None:
        errors = pooling.squared_errors(ways, later)
        blocks.insert(0, words.scored(errors, len(observed.names)))
        blocks.append(tables.scored(errors, pooling.on_arcsine(observed, ways, later)))
        rate = study.tree["posterior"].to_dataset()[observed.variable]
        flat = rate.transpose("chain", "draw", "group").to_numpy().reshape(-1, len(means))
        inside = pooling.held(flat, found.table, seed=study.seed)
        blocks += [] if inside is None else [words.held(inside, len(means))]
    study.section("What does pooling change?", *blocks)
    return ways


def without_offsets(study: Study) -> None:
    """Leave the offsets of groups out of what power-scaling scales: they are no prior of anybody.

    What is scaled are the priors of a typical group and of the sd between groups.
    """
    if "log_prior" in study.tree.children:
        kept = study.tree["log_prior"].to_dataset()
        study.tree["log_prior"] = kept.drop_vars(STANDARD, errors="ignore")


def ahead(posterior: xr.Dataset, observed: Observed, seed: int) -> dict[str, Next]:
    """Return the successes of the next trials of every group and of a new one.

    So many as a group had in the middle.
    """
    n = max(1, int(np.median(observed.second)))
    rate = posterior["rate"].transpose("chain", "draw", "group").to_numpy()
    rate = rate.reshape(-1, rate.shape[-1])
    new = new_groups(posterior, observed, seed=seed).to_numpy()
    every = [*zip(observed.names, rate.T, strict=True), ("a new group", new)]
    return {name: next_events(one, n, seed=seed) for name, one in every}
