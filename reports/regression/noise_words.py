"""What a page says of the one loss that it tells in full: its prior, its fit, its knobs."""

from collections.abc import Mapping, Sequence
from math import sqrt

import pandas as pd

from reports.blocks.text import listed
from reports.page.page import Report
from reports.regression import priors
from reports.regression.noise_answer import names
from workflow.quantities import Quantity, label
from workflow.regression import noises, shares
from workflow.regression.assessed import Fitted
from workflow.regression.noise_rivals import JUDGED

FIT = (
    "The model fits a middle for every row, and the scale of its noise. What it does not fit can "
    "fail: the shape of what is left over, whether that bends along a term or grows with it. "
    "Residuals are the outcome less the model's own prediction, at each draw of the posterior: of "
    "the observed data, and of data predicted with the same draw."
)
ADVICE = (
    "Look whether another loss predicts better (Which loss?), try a transformation (log), a "
    "product or a square in --formula, or the case that is for such outcomes (casebook suggest)."
)


def prior(
    noise: str, known: Mapping[str, float], scale: float, outcome: pd.Series, name: str
) -> str:
    """Say what the prior expects of the terms, and of the noise."""
    if noise in {noises.POISSON, noises.NEGATIVE_BINOMIAL}:
        return _of_counts(noise, known, scale)
    if noise == noises.BETA:
        sd = shares.logit_sd(outcome)
        return (
            f"{priors.expected(known, sd, f'the logit of {name}')} The noise is expected to be "
            f"{scale:g} times as large as the outcome's own spread (--noise)."
        )
    sd = float(outcome.std())
    nu = (
        " Its nu, which tells the tails, has a prior mean of 20." if noise == noises.STUDENT else ""
    )
    return (
        f"{priors.expected(known, sd, name)} The scale of the noise is expected near "
        f"{scale * sd:.3g} units (--noise).{nu}"
    )


def _of_counts(noise: str, known: Mapping[str, float], scale: float) -> str:
    """Say what the prior expects of counts."""
    if "slope_sd" in known:
        told = (
            "One sd of a term (of a level: what sets it off from its reference) has a prior sd of "
            f"{known['slope_sd']:g} for the logarithm of the count (--slope-sd)."
        )
    else:
        sd = sqrt(known["r2"] / (1 - known["r2"]))
        told = (
            f"What all terms together predict has, over the rows, a prior sd of {sd:.3g} for the "
            f"logarithm of the count (--r2 {known['r2']:g}, the share that they would explain of "
            "the logarithm beside a noise of sd 1), for any number of terms."
        )
    level = "The logarithm of the average count has a prior sd of 1 about that of the data."
    if noise == noises.POISSON:
        return f"{told} {level}"
    return (
        f"{told} {level} Rows with the same terms differ in their rates by a coefficient of "
        f"variation that is half-normal with scale {scale:g} (--noise); 0 is Poisson."
    )


def knobs(noise: str, known: Mapping[str, float]) -> str:
    """Say what the sweep changes."""
    own = {
        noises.POISSON: ", and the prior sd of the logarithm of the average count (level_sd)",
        noises.NEGATIVE_BINOMIAL: ", and the prior scale of the scatter (--noise)",
    }.get(noise, ", and the prior mean of the noise's scale (--noise)")
    return (
        f"The knobs are {priors.knob(known)}{own}. At each point the other noises are fitted "
        "again, with the same prior as far as they have it, and rows are left out under each; "
        f"where an elpd is not known there, or there are more than {JUDGED:,} rows, the decision "
        "is not judged."
    )


def on_scale(noise: str, name: str) -> str:
    """Return the scale on which a noise's slopes are."""
    if noise in {noises.POISSON, noises.NEGATIVE_BINOMIAL}:
        return f"logarithm of {name}"
    return f"logit of {name}" if noise == noises.BETA else name


def by_noise(found: Mapping[str, Mapping[str, Quantity]]) -> dict[str, Quantity]:
    """Return the slopes under each noise, as slope[noise, term]."""
    return {
        f"slope[{noise}, {label(key)}]": q
        for noise, of in found.items()
        for key, q in of.items()
        if key.startswith("slope[")
    }


def warn(report: Report, fits: Sequence[Fitted], decision: str | None) -> None:
    """Warn where the noise told is clearly not the best, and of fits that failed."""
    first, tenable = fits[0], names(decision)
    if decision is not None and first.known and first.name not in tenable:
        report.warn(
            f"The fit that is told in full has {first.name} noise, which predicts these rows "
            f"clearly worse than {listed(tenable)} noise.",
            "Name the loss with --loss.",
        )
    for one in fits[1:]:
        if not one.elpd:
            report.warn(
                f"The fit under {one.name} noise failed its diagnosis "
                f"({'; '.join(one.diagnosis.reasons())}): nothing is claimed of it.",
                "More --draws and --tune may do.",
            )
