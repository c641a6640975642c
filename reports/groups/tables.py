"""Groups as tables: what decides, the ways to pool, what comes next, the coordinates."""

from collections.abc import Mapping, Sequence

import numpy as np

from reports.blocks.blocks import NONE, Cell, Table
from reports.blocks.numbers import figure, number, probability
from reports.drawing.whiskers import whiskers
from reports.groups.amounts import amount, value
from workflow.groups.choosing import by_loss
from workflow.groups.coordinates import Funnel
from workflow.groups.observed import Observed
from workflow.groups.pooling import COMPLETE, JAMES_STEIN, NONE as ALONE, PARTIAL
from workflow.predicting.counts import Next
from workflow.quantities import Quantity, Scalar

FIRST = 8  # groups on the first screen
HOW_FIRST = {
    "own data": "What the data of the group alone say: no pooling.",
    "pooled": "Posterior median and 95% credible interval, drawn towards the others by as much as "
    "the groups' likeness and the group's own data warrant.",
    "P(best)": "How probable it is that the group is the best of all.",
}
HOW_ALL = HOW_FIRST | {
    "expected loss": "What picking the group is expected to give away against the best one, "
    "whichever that is. The rule looks at this.",
    "rank": "Between which ranks the group is with probability .95; 1 is the best. Wide ranges "
    "mean that a list in order is mostly chance.",
}
HOW_WAYS = (
    "One row a group. No pooling takes its own data alone, complete pooling gives all the same, "
    "partial pooling is the posterior mean. Good is partial pooling that lies between the two: "
    "near no pooling where a group has many data, near complete pooling where it has few."
)
HOW_SCORED = (
    "The sum over groups of the squared difference from what came later, which no estimate has "
    "seen. Less is better. What came later is itself no more than a sample, which adds the same "
    "to all of them on average. James and Stein estimate on the arcsine scale, on which "
    "proportions of as many trials have the same variance."
)
HOW_NEXT = (
    "One row a group, the last a group of which nothing is known. Mean and central 95% of the "
    "successes in so many further trials: the group's rate is uncertain and the trials are "
    "chance, and both are in it."
)
HOW_COORDINATES = (
    "One row a way to sample the same model: the last run of each. The page's row may have been "
    "tried again with smaller steps, the other was run once. A divergence is a place that the "
    "sampler could not enter; the gate refuses draws with any."
)


def first(
    observed: Observed, found: Mapping[str, Quantity], measured: Mapping[str, Scalar]
) -> Table:
    """Return what decides, the groups that give away least first; of many the first few."""
    order = by_loss(dict(measured))
    names = order[:FIRST]
    quantities = [found[f"{observed.variable}[{one}]"] for one in names]
    rows = tuple(
        (
            name,
            value(observed, _raw(observed, name)),
            _estimate(observed, q),
            cell,
            probability(measured[f"prob_best[{name}]"]),
        )
        for name, q, cell in zip(names, quantities, whiskers(quantities, zero=None), strict=True)
    )
    left = len(order) - len(names)
    more = f" ({left} more below)" if left else ""
    columns = ("group", "own data", "pooled (95% interval)", "", "P(best)")
    return Table(f"Groups, the least expected loss first{more}", columns, rows, HOW_FIRST)


def every(
    observed: Observed,
    found: Mapping[str, Quantity],
    measured: Mapping[str, Scalar],
    ranks: Mapping[str, tuple[int, int]],
) -> Table:
    """Return all groups with their losses and ranks, the least loss first."""
    rows = tuple(
        (
            name,
            value(observed, _raw(observed, name)),
            _estimate(observed, found[f"{observed.variable}[{name}]"]),
            probability(measured[f"prob_best[{name}]"]),
            amount(observed, measured[f"expected_loss[{name}]"]),
            "{} to {}".format(*ranks[name]),
        )
        for name in by_loss(dict(measured))
    )
    columns = ("group", "own data", "pooled (95% interval)", "P(best)", "expected loss", "rank")
    return Table("All groups", columns, rows, HOW_ALL)


def ways(
    observed: Observed, estimates: Mapping[str, np.ndarray], later: np.ndarray | None
) -> Table:
    """Return the estimates of each group by each way to pool, and what came later."""
    data = {"rate": "trials", "effect": "standard error", "mean": "rows"}[observed.variable]
    rows: list[tuple[Cell, ...]] = []
    for i, name in enumerate(observed.names):
        cells = [value(observed, float(one[i])) for one in estimates.values()]
        after = [] if later is None else [value(observed, float(later[i]))]
        rows.append((name, figure(float(observed.second[i])), *cells, *after))
    columns = ("group", data, *estimates, *([] if later is None else ["later"]))
    return Table("Three ways to estimate", columns, tuple(rows), HOW_WAYS)


def scored(errors: Mapping[str, float], arcsine: Mapping[str, float]) -> Table:
    """Return the squared errors of each way, and those on the arcsine scale if there are any."""
    names = [one for one in (ALONE, COMPLETE, PARTIAL, JAMES_STEIN) if one in {**errors, **arcsine}]
    rows = tuple(
        (
            name,
            figure(errors[name]) if name in errors else NONE,
            *([figure(arcsine[name], 4)] if arcsine else []),
        )
        for name in names
    )
    columns = ("estimate", "squared error", *(["on the arcsine scale"] if arcsine else []))
    return Table("Against what came later", columns, rows, HOW_SCORED)


def ahead(found: Mapping[str, Next]) -> Table:
    """Return the successes to expect of each group in so many further trials."""
    rows = tuple(
        (name, f"{one.trials:,}", figure(one.mean), f"{one.lower:,} to {one.upper:,}")
        for name, one in found.items()
    )
    columns = ("group", "further trials", "successes, mean", "central 95%")
    return Table("The next trials", columns, rows, HOW_NEXT)


def coordinates(found: Sequence[Funnel]) -> Table:
    """Return a row a way to sample."""
    rows = tuple(
        (one.way, f"{one.divergences:,}", f"{one.least_ess:,.0f}", one.diagnosis.status)
        for one in found
    )
    columns = ("coordinates", "divergences", "least effective draws", "gate")
    return Table("One model, two ways to sample it", columns, rows, HOW_COORDINATES)


def _raw(observed: Observed, name: str) -> float:
    return float(observed.raw[observed.names.index(name)])


def _estimate(observed: Observed, q: Quantity) -> str:
    """Return median and interval: rates in percent, all to the digits of their errors."""
    scale = 100 if observed.counted else 1
    unit = "%" if observed.counted else ""
    middle, low, high = (
        number(scale * x, scale * error)
        for x, error in (
            (q.median, q.mcse_median),
            (q.lower, q.mcse_lower),
            (q.upper, q.mcse_upper),
        )
    )
    return f"{middle}{unit} ({low} to {high})"
