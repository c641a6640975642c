"""A level and its accounts as tables: what can be said, the quantities, forecasts, other priors."""

from collections.abc import Mapping, Sequence
from itertools import product

from reports.blocks.blocks import NONE, Cell, Table
from reports.blocks.numbers import estimate, figure, probability, times
from reports.series.level import Words, between
from workflow.quantities import INTERVAL, Quantity, Scalar
from workflow.series.accounts import Account
from workflow.series.changed import Rule
from workflow.series.left_out import Scores
from workflow.series.mixture import Mixture

EXACT = 1e-4  # an error to which probabilities are written that have none
HOW_ACCOUNTS = (
    "One row an account of the values. Probability: what it has after them, exact. Change: the "
    "last level less the first one, and the next value is what is expected of it: median and "
    "central 95%, exact. What a trend adds is no part of the change. Good is "
    "a first column that is near 1 in one row, and numbers that are much the same in all rows that "
    "count."
)
HOW_ESTIMATES = (
    f"Median and {INTERVAL} of each quantity by NUTS, if the level drifts. Change is the last "
    "level less the first one, without what a trend adds. A value is off its level by noise: a "
    "forecast has both."
)
HOW_SCORES = (
    "One row an account. Each of the last values of the series is predicted by those before "
    "it alone, whatever the sds are; the log density that it gets is summed up. Behind the best: "
    "the difference, and its standard error over the values. Good is a best account that is ahead "
    "by several errors; less than two cannot be told from none."
)
HOW_PRIORS = (
    "One row a prior, exact: its scales of noise, of a step of the level, and of a jump. Evidence: "
    "how many times more probable the values are with a change than without. Good is the same "
    "decision in all rows."
)


def of_accounts(rule: Rule, words: Words) -> Table:
    """Return the three accounts and all together, a row each."""
    verdict = rule.verdict

    def row(name: str, p: str, change: Mixture | None, ahead: Mixture) -> tuple[Cell, ...]:
        moved = between(change.known()) if change is not None else "0"
        return (name, p, moved, between(ahead.known()))

    def of(one: Account, p: float) -> tuple[Cell, ...]:
        moves = one.change if one.of_level.any() or one.change.sd else None
        return row(one.name, probability(Scalar(p, EXACT)), moves, one.ahead(1))

    rows = [of(one, float(p)) for one, p in zip(verdict.accounts, verdict.weights, strict=True)]
    rows.append(row("together, if it changed", NONE, verdict.change, verdict.ahead(1)))
    columns = ("the level", "probability", _change(words), words.ahead[0])
    caption = f"Three accounts (evidence for a change: {times(verdict.log_bayes_factor)})"
    return Table(caption, columns, tuple(rows), HOW_ACCOUNTS)


def _change(words: Words) -> str:
    """Return what the change is called; a trend is no part of it."""
    return "change, trend aside" if words.then else "change"


def estimates(found: Mapping[str, Quantity], words: Words) -> Table:
    """Return the sds, levels at both ends, the change and the forecasts, if the level drifts."""
    first, last = words.seen[0], words.seen[-1]
    named = {
        "sd of a value about its level": "sigma_observation",
        f"sd of a step of the level, a {words.unit}": "sigma_level",
        f"level in {first}": f"level[{first}]",
        f"level in {last}": f"level[{last}]",
        _change(words): "change",
        **({f"slope, a {words.unit}": "slope"} if "slope" in found else {}),
        **{f"value in {one}": f"forecast[{one}]" for one in words.ahead},
    }
    rows = tuple((said, estimate(found[name])) for said, name in named.items())
    return Table(
        "Quantities, if the level drifts", ("quantity", "median (95%)"), rows, HOW_ESTIMATES
    )


def scores(of: Scores) -> Table:
    """Return how well each account predicts the later half."""

    def row(name: str) -> tuple[Cell, ...]:
        gap, error = of.behind(name)
        return (
            name,
            figure(of.elpd[name], 4),
            NONE if name == of.best else f"{figure(gap)} ({figure(error)})",
            NONE if name == of.best else "yes" if of.told(name) else "cannot tell",
        )

    columns = ("the level", "log density", "behind the best (error)", "worse")
    caption = f"The last {of.values:,} values, each predicted by those before it"
    return Table(caption, columns, tuple(map(row, of.of)), HOW_SCORES)


def priors(rule: Rule, knobs: Mapping[str, Sequence[float]]) -> Table:
    """Return the exact decision under each prior of the grid."""
    rows = []
    for values in product(*knobs.values()):
        prior = dict(zip(knobs, values, strict=True))
        verdict = rule.under(**prior)
        shares = (probability(Scalar(float(one), EXACT)) for one in verdict.weights)
        evidence = times(verdict.log_bayes_factor)
        rows.append((*map(figure, values), evidence, *shares, rule.exact(**prior)))
    names = (one.name for one in rule.verdict.accounts)
    columns = (*knobs, "evidence", *names, "the level has")
    return Table("The decision under other priors, exact", columns, tuple(rows), HOW_PRIORS)
