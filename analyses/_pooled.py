"""Parts of the study of groups: its priors, its coordinates, the exact posterior beside."""

import math
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pymc as pm
import xarray as xr

from analyses import _exactly as exactly
from analyses._study import Study
from data.partial_pooling import SCHOOLS, Grouped
from models.partial_pooling import effects, rates
from reports.blocks.blocks import Block
from reports.blocks.numbers import figure
from reports.groups import drawn, tables, words
from workflow.checking.checks import StatisticCheck, posterior_check
from workflow.groups import coordinates, pooling
from workflow.groups.choosing import by_loss
from workflow.groups.exact import Exact, Prior, TooFineError
from workflow.groups.observed import Observed, tells_itself
from workflow.groups.population import new_groups, replicated, shapes
from workflow.predicting.counts import Next, next_events
from workflow.quantities import STANDARD, Quantity, Scalar, named
from workflow.sampling.fit import data_of

RATES = {"mu_mean": 0.0, "mu_sd": 1.5, "tau_scale": 1.0}
POINTS = {"mu_mean": 0.0, "mu_sd": 5.0, "tau_scale": 5.0}  # of the eight schools
USUAL_LOSS, OF_RATE = 0.01, 0.1  # of rates: that, or so much of the overall rate where it is less
OF_SCALE = 0.1  # of the prior scale: the usual limit of effects
BESIDE = 6  # groups with rows of their own beside the exact posterior
WIDE = 10  # scales that the prior of a typical group has where nobody stated it
FAR = 2  # prior sds: a usual prior whose middle is farther from all data is moved there


def one_digit(value: float) -> float:
    """Return a number to one digit."""
    return float(f"{value:.0e}")


def stated(path: Path, observed: Observed, given: Mapping[str, float | None]) -> tuple[Prior, bool]:
    """Return the priors, and whether their scale comes from the data since nobody stated it."""
    if observed.counted:
        usual = dict(RATES)
        logit = math.log((observed.pooled + 1e-9) / (1 - observed.pooled + 1e-9))
        x, _ = observed.rough
        if abs(logit) > FAR * RATES["mu_sd"]:
            usual["mu_mean"] = float(np.round(np.median(x)))
    elif path.resolve() == SCHOOLS:
        usual = dict(POINTS)
    else:
        spread = one_digit(max(float(observed.first.std()), float(np.median(observed.second))))
        usual = {"mu_mean": 0.0, "mu_sd": WIDE * spread, "tau_scale": spread}
        if abs(observed.pooled) > FAR * usual["mu_sd"]:
            usual["mu_mean"] = one_digit(observed.pooled)
    known = {name: value for name, value in given.items() if value is not None}
    by_data = path.resolve() != SCHOOLS and "tau_scale" not in known
    return Prior(**usual | known, counted=observed.counted), by_data


def built(found: Grouped, observed: Observed, prior: Prior) -> "partial[pm.Model]":
    """Return what makes the model, in the coordinates that the data suggest."""
    model = rates if observed.counted else effects
    return partial(model, found.table, float(tells_itself(observed)), **knobs(prior))


def knobs(prior: Prior) -> dict[str, float]:
    """Return the knobs of a prior."""
    return {name: getattr(prior, name) for name in RATES}


def loss(observed: Observed, prior: Prior, given: float | None) -> float:
    """Return the limit on what may be given away: stated, or the usual one."""
    usual = OF_SCALE * prior.tau_scale
    if observed.counted:
        rarer = min(observed.pooled, 1 - observed.pooled) or float(1 / observed.second.sum())
        usual = min(USUAL_LOSS, one_digit(OF_RATE * rarer))
    return given or usual


def other_coordinates(
    study: Study, posterior: xr.Dataset, observed: Observed
) -> tuple[xr.Dataset, list[coordinates.Funnel]]:
    """Sample the other way, too, and change places where the gate refuses this one alone.

    Returns the posterior that the page goes on with, and both ways, that of the page first.
    """
    study.step("other coordinates")
    lengths = {"draws": study.draws, "tune": study.tune, "chains": study.chains}
    group, data = coordinates.least_known(observed), data_of(study.model)
    retries = 0 if study.sound else 2
    ways = {"retries": retries, "seed": study.seed, **lengths}
    tree = coordinates.other_way(study.compiled, data, **ways)
    now = float(data["centred"])
    other = None if tree is None else coordinates.funnel(tree, group, 1 - now)
    mine = coordinates.funnel(study.tree, group, now)
    if other is None or study.sound or other.diagnosis.status.value == "FAIL":
        return posterior, [mine, *([other] if other else [])]
    study.model["centred"].set_value(1 - now)
    study.build = partial(study.build.func, study.build.args[0], 1 - now, **study.build.keywords)
    return study.sample(), [other, mine]


def ways(found: Sequence[coordinates.Funnel]) -> list[Block]:
    """Return in which coordinates the model was sampled, and how it fared in the others."""
    first, other = found[0], found[1] if len(found) > 1 else None
    told = words.coordinates(first, other)
    return [*told, tables.coordinates(found), drawn.funnels(found)]


def with_new(observed: Observed, seed: int, posterior: xr.Dataset) -> xr.Dataset:
    """Return mu, tau, the groups and a new one for every draw."""
    kept = posterior[["mu", "tau", observed.variable]]
    return kept.assign(new_group=new_groups(posterior, observed, seed=seed))


def shape(study: Study, observed: Observed) -> list[StatisticCheck]:
    """Return whether the groups look like draws from one normal population."""
    outcome = str(study.model.observed_RVs[0].name)
    tree = replicated(study.tree, observed, outcome, seed=study.seed)
    return posterior_check(tree, outcome, shapes(observed))


def beside_exact(
    study: Study,
    observed: Observed,
    found: Mapping[str, Quantity],
    measured: Mapping[str, Scalar],
    prior: Prior,
) -> list[Block]:
    """Return the exact posterior beside NUTS and ADVI, of some groups, or why there is none."""
    try:
        exact = Exact(observed, prior)
    except TooFineError:
        return [
            "The exact posterior is left out: some groups are known so well, beside how far groups "
            "reach, that the grid of the quadrature would have to be finer."
        ]
    known = exact.known() | {"new_group": exact.new_group()}
    first = [f"{observed.variable}[{one}]" for one in by_loss(dict(measured))[:BESIDE]]
    kept = {name: known[name] for name in ("mu", "tau", *first, "new_group")}
    told = partial(with_new, observed, study.seed)
    caption = "Typical group (mu), sd between groups (tau), and groups, exactly and by draws"
    some = (
        f" Of {len(observed.names)} groups the {BESIDE} with the least expected loss."
        if len(observed.names) > BESIDE
        else ""
    )
    scale = "in log-odds" if observed.counted else "in the unit of the effects"
    elpd = float(exact.elpd().sum())
    return [
        f"Exactly means: by quadrature over mu and tau (both {scale}) and every group.{some} Each "
        f"group predicted from all the others has, in sum, the log score {figure(elpd, 4)}.",
        exactly.quantities(study, found, kept, caption=caption, told=told),
    ]


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
