"""What a page says of the one loss that it tells in full: its prior, its fit, its knobs."""

from collections.abc import Mapping

import pandas as pd

from reports.regression import priors
from workflow.quantities import Quantity, label
from workflow.regression import noises, shares

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
        terms = priors.expected(known, 1.0, f"the logarithm of {name}")
        told = (
            "The logarithm of the average count has a prior sd of 1 about that of the data (r2 is "
            "reckoned against a noise of sd 1 of the logarithm)."
        )
        more = (
            f" Rates of rows with the same terms differ by a cv about {scale:g} at most (--noise)."
        )
        return f"{terms} {told}{more if noise == noises.NEGATIVE_BINOMIAL else ''}"
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


def knobs(noise: str, of_slopes: str) -> str:
    """Say what the sweep changes."""
    own = {
        noises.POISSON: "",
        noises.NEGATIVE_BINOMIAL: ", and the prior scale of the scatter (--noise)",
    }.get(noise, ", and the prior mean of the noise's scale (--noise)")
    return (
        f"The knobs are {of_slopes}{own}. At each point the other noises are fitted again, with "
        "the same prior as far as they have it, and rows are left out under each; where an elpd is "
        "not known there, or there are more than 2,000 rows, the decision is not judged."
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
