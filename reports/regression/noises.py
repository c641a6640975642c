"""What a page says of losses: which noise each is, what it predicts, and its elpd."""

from collections.abc import Mapping, Sequence

from reports.blocks.blocks import NONE, Table
from reports.blocks.numbers import estimate, figure, number, probability
from reports.blocks.text import listed
from reports.regression import counts, gaussian, robust, shares
from workflow.quantities import Quantity, Scalar
from workflow.regression import noises
from workflow.regression.assessed import Fitted

LOSS = {
    noises.HUBER: (
        "The noise is Huber's: the loss that fits it is the squared error up to 1.345 scales from "
        "the line and straight beyond, so that a row far off pulls no harder than one at the bend. "
        "What is predicted is the middle of rows with the same terms, at once their mean and "
        "their median, for the noise is even on both sides."
    ),
    noises.LAPLACE: (
        "The noise is Laplace: the loss that fits it is the absolute error, so that a row pulls as "
        "hard from near as from far off. What is predicted is the median of rows with the same "
        "terms (their mean too, for the noise is even on both sides)."
    ),
    noises.POISSON: (
        "The noise is Poisson: the loss that fits it is the Poisson deviance, and what is "
        "predicted is the mean count of rows with the same terms; their variance is that mean."
    ),
    noises.GAUSSIAN: gaussian.LOSS,
    noises.STUDENT: robust.LOSS,
    noises.NEGATIVE_BINOMIAL: counts.LOSS,
    noises.BETA: shares.LOSS,
}
#: By noise: the loss, minus the log density but for constants, and what is predicted.
TABLE = {
    noises.GAUSSIAN: ("squared error", "(y − μ)² / (2σ²) + log σ", "mean"),
    noises.LAPLACE: ("absolute error", "|y − μ| / b + log b", "median"),
    noises.HUBER: (
        "Huber's loss",
        "r² / 2 up to r = 1.345, then 1.345 r − .905, with r = |y − μ| / s; + log s",
        "centre",
    ),
    noises.STUDENT: (
        "Student-t loss",
        "(ν + 1) / 2 × log(1 + r² / ν) + log s, with r = |y − μ| / s",
        "centre",
    ),
    noises.NEGATIVE_BINOMIAL: (
        "negative binomial deviance",
        "(y + 1/φ) log(1 + φμ) − y log μ",
        "mean",
    ),
    noises.POISSON: ("Poisson deviance", "μ − y log μ", "mean"),
    noises.BETA: ("Beta log loss", "log B(μφ, (1 − μ)φ) − μφ log y − (1 − μ)φ log(1 − y)", "mean"),
}
OTHERS = (
    ("cross-entropy", "Bernoulli", "−y log p − (1 − y) log(1 − p)", "probability of an event"),
    ("cross-entropy of classes", "categorical", "−log p[y]", "probability of each class"),
    ("cross-entropy of ratings", "cumulative logit", "−log p[y]", "probability of each rating"),
)
ELSEWHERE = ("logistic_regression", "no case here", "ordinal_regression")
HOW_LOSSES = (
    "One row a loss. To minimise the sum of a loss over the rows is to make the likelihood of its "
    "noise as great as it can be: the third column is minus the log density of a row at y, whose "
    "line predicts μ, without what depends on neither line nor scale. What a loss predicts is "
    "what it would be least for if all rows were alike; the centre lies between mean and median "
    "where noise is not even on both sides, and all three are one where it is. The first rows are "
    "fitted here; the last ones are for outcomes of other kinds, with the case that fits them."
)
HOW_ELPD = (
    "One row a noise. elpd: the sum over the rows of the log density of a row (of counts the log "
    "probability; of the Gaussian that of the interval of width 1 around the count), predicted "
    "from all other rows; higher is better. Beside the best: the difference and, paired row by "
    "row, its standard error. p_loo is how many parameters that is worth. k-hat is the largest "
    "before any refit: above .7 some row is one that the noise hardly expects. Of the Gaussian "
    "the elpd is exact, and there is none. Where too many rows ask for a refit, an elpd is rather "
    "too high and its error is not known: then nothing is claimed of it. Weights are those of "
    "stacking, of the noises whose elpd is known; – for the others."
)
HOW_TERMS = (
    "One row a term, two columns a noise: median and 95% equal-tailed credible interval of the "
    "slope, per unit of the term or for a level rather than its reference, and the probability "
    "that it is above 0. Slopes of Poisson and negative binomial noise are of the logarithm of "
    "the count, those of a Beta of the logit of the share: between these and the others the "
    "probabilities can be compared and the slopes cannot."
)


