"""The exact posterior beside NUTS and ADVI, and a warning where NUTS is too far from it."""

from collections.abc import Mapping

from reports.blocks.blocks import NONE, Cell, Table
from reports.blocks.numbers import interval, number, probability
from reports.blocks.text import spoken
from reports.page.page import Report
from workflow.checking.exact import WORST, Known, farthest
from workflow.quantities import INTERVAL, Quantity, Scalar

FINE = 1e-5  # of an sd: to so much exact numbers are written
HOW = (
    "One row a method. Exact: the posterior as a formula has it, no draws. NUTS: digits stop where "
    "the Monte Carlo error begins, and the last column is the largest difference from the exact "
    "numbers (mean, median, both ends), in Monte Carlo errors: 1 to 2 is chance, above "
    f"{WORST} is not. ADVI errs by its family, which is no matter of draws: its last column has "
    f"the shift of its mean and the ratio of its sd. Intervals: {INTERVAL}."
)
HOW_PROBABILITIES = (
    "One row a statement. Exact: by a formula, no draws. NUTS and ADVI: the share of the draws for "
    "which it is true, or the mean over them of how probable it is, to the digits of the Monte "
    "Carlo error; the last column is how far NUTS is "
    f"from the exact probability, in such errors: 1 to 2 is chance, above {WORST} is not."
)

type ByMethod = Mapping[str, Mapping[str, Quantity]]  # summaries by method and name


def side_by_side(
    caption: str,
    exact: Mapping[str, Known],
    nuts: Mapping[str, Quantity],
    advi: ByMethod,
    *,
    scale: float = 1,
    unit: str = "",
    plain: bool = False,
) -> Table:
    """Return the exact posterior of each quantity, and what NUTS and ADVI make of it.

    `plain` are numbers without commas, such as years.
    """
    rows: list[tuple[Cell, ...]] = []
    for name, known in exact.items():
        fine = scale * FINE * known.sd
        coarse = max(10 * fine, scale * known.step / 10)  # of quantiles, where values are apart
        low, median, high = (
            number(scale * x, coarse) for x in (known.lower, known.median, known.upper)
        )
        mean, sd = (number(scale * x, 10 * fine) for x in (known.mean, known.sd))
        rows.append((spoken(name), "exact", mean, median, sd, f"{low} to {high}", NONE))
        off = f"{number(farthest(nuts[name], known), 0.1)} errors"
        rows.append((spoken(name), "NUTS", *_drawn(nuts[name], scale), off))
        for method, found in advi.items():
            q = found[name]
            shift = number(((q.mean or 0) - known.mean) / known.sd, 0.01, sign=True)
            ratio = number((q.sd or 0) / known.sd, 0.01)
            beside = f"{shift} sd; sd × {ratio}"
            rows.append((spoken(name), f"ADVI, {method}", *_drawn(q, scale), beside))
    if plain:
        rows = [tuple(str(cell).replace(",", "") for cell in row) for row in rows]
    columns = ("quantity", "method", "mean", "median", "sd", "95% interval", "off by")
    return Table(f"{caption}{f' ({unit})' if unit else ''}", columns, tuple(rows), HOW)


def probabilities(
    caption: str,
    exact: Mapping[str, float],
    nuts: Mapping[str, Scalar],
    advi: Mapping[str, Mapping[str, Scalar]],
) -> Table:
    """Return exact probabilities, and those by NUTS and ADVI, to the errors they are held by."""
    rows = tuple(
        (
            spoken(name),
            probability(Scalar(p, 1e-5)),
            probability(nuts[name]),
            *(probability(found[name]) for found in advi.values()),
            f"{number(abs(nuts[name].value - p) / nuts[name].mcse, 0.1)} errors",
        )
        for name, p in exact.items()
    )
    methods = (f"ADVI, {method}" for method in advi)
    columns = ("statement", "exact", "NUTS", *methods, "NUTS off by")
    return Table(caption, columns, rows, HOW_PROBABILITIES)


def _drawn(q: Quantity, scale: float) -> tuple[str, ...]:
    """Return mean, median, sd and interval of draws, to the digits of their errors."""
    error = scale * (q.mcse_mean or q.mcse_median)
    return (
        number(None if q.mean is None else scale * q.mean, error),
        number(scale * q.median, scale * q.mcse_median),
        number(None if q.sd is None else scale * q.sd, error),
        interval(q, scale),
    )


def warn_of_off(report: Report, worst: float, limit: float = WORST) -> None:
    """Warn of a largest difference from exact values, in Monte Carlo errors; NaN warns as well."""
    if worst <= limit:
        return
    told = (
        "gave no numbers to compare" if worst != worst else f"is {worst:.1f} Monte Carlo errors off"
    )
    report.warn(
        f"The exact posterior is known here, and NUTS {told}: up to {limit:.2g} would be chance.",
        "Believe the exact values; draw more (--draws), or try another --seed, before you believe "
        "other numbers of this page.",
    )
