"""Blocks that every argument has in the same form: model, sampler, ADVI, prior sweep."""

import inspect
import textwrap
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pymc as pm
import xarray as xr

from reports.blocks import tables
from reports.blocks.blocks import Block
from reports.blocks.explorer import explorer
from reports.blocks.mathematics import mathematics
from reports.blocks.text import spoken
from reports.drawing import fitting, sweep_figure
from reports.drawing.graph import graph
from reports.page import sweeps
from reports.page.source import sources
from workflow.checking.diagnostics import Diagnosis, Status, least_mixed
from workflow.quantities import Quantity
from workflow.sampling.fit import tries
from workflow.sensitivity.curves import Curve
from workflow.sensitivity.flips import in_words
from workflow.sensitivity.power import PowerScaling
from workflow.sensitivity.sensitivity import Sweep
from workflow.variational.certified import METHOD as LAPLACE
from workflow.variational.compare import Comparison, worst

ALONG = 36  # characters along the vertical axis of a figure
COMPARED = 20  # quantities in a table of ADVI against NUTS; the summary has all

NOTICED = 0.05  # of power-scaling, above which the prior, or the likelihood, is noticed


def model(function: Callable[..., pm.Model], built: pm.Model) -> list[Block]:
    """Return the mathematics, the graph and the source of a model, which `function` built."""
    return [mathematics(function), graph("model-graph", built), *sources(function)]


def assumed(build: "partial[pm.Model]") -> str:
    """Say what a model assumes: the first sentence of its function, and its prior's settings."""
    first = (inspect.getdoc(build.func) or "").partition("\n\n")[0]
    prior = {
        name: value for name, value in build.keywords.items() if isinstance(value, int | float)
    }
    given = ", ".join(f"{name} = {value:g}" for name, value in prior.items())
    return f"{' '.join(first.split()).rstrip('.')}{f' (prior: {given})' if given else ''}."


def sampler(tree: xr.DataTree, diagnosis: Diagnosis, var_names: Sequence[str]) -> list[Block]:
    """Return the gate's table, every try, and rank plots: of some variables, the least mixed."""
    found: list[Block] = [tables.diagnosis(diagnosis)]
    if tree.attrs.get("method") != LAPLACE:
        found += [tables.tries(tries(tree))]
    improper = diagnosis["constant or not finite"].status is Status.FAIL
    if improper or tree["posterior"].sizes["chain"] < 2 or tree["posterior"].sizes["draw"] < 20:
        return [*found, "A rank plot needs two chains of 20 proper draws or more: there is none."]
    worst = diagnosis["R-hat"].worst
    return [*found, fitting.ranks("ranks", least_mixed(tree, var_names), r_hat=worst)]


def advi(found: Sequence[Comparison], trees: Mapping[str, xr.DataTree]) -> list[Block]:
    """Return a verdict in words, a table for each ADVI fit, and the course of the optimisation."""
    n = len(found[0].quantities)
    few = f"The tables have the {COMPARED} of {n} quantities whose intervals overlap least."
    return [
        *map(tables.verdict, found),
        *([few] if n > COMPARED else []),
        *(tables.comparison(worst(one, COMPARED)) for one in found),
        fitting.elbo("elbo", trees),
    ]


def prior_sweep(
    found: Sweep,
    scaling: PowerScaling,
    shown: str,
    priors: Sequence[Curve | None],
    own: Mapping[str, float],
    mine: tuple[Quantity, Curve | None],
    *,
    unit: str,
    scale: float = 1,
) -> list[Block]:
    """Return whether the decision flips, `shown` under every prior, and power-scaling.

    `priors` has the prior density of `shown` at each point, `own` the knobs of the analysis, `mine`
    the quantity in the analysis itself, and its density.
    """
    axis = f"{spoken(shown)} ({unit})"
    if len(axis) > ALONG:
        parts = (*spoken(shown).replace(" of ", "\nof ", 1).split("\n"), f"({unit})")
        axis = "\n".join(textwrap.fill(part, ALONG) for part in parts)
    return [
        in_words(found),
        *filter(None, [sweeps.drawn(found)]),
        explorer(found, priors, shown, own, mine, unit=unit, scale=scale),
        sweep_figure.sweep("sweep", found, shown, scale=scale, label=axis),
        *tables.crossings(found),
        tables.sweep(found, shown, scale=scale, unit=unit),
        tables.power_scaling(scaling),
        *noticed(scaling),
    ]


def noticed(found: PowerScaling) -> list[Block]:
    """Say for how many quantities the prior matters, and what a conflict means here."""
    if found.table is None:
        return []
    n = int((found.table["prior"] > NOTICED).sum())
    both = int((found.table[["prior", "likelihood"]] > NOTICED).all(axis=1).sum())
    said = (
        f"The prior is noticed (above {NOTICED:g}) in {n} of the {len(found.table)} quantities of "
        "this table"
    )
    if not both:
        return [f"{said}."]
    return [
        f"{said}, and in {both} of them the likelihood is too. There the data want another value "
        "than the prior does and neither has its way, so read it with the prior in mind."
    ]