def losses(there: Sequence[str]) -> Table:
    """Return loss, density and what is predicted of the noises fitted, and of other outcomes."""
    here = [(TABLE[one][0], one, *TABLE[one][1:], "fitted here") for one in there]
    others = [(*one, case) for one, case in zip(OTHERS, ELSEWHERE, strict=True)]
    columns = ("loss", "noise", "minus log density", "predicts", "where")
    return Table("Losses, and the noise that each is", columns, (*here, *others), HOW_LOSSES)


def elpds(found: Mapping[str, Mapping[str, float | None]]) -> Table:
    """Return the elpd of each noise and what belongs to it."""
    keys = ("elpd", "difference", "difference_se", "p_loo", "k_hat", "weight")
    rows = tuple(
        (TABLE[name][0], name, *(_plain(one[key], key) for key in keys))
        for name, one in found.items()
    )
    columns = ("loss", "noise", "elpd", "beside the best", "its standard error", "p_loo")
    return Table("Leave-one-out", (*columns, "largest k-hat", "weight"), rows, HOW_ELPD)


def _plain(value: float | None, key: str) -> str:
    if value is None:
        return NONE
    if key == "weight":
        return f"{value:.2f}"
    return number(value, 0.1) if key in {"elpd", "difference"} else figure(value, 2)


def terms(
    names_of: Sequence[str],
    found: Mapping[str, tuple[Mapping[str, Quantity], Mapping[str, Scalar]]],
) -> Table:
    """Return the slope of each term under each noise, and the probability that it is above 0."""
    rows = tuple(
        (
            term,
            *(
                cell
                for slopes, prob in found.values()
                for cell in (
                    estimate(slopes[f"slope[{term}]"]),
                    probability(prob[f"prob_positive[{term}]"]),
                )
            ),
        )
        for term in names_of
    )
    columns = ("term", *(one for name in found for one in (name, "P(up)")))
    return Table("Slopes under each noise", columns, rows, HOW_TERMS)


def directions(signs: Mapping[str, Mapping[str, int]], sure: float) -> str:
    """Say whether what is known of the directions is the same under all noises."""
    first, *others = signs.values()
    differing = [term for term in first if any(one[term] != first[term] for one in others)]
    if not differing:
        return (
            f"Which terms have a known direction (probability {sure:g} or more) is the same under "
            "all of these losses."
        )
    return (
        f"Which direction is known (probability {sure:g} or more) hangs on the loss for "
        f"{listed(differing)}."
    )


def rivals(fits: Sequence[Fitted]) -> str:
    """Say whether the draws under the other noises can be trusted."""
    told = []
    for one in fits[1:]:
        why = "; ".join(one.diagnosis.reasons())
        told.append(f"{one.name} {one.diagnosis.status.value}{f' ({why})' if why else ''}")
    return f"The fits under the other noises, by the same checks: {'; '.join(told)}."


def opening(kind: str) -> str:
    """Say what is the same under all noises, and what is not."""
    same = "The same terms, with priors of the same kind, under each noise"
    link = {noises.COUNTS: "logarithm", noises.SHARES: "logit"}.get(kind)
    if link is None:
        return f"{same}."
    return (
        f"{same}. The Gaussian differs in its line, too: that is the mean itself, and of the "
        f"others the {link} of the mean, so what is worse may be the straight line or the noise."
    )
