"""Numbers as they stand on a page: no more decimals than their Monte Carlo error supports."""

import math

from workflow.quantities import Scalar

MINUS = "−"


def decimals(error: float | None, at_most: int = 8) -> int:
    """Return how many decimals an error supports: two errors stay within one last digit."""
    if not error or not math.isfinite(error):
        return 3
    return min(max(0, math.floor(-math.log10(2 * error))), at_most)


def number(value: float | None, error: float | None = None, *, sign: bool = False) -> str:
    """Format `value` to the decimals that its Monte Carlo error supports (3 if it has none)."""
    if value is None:
        return "–"
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return ("" if value > 0 else MINUS) + "∞"
    text = f"{value:{'+' if sign else ''},.{decimals(error)}f}"
    return text.replace("-", MINUS)


def points(value: float, error: float | None = None, *, sign: bool = False) -> str:
    """Format a difference of rates in percentage points, without the unit."""
    return number(100 * value, 100 * error if error else None, sign=sign)


def percent(value: float, error: float | None = None) -> str:
    """Format a rate as a percentage."""
    return f"{points(value, error)}%"


def probability(scalar: Scalar) -> str:
    """Format a probability; under .001 or over .999 as a bound that the draws support.

    The bound is .001, or two Monte Carlo errors beyond the value where that is further away.
    """
    if 0.001 <= scalar.value <= 0.999:
        return number(scalar.value, max(scalar.mcse, 1e-4))
    distance = min(scalar.value, 1 - scalar.value) + 2 * scalar.mcse
    step = 10.0 ** math.floor(math.log10(max(distance, 0.001)))
    bound = max(0.001, math.ceil(distance / step - 1e-9) * step)
    return f"< {bound:g}" if scalar.value < 0.5 else f"> {1 - bound:g}"


def per_thousand(scalar: Scalar) -> str:
    """Format an expected loss of a rate as events per 1,000 visitors; below .01 as a bound."""
    if scalar.value < 1e-5:
        return "< 0.01"
    return number(1000 * scalar.value, max(1000 * scalar.mcse, 0.01))
