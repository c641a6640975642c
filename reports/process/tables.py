"""A process and its limits as tables: the options, other priors, stretches of the order."""

from collections.abc import Mapping, Sequence

from reports.blocks.blocks import NONE, Cell, Table
from reports.blocks.numbers import figure, number
from workflow.process.capability import Capability, above
from workflow.process.conjugate import Known
from workflow.process.stakes import ADJUST, MEASURE, RUN_ON, Stakes
from workflow.process.stretches import Stretch
from workflow.quantities import Scalar

HOW_OPTIONS = (
    "One row an option. P(outside): the exact probability that a piece is, as things are and with "
    "the mean as it is meant. The cost is what is expected for all the next pieces, in the unit of "
    "the costs that were given, by NUTS to the digits of its Monte Carlo error, and exactly; that "
    "of measuring more is the least that it can come to, with mean and sd known after it. The "
    "least cost is chosen."
)
HOW_PRIORS = (
    "One row a prior, each with its exact posterior, without draws. The last one knows nothing: "
    "p(mu, sigma) proportional to 1 / sigma is no distribution, so that NUTS cannot draw from it "
    "before the data, and it is told here alone. Good are rows that decide the same."
)
HOW_STRETCHES = (
    "One row a stretch of rows in their order, each by itself, with its exact posterior under the "
    "prior of this page. Of few pieces Cpk is not known well: intervals that overlap are no drift. "
    "A drift shows as means that move one way, or a last row unlike the others."
)


def options(
    decision: str | None, stakes: Stakes, drawn: Mapping[str, Scalar], exact: Mapping[str, float]
) -> Table:
    """Return the options, a row each, with what they are expected to cost, and which is chosen."""
    a_share = stakes.outside * stakes.ahead
    shares = {RUN_ON: exact[RUN_ON] / a_share, ADJUST: (exact[ADJUST] - stakes.adjust) / a_share}
    rows: list[tuple[Cell, ...]] = []
    for one in (RUN_ON, ADJUST, MEASURE):
        known = one in shares
        rows.append(
            (
                one,
                figure(shares[one]) if known else NONE,
                number(drawn[one].value, drawn[one].mcse),
                figure(exact[one], 4),
                "yes" if one == decision else "no",
            )
        )
    columns = ("option", "P(outside)", "cost, NUTS", "exact", "chosen")
    return Table("What can be done", columns, tuple(rows), HOW_OPTIONS)


def priors(stakes: Stakes, found: Mapping[str, Known]) -> Table:
    """Return what exact posteriors say: Cpk, probabilities, the decision; by the prior's name."""
    rows: list[tuple[Cell, ...]] = []
    for name, known in found.items():
        exact = Capability(stakes.limits, known)
        mean, sd = exact.moments
        p = exact.probabilities()
        numbers = (figure(p[above(1)], 4), figure(p["prob_next_outside"], 4))
        rows.append((name, f"{mean:.4f}", f"{sd:.4f}", *numbers, stakes.decided(known)))
    columns = ("prior", "mean of Cpk", "sd", "P(Cpk > 1)", "P(next outside)", "decision")
    return Table("Exactly, under two priors", columns, tuple(rows), HOW_PRIORS)


def stretches(found: Sequence[Stretch]) -> Table:
    """Return mean, sd, Cpk and the next piece by stretch."""
    rows: list[tuple[Cell, ...]] = [
        (
            one.label,
            figure(one.seen.mean, 5),
            figure(one.seen.sd, 4),
            figure(one.cpk.median),
            f"{figure(one.cpk.lower)} to {figure(one.cpk.upper)}",
            figure(one.outside),
        )
        for one in found
    ]
    columns = ("pieces", "mean", "sd", "Cpk (median)", "95% interval", "P(next outside)")
    return Table("Stretch by stretch", columns, tuple(rows), HOW_STRETCHES)
