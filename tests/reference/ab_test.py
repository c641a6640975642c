"""Exact: each rate is Beta(alpha + events, beta + visitors - events); arms are independent."""

from data.ab_test import load
from tests.exact import BetaBinomial, difference

ALPHA, BETA = 1, 4


def compute() -> dict[str, tuple[float, ...]]:
    """Return rates and differences of both outcomes: mean, sd, and no Monte Carlo error."""
    arms = load()
    found: dict[str, tuple[float, ...]] = {}
    for outcome, prefix in {"conversions": "", "guardrail": "guardrail_"}.items():
        counts = zip(arms["arm"], arms["visitors"], arms[outcome], strict=True)
        exact = {arm: BetaBinomial(n, y, ALPHA, BETA) for arm, n, y in counts}
        control, *others = exact
        for arm, one in exact.items():
            found[f"{prefix}rate[{arm}]"] = (one.mean, one.sd, 0, 0)
        for arm in others:
            moments = difference(exact[arm], exact[control])
            found[f"{prefix}difference[{arm}]"] = (*moments, 0, 0)
    return found
