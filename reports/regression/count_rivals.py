"""What a page says of counts under other noise: Poisson and zero inflated beside the model told."""

from collections.abc import Mapping, Sequence
from math import ceil

from reports.blocks.blocks import Block, Table
from reports.blocks.numbers import estimate, figure, probability
from reports.blocks.part import in_minutes
from reports.blocks.text import listed
from reports.page.page import Report
from workflow.quantities import Quantity, Scalar


def side_by_side(
    terms: Sequence[str], found: Mapping[str, tuple[Mapping[str, Quantity], Mapping[str, Scalar]]]
) -> Table:
    """Return by what factor counts differ for one step of each term, under each model."""
    rows: list[tuple[str, ...]] = []
    for term in terms:
        row: list[str] = [term]
        for factor, prob in found.values():
            row += [
                estimate(factor[f"factor[{term}]"]),
                probability(prob[f"prob_positive[{term}]"]),
            ]
        rows.append(tuple(row))
    columns = ["term", *(one for name in found for one in (name, "P(up)"))]
    about = (
        "One row a term: by what factor the expected count differs for one step more of it (one "
        "sd; of 0 and 1, or a level, the one rather than the other), under each model; further "
        "zeros are part of the expectation. What is the same in all columns does not hang on the "
        "noise."
    )
    return Table("The terms under each model", tuple(columns), tuple(rows), about)


def models(found: Mapping[str, Mapping[str, float | None]], verdicts: Mapping[str, str]) -> Table:
    """Return the elpd of each model, how far it is from the best, and what that tells."""
    rows = []
    for name, one in found.items():
        numbers = [_plain(one[key]) for key in ("elpd", "difference", "difference_se", "p_loo")]
        weight, k = one["weight"], one["k_hat"]
        share = "–" if weight is None else f"{weight:.2f}"
        rows.append((name, *numbers, _plain(k), share, verdicts.get(name, "–")))
    columns = ("model", "elpd", "beside the best", "its standard error", "p_loo")
    about = (
        "One row a model. elpd: the sum over the rows of the log probability of a row's count, "
        "predicted from all other rows (PSIS; rows whose k-hat is too large are left out and the "
        "model fitted again); higher is better. p_loo is how many parameters that is worth, k-hat "
        "the largest before any refit: above .7 some row is one that the model hardly expects; "
        "where that is so of too many rows to fit the model again without each, the elpd is rather "
        "too high, and the verdict not known. "
        "Weights are those of stacking. The last column compares with the negative binomial: "
        "better or worse where the difference is 4 or more and two standard errors or more."
    )
    return Table(
        "Leave-one-out", (*columns, "largest k-hat", "weight", "verdict"), tuple(rows), about
    )


def _plain(value: float | None) -> str:
    return "not known" if value is None else figure(value, 4)


def warn_of_better(report: Report, name: str, gap: str, differing: Sequence[str]) -> None:
    """Warn that a rival predicts better; `differing` are terms with another direction there."""
    same = (
        f"What is said of {listed(differing)} is not the same there."
        if differing
        else "The directions that are known are the same there."
    )
    report.warn(
        f"A {name} regression predicts these rows better than the one told here ({gap}). {same}",
        "See “Which kind of counts?” for the terms under each model; where zeros have a reason of "
        "their own, name it as a term in --formula.",
    )


def blocks_of_rivals(*blocks: Block) -> list[Block]:
    """Return what opens the comparison of the models, and `blocks`."""
    return [
        "Beside the negative binomial, the same terms and priors with Poisson noise, whose "
        "variance is the mean, and with zero inflation: rows that would have no count however long "
        "one counted, with a probability that the terms may tell.",
        *blocks,
    ]


def left_out(name: str, minutes: float, at_most: float) -> str:
    """Say that a rival was not fitted since that takes too long, and how to ask for it."""
    return (
        f"Left out: the {name} regression. NUTS on all rows would take about "
        f"{in_minutes(minutes)}, more than the {at_most:g} minutes that a rival may take "
        "(--rival-minutes). Nothing that is said of the model above hangs on it, but whether it "
        f"predicts better is not known: ask for it with --rival-minutes {ceil(2 * minutes)}."
    )
