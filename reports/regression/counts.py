"""What a page says of a regression of counts: noise, prior, factors, and the answer."""

from collections.abc import Mapping, Sequence
from math import sqrt

from reports.blocks.blocks import Cell, Table
from reports.blocks.numbers import estimate, figure, interval, number, percent, probability
from reports.blocks.text import listed
from reports.drawing.whiskers import whiskers
from reports.regression import result as result_of
from reports.regression.regression import chance, few
from reports.regression.terms import Phrases, hangs, on_line
from workflow.quantities import Quantity, Scalar, named
from workflow.regression.effects import Comparison
from workflow.regression.hanging import Hanging

LOSS = (
    "The noise is negative binomial: the loss that fits it is the negative binomial deviance, and "
    "what is predicted is the mean count of rows with the same terms (not the median, which is "
    "lower, often 0). Poisson noise is the case of a dispersion of 0."
)
FIT = (
    "The model fits a mean for every row and one dispersion. It does not fit the share of zeros, "
    "nor the greatest count: those can fail. Residuals are counts less what is expected, in the sd "
    "that the model gives each (Pearson)."
)
ADVICE = (
    "Try a logarithm, a square or a product in --formula, name the exposure (--exposure), and look "
    "whether the zero inflated rival predicts better."
)
HOW_FACTORS = (
    "A row a term. The expected count is multiplied by the factor for one unit more of a number, "
    "and for a level rather than its reference, all other terms being equal: median and 95% "
    "equal-tailed credible interval; 1 is no difference. The drawing has the logarithm of the "
    "factor for one step of each term ({step}), with a line at no difference."
)


def counted(name: str, exposure: str | None) -> str:
    """Return what effects are of: the outcome, per unit of the exposure."""
    return f"{name} per unit of {exposure}" if exposure else name


def about(name: str, exposure: str | None) -> str:
    """Say what the outcome is."""
    if exposure is None:
        return f"{name}, a count; every row counts as equally exposed (--exposure names a column)"
    return (
        f"{name}, a count; {exposure} says how long, or over how much, each row was counted: twice "
        "the exposure is expected to have twice the count (its logarithm is an offset)"
    )


def prior(known: Mapping[str, float], level_sd: float, scatter: float) -> str:
    """Say what the prior expects of the terms, of the average row, and of the dispersion."""
    if "slope_sd" in known:
        sd = known["slope_sd"]
        told = (
            f"One sd of a term (of a level: what sets it off from its reference) has a prior sd of "
            f"{sd:g} for the logarithm of the count (--slope-sd): a factor of up to "
            f"{figure(2.718281828 ** (1.96 * sd), 2)}, up or down, with probability .95."
        )
    else:
        sd = sqrt(known["r2"] / (1 - known["r2"]))
        told = (
            f"What all terms together predict has, over the rows, a prior sd of {sd:.3g} for the "
            f"logarithm of the count (--r2 {known['r2']:g}, the share that they would explain of "
            "the logarithm beside a noise of sd 1), for any number of terms."
        )
    return (
        f"{told} The logarithm of the average count has a prior sd of {level_sd:g} (--level-sd) "
        "about that of the data. Rows with the same terms differ in their rates by a coefficient "
        f"of variation that is half-normal with scale {scatter:g} (--scatter); 0 is Poisson."
    )


def factors(
    ranked: Sequence[str],
    found: Mapping[str, Quantity],
    prob: Mapping[str, Scalar],
    sure: float,
    name: str,
    step: str,
    phrases: Phrases,
    hanging: Hanging,
) -> list[Table]:
    """Return the factor of each term, drawn for one step, and its direction, as the result."""
    kept = ranked[: result_of.SHOWN]
    drawn = whiskers([found.get(f"beta[{term}]") for term in kept])
    rows: list[tuple[Cell, ...]] = []
    for term, cell in zip(kept, drawn, strict=True):
        p = prob[f"prob_positive[{term}]"]
        way = on_line(hanging, term) or result_of.direction(p, sure)
        spoken = result_of.spoken(term, phrases)
        factor = estimate(found[f"factor[{term}]"])
        rows.append((spoken, factor, cell, probability(p), way))
    more = f", the {len(kept)} largest of {len(ranked)}" if len(kept) < len(ranked) else ""
    caption = f"{name}, other terms equal{more}: medians and 95% credible intervals"
    columns = ("term", "count times, for one more", "", "P(up)", "direction")
    how = {"count times": HOW_FACTORS.format(step=step), "direction": result_of.HOW["direction"]}
    return [Table(caption, columns, tuple(rows), how)]


def answer(
    decision: str | None,
    ranked: Sequence[str],
    found: Mapping[str, Quantity],
    prob: Mapping[str, Scalar],
    sure: float,
    name: str,
    compared: Sequence[Comparison],
    phrases: Phrases,
    hanging: Hanging,
    more: str,
) -> str:
    """Say which of the terms `ranked` lower or raise counts, by which factor, and `more`.

    `compared` are averaged comparisons of the first column, told as difference and in per cent.
    """
    judged = [term for term in ranked if term not in hanging.terms]
    p = {term: prob[f"prob_positive[{term}]"].value for term in judged}
    known = [term for term in judged if not 1 - sure < p[term] < sure]
    tail = " ".join(one for one in (hangs(hanging), chance(len(ranked), sure), more) if one)
    if decision is None or not known:
        said = few(ranked)
        return (
            f"One cannot tell whether {said} {'lowers' if len(ranked) == 1 else 'lower'} or "
            f"{'raises' if len(ranked) == 1 else 'raise'} {name} (a direction is known from "
            f"probability {sure:g} on, other terms being equal).{_average(name, compared)} {tail}"
        ).strip()
    told = []
    for term in known[:3]:
        before, behind = phrases.get(term, ("", f"per unit of {term}"))
        q = found[f"factor[{term}]"]
        middle = f"{number(q.median, q.mcse_median)} ({interval(q)})"
        way = "lower" if p[term] < 0.5 else "higher"
        told.append(f"{way} {f'for {before}' if before else behind}, {middle} times as many")
    others = f"; also {few(known[3:])}" if known[3:] else ""
    rest = [term for term in judged if term not in known]
    unsure = f" The direction of {few(rest)} is not known." if rest else ""
    return (
        f"Expected {name}, other terms being equal: {'; '.join(told)}{others} (medians and 95% "
        f"equal-tailed credible intervals).{_average(name, compared)}{unsure} {tail}"
    ).strip()


def _average(name: str, compared: Sequence[Comparison]) -> str:
    """Say the averaged difference, and that in per cent, of a column's first comparison."""
    ratio = compared[0].ratio if compared else None
    if ratio is None:
        return ""
    one = compared[0]
    ends = [x if isinstance(x, str) else f"{x:.4g}" for x in (one.value, one.than)]
    return (
        f" On average over the rows, {one.column} {ends[0]} rather than {ends[1]} makes a "
        f"difference of {estimate(one.difference, sign=True)}, that is "
        f"{estimate(ratio, 100, sign=True)}%."
    )


def scatter(q: Quantity, zeros: tuple[float, float] | None) -> str:
    """Say how far counts scatter beyond Poisson, and what Poisson makes of the zeros."""
    said = (
        f"Counts scatter beyond Poisson by a dispersion of {estimate(q)}: their variance is mean + "
        "dispersion × mean²."
    )
    if zeros is None:
        return said
    seen, poisson = zeros
    return (
        f"{said} A Poisson regression expects {percent(poisson, 0.0001)} of the rows at 0; "
        f"{percent(seen, 0.01)} are."
    )


def rule(judged: Sequence[str], sure: float, treatment: str | None) -> str:
    """Say by which rule the decision is made, and about what."""
    which = f"The decision is about {treatment} alone (--treatment). " if treatment else ""
    return (
        f"{which}Rule: a term raises counts (up), or lowers them (down), if the probability of "
        f"that direction is {sure:g} or more (--sure), given all the other terms; else one "
        "cannot tell. Whether it pays depends on what it costs: the average difference above, "
        "times what one count fewer is worth, is to be held against the cost. Judged: "
        f"{listed(judged)}."
    )


def own(found: Mapping[str, Quantity]) -> Mapping[str, Quantity]:
    """Return the coefficients that stand in the table of estimates."""
    return named(found, "slope", "intercept", "dispersion")
